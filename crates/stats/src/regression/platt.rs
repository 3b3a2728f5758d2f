//! Platt scaling: from a score of any kind to a probability.

use super::error::ModelError;
use super::features::Features;
use super::logistic::{Logistic, Options, probability};

/// `probability = 1 / (1 + exp(−(slope·score + intercept)))`. (Platt writes `A = −slope`, `B = −intercept`.)
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Platt {
    /// Above zero where a higher score means a likelier outcome.
    pub slope: f64,
    /// The log-odds at score zero.
    pub intercept: f64,
}

impl Platt {
    /// Fits the two numbers by the likelihood of smoothed targets, `(n₊+1)/(n₊+2)` for an outcome and `1/(n₋+2)` for none
    /// (Platt 1999; Lin, Lin and Weng 2007), so that perfect separation has a finite answer too.
    ///
    /// Scores must come from a model that has not seen these rows: calibrate on a later fold. Errors: no rows, one class
    /// only, scores that are all equal or not finite.
    pub fn fit(scores: &[f64], outcomes: &[bool]) -> Result<Platt, ModelError> {
        if scores.len() != outcomes.len() {
            return Err(ModelError::Length { what: "outcomes", found: outcomes.len(), wanted: scores.len() });
        }
        let mut features = Features::new(["score"]);
        for (row, score) in scores.iter().enumerate() {
            features.push(&[*score]).map_err(|_| ModelError::Score { row })?;
        }
        let positives = outcomes.iter().filter(|&&outcome| outcome).count();
        let negatives = outcomes.len() - positives;
        if outcomes.is_empty() {
            return Err(ModelError::Empty);
        }
        if positives == 0 || negatives == 0 {
            return Err(ModelError::OneClass);
        }
        let (n, m) = (positives as f64, negatives as f64);
        let targets: Vec<f64> =
            outcomes.iter().map(|&o| if o { (n + 1.0) / (n + 2.0) } else { 1.0 / (m + 2.0) }).collect();
        let model = Logistic::fit_targets(&features, &targets, Options::default())?;
        let slope = model.coefficients.first().map_or(0.0, |coefficient| coefficient.estimate);
        Ok(Platt { slope, intercept: model.intercept.estimate })
    }

    /// The calibrated probability of a score.
    pub fn probability(&self, score: f64) -> f64 {
        probability(self.slope * score + self.intercept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_gives_what_scikit_learn_gives() {
        // sklearn.calibration._sigmoid_calibration 1.9 gives A and B of 1/(1 + exp(A·s + B)).
        let scores = [-2.0, -1.5, -1.0, -0.2, 0.1, 0.4, 1.0, 2.5];
        let outcomes = [false, false, true, false, false, true, true, true];
        let platt = Platt::fit(&scores, &outcomes).unwrap();
        assert!((platt.slope - 0.686_614_9).abs() < 1e-5, "{platt:?}");
        assert!((platt.intercept - 0.081_151_6).abs() < 1e-5, "{platt:?}");
    }

    #[test]
    fn separation_has_a_finite_answer() {
        let platt = Platt::fit(&[0.0, 1.0, 2.0, 3.0], &[false, false, true, true]).unwrap();
        // The smoothed targets, 3/4 and 1/4, bound what is said of either side's middle.
        assert!(platt.slope > 0.0 && (platt.probability(1.5) - 0.5).abs() < 1e-9);
        assert!(platt.probability(3.0) < 0.9 && platt.probability(0.0) > 0.1);
        assert_eq!(platt.probability(1e9), 1.0);
    }

    #[test]
    fn what_cannot_be_calibrated_is_refused() {
        assert_eq!(Platt::fit(&[], &[]), Err(ModelError::Empty));
        assert_eq!(Platt::fit(&[1.0, 2.0], &[true, true]), Err(ModelError::OneClass));
        assert_eq!(Platt::fit(&[1.0, f64::NAN], &[true, false]), Err(ModelError::Score { row: 1 }));
        assert!(matches!(Platt::fit(&[1.0], &[]), Err(ModelError::Length { .. })));
        assert_eq!(Platt::fit(&[1.0, 1.0], &[true, false]), Err(ModelError::Constant(vec!["score".into()])));
    }
}
