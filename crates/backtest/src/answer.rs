//! An answer, or why the data do not give one.

use serde::Serialize;

/// A finding, or what is missing for one.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer<T> {
    /// There is enough data.
    Enough(T),
    /// There is not.
    NotEnough(NotEnough),
}

impl<T> Answer<T> {
    /// The finding, where there is one.
    pub fn enough(&self) -> Option<&T> {
        match self {
            Answer::Enough(found) => Some(found),
            Answer::NotEnough(_) => None,
        }
    }

    /// Why there is none.
    pub fn not_enough(&self) -> Option<&NotEnough> {
        match self {
            Answer::Enough(_) => None,
            Answer::NotEnough(why) => Some(why),
        }
    }
}

/// Why there is not enough data, and what would be enough.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "reason")]
pub enum NotEnough {
    /// There are no observations.
    NoRows,
    /// All observations are of one account.
    OneAccount,
    /// No observation is as old as the horizon.
    TooYoung {
        /// The horizon in days.
        horizon: i32,
    },
    /// Nobody left within the horizon.
    NobodyLeft {
        /// Of how many accounts.
        accounts: usize,
    },
    /// Everybody left within the horizon of every observation.
    EverybodyLeft {
        /// Of how many accounts.
        accounts: usize,
    },
    /// Too few blocks of days have enough before them to train on.
    FewBlocks {
        /// How many there are.
        found: usize,
        /// How many it takes.
        wanted: usize,
        /// Days on which there are observations old enough.
        days: usize,
        /// How many accounts must be known to have left, and how many to have stayed, in the part before a block that is fitted.
        fitted: usize,
        /// And in the later part, which calibrates.
        calibrated: usize,
        /// How many accounts left within the horizon of an observation.
        left: usize,
        /// How many were observed.
        accounts: usize,
    },
    /// Too few accounts left in the days judged.
    FewChurned {
        /// How many did.
        found: usize,
        /// How many it takes.
        wanted: usize,
    },
    /// Too few accounts stayed in the days judged.
    FewStayed {
        /// How many did.
        found: usize,
        /// How many it takes.
        wanted: usize,
    },
    /// The scorer gave no score on any row judged.
    NoScores,
    /// The churn model could not be fitted.
    NoModel {
        /// What the numerics said.
        why: String,
    },
    /// No account that left was seen with a colour in the days judged.
    NoLeavers,
}
