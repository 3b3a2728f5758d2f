//! A model fitted on what was known on a day.

use super::fitted::{Fitted, ModelKind};
use crate::calibration::{Calibration, probability};
use crate::label::Labels;
use crate::panel::Panel;
use crate::split::Training;
use tenure_stats::evaluation::log_loss;
use tenure_stats::regression::ModelError;

/// A fitted and calibrated model.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Trained {
    pub fitted: Fitted,
    pub calibration: Calibration,
    /// The mean log-odds of the later part, before calibration.
    centre: f64,
}

impl Trained {
    /// Fitted on the earlier part with each setting of its kind; the one with the least log-loss on the later part is kept (of
    /// equals the simpler), and calibrated there.
    pub fn before_block(
        kind: ModelKind,
        panel: &Panel,
        labels: &Labels,
        training: &Training,
    ) -> Result<Trained, ModelError> {
        let outcomes = labels.outcomes(&training.calibrated);
        let mut best: Option<(f64, Fitted, Vec<f64>)> = None;
        let mut refused = ModelError::Empty;
        for tried in Fitted::tried(kind, panel, labels, &training.fitted)? {
            let fitted = match tried {
                Ok(fitted) => fitted,
                Err(error) => {
                    refused = error;
                    continue;
                }
            };
            let log_odds = fitted.of_rows(panel, &training.calibrated)?;
            let probabilities: Vec<f64> = log_odds.iter().map(|&x| probability(x)).collect();
            // Off 0 and 1, so only rows without outcomes could be refused, and training has both.
            let loss = log_loss(&outcomes, &probabilities).unwrap_or(f64::INFINITY);
            if best.as_ref().is_none_or(|(least, ..)| loss < *least) {
                best = Some((loss, fitted, log_odds));
            }
        }
        let (_, fitted, log_odds) = best.ok_or(refused)?;
        let centre = log_odds.iter().sum::<f64>() / log_odds.len() as f64;
        Ok(Trained { calibration: Calibration::of_model(&log_odds, &outcomes), fitted, centre })
    }

    /// How much likelier to leave than the rows of the later part were on average, in log-odds.
    ///
    /// By this the rows of several blocks are put in one order. With its level, how many used to leave before each block, the
    /// model would be judged by something that no score has, and that is no sign of who leaves: after many left, fewer do.
    pub fn risk(&self, log_odds: f64) -> f64 {
        self.calibration.line().0 * (log_odds - self.centre)
    }
}
