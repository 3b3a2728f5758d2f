//! The logistic churn model: every signal adds its share, whatever the others say.

use super::prepare::Preparation;
use super::sample::Sample;
use crate::label::Labels;
use crate::panel::Panel;
use tenure_stats::regression::logistic::Options;
use tenure_stats::regression::{Contributions, Features, Logistic, ModelError};

/// The ridge penalties tried, the strongest first.
const PENALTIES: [f64; 4] = [1000.0, 100.0, 10.0, 1.0];

/// A fitted logistic model.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LogisticFit {
    pub preparation: Preparation,
    pub model: Logistic,
}

impl LogisticFit {
    /// Fitted on rows with one penalty.
    pub fn on(panel: &Panel, labels: &Labels, rows: &[usize], penalty: f64) -> Result<LogisticFit, ModelError> {
        Table::of(panel, labels, rows)?.fit(penalty)
    }

    /// Fitted on rows with each penalty.
    pub fn tried(
        panel: &Panel,
        labels: &Labels,
        rows: &[usize],
    ) -> Result<impl Iterator<Item = Result<LogisticFit, ModelError>>, ModelError> {
        let table = Table::of(panel, labels, rows)?;
        Ok(PENALTIES.into_iter().map(move |penalty| table.fit(penalty)))
    }

    pub fn log_odds(&self, values: &[Option<f64>]) -> Result<f64, ModelError> {
        self.model.log_odds(&self.preparation.apply(values))
    }

    /// A part a signal.
    pub fn contributions(&self, values: &[Option<f64>]) -> Result<Contributions, ModelError> {
        let found = self.model.contributions(&self.preparation.apply(values))?;
        let mut parts = vec![0.0; values.len()];
        for (feature, part) in self.preparation.features.iter().zip(&found.parts) {
            parts[feature.signal] += part;
        }
        Ok(Contributions { base: found.base, parts })
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

    fn fit(&self, penalty: f64) -> Result<LogisticFit, ModelError> {
        let options = Options { ridge: penalty, weights: Some(&self.weights) };
        let model = Logistic::fit(&self.features, &self.outcomes, options)?;
        Ok(LogisticFit { preparation: self.preparation.clone(), model })
    }
}
