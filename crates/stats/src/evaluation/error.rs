//! What evaluation refuses.

use thiserror::Error;

/// Why an evaluation gives no number. Rows count from zero.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum EvaluationError {
    /// There are no rows.
    #[error("no rows to evaluate")]
    Empty,
    /// Two slices that belong together are not of one length.
    #[error("{found} {what} for {wanted} outcomes: give one each")]
    Length {
        /// What there is too much or too little of.
        what: &'static str,
        /// How many were given.
        found: usize,
        /// How many outcomes there are.
        wanted: usize,
    },
    /// A score that is not a number.
    #[error("row {row}: the score is not a number")]
    NotANumber {
        /// The row.
        row: usize,
    },
    /// A score that is no probability.
    #[error("row {row}: {value} is not a probability from 0 to 1")]
    NotAProbability {
        /// The row.
        row: usize,
        /// Its score.
        value: f64,
    },
    /// All outcomes are the same.
    #[error("every outcome is {}: nothing to tell apart", if *.outcome { "positive" } else { "negative" })]
    OneClass {
        /// Which.
        outcome: bool,
    },
    /// There are too few independent cases of one outcome for a variance.
    #[error("{found} independent cases with a {} outcome: a variance takes two", if *.outcome { "positive" } else { "negative" })]
    TooFew {
        /// Of which outcome.
        outcome: bool,
        /// How many rows or, with clusters, clusters.
        found: usize,
    },
    /// A prediction that was certain, and wrong: its loss is infinite.
    #[error(
        "row {row}: the prediction was certain and wrong, so the log-loss is infinite: keep predictions off 0 and 1"
    )]
    CertainAndWrong {
        /// The row.
        row: usize,
    },
    /// A number of cases that is not there to look at.
    #[error("the top {wanted} of {rows} rows cannot be looked at: ask for 1 to {rows}")]
    Top {
        /// How many were asked for.
        wanted: usize,
        /// How many there are.
        rows: usize,
    },
    /// A share outside 0 to 1, or zero.
    #[error("the share {0} is not above 0 and up to 1")]
    Share(f64),
    /// Bins that do not divide the probabilities.
    #[error("bins must be at least one, with edges that rise from 0 to 1")]
    Bins,
}

/// Each outcome has one score, and each is a number.
pub(super) fn check(outcomes: &[bool], scores: &[f64]) -> Result<(), EvaluationError> {
    same_length("scores", scores.len(), outcomes.len())?;
    if outcomes.is_empty() {
        return Err(EvaluationError::Empty);
    }
    match scores.iter().position(|score| score.is_nan()) {
        Some(row) => Err(EvaluationError::NotANumber { row }),
        None => Ok(()),
    }
}

/// As [`check`], and each score is a probability.
pub(super) fn check_probabilities(outcomes: &[bool], scores: &[f64]) -> Result<(), EvaluationError> {
    check(outcomes, scores)?;
    match scores.iter().position(|score| !(0.0..=1.0).contains(score)) {
        Some(row) => Err(EvaluationError::NotAProbability { row, value: scores[row] }),
        None => Ok(()),
    }
}

/// As [`check`], and both outcomes occur.
pub(super) fn check_classes(outcomes: &[bool], scores: &[f64]) -> Result<(), EvaluationError> {
    check(outcomes, scores)?;
    let first = outcomes[0];
    if outcomes.iter().all(|&outcome| outcome == first) {
        return Err(EvaluationError::OneClass { outcome: first });
    }
    Ok(())
}

pub(super) fn same_length(what: &'static str, found: usize, wanted: usize) -> Result<(), EvaluationError> {
    if found == wanted { Ok(()) } else { Err(EvaluationError::Length { what, found, wanted }) }
}
