//! Why customers have no value under a model.

use crate::lifetime::error::FitError;

/// Why there is no value. None is ever made up instead.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum WorthError {
    /// The model of how long customers stay, or how often they buy, cannot be fitted.
    #[error(transparent)]
    Fit(#[from] FitError),
    /// The model of what they spend cannot be fitted.
    #[error("spend per purchase: {0}")]
    Spend(FitError),
    /// The mean of the fitted spend diverges.
    #[error(
        "spend per purchase: its spread among customers is so wide that the mean is infinite (q = {q:.3}, at most 1)"
    )]
    EndlessSpend {
        /// The parameter of the Gamma–Gamma.
        q: f64,
    },
    /// A lifetime that is none: its months are below zero or above a hundred years, or what it pays is unknown.
    #[error("account {row}: its months, from 0 to 1200, and what it pays have to be known")]
    Lifetime {
        /// Counted from 1.
        row: usize,
    },
    /// Everybody has left.
    #[error("no customers left")]
    NobodyLeft,
    /// Margin, discount or horizon are out of range.
    #[error("margin, a discount of at least 0 and a horizon of 1 to 1200 months are needed")]
    Terms,
}
