//! How far probabilities were from what happened.

use super::error::{EvaluationError, check_probabilities};
use crate::exact_sum::ExactSum;

/// The Brier score, the mean of `(p − y)²` (Brier 1950, halved for two classes as is usual now): 0 is perfect, and always
/// saying the base rate `b` gives `b·(1 − b)`.
pub fn brier(outcomes: &[bool], probabilities: &[f64]) -> Result<f64, EvaluationError> {
    check_probabilities(outcomes, probabilities)?;
    let mut sum = ExactSum::default();
    for (&outcome, p) in outcomes.iter().zip(probabilities) {
        let miss = p - if outcome { 1.0 } else { 0.0 };
        sum.add(miss * miss);
    }
    Ok(sum.value() / outcomes.len() as f64)
}

/// The log-loss, the mean of `−ln(probability of what happened)`, in nats. Probabilities are not clipped: one that was
/// certain and wrong is an error that names its row.
pub fn log_loss(outcomes: &[bool], probabilities: &[f64]) -> Result<f64, EvaluationError> {
    check_probabilities(outcomes, probabilities)?;
    let mut sum = ExactSum::default();
    for (row, (&outcome, &p)) in outcomes.iter().zip(probabilities).enumerate() {
        let log = if outcome { p.ln() } else { (-p).ln_1p() };
        if log == f64::NEG_INFINITY {
            return Err(EvaluationError::CertainAndWrong { row });
        }
        sum.add(-log);
    }
    Ok(sum.value() / outcomes.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_cases_give_the_published_values() {
        let outcomes = [false, true, true, false];
        let found = brier(&outcomes, &[0.1, 0.9, 0.8, 0.3]).unwrap();
        assert!((found - 0.0375).abs() < 1e-15, "not 0.075, the sum over both classes");
        // scikit-learn's example: spam, ham, ham, spam.
        let loss = log_loss(&[true, false, false, true], &[0.9, 0.1, 0.2, 0.65]).unwrap();
        assert!((loss - 0.21616).abs() < 5.1e-6, "{loss}");
    }

    #[test]
    fn certain_and_right_costs_nothing() {
        assert_eq!(log_loss(&[true, false], &[1.0, 0.0]), Ok(0.0));
        assert_eq!(brier(&[true, false], &[1.0, 0.0]), Ok(0.0));
        assert_eq!(brier(&[true, true], &[0.5, 0.5]), Ok(0.25), "one class has a score too");
    }

    #[test]
    fn what_is_no_probability_is_refused() {
        assert_eq!(log_loss(&[true, false], &[0.5, 1.0]), Err(EvaluationError::CertainAndWrong { row: 1 }));
        for score in [brier, log_loss] {
            assert_eq!(score(&[], &[]), Err(EvaluationError::Empty));
            assert_eq!(score(&[true], &[f64::NAN]), Err(EvaluationError::NotANumber { row: 0 }));
            let outside = score(&[true, true], &[0.5, 1.5]);
            assert_eq!(outside, Err(EvaluationError::NotAProbability { row: 1, value: 1.5 }));
            assert!(matches!(score(&[true], &[0.5, 0.5]), Err(EvaluationError::Length { .. })));
        }
    }
}
