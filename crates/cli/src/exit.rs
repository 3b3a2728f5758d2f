//! How a command ends: what scripts see, and what people read where it went wrong.

use std::process::ExitCode;
use std::{fmt, io};

/// How a command ended; `tenure --help` lists the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// It is done.
    Done,
    /// It could not be done.
    Failed,
    /// The command line is not right.
    Usage,
    /// Something that must hold does not.
    Broken,
    /// An import committed, and rejected some rows.
    Rejected,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Broken => 3,
            Exit::Rejected => 4,
        })
    }
}

/// Why a command could not be done, and what to do.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What is wrong.
    pub(crate) problem: String,
    /// What to do, a line each.
    pub(crate) hints: Vec<String>,
    /// How the command ends.
    pub(crate) exit: Exit,
    /// Whether whoever read the output has gone: nobody is left to tell.
    pub(crate) unheard: bool,
    /// Whether a damaged file could be why.
    pub(crate) suspect: bool,
}

/// What a command ends with.
pub(crate) type Outcome<T = Exit> = Result<T, Failure>;

impl Failure {
    /// Something wrong that needs no hint.
    pub(crate) fn new(problem: impl Into<String>) -> Self {
        Self { problem: problem.into(), hints: Vec::new(), exit: Exit::Failed, unheard: false, suspect: false }
    }

    /// Something wrong with what was typed.
    pub(crate) fn usage(problem: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, ..Self::new(problem) }
    }

    /// The rooms below write `what is wrong; what to do`.
    pub(crate) fn told(error: &impl fmt::Display) -> Self {
        let text = error.to_string();
        match text.split_once("; ") {
            Some((problem, remedy)) => Self::new(problem).hint(remedy),
            None => Self::new(text),
        }
    }

    /// With a hint more.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self { unheard: error.kind() == io::ErrorKind::BrokenPipe, ..Self::new(error.to_string()) }
    }
}

impl From<tenure_lake::LakeError> for Failure {
    fn from(error: tenure_lake::LakeError) -> Self {
        Self::told(&error)
    }
}

impl From<tenure_engine::EngineError> for Failure {
    fn from(error: tenure_engine::EngineError) -> Self {
        use tenure_engine::EngineError;
        let suspect = error.may_be_damage();
        let failure = match &error {
            // What a query says may hold any text.
            EngineError::Query(_) | EngineError::Arrow(_) => Self::new(error.to_string()),
            EngineError::Definition { file, .. } => {
                Self::new(error.to_string()).hint(format!("mend {file}; `tenure explain` shows what was made of it"))
            }
            _ => Self::told(&error),
        };
        Self { suspect, ..failure }
    }
}

impl From<tenure_reconcile::ReconcileError> for Failure {
    fn from(error: tenure_reconcile::ReconcileError) -> Self {
        use tenure_reconcile::ReconcileError;
        match error {
            ReconcileError::Engine(error) => error.into(),
            // What a file holds may be any text.
            ReconcileError::File { place, problem, remedy } => Self::new(format!("{place}: {problem}")).hint(remedy),
            error => Self::told(&error),
        }
    }
}

impl From<tenure_ingest::Problem> for Failure {
    fn from(problem: tenure_ingest::Problem) -> Self {
        Self::new(format!("{}: {}", problem.place, problem.problem)).hint(problem.remedy)
    }
}

impl From<tenure_ingest::Error> for Failure {
    fn from(error: tenure_ingest::Error) -> Self {
        match error {
            tenure_ingest::Error::Problem(problem) => problem.into(),
            tenure_ingest::Error::Lake(error) => error.into(),
        }
    }
}

impl From<tenure_catalog::CatalogError> for Failure {
    fn from(error: tenure_catalog::CatalogError) -> Self {
        // Each problem brings its hint.
        Self::new(error.to_string())
    }
}

impl From<tenure_schema::settings::SettingsError> for Failure {
    fn from(error: tenure_schema::settings::SettingsError) -> Self {
        Self::told(&error)
    }
}

impl From<tenure_schema::period::PeriodError> for Failure {
    fn from(error: tenure_schema::period::PeriodError) -> Self {
        Self { exit: Exit::Usage, ..Self::told(&error) }
    }
}

impl From<tenure_schema::as_of::AsOfError> for Failure {
    fn from(error: tenure_schema::as_of::AsOfError) -> Self {
        Self { exit: Exit::Usage, ..Self::told(&error) }
    }
}

impl From<tenure_demo::Error> for Failure {
    fn from(error: tenure_demo::Error) -> Self {
        Self::told(&error)
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::new(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remedy_becomes_a_hint() {
        let failure = Failure::told(&"2024-13 is not a period; write for example 2024-07");
        assert_eq!(failure.problem, "2024-13 is not a period");
        assert_eq!(failure.hints, ["write for example 2024-07"]);
    }

    #[test]
    fn a_reader_that_left_is_no_failure() {
        assert!(Failure::from(io::Error::from(io::ErrorKind::BrokenPipe)).unheard);
        assert!(!Failure::from(io::Error::from(io::ErrorKind::NotFound)).unheard);
    }
}
