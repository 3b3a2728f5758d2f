//! The model for today's accounts.

use super::boosted::{BoostedFit, Trees};
use super::fitted::{Fitted, ModelKind};
use super::logistic::LogisticFit;
use super::prepare::Dropped;
use super::weights::{LearnedWeight, learned_weights};
use crate::calibration::{Calibration, probability};
use crate::error::BacktestError;
use crate::label::Labels;
use crate::panel::Panel;
use serde::Serialize;
use tenure_stats::regression::ModelError;

/// A churn model fitted on every row that has an outcome, for accounts whose outcome is not known yet.
///
/// Its calibration comes from the walk forward: the log-odds that its predecessors gave to rows they had not seen.
#[derive(Debug, Clone, PartialEq)]
pub struct ChurnModel {
    signals: Vec<String>,
    fitted: Fitted,
    calibration: Calibration,
    penalty: f64,
    weights: Vec<LearnedWeight>,
    dropped: Vec<Dropped>,
    rows: usize,
    accounts: usize,
}

/// What the model says of one account.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Risk {
    /// The probability of leaving within the horizon.
    pub probability: f64,
    /// Its log-odds: `base` and the parts, added in their order.
    pub log_odds: f64,
    /// The log-odds that parts are counted from: of the logistic model, those of an account with every feature at its mean; of
    /// boosted trees, the mean over the rows fitted.
    pub base: f64,
    /// What each signal adds, in the panel's order. A signal the model leaves out adds zero.
    pub contributions: Vec<Contribution>,
}

/// What a signal adds to an account's log-odds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Contribution {
    /// The signal.
    pub signal: String,
    /// Its value.
    pub value: Option<f64>,
    /// The log-odds it adds to the base: above zero, it speaks for leaving.
    pub part: f64,
}

impl ChurnModel {
    /// Of the kind and with the setting of `like`; `walked` are its log-odds, before calibration, and outcomes of rows judged. With
    /// `penalty`, a logistic model says what the signals weigh.
    pub(crate) fn fit(
        panel: &Panel,
        labels: &Labels,
        like: &Fitted,
        penalty: f64,
        walked: (&[f64], &[bool]),
    ) -> Result<ChurnModel, ModelError> {
        let rows = labels.mature();
        let logistic = LogisticFit::on(panel, labels, rows, penalty)?;
        Ok(ChurnModel {
            signals: panel.signals().to_vec(),
            calibration: Calibration::of_model(walked.0, walked.1),
            penalty,
            weights: learned_weights(panel, labels, &logistic),
            dropped: logistic.preparation.dropped.clone(),
            fitted: match like {
                Fitted::Logistic(_) => Fitted::Logistic(logistic),
                Fitted::Boosted(fit) => Fitted::Boosted(BoostedFit::on(panel, labels, rows, fit.trees)?),
            },
            rows: rows.len(),
            accounts: panel.count_accounts(rows.iter().copied()),
        })
    }

    /// The risk of an account with these values, one a signal in the panel's order, and why. Refused: another number of
    /// values, and one that is no finite number.
    pub fn risk(&self, values: &[Option<f64>]) -> Result<Risk, BacktestError> {
        if values.len() != self.signals.len() {
            let (found, wanted) = (values.len(), self.signals.len());
            return Err(BacktestError::RiskValues { found, wanted });
        }
        if let Some(j) = values.iter().position(|value| value.is_some_and(|value| !value.is_finite())) {
            return Err(BacktestError::RiskNotFinite(self.signals[j].clone()));
        }
        let raw = self.fitted.contributions(values).map_err(BacktestError::Model)?;
        let (slope, intercept) = self.calibration.line();
        let parts: Vec<f64> = raw.parts.iter().map(|part| slope * part).collect();
        let base = slope * raw.base + intercept;
        let log_odds = parts.iter().fold(base, |sum, part| sum + part);
        let contribution = |((signal, &value), part): ((&String, &Option<f64>), f64)| Contribution {
            signal: signal.clone(),
            value,
            part,
        };
        let contributions = self.signals.iter().zip(values).zip(parts).map(contribution).collect();
        Ok(Risk { probability: probability(log_odds), log_odds, base, contributions })
    }

    /// What it is made of: trees where they were shown to be better, out of time.
    pub fn kind(&self) -> ModelKind {
        self.fitted.kind()
    }

    /// Its trees; `None` of the logistic model.
    pub fn trees(&self) -> Option<Trees> {
        self.fitted.trees()
    }

    /// How much each signal weighs, the heaviest first: in the logistic model, of whichever kind this one is.
    pub fn weights(&self) -> &[LearnedWeight] {
        &self.weights
    }

    /// The signals left out.
    pub fn dropped(&self) -> &[Dropped] {
        &self.dropped
    }

    /// The ridge penalty of the logistic model.
    pub fn penalty(&self) -> f64 {
        self.penalty
    }

    /// How log-odds became probabilities.
    pub fn calibration(&self) -> Calibration {
        self.calibration
    }

    /// The rows fitted, and their accounts.
    pub fn size(&self) -> (usize, usize) {
        (self.rows, self.accounts)
    }
}
