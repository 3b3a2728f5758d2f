//! Signals that know more than could be known.
//!
//! A signal that alone tells who leaves is seldom a discovery: mostly it was written after they left, or says the same in other
//! words. What is found here is to be looked at, not proof.

mod presence;
mod separates;

use crate::label::Labels;
use crate::panel::Panel;
use serde::Serialize;

pub use presence::Presence;
pub use separates::{SureBin, TooGood};

/// Signals to look at.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Leaks {
    /// Which rows were looked at.
    pub over: Over,
    /// How many.
    pub rows: usize,
    /// The share of them that left.
    pub base_rate: Option<f64>,
    /// Signals that alone tell who leaves.
    pub too_good: Vec<TooGood>,
    /// Signals of which it tells whether there is a value at all.
    pub presence: Vec<Presence>,
}

/// Which rows were looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Over {
    /// The rows judged, out of time.
    Judged,
    /// All rows that have an outcome, for there are no blocks to judge.
    AllMature,
}

/// A signal found to read rows of later days: the caller's finding, passed on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReadsAhead {
    /// The signal.
    pub signal: String,
    /// How many of its values change when later rows are taken away.
    pub rows: u64,
    /// One of them.
    pub example: String,
}

/// Looks at every signal on rows that have an outcome.
pub(crate) fn inspect(panel: &Panel, labels: &Labels, rows: &[usize], over: Over) -> Leaks {
    let cases = Cases::of(panel, labels, rows);
    let signals = || panel.signals().iter().enumerate();
    Leaks {
        over,
        rows: rows.len(),
        base_rate: cases.rate,
        too_good: signals().filter_map(|(signal, name)| separates::too_good(&cases, signal, name)).collect(),
        presence: signals().filter_map(|(signal, name)| presence::presence(&cases, signal, name)).collect(),
    }
}

/// Rows that have an outcome.
struct Cases<'a> {
    panel: &'a Panel,
    rows: &'a [usize],
    outcomes: Vec<bool>,
    /// The share that left; `None` of no rows.
    rate: Option<f64>,
}

impl Cases<'_> {
    fn of<'a>(panel: &'a Panel, labels: &Labels, rows: &'a [usize]) -> Cases<'a> {
        let outcomes = labels.outcomes(rows);
        let left = outcomes.iter().filter(|&&left| left).count();
        Cases { panel, rows, rate: (!rows.is_empty()).then(|| left as f64 / rows.len() as f64), outcomes }
    }

    /// A signal's values with outcomes and accounts; rows without a value left out.
    fn known(&self, signal: usize) -> Vec<Known> {
        let one = |(&row, &left): (&usize, &bool)| {
            let value = self.panel.rows()[row].values[signal]?;
            Some(Known { value, left, account: self.panel.account(row) })
        };
        self.rows.iter().zip(&self.outcomes).filter_map(one).collect()
    }
}

/// A row on which a signal has a value.
#[derive(Clone, Copy)]
struct Known {
    value: f64,
    left: bool,
    account: usize,
}

/// What happens once in a thousand million times does not happen.
const IMPOSSIBLE: f64 = 1e-9;

/// The probability that all of some accounts left, or that none did, were each to leave at a rate: a row an account, for rows of
/// one account are no independent trials.
fn chance(rate: f64, everybody: bool, accounts: usize) -> f64 {
    let each = if everybody { rate } else { 1.0 - rate };
    each.powf(accounts as f64)
}

/// How many accounts some rows are of.
fn accounts<'a>(rows: impl Iterator<Item = &'a Known>) -> usize {
    rows.map(|row| row.account).collect::<std::collections::BTreeSet<_>>().len()
}
