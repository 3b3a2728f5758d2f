//! What was known of each account on each day, and when it left.

use crate::error::BacktestError;
use std::collections::BTreeSet;

/// An account on a day on which it was a customer.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The account.
    pub account: String,
    /// The day of observation, in days since 1970-01-01.
    pub day: i32,
    /// What was known on that day, a value a signal; `None` where it was not known.
    pub values: Vec<Option<f64>>,
    /// What it is told apart by.
    pub segment: Option<String>,
    /// The first day after `day` on which it was no customer any more.
    pub left_on: Option<i32>,
    /// The last day of which it is known whether it was a customer.
    pub known_to: i32,
}

/// Accounts observed day by day. Rows keep the order they were given in, and nothing depends on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    signals: Vec<String>,
    rows: Vec<Row>,
    /// Rows by account and day.
    order: Vec<usize>,
    /// A number an account, a row each: names in their order.
    account: Vec<usize>,
    accounts: usize,
    known_to: i32,
}

impl Panel {
    /// Checks the rows. Refused: names that stand twice, another number of values than of signals, a value that is no finite
    /// number, an account observed twice on a day or after it left, and observations that differ on when it left.
    pub fn new(signals: Vec<String>, rows: Vec<Row>) -> Result<Panel, BacktestError> {
        check_names("signal", signals.iter().map(String::as_str))?;
        for row in &rows {
            check_row(&signals, row)?;
        }
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by(|&a, &b| rows[a].account.cmp(&rows[b].account).then(rows[a].day.cmp(&rows[b].day)));
        let mut account = vec![0; rows.len()];
        let mut accounts = 0;
        for one in order.chunk_by(|&a, &b| rows[a].account == rows[b].account) {
            for pair in one.windows(2) {
                check_pair(&rows[pair[0]], &rows[pair[1]])?;
            }
            for &row in one {
                account[row] = accounts;
            }
            accounts += 1;
        }
        let known_to = rows.iter().map(|row| row.known_to).max().unwrap_or(i32::MIN);
        Ok(Panel { signals, rows, order, account, accounts, known_to })
    }

    /// The signals' names.
    pub fn signals(&self) -> &[String] {
        &self.signals
    }

    /// The rows, in the order given.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// How many accounts there are.
    pub fn accounts(&self) -> usize {
        self.accounts
    }

    /// The last day of which anything is known; the least day there is where there are no rows.
    pub fn known_to(&self) -> i32 {
        self.known_to
    }

    /// The rows' places by account and day.
    pub(crate) fn order(&self) -> &[usize] {
        &self.order
    }

    /// The number of a row's account.
    pub(crate) fn account(&self, row: usize) -> usize {
        self.account[row]
    }

    /// How many accounts some rows are of.
    pub(crate) fn count_accounts(&self, rows: impl IntoIterator<Item = usize>) -> usize {
        rows.into_iter().map(|row| self.account[row]).collect::<BTreeSet<_>>().len()
    }
}

/// Each name stands once.
pub(crate) fn check_names<'a>(what: &'static str, names: impl Iterator<Item = &'a str>) -> Result<(), BacktestError> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(BacktestError::NamedTwice { what, name: name.to_owned() });
        }
    }
    Ok(())
}

fn check_row(signals: &[String], row: &Row) -> Result<(), BacktestError> {
    let (account, day) = (row.account.clone(), row.day);
    if row.values.len() != signals.len() {
        return Err(BacktestError::Values { account, day, found: row.values.len(), wanted: signals.len() });
    }
    if let Some(j) = row.values.iter().position(|value| value.is_some_and(|value| !value.is_finite())) {
        return Err(BacktestError::NotFinite { account, day, name: signals[j].clone() });
    }
    if let Some(left_on) = row.left_on.filter(|left_on| *left_on <= day) {
        return Err(BacktestError::LeftBefore { account, day, left_on });
    }
    if row.known_to < day {
        return Err(BacktestError::KnownBefore { account, day, known_to: row.known_to });
    }
    Ok(())
}

/// Two neighbouring observations of an account.
fn check_pair(row: &Row, next: &Row) -> Result<(), BacktestError> {
    let account = || row.account.clone();
    if row.day == next.day {
        return Err(BacktestError::ObservedTwice { account: account(), day: row.day });
    }
    let came_back = row.left_on.is_some_and(|left_on| left_on <= next.day);
    if !came_back && row.left_on != next.left_on {
        return Err(BacktestError::Disagree { account: account(), day: row.day, next: next.day });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(account: &str, day: i32, left_on: Option<i32>) -> Row {
        Row { account: account.to_owned(), day, values: vec![Some(1.0)], segment: None, left_on, known_to: 400 }
    }

    fn panel(rows: Vec<Row>) -> Result<Panel, BacktestError> {
        Panel::new(vec!["use".to_owned()], rows)
    }

    #[test]
    fn rows_are_known_by_account_and_day() {
        let panel = panel(vec![row("b", 30, None), row("a", 30, Some(50)), row("b", 0, None)]).unwrap();
        assert_eq!(panel.order(), [1, 2, 0]);
        assert_eq!((panel.accounts(), panel.account(0), panel.account(1)), (2, 1, 0));
        assert_eq!(panel.known_to(), 400);
    }

    #[test]
    fn an_account_may_leave_and_come_back() {
        assert!(panel(vec![row("a", 0, Some(50)), row("a", 60, None)]).is_ok());
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let named = Panel::new(vec!["use".into(), "use".into()], Vec::new());
        assert!(matches!(named, Err(BacktestError::NamedTwice { what: "signal", .. })));
        let twice = panel(vec![row("a", 0, None), row("a", 0, None)]);
        assert_eq!(twice, Err(BacktestError::ObservedTwice { account: "a".into(), day: 0 }));
        let gone = panel(vec![row("a", 50, Some(50))]);
        assert_eq!(gone, Err(BacktestError::LeftBefore { account: "a".into(), day: 50, left_on: 50 }));
        let differ = BacktestError::Disagree { account: "a".into(), day: 0, next: 30 };
        for (first, second) in [(Some(50), Some(60)), (None, Some(60)), (Some(50), None)] {
            assert_eq!(panel(vec![row("a", 0, first), row("a", 30, second)]), Err(differ.clone()));
        }
        let late = panel(vec![Row { known_to: -1, ..row("a", 0, None) }]);
        assert!(matches!(late, Err(BacktestError::KnownBefore { known_to: -1, .. })));
        let few = panel(vec![Row { values: Vec::new(), ..row("a", 0, None) }]);
        assert!(matches!(few, Err(BacktestError::Values { found: 0, wanted: 1, .. })));
        for value in [f64::NAN, f64::INFINITY] {
            let odd = panel(vec![Row { values: vec![Some(value)], ..row("a", 7, None) }]);
            assert_eq!(odd, Err(BacktestError::NotFinite { account: "a".into(), day: 7, name: "use".into() }));
        }
    }
}
