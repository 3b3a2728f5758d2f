//! What a back-test refuses.

use tenure_stats::evaluation::EvaluationError;
use tenure_stats::regression::ModelError;
use thiserror::Error;

/// Why there is no report: input that is wrong. (Input that is too little is [`crate::NotEnough`], inside the report.)
#[derive(Debug, Clone, PartialEq, Error)]
pub enum BacktestError {
    /// A name stands twice.
    #[error("the {what} {name} is there twice: give each a name of its own")]
    NamedTwice {
        /// Signal or scorer.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A row has another number of values than there are signals.
    #[error(
        "account {account}, day {day}: {found} values for {wanted} signals: give one each, none where it is not known"
    )]
    Values {
        /// The account.
        account: String,
        /// The day since 1970-01-01.
        day: i32,
        /// How many values it has.
        found: usize,
        /// How many signals there are.
        wanted: usize,
    },
    /// A value that is infinite or not a number.
    #[error("account {account}, day {day}: {name} is not a finite number: give none where it is not known")]
    NotFinite {
        /// The account.
        account: String,
        /// The day since 1970-01-01.
        day: i32,
        /// The signal or scorer.
        name: String,
    },
    /// An account was observed twice on a day.
    #[error("account {account}, day {day}: observed twice: keep one observation a day")]
    ObservedTwice {
        /// The account.
        account: String,
        /// The day since 1970-01-01.
        day: i32,
    },
    /// An observation of an account that had left already.
    #[error("account {account}, day {day}: it left on day {left_on}: leave out days on which it was no customer")]
    LeftBefore {
        /// The account.
        account: String,
        /// The day since 1970-01-01.
        day: i32,
        /// The day it is said to have left.
        left_on: i32,
    },
    /// What is known ends before the observation.
    #[error(
        "account {account}, day {day}: known to day {known_to} only: an observation is known on its own day at least"
    )]
    KnownBefore {
        /// The account.
        account: String,
        /// The day since 1970-01-01.
        day: i32,
        /// To which day it is said to be known.
        known_to: i32,
    },
    /// Two observations of an account do not agree on when it left.
    #[error("account {account}, days {day} and {next}: they differ on when it left: both see the same leaving")]
    Disagree {
        /// The account.
        account: String,
        /// The earlier day.
        day: i32,
        /// The later day.
        next: i32,
    },
    /// A scorer has another number of scores or colours than there are rows.
    #[error("scorer {scorer}: {found} {what} for {wanted} rows: give one each, none where there is none")]
    Length {
        /// The scorer.
        scorer: String,
        /// Scores or colours.
        what: &'static str,
        /// How many.
        found: usize,
        /// How many rows there are.
        wanted: usize,
    },
    /// A scorer took the name of a churn model.
    #[error("scorer {0}: that is the name of a model fitted here: give another")]
    Reserved(String),
    /// A horizon that is no number of days.
    #[error("horizon {0}: not a number of days from 1 up")]
    Horizon(i32),
    /// No horizon, or one of them twice.
    #[error("horizons {0:?}: give at least one, each once")]
    Horizons(Vec<i32>),
    /// Too few blocks to judge by.
    #[error("blocks {0}: at least 2, for one block is one accident")]
    Blocks(usize),
    /// A baseline that no scorer is.
    #[error("baseline {0}: no scorer has that name")]
    Baseline(String),
    /// The numerics refused.
    #[error("scorer {scorer}: {error}")]
    Evaluation {
        /// The scorer.
        scorer: String,
        /// What was refused.
        error: EvaluationError,
    },
    /// A risk was asked for with another number of values than the model has signals.
    #[error("{found} values for the model's {wanted} signals: give one each, none where it is not known")]
    RiskValues {
        /// How many values.
        found: usize,
        /// How many signals.
        wanted: usize,
    },
    /// A risk was asked for with a value that is infinite or not a number.
    #[error("{0} is not a finite number: give none where it is not known")]
    RiskNotFinite(String),
    /// The model did not apply.
    #[error(transparent)]
    Model(ModelError),
}

impl BacktestError {
    /// For `map_err`: a refusal while judging a scorer.
    pub(crate) fn judging(scorer: &str) -> impl Fn(EvaluationError) -> Self + use<'_> {
        move |error| Self::Evaluation { scorer: scorer.to_owned(), error }
    }
}
