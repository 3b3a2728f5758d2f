//! What a question may ask besides its period: the version of the data, and the level accounts are looked at.

use crate::period::{Clock, PeriodError, moment};
use jiff::Timestamp;
use std::str::FromStr;

/// Which version of the lake answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOf {
    /// That version.
    Version(u64),
    /// The last one committed at that time or before.
    Timestamp(Timestamp),
}

impl AsOf {
    /// Reads a version's number, or a date or time on the workspace's clock. Digits alone are a version.
    pub fn parse(text: &str, clock: &Clock) -> Result<Self, AsOfError> {
        let text = text.trim();
        if let Ok(version) = text.parse() {
            return Ok(Self::Version(version));
        }
        match moment(text, clock) {
            Ok(at) => Ok(Self::Timestamp(at)),
            Err(error @ PeriodError::OutOfRange { .. }) => Err(AsOfError::Time(error)),
            Err(_) => Err(AsOfError::Syntax { text: text.to_owned() }),
        }
    }
}

/// Why a text is no version of the lake.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AsOfError {
    /// It is of no known form.
    #[error("{text:?} is not a version or a time; write for example 42, 2024-07-01 or 2024-07-01T09:30")]
    Syntax {
        /// What was written.
        text: String,
    },
    /// It is a time outside the years Tenure counts in.
    #[error(transparent)]
    Time(PeriodError),
}

/// Whom a number is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Level {
    /// Each account by itself.
    #[default]
    Account,
    /// An account and its children together.
    Parent,
}

impl Level {
    /// Its name, as on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Parent => "parent",
        }
    }
}

/// Why a text is no level.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a level; write account or parent")]
pub struct LevelError {
    text: String,
}

impl FromStr for Level {
    type Err = LevelError;

    fn from_str(text: &str) -> Result<Self, LevelError> {
        let levels = [Self::Account, Self::Parent];
        levels.into_iter().find(|level| level.name() == text).ok_or_else(|| LevelError { text: text.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zone::Zone;

    #[test]
    fn versions_and_times() {
        let clock = Clock { zone: Zone::named("America/New_York").unwrap(), fiscal_year_start: 1 };
        let time = |text: &str| AsOf::Timestamp(text.parse().unwrap());
        assert_eq!(AsOf::parse("42", &clock), Ok(AsOf::Version(42)));
        assert_eq!(AsOf::parse("2024-07-01", &clock), Ok(time("2024-07-01T04:00:00Z")));
        assert_eq!(AsOf::parse("2024-07-01T09:30Z", &clock), Ok(time("2024-07-01T09:30:00Z")));
        for text in ["", "-1", "v42", "yesterday", "9999-01-01"] {
            let error = AsOf::parse(text, &clock).unwrap_err().to_string();
            assert!(error.contains("for example"), "{text}: {error}");
        }
    }

    #[test]
    fn levels() {
        assert_eq!("parent".parse(), Ok(Level::Parent));
        assert_eq!(
            "Team".parse::<Level>().unwrap_err().to_string(),
            "\"Team\" is not a level; write account or parent"
        );
    }
}
