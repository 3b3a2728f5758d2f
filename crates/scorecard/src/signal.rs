//! A signal: one figure an account and day.

use crate::scale::Better;
use crate::span::Days;

/// The signal that holds what people said of an account.
pub(crate) const HUMAN_RATING: &str = "human_rating";

/// A signal: one figure an account and day, and how old what it rests on is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signal {
    /// Its id.
    pub id: String,
    /// The file it came from.
    pub file: String,
    /// That file's text; `None`: it stands on the scorecard itself.
    pub text: Option<String>,
    /// Its name for people.
    pub title: String,
    /// What it says, in a sentence.
    pub about: String,
    /// The unit of its value, in a word.
    pub unit: String,
    /// Which direction is better.
    pub better: Better,
    /// How far back it reads rows of use; `None`: as far as there are any.
    pub looks_back: Option<Days>,
    /// How it is computed.
    pub measure: Measure,
}

/// How a signal is computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Measure {
    /// A metric by account over the days up to the day.
    Metric {
        /// The metric's id.
        id: String,
        /// Its variant; `None`: the one in force.
        variant: Option<String>,
        /// The part to take; `None`: its value.
        part: Option<String>,
        /// How many days, the day included.
        window: Days,
    },
    /// A query that gives `account_id`, `period`, `value` and `observed_at` for each row of `asked`, a row a day.
    Sql(String),
}
