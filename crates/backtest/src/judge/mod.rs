//! One scorer on the rows judged.

mod bands;
mod curves;
mod difference;
mod segments;
mod verdict;
mod warning;

use crate::answer::Answer;
use crate::calibration::Calibration;
use crate::error::BacktestError;
use crate::label::Labels;
use crate::number::Estimate;
use crate::panel::Panel;
use crate::scorer::Colour;
use serde::Serialize;
use std::collections::BTreeSet;
use tenure_stats::evaluation::{
    Bins, EvaluationError, Ranking, auc_interval, brier, calibration_table, expected_calibration_error, log_loss,
};

pub use bands::{Band, BandEdge};
pub use curves::ReliabilityBin;
pub(crate) use difference::difference;
pub use difference::{Difference, Recoloured};
pub use segments::SegmentAuc;
pub use verdict::{AgainstBaseline, AgainstChance, Standing, Verdict};
pub use warning::{FirstWarning, GreenLeavers};

/// Shares of the rows, by risk from the highest down, of which it is told what they catch.
const TOPS: [f64; 2] = [0.1, 0.2];
/// Bins of the calibration error.
const BINS: usize = 10;

/// How good a scorer was on the rows judged.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Judgement {
    /// How often an account that left had a lower score than one that stayed, ties one half; the interval is clustered by
    /// account.
    pub auc: Estimate,
    /// The average precision; its chance level is the base rate.
    pub average_precision: f64,
    /// The mean squared error of the probabilities.
    pub brier: f64,
    /// The log-loss of the probabilities, in nats.
    pub log_loss: f64,
    /// The expected calibration error of the probabilities, over ten bins of about equally many rows.
    pub calibration_error: f64,
    /// How scores became probabilities, a block each: learned on the later part of the rows before it.
    pub calibration: Vec<Calibration>,
    /// What happened by colour, or by fifths of the score where there are no colours; the worst first.
    pub bands: Vec<Band>,
    /// Predicted against observed, in ten bins of about equally many rows.
    pub reliability: Vec<ReliabilityBin>,
    /// What the highest risks catch.
    pub top: Vec<Top>,
    /// The same by twentieths of the rows: the cumulative gains curve.
    pub gains: Vec<Top>,
    /// Accounts that left though they were green; `None` of a scorer without colours.
    pub green_leavers: Option<Answer<GreenLeavers>>,
    /// How early a scorer warned; `None` without colours.
    pub first_warning: Option<Answer<FirstWarning>>,
    /// The area by segment, in the segments' order.
    pub segments: Vec<SegmentAuc>,
    /// What to think of it.
    pub verdict: Verdict,
}

/// What the rows of the highest risk catch; of equal scores at the edge, what a random choice catches on average.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Top {
    /// Their share of all rows.
    pub share: f64,
    /// How many rows those are.
    pub rows: usize,
    /// How many times as often as all rows they left.
    pub lift: f64,
    /// Their share of all rows that left.
    pub capture: f64,
}

/// The rows judged, the same for all scorers.
pub(crate) struct Tested<'a> {
    pub panel: &'a Panel,
    pub labels: &'a Labels,
    /// By account and day.
    pub rows: Vec<usize>,
    pub outcomes: Vec<bool>,
    /// The account of each.
    pub accounts: Vec<usize>,
    /// The days of the blocks.
    pub days: BTreeSet<i32>,
}

/// A scorer on the rows judged, an entry each.
pub(crate) struct Column<'a> {
    pub name: &'a str,
    pub scores: Vec<f64>,
    pub probabilities: Vec<f64>,
    pub calibration: Vec<Calibration>,
    /// By the panel's rows.
    pub colours: Option<&'a [Option<Colour>]>,
}

impl Column<'_> {
    /// The higher, the likelier to leave.
    pub fn risks(&self) -> Vec<f64> {
        self.scores.iter().map(|score| -score).collect()
    }
}

/// Judges a scorer; `differences` are of every two scorers, among them that to the baseline.
pub(crate) fn judge(
    tested: &Tested,
    column: &Column,
    baseline: Option<&Column>,
    differences: &[Difference],
) -> Result<Judgement, BacktestError> {
    let refused = BacktestError::judging(column.name);
    let risks = column.risks();
    let area = auc_interval(&tested.outcomes, &risks, Some(&tested.accounts)).map_err(&refused)?;
    let auc = Estimate::new(area.area, area.interval);
    let ranking = Ranking::new(&tested.outcomes, &risks).map_err(&refused)?;
    let bins = calibration_table(&tested.outcomes, &column.probabilities, &Bins::Quantile(BINS)).map_err(&refused)?;
    let against = baseline.and_then(|baseline| AgainstBaseline::among(differences, column.name, baseline.name));
    let departures = column.colours.map(|colours| (warning::departures(tested), colours));
    Ok(Judgement {
        average_precision: ranking.average_precision(),
        brier: brier(&tested.outcomes, &column.probabilities).map_err(&refused)?,
        log_loss: log_loss(&tested.outcomes, &column.probabilities).map_err(&refused)?,
        calibration_error: expected_calibration_error(&bins).ok_or(refused(EvaluationError::Empty))?,
        calibration: column.calibration.clone(),
        bands: bands::bands(tested, column),
        reliability: curves::reliability(&bins),
        top: TOPS.into_iter().map(|share| curves::top(&ranking, share)).collect::<Result<_, _>>().map_err(&refused)?,
        gains: curves::gains(&ranking).map_err(&refused)?,
        green_leavers: departures.as_ref().map(|(gone, colours)| warning::green_leavers(tested, gone, colours)),
        first_warning: departures.as_ref().map(|(gone, colours)| warning::first_warning(tested, gone, colours)),
        segments: segments::segments(tested, &risks),
        verdict: Verdict::of(auc, against),
        auc,
    })
}
