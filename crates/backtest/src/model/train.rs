//! A model fitted on what was known on a day.

use super::prepare::Preparation;
use super::sample::Sample;
use crate::calibration::{Calibration, probability};
use crate::label::Labels;
use crate::panel::Panel;
use crate::split::Training;
use tenure_stats::evaluation::log_loss;
use tenure_stats::regression::logistic::Options;
use tenure_stats::regression::{Features, Logistic, ModelError};

/// The ridge penalties tried, the strongest first.
const PENALTIES: [f64; 4] = [1000.0, 100.0, 10.0, 1.0];

/// A fitted and calibrated model.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Trained {
    pub fitted: Fitted,
    pub calibration: Calibration,
    /// The mean log-odds of the later part, before calibration.
    centre: f64,
}

/// A fitted model.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fitted {
    pub preparation: Preparation,
    pub model: Logistic,
}

impl Trained {
    /// Fitted on the earlier part with each penalty; the one with the least log-loss on the later part is kept (of equals the
    /// stronger), and calibrated there.
    pub fn before_block(panel: &Panel, labels: &Labels, training: &Training) -> Result<Trained, ModelError> {
        let table = Table::of(panel, labels, &training.fitted)?;
        let outcomes = labels.outcomes(&training.calibrated);
        let mut best: Option<(f64, Fitted, Vec<f64>)> = None;
        let mut refused = ModelError::Empty;
        for penalty in PENALTIES {
            let fitted = match table.fit(penalty) {
                Ok(fitted) => fitted,
                Err(error) => {
                    refused = error;
                    continue;
                }
            };
            let log_odds = fitted.log_odds(panel, &training.calibrated)?;
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
}

impl Trained {
    /// How much likelier to leave than the rows of the later part were on average, in log-odds.
    ///
    /// By this the rows of several blocks are put in one order. With its level, how many used to leave before each block, the
    /// model would be judged by something that no score has, and that is no sign of who leaves: after many left, fewer do.
    pub fn risk(&self, log_odds: f64) -> f64 {
        self.calibration.line().0 * (log_odds - self.centre)
    }
}

impl Fitted {
    /// Fitted on rows with one penalty.
    pub fn on(panel: &Panel, labels: &Labels, rows: &[usize], penalty: f64) -> Result<Fitted, ModelError> {
        Table::of(panel, labels, rows)?.fit(penalty)
    }

    /// The log-odds of rows, before calibration.
    pub fn log_odds(&self, panel: &Panel, rows: &[usize]) -> Result<Vec<f64>, ModelError> {
        rows.iter().map(|&row| self.model.log_odds(&self.preparation.apply(&panel.rows()[row].values))).collect()
    }
}

/// What a model is fitted on.
struct Table {
    preparation: Preparation,
    features: Features,
    outcomes: Vec<bool>,
    weights: Vec<f64>,
}

impl Table {
    fn of(panel: &Panel, labels: &Labels, rows: &[usize]) -> Result<Table, ModelError> {
        let sample = Sample::of(panel, labels, rows);
        let preparation = Preparation::learn(panel, rows, &sample.rows);
        if preparation.features.is_empty() {
            return Err(ModelError::NoFeatures);
        }
        let mut features = Features::new(preparation.names(panel.signals()));
        for &row in &sample.rows {
            features.push(&preparation.apply(&panel.rows()[row].values))?;
        }
        Ok(Table { preparation, features, outcomes: labels.outcomes(&sample.rows), weights: sample.weights })
    }

    fn fit(&self, penalty: f64) -> Result<Fitted, ModelError> {
        let options = Options { ridge: penalty, weights: Some(&self.weights) };
        let model = Logistic::fit(&self.features, &self.outcomes, options)?;
        Ok(Fitted { preparation: self.preparation.clone(), model })
    }
}
