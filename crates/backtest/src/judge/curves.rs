//! What can be drawn of a scorer: predicted against observed, and how many who left lie among the riskiest.

use super::Top;
use serde::Serialize;
use tenure_stats::evaluation::{Bin, EvaluationError, Ranking};

/// Steps of the gains curve, each a twentieth of the rows.
const STEPS: u32 = 20;

/// Rows of about the same predicted probability.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ReliabilityBin {
    /// How many.
    pub rows: u64,
    /// Their mean predicted probability.
    pub predicted: f64,
    /// The share that left.
    pub observed: f64,
    /// The lower end of that share's 95 % interval (Wilson), which takes rows as independent.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
}

/// The bins, from the least predicted up.
pub(super) fn reliability(bins: &[Bin]) -> Vec<ReliabilityBin> {
    let one = |bin: &Bin| ReliabilityBin {
        rows: bin.rows,
        predicted: bin.predicted,
        observed: bin.observed,
        low: bin.interval.map(|interval| interval.low),
        high: bin.interval.map(|interval| interval.high),
    };
    bins.iter().filter(|bin| bin.rows > 0).map(one).collect()
}

/// What the riskiest twentieth of the rows catches, the riskiest two, and so on to all of them.
pub(super) fn gains(ranking: &Ranking) -> Result<Vec<Top>, EvaluationError> {
    (1..=STEPS).map(|step| top(ranking, f64::from(step) / f64::from(STEPS))).collect()
}

/// What the riskiest share of the rows catches.
pub(super) fn top(ranking: &Ranking, share: f64) -> Result<Top, EvaluationError> {
    let rows = ranking.top(share)?;
    Ok(Top { share, rows, lift: ranking.lift(rows)?, capture: ranking.capture(rows)? })
}
