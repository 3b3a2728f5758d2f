//! Exchange rates into dollars: a walk that comes home, published on working days only.

use crate::calendar::{Calendar, Day};
use crate::dice::Dice;
use crate::offer::Currency;

/// Days before the simulation for which rates are already published, so that its first day has one.
const LEAD: Day = 5;

/// A published day: the day, and the rates of euro and pound in millionths of a dollar.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fixing {
    /// The day published, and in force until the next.
    pub day: Day,
    /// Dollars for a euro, times a million.
    pub eur: i64,
    /// Dollars for a pound, times a million.
    pub gbp: i64,
}

/// All rates.
#[derive(Debug, Clone)]
pub(crate) struct Rates {
    /// What was published, in order.
    pub fixings: Vec<Fixing>,
    by_day: Vec<Fixing>,
}

impl Rates {
    /// Rates from shortly before the simulation to its end.
    pub fn walk(seed: u64, calendar: &Calendar) -> Self {
        let mut dice = Dice::new(seed, "fx", 0);
        let (mut eur, mut gbp) = (1.068_f64, 1.205_f64);
        let mut fixings: Vec<Fixing> = Vec::new();
        let mut by_day = Vec::new();
        for day in -LEAD..calendar.end() {
            let date = calendar.date(day);
            let holiday = (date.month(), date.day()) == (12, 25);
            eur *= 1.0 + 0.0042 * dice.normal() + 0.006 * (1.09 - eur);
            gbp *= 1.0 + 0.0046 * dice.normal() + 0.006 * (1.27 - gbp);
            if fixings.is_empty() || !(calendar.is_weekend(day) || holiday) {
                // Four decimals, as published.
                let published = |rate: f64| (rate * 10_000.0).round() as i64 * 100;
                fixings.push(Fixing { day, eur: published(eur), gbp: published(gbp) });
            }
            by_day.extend(fixings.last());
        }
        Self { fixings, by_day }
    }

    /// Millionths of a dollar for one unit, on a day: the last published on or before it.
    pub fn rate(&self, currency: Currency, day: Day) -> i64 {
        let last = self.by_day.len().saturating_sub(1);
        let Some(fixing) = self.by_day.get(((day + LEAD).max(0) as usize).min(last)) else { return 1_000_000 };
        match currency {
            Currency::Usd => 1_000_000,
            Currency::Eur => fixing.eur,
            Currency::Gbp => fixing.gbp,
        }
    }
}
