//! From a score to a probability.

use serde::Serialize;
use tenure_stats::regression::Platt;

/// How far probabilities are kept off 0 and 1: nothing is certain, and a certain error would cost infinitely much.
const LEAST: f64 = 1e-6;

/// How scores became probabilities.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "method")]
pub enum Calibration {
    /// Platt's: `log-odds = slope · risk + intercept`. The risk is the score with its sign turned, a model's its log-odds.
    Platt {
        /// Above zero where a higher risk means a likelier leaving.
        slope: f64,
        /// The log-odds at a risk of zero.
        intercept: f64,
    },
    /// All scores to one probability, for they told nothing there.
    BaseRate {
        /// `(left + 1) / (rows + 2)`.
        rate: f64,
    },
}

impl Calibration {
    /// Platt's calibration of scores by outcomes; the base rate where scores are all equal, or there are none, or all outcomes
    /// are the same, or Platt's numbers do not settle.
    pub(crate) fn fit(scores: &[f64], outcomes: &[bool]) -> Calibration {
        match Platt::fit(scores, outcomes) {
            Ok(Platt { slope, intercept }) if slope.is_finite() && intercept.is_finite() => {
                Calibration::Platt { slope, intercept }
            }
            _ => Calibration::base_rate(outcomes),
        }
    }

    /// The same for a model's log-odds: where they rank the wrong way round, the model is not turned round but told nothing.
    pub(crate) fn of_model(log_odds: &[f64], outcomes: &[bool]) -> Calibration {
        match Calibration::fit(log_odds, outcomes) {
            Calibration::Platt { slope, .. } if slope <= 0.0 => Calibration::base_rate(outcomes),
            found => found,
        }
    }

    fn base_rate(outcomes: &[bool]) -> Calibration {
        let left = outcomes.iter().filter(|&&left| left).count();
        Calibration::BaseRate { rate: (left as f64 + 1.0) / (outcomes.len() as f64 + 2.0) }
    }

    /// The two numbers of `log-odds = slope · score + intercept`.
    pub fn line(&self) -> (f64, f64) {
        match *self {
            Calibration::Platt { slope, intercept } => (slope, intercept),
            Calibration::BaseRate { rate } => (0.0, (rate / (1.0 - rate)).ln()),
        }
    }

    /// The log-odds of a score.
    pub fn log_odds(&self, score: f64) -> f64 {
        let (slope, intercept) = self.line();
        slope * score + intercept
    }

    /// The probability of a score, kept a millionth off 0 and 1.
    pub fn probability(&self, score: f64) -> f64 {
        probability(self.log_odds(score))
    }
}

/// `1 / (1 + e^−η)`, kept a millionth off 0 and 1.
pub(crate) fn probability(log_odds: f64) -> f64 {
    (1.0 / (1.0 + (-log_odds).exp())).clamp(LEAST, 1.0 - LEAST)
}
