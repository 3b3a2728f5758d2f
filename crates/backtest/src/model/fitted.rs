//! A fitted churn model of either kind.

use super::boosted::{BoostedFit, Trees};
use super::logistic::LogisticFit;
use crate::label::Labels;
use crate::panel::Panel;
use crate::scorer::{MODEL, TREES};
use serde::Serialize;
use tenure_stats::regression::{Contributions, ModelError};

/// What a churn model is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelKind {
    /// A logistic regression held back by a ridge penalty.
    Logistic,
    /// Gradient boosted trees.
    Boosted,
}

impl ModelKind {
    /// Both, in the order in which they are judged.
    pub const ALL: [ModelKind; 2] = [ModelKind::Logistic, ModelKind::Boosted];

    /// The name under which it is judged.
    pub fn scorer(self) -> &'static str {
        match self {
            ModelKind::Logistic => MODEL,
            ModelKind::Boosted => TREES,
        }
    }
}

/// A fitted model. Log-odds are those before calibration; values are one a signal, in the panel's order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Fitted {
    Logistic(LogisticFit),
    Boosted(BoostedFit),
}

impl Fitted {
    /// Fitted on rows with each setting of a kind, the simplest first.
    pub fn tried(
        kind: ModelKind,
        panel: &Panel,
        labels: &Labels,
        rows: &[usize],
    ) -> Result<Vec<Result<Fitted, ModelError>>, ModelError> {
        Ok(match kind {
            ModelKind::Logistic => {
                LogisticFit::tried(panel, labels, rows)?.map(|fit| fit.map(Fitted::Logistic)).collect()
            }
            ModelKind::Boosted => {
                BoostedFit::tried(panel, labels, rows)?.into_iter().map(|fit| Ok(Fitted::Boosted(fit))).collect()
            }
        })
    }

    pub fn kind(&self) -> ModelKind {
        match self {
            Fitted::Logistic(_) => ModelKind::Logistic,
            Fitted::Boosted(_) => ModelKind::Boosted,
        }
    }

    /// The trees of boosted ones.
    pub fn trees(&self) -> Option<Trees> {
        match self {
            Fitted::Logistic(_) => None,
            Fitted::Boosted(fit) => Some(fit.trees),
        }
    }

    /// The penalty of a logistic one.
    pub fn penalty(&self) -> Option<f64> {
        match self {
            Fitted::Logistic(fit) => Some(fit.model.ridge),
            Fitted::Boosted(_) => None,
        }
    }

    fn log_odds(&self, values: &[Option<f64>]) -> Result<f64, ModelError> {
        match self {
            Fitted::Logistic(fit) => fit.log_odds(values),
            Fitted::Boosted(fit) => fit.log_odds(values),
        }
    }

    /// The log-odds of rows.
    pub fn of_rows(&self, panel: &Panel, rows: &[usize]) -> Result<Vec<f64>, ModelError> {
        rows.iter().map(|&row| self.log_odds(&panel.rows()[row].values)).collect()
    }

    /// What each signal adds to the log-odds: a part a signal, zero for one that is left out.
    pub fn contributions(&self, values: &[Option<f64>]) -> Result<Contributions, ModelError> {
        match self {
            Fitted::Logistic(fit) => fit.contributions(values),
            Fitted::Boosted(fit) => fit.contributions(values),
        }
    }
}
