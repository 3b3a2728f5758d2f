//! Why a model cannot be fitted, or a number not be told.

use std::fmt;

/// Where a parameter goes that the data do not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tends {
    /// The likelihood rises as the parameter goes to zero.
    ToZero,
    /// The likelihood rises as the parameter goes to infinity.
    ToInfinity,
    /// The likelihood is flat: other values of the parameter explain the data as well.
    Nowhere,
}

impl fmt::Display for Tends {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Tends::ToZero => "the likelihood rises as it goes to zero",
            Tends::ToInfinity => "the likelihood rises as it goes to infinity",
            Tends::Nowhere => "the likelihood is flat in it",
        })
    }
}

/// Why a lifetime model cannot be fitted to the data given. No parameter is ever made up instead.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FitError {
    /// A row that no customer can have.
    #[error("row {row}: {wrong}")]
    Row {
        /// Counted from 1.
        row: usize,
        /// What is wrong with it, and what is expected.
        wrong: RowError,
    },
    /// A cohort's counts are not counts.
    #[error("cohort {cohort}, age {age}: a count has to be a number not below zero")]
    Count {
        /// Counted from 1.
        cohort: usize,
        /// The age in periods; the last age for those still there.
        age: usize,
    },
    /// Survivors rise with age.
    #[error("age {age}: more survivors than an age earlier; give the survivors of one cohort in the order of its ages")]
    Survivors {
        /// The age in periods.
        age: usize,
    },
    /// Fewer customers than tell anything of how they differ.
    #[error("{found} customers: a spread among customers needs at least two")]
    TooFew {
        /// The customers, by weight.
        found: f64,
    },
    /// Nobody was lost.
    #[error("nobody was lost: nothing is known of how long customers stay; wait for the first losses")]
    NobodyLost,
    /// Too few ages with somebody at risk.
    #[error("{found} ages with customers at risk: {needed} are needed; follow the cohorts longer")]
    TooFewAges {
        /// The ages with customers at risk.
        found: usize,
        /// The parameters to be found.
        needed: usize,
    },
    /// No customer came back.
    #[error("no customer bought twice: nothing is known of how often they buy or when they stop; observe for longer")]
    NoRepeats,
    /// The likelihood has no maximum that a finite sample could tell.
    #[error("parameter {parameter} is not identified: {tends}; give more customers or periods, or a simpler model")]
    NotIdentified {
        /// The parameter's letter in the paper.
        parameter: &'static str,
        /// Where it goes.
        tends: Tends,
    },
}

/// What no customer can have.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum RowError {
    /// Recency or age is below zero or not finite.
    #[error("recency {recency} and age {age} have to be numbers not below zero")]
    Time {
        /// Time from the first purchase to the last.
        recency: f64,
        /// Time from the first purchase to the end of observation.
        age: f64,
    },
    /// The last purchase is after the end of observation.
    #[error("recency {recency} is above age {age}: the last purchase is after the end of observation")]
    LastAfterEnd {
        /// Time from the first purchase to the last.
        recency: f64,
        /// Time from the first purchase to the end of observation.
        age: f64,
    },
    /// Repeat purchases are no count.
    #[error("{frequency} repeat purchases: they have to be a whole number not below zero")]
    Frequency {
        /// Repeat purchases.
        frequency: f64,
    },
    /// No repeat purchase but a recency, or a repeat purchase at no time.
    #[error(
        "{frequency} repeat purchases with recency {recency}: recency is zero if and only if nothing was bought again"
    )]
    Recency {
        /// Repeat purchases.
        frequency: u32,
        /// Time from the first purchase to the last.
        recency: f64,
    },
    /// Spend per purchase is not a positive number.
    #[error("spend {spend} per purchase has to be a number above zero")]
    Spend {
        /// Mean spend per repeat purchase.
        spend: f64,
    },
    /// A mean over no purchases.
    #[error("spend without a repeat purchase: leave the row out")]
    SpendOfNone,
    /// A weight is below zero or not finite.
    #[error("weight {weight} has to be a number not below zero")]
    Weight {
        /// How many customers the row stands for.
        weight: f64,
    },
}

/// A parameter outside its range.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("parameter {name} is {value}: it has to be between 1e-100 and 1e100")]
pub struct ParameterError {
    /// The parameter's letter in the paper.
    pub name: &'static str,
    /// What was given.
    pub value: f64,
}

/// The parameters if all of them are in range.
pub(crate) fn in_range<const N: usize>(names: [&'static str; N], values: [f64; N]) -> Result<[f64; N], ParameterError> {
    match values.iter().position(|value| !(1e-100..=1e100).contains(value)) {
        Some(i) => Err(ParameterError { name: names[i], value: values[i] }),
        None => Ok(values),
    }
}
