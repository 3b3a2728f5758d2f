//! What the models know of a customer: how often, how lately and for how long.

use crate::lifetime::error::{FitError, RowError};

/// The unit of recency and age. A model fitted in one unit must be asked in the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeUnit {
    /// A day.
    Day,
    /// Seven days.
    Week,
    /// A mean month, 30.4375 days: a twelfth of 365.25.
    Month,
}

impl TimeUnit {
    /// Days in one.
    pub fn days(self) -> f64 {
        match self {
            TimeUnit::Day => 1.0,
            TimeUnit::Week => 7.0,
            TimeUnit::Month => 30.4375,
        }
    }

    /// How many of them make a month.
    pub fn per_month(self) -> f64 {
        TimeUnit::Month.days() / self.days()
    }
}

/// One customer's purchases up to the end of observation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct History {
    frequency: u32,
    recency: f64,
    age: f64,
}

impl History {
    /// `frequency`: periods with a purchase after the first (x). `recency`: time from the first purchase to the last (t_x), zero
    /// if and only if there was but one. `age`: time from the first purchase to the end of observation (T), not below it.
    pub fn new(frequency: u32, recency: f64, age: f64) -> Result<History, RowError> {
        if !(recency >= 0.0 && age >= 0.0 && recency.is_finite() && age.is_finite()) {
            return Err(RowError::Time { recency, age });
        }
        if recency > age {
            return Err(RowError::LastAfterEnd { recency, age });
        }
        if (frequency == 0) != (recency == 0.0) {
            return Err(RowError::Recency { frequency, recency });
        }
        // Adding zero makes the negative zero the plain one.
        Ok(History { frequency, recency: recency + 0.0, age: age + 0.0 })
    }

    /// Repeat purchases, x.
    pub fn frequency(&self) -> u32 {
        self.frequency
    }

    /// Time from the first purchase to the last, t_x.
    pub fn recency(&self) -> f64 {
        self.recency
    }

    /// Time from the first purchase to the end of observation, T.
    pub fn age(&self) -> f64 {
        self.age
    }

    /// The same customer in a unit so many times as long.
    pub(crate) fn per(&self, length: f64) -> History {
        History { recency: self.recency / length, age: self.age / length, ..*self }
    }
}

/// The histories of many customers, equal ones collapsed, in one unit of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Histories {
    unit: TimeUnit,
    rows: Vec<(History, f64)>,
}

impl Histories {
    /// Histories, each with the number of customers it stands for. The order does not matter.
    ///
    /// An error names the row (from 1) whose weight is no weight.
    pub fn new(unit: TimeUnit, rows: impl IntoIterator<Item = (History, f64)>) -> Result<Histories, FitError> {
        let mut all = Vec::new();
        for (nth, (history, weight)) in rows.into_iter().enumerate() {
            if !(weight >= 0.0 && weight.is_finite()) {
                return Err(FitError::Row { row: nth + 1, wrong: RowError::Weight { weight } });
            }
            if weight > 0.0 {
                all.push((history, weight));
            }
        }
        // By weight too: sums of unequal weights then have the same bytes whatever the order they came in.
        let key =
            |row: &(History, f64)| (row.0.frequency, row.0.age.to_bits(), row.0.recency.to_bits(), row.1.to_bits());
        all.sort_by_key(key);
        let mut rows: Vec<(History, f64)> = Vec::with_capacity(all.len());
        for (history, weight) in all {
            match rows.last_mut() {
                Some((last, sum)) if *last == history => *sum += weight,
                _ => rows.push((history, weight)),
            }
        }
        Ok(Histories { unit, rows })
    }

    /// Histories from plain numbers `(frequency, recency, age)`, a customer each; an error names the row (from 1).
    pub fn from_rows(unit: TimeUnit, rows: &[(u32, f64, f64)]) -> Result<Histories, FitError> {
        let histories = rows.iter().enumerate().map(|(nth, &(frequency, recency, age))| {
            History::new(frequency, recency, age).map_err(|wrong| FitError::Row { row: nth + 1, wrong })
        });
        Histories::new(unit, histories.collect::<Result<Vec<_>, _>>()?.into_iter().map(|history| (history, 1.0)))
    }

    /// The unit of recency and age.
    pub fn unit(&self) -> TimeUnit {
        self.unit
    }

    /// The distinct histories with the customers each stands for, in a fixed order.
    pub fn rows(&self) -> &[(History, f64)] {
        &self.rows
    }

    /// All customers.
    pub fn customers(&self) -> f64 {
        self.rows.iter().map(|(_, weight)| weight).sum()
    }

    /// The mean age, zero without customers.
    pub(crate) fn mean_age(&self) -> f64 {
        let total = self.customers();
        if total > 0.0 {
            self.rows.iter().map(|(history, weight)| weight * history.age).sum::<f64>() / total
        } else {
            0.0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_no_customer_can_have_are_refused_by_number() {
        let refused = |row| match Histories::from_rows(TimeUnit::Week, &[(1, 2.0, 3.0), row]) {
            Err(FitError::Row { row: 2, wrong }) => wrong,
            other => panic!("{other:?}"),
        };
        assert_eq!(refused((1, 4.0, 3.0)), RowError::LastAfterEnd { recency: 4.0, age: 3.0 });
        assert_eq!(refused((0, 1.0, 3.0)), RowError::Recency { frequency: 0, recency: 1.0 });
        assert_eq!(refused((2, 0.0, 3.0)), RowError::Recency { frequency: 2, recency: 0.0 });
        assert!(matches!(refused((0, 0.0, -1.0)), RowError::Time { .. }));
        assert!(matches!(refused((0, 0.0, f64::NAN)), RowError::Time { .. }));
        let heavy = Histories::new(TimeUnit::Day, [(History::new(0, 0.0, 1.0).unwrap(), -1.0)]);
        assert!(matches!(heavy, Err(FitError::Row { row: 1, wrong: RowError::Weight { .. } })));
    }

    #[test]
    fn equal_rows_collapse_and_weights_add() {
        let (a, b) = (History::new(1, 2.0, 3.0).unwrap(), History::new(0, 0.0, 3.0).unwrap());
        let found = Histories::new(TimeUnit::Week, [(a, 1.0), (b, 0.5), (a, 2.0), (b, 0.0)]).unwrap();
        assert_eq!(found.rows(), [(b, 0.5), (a, 3.0)]);
        assert_eq!((found.customers(), found.unit()), (3.5, TimeUnit::Week));
    }

    #[test]
    fn a_month_is_a_twelfth_of_a_mean_year() {
        assert_eq!(TimeUnit::Day.per_month(), 30.4375);
        assert!((TimeUnit::Week.per_month() * 12.0 * 7.0 - 365.25).abs() < 1e-9);
        assert_eq!(TimeUnit::Month.per_month(), 1.0);
    }
}
