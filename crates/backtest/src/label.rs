//! Who left within a horizon.

use crate::panel::Panel;

/// What came of every row within a horizon.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Labels {
    pub horizon: i32,
    /// By the panel's rows; `None` where it is too early to say.
    outcomes: Vec<Option<bool>>,
    /// The rows that have an outcome, by account and day.
    mature: Vec<usize>,
}

impl Labels {
    /// A row is true where the account left by `day + horizon`, false where it is known to have been a customer on that day.
    ///
    /// A row whose horizon ends after the last day of which anything is known has no outcome, though its account may have left
    /// already: were those alone kept, everybody on the last days would have left.
    pub fn of(panel: &Panel, horizon: i32) -> Labels {
        let outcome = |row: &crate::Row| {
            let end = i64::from(row.day) + i64::from(horizon);
            if end > i64::from(panel.known_to()) {
                return None;
            }
            match row.left_on {
                Some(left_on) if i64::from(left_on) <= end => Some(true),
                _ => (i64::from(row.known_to) >= end).then_some(false),
            }
        };
        let outcomes: Vec<Option<bool>> = panel.rows().iter().map(outcome).collect();
        let mature = panel.order().iter().copied().filter(|&row| outcomes[row].is_some()).collect();
        Labels { horizon, outcomes, mature }
    }

    /// The rows that have an outcome, by account and day.
    pub fn mature(&self) -> &[usize] {
        &self.mature
    }

    /// Whether the account left; of a row without an outcome, false.
    pub fn left(&self, row: usize) -> bool {
        self.outcomes[row] == Some(true)
    }

    /// The outcomes of mature rows.
    pub fn outcomes(&self, rows: &[usize]) -> Vec<bool> {
        rows.iter().map(|&row| self.left(row)).collect()
    }

    /// Of mature rows: how many accounts have one after which they left, and how many one after which they stayed.
    pub fn accounts(&self, panel: &Panel, rows: &[usize]) -> (usize, usize) {
        let count = |left: bool| panel.count_accounts(rows.iter().copied().filter(|&row| self.left(row) == left));
        (count(true), count(false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Row;

    fn labels(rows: &[(i32, Option<i32>, i32)]) -> Vec<Option<bool>> {
        let row = |(i, &(day, left_on, known_to)): (usize, &(i32, Option<i32>, i32))| Row {
            account: format!("a{i}"),
            day,
            values: Vec::new(),
            segment: None,
            left_on,
            known_to,
        };
        let panel = Panel::new(Vec::new(), rows.iter().enumerate().map(row).collect()).unwrap();
        Labels::of(&panel, 30).outcomes
    }

    #[test]
    fn the_last_day_of_the_horizon_counts() {
        let found = labels(&[(0, Some(30), 100), (0, Some(31), 100), (0, None, 30), (0, None, 29)]);
        assert_eq!(found, [Some(true), Some(false), Some(false), None]);
    }

    #[test]
    fn an_early_leaving_does_not_make_a_young_row_old() {
        // Known to day 100: of day 80 the stayers are not known yet, so the leavers may not count either.
        assert_eq!(labels(&[(80, Some(85), 100), (80, None, 100), (70, Some(85), 85)]), [None, None, Some(true)]);
    }
}
