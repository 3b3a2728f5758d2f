//! What survival methods refuse.

use thiserror::Error;

/// Why a survival method gives no answer. Rows count from zero, as in the slice given.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum SurvivalError {
    /// Two slices that belong together are not of one length.
    #[error("{found} {what} for {wanted} observations: give one each")]
    Length {
        /// What there is too much or too little of.
        what: &'static str,
        /// How many were given.
        found: usize,
        /// How many observations there are.
        wanted: usize,
    },
    /// A time is infinite or not a number.
    #[error("row {row}: the time {time} is not a finite number")]
    Time {
        /// The row.
        row: usize,
        /// Its time.
        time: f64,
    },
    /// An observation that was never at risk.
    #[error("row {row}: entered at {entry}, not before its time {time}: leave it out")]
    Entry {
        /// The row.
        row: usize,
        /// When it entered.
        entry: f64,
        /// When it was last seen.
        time: f64,
    },
    /// A weight that is negative, infinite or not a number.
    #[error("row {row}: the weight {weight} is not a number from zero up")]
    Weight {
        /// The row.
        row: usize,
        /// Its weight.
        weight: f64,
    },
    /// A score that is not a number.
    #[error("row {row}: the score is not a number")]
    Score {
        /// The row.
        row: usize,
    },
    /// No end came while cases of two groups were at risk.
    #[error("nothing to compare: no end came while two groups were at risk")]
    NothingToCompare,
    /// No pair of cases of which it is known whose end came first.
    #[error("no pair of cases can be ordered: every end is tied, or none was outlived")]
    NoPairs,
}
