//! Walking forward: what could be learned before a day, and what is judged from it on.

use crate::label::Labels;
use crate::panel::Panel;
use std::collections::BTreeMap;

/// At least so many accounts must have left, and as many have stayed, in the part that is fitted …
pub(crate) const FITTED: usize = 10;
/// … and in the part that calibrates.
pub(crate) const CALIBRATED: usize = 5;

/// Consecutive days that are judged by what was known before the first of them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Block {
    pub first_day: i32,
    pub last_day: i32,
    pub training: Training,
    /// The rows to judge, by account and day.
    pub test: Vec<usize>,
    /// Earlier rows that are left out because their horizon reaches into the block.
    pub purged: usize,
}

/// Rows whose outcome was known on a day, in two parts: the later one begins when the earlier one's outcomes were known.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Training {
    /// What models are fitted on.
    pub fitted: Vec<usize>,
    /// What calibrates scores, and chooses among models: none of them was fitted on it.
    pub calibrated: Vec<usize>,
    /// The first day of the later part.
    pub calibrated_from: i32,
}

/// The blocks: of the days from the first on before which there is enough to train on, `wanted` runs of equally many days, the
/// latest ones; at least one part in `wanted + 1` of all days comes before them.
pub(crate) fn walk_forward(panel: &Panel, labels: &Labels, wanted: usize) -> Vec<Block> {
    let mut by_day: BTreeMap<i32, Vec<usize>> = BTreeMap::new();
    for &row in labels.mature() {
        by_day.entry(panel.rows()[row].day).or_default().push(row);
    }
    let days: Vec<i32> = by_day.keys().copied().collect();
    let trainable = days.partition_point(|&day| Training::before(panel, labels, day).is_none());
    let judged = &days[trainable.max(days.len().div_ceil(wanted + 1)).min(days.len())..];
    let each = (judged.len() / wanted).max(1);
    let blocks = (judged.len() / each).min(wanted);
    judged[judged.len() - each * blocks..].chunks(each).filter_map(|run| block(panel, labels, &by_day, run)).collect()
}

fn block(panel: &Panel, labels: &Labels, by_day: &BTreeMap<i32, Vec<usize>>, run: &[i32]) -> Option<Block> {
    let (&first_day, &last_day) = (run.first()?, run.last()?);
    let training = Training::before(panel, labels, first_day)?;
    let mut test: Vec<usize> = by_day.range(first_day..=last_day).flat_map(|(_, rows)| rows.iter().copied()).collect();
    test.sort_by_key(|&row| (panel.account(row), panel.rows()[row].day));
    let purged = by_day
        .range(..first_day)
        .filter(|(day, _)| !known_by(**day, labels.horizon, first_day))
        .map(|(_, rows)| rows.len())
        .sum();
    Some(Block { first_day, last_day, training, test, purged })
}

/// Whether an observation's outcome is known on a later day.
fn known_by(day: i32, horizon: i32, later: i32) -> bool {
    i64::from(day) + i64::from(horizon) <= i64::from(later)
}

impl Training {
    /// What was known on a day: rows whose horizon had ended. `None` where that is too little.
    ///
    /// The later part begins on the day which leaves both parts the most accounts that left, the earlier one twice as many.
    pub fn before(panel: &Panel, labels: &Labels, day: i32) -> Option<Training> {
        let known = |row: &usize| known_by(panel.rows()[*row].day, labels.horizon, day);
        let rows: Vec<usize> = labels.mature().iter().copied().filter(known).collect();
        let calibrated_from = parting(panel, labels, &rows)?;
        let fitted: Vec<usize> = rows
            .iter()
            .copied()
            .filter(|&row| known_by(panel.rows()[row].day, labels.horizon, calibrated_from))
            .collect();
        let calibrated: Vec<usize> = rows.into_iter().filter(|&row| panel.rows()[row].day >= calibrated_from).collect();
        let enough = |rows: &[usize], least: usize| {
            let (left, stayed) = labels.accounts(panel, rows);
            left >= least && stayed >= least
        };
        (enough(&fitted, FITTED) && enough(&calibrated, CALIBRATED)).then_some(Training {
            fitted,
            calibrated,
            calibrated_from,
        })
    }
}

/// The day on which the later part begins.
fn parting(panel: &Panel, labels: &Labels, rows: &[usize]) -> Option<i32> {
    // Of each account that left: the first and the last observation that foretold it.
    let mut foretold: BTreeMap<usize, (i32, i32)> = BTreeMap::new();
    for &row in rows.iter().filter(|&&row| labels.left(row)) {
        let day = panel.rows()[row].day;
        let span = foretold.entry(panel.account(row)).or_insert((day, day));
        *span = (span.0.min(day), span.1.max(day));
    }
    let sorted = |pick: fn(&(i32, i32)) -> i32| {
        let mut days: Vec<i32> = foretold.values().map(pick).collect();
        days.sort_unstable();
        days
    };
    let (firsts, lasts) = (sorted(|span| span.0), sorted(|span| span.1));
    let mut days: Vec<i32> = rows.iter().map(|&row| panel.rows()[row].day).collect();
    days.sort_unstable();
    days.dedup();
    let balance = |day: i32| {
        let fitted = firsts.partition_point(|&first| known_by(first, labels.horizon, day));
        let calibrated = lasts.len() - lasts.partition_point(|&last| last < day);
        fitted.min(2 * calibrated)
    };
    days.into_iter().max_by_key(|&day| (balance(day), day))
}
