//! What models refuse.

use crate::survival::SurvivalError;
use thiserror::Error;

/// Why a model was not fitted, or not applied. Rows count from zero.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ModelError {
    /// There are no rows.
    #[error("no rows to fit")]
    Empty,
    /// There are no features.
    #[error("no features to fit by")]
    NoFeatures,
    /// Things that belong together are not of one length.
    #[error("{found} {what} where {wanted} were wanted")]
    Length {
        /// What there is too much or too little of.
        what: &'static str,
        /// How many were given.
        found: usize,
        /// How many were wanted.
        wanted: usize,
    },
    /// A feature is infinite or not a number.
    #[error("row {row}: the feature {feature} is not a finite number: fill it in or leave the row out")]
    NotFinite {
        /// The row.
        row: usize,
        /// The feature's name.
        feature: String,
    },
    /// A score to calibrate is infinite or not a number.
    #[error("row {row}: the score is not a finite number")]
    Score {
        /// The row.
        row: usize,
    },
    /// A target outside 0 to 1.
    #[error("row {row}: the target {target} is not between 0 and 1")]
    Target {
        /// The row.
        row: usize,
        /// The target.
        target: f64,
    },
    /// A weight that is negative, infinite or not a number.
    #[error("row {row}: the weight {weight} is not a number from zero up")]
    Weight {
        /// The row.
        row: usize,
        /// The weight.
        weight: f64,
    },
    /// A ridge penalty that is negative, infinite or not a number.
    #[error("the ridge penalty {0} is not a number from zero up")]
    Ridge(f64),
    /// Features that say nothing, for they never vary: over all rows or, in a Cox model, among those at risk together.
    #[error("constant: {}; leave out what never varies", .0.join(", "))]
    Constant(Vec<String>),
    /// Features of which one is a sum of others.
    #[error("collinear: {}; leave one out or set a ridge penalty", .0.join(", "))]
    Collinear(Vec<String>),
    /// All outcomes are the same.
    #[error("every outcome is the same: there is nothing to tell apart")]
    OneClass,
    /// By no feature can the rows be parted into two of enough weight.
    #[error("no feature parts the rows into two groups large enough: add rows, or features that vary")]
    NoSplit,
    /// No end came while more than one case was at risk.
    #[error("no end came while more than one case was at risk")]
    NoEnds,
    /// The likelihood rises for ever as coefficients grow: features that foretell the outcome without fail (separation,
    /// monotone likelihood).
    #[error("no finite estimate: {} tell outcomes apart without fail; leave them out or set a ridge penalty", .0.join(", "))]
    Infinite(Vec<String>),
    /// The steps did not settle.
    #[error("no convergence after {0} steps")]
    NoConvergence(usize),
    /// The observations are not fit for survival.
    #[error(transparent)]
    Survival(#[from] SurvivalError),
}
