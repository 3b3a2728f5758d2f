//! Whether it tells that a signal has a value at all.

use super::{Cases, IMPOSSIBLE, accounts, chance};
use serde::Serialize;
use tenure_stats::evaluation::auc;

/// From this area on, absence tells too much.
const TOO_TELLING: f64 = 0.75;

/// A signal whose presence foretells leaving: written down because accounts left, or not for those who left.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Presence {
    /// The signal.
    pub signal: String,
    /// How well its presence alone, or its absence, ranks who leaves.
    pub auc: f64,
    /// Whether those who leave have it more often.
    pub with_leavers: bool,
    /// Whether everybody who had it left, which chance does not do.
    pub leavers_only: bool,
    /// Rows with a value.
    pub present: usize,
    /// Their accounts.
    pub accounts: usize,
    /// Rows without.
    pub missing: usize,
}

pub(super) fn presence(cases: &Cases, signal: usize, name: &str) -> Option<Presence> {
    let rate = cases.rate?;
    let known = cases.known(signal);
    let there: Vec<f64> =
        cases.rows.iter().map(|&row| f64::from(u8::from(cases.panel.rows()[row].values[signal].is_some()))).collect();
    // Refused where all rows left or all stayed: then nothing is told.
    let area = auc(&cases.outcomes, &there).ok()?;
    let accounts = accounts(known.iter());
    let leavers_only =
        !known.is_empty() && known.iter().all(|row| row.left) && chance(rate, true, accounts) < IMPOSSIBLE;
    let auc = area.max(1.0 - area);
    (auc >= TOO_TELLING || leavers_only).then(|| Presence {
        signal: name.to_owned(),
        auc,
        with_leavers: area > 0.5,
        leavers_only,
        present: known.len(),
        accounts,
        missing: cases.rows.len() - known.len(),
    })
}
