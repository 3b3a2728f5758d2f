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
    /// An import rejected some rows.
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

    /// The same, as what was typed is why.
    pub(crate) fn typed(self) -> Self {
        Self { exit: Exit::Usage, ..self }
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

impl From<rust_xlsxwriter::XlsxError> for Failure {
    fn from(error: rust_xlsxwriter::XlsxError) -> Self {
        use rust_xlsxwriter::XlsxError;
        match error {
            XlsxError::RowColumnLimitError => {
                Self::new("the board has more lines than a sheet of a workbook holds: 1,048,576 rows of 16,384 columns")
                    .hint("ask for fewer periods or attributes, or take --format csv")
            }
            error => Self::new(format!("the workbook cannot be made: {error}")),
        }
    }
}

impl From<tenure_lake::LakeError> for Failure {
    fn from(error: tenure_lake::LakeError) -> Self {
        use tenure_lake::LakeError;
        let failure = Self::told(&error);
        match error {
            LakeError::Absent(workspace) => {
                Self::new(format!("{} has no data yet: tenure.db is missing", workspace.display()))
                    .hint("make it with `tenure import`, or restore it and lake/ from a backup")
            }
            LakeError::NoVersion { .. } | LakeError::NoVersionAt { .. } => failure.typed(),
            _ => failure,
        }
    }
}

impl From<tenure_engine::EngineError> for Failure {
    fn from(error: tenure_engine::EngineError) -> Self {
        use tenure_engine::EngineError;
        let suspect = error.may_be_damage();
        let failure = match error {
            // What a query says may hold any text.
            EngineError::Query(_) | EngineError::Arrow(_) => Self::new(in_plain_words(&error.to_string())),
            EngineError::Lake(error) => error.into(),
            EngineError::Period(error) => error.into(),
            EngineError::UnknownMetric { id, similar } if similar.is_empty() => {
                Self::usage(format!("there is no metric `{id}`")).hint("`tenure explain` lists them all")
            }
            EngineError::Definition { ref file, .. } => {
                let hint = format!("mend {file}; `tenure explain` shows what was made of it");
                Self::new(error.to_string()).hint(hint)
            }
            // All else says that the question does not fit.
            _ => Self::told(&error).typed(),
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

impl From<tenure_health::HealthError> for Failure {
    fn from(error: tenure_health::HealthError) -> Self {
        use tenure_health::HealthError;
        match error {
            HealthError::Engine(error) => match signal_hint(&error) {
                Some(hint) => Self { hints: vec![hint], ..error.into() },
                None => error.into(),
            },
            HealthError::Lake(error) => error.into(),
            HealthError::Scorecard(error) => error.into(),
            HealthError::Period(error) => error.into(),
            HealthError::NotClosed { .. }
            | HealthError::Begun { .. }
            | HealthError::Rating { .. }
            | HealthError::NoCustomer { .. } => Self::told(&error).typed(),
            _ => Self::told(&error),
        }
    }
}

impl From<tenure_outlook::OutlookError> for Failure {
    fn from(error: tenure_outlook::OutlookError) -> Self {
        use tenure_outlook::OutlookError;
        match error {
            OutlookError::Engine(error) => error.into(),
            OutlookError::Lake(error) => error.into(),
            OutlookError::Known(error) => error.into(),
            OutlookError::Period(error) => error.into(),
            OutlookError::SeenFrom => Self::told(&error).typed(),
            _ => Self::told(&error),
        }
    }
}

impl From<tenure_account::AccountError> for Failure {
    fn from(error: tenure_account::AccountError) -> Self {
        use tenure_account::AccountError;
        match error {
            AccountError::Engine(error) => error.into(),
            AccountError::Period(error) => error.into(),
            AccountError::Unknown { .. } | AccountError::Ambiguous { .. } => Self::told(&error).typed(),
            AccountError::Rows(_) => Self::told(&error),
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

impl From<tenure_schema::problem::Problems> for Failure {
    fn from(error: tenure_schema::problem::Problems) -> Self {
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

/// How to mend the query of a signal; `None` of all else, such as what stands in the catalogue, which `tenure explain` shows.
fn signal_hint(error: &tenure_engine::EngineError) -> Option<String> {
    let tenure_engine::EngineError::Definition { file, key, .. } = error else { return None };
    let of_catalogue = ["metrics/", "derived/"].iter().any(|folder| file.starts_with(folder));
    let what = "it gives account_id, period, value and observed_at for each row of `asked`";
    (!of_catalogue).then(|| format!("mend the query of `{key}` in {file}: {what}; `tenure health edit-check` tries it"))
}

/// What the query engine says, without the names that it has for its own errors.
fn in_plain_words(text: &str) -> String {
    let mut text = text.trim();
    for prefix in [
        "SQL error: ",
        "Schema error: ",
        "Error during planning: ",
        "This feature is not implemented: ",
        "Arrow error: ",
    ] {
        text = text.strip_prefix(prefix).unwrap_or(text);
    }
    let inner = text.strip_prefix("ParserError(\"").and_then(|rest| rest.strip_suffix("\")"));
    inner.map_or_else(|| text.replace("tenure.lake.", ""), |inner| inner.replace("\\\"", "\"").replace("\\'", "'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_engine_is_quoted_plainly() {
        assert_eq!(
            in_plain_words("SQL error: ParserError(\"Expected: \\\"x\\\", found: y\")"),
            "Expected: \"x\", found: y"
        );
        assert_eq!(
            in_plain_words("Error during planning: table 'tenure.lake.nope' not found"),
            "table 'nope' not found"
        );
        assert_eq!(in_plain_words("Arrow error: Divide by zero error"), "Divide by zero error");
    }

    #[test]
    fn what_was_typed_is_why() {
        let metric = |similar: &[&str]| tenure_engine::EngineError::UnknownMetric {
            id: "nr".into(),
            similar: similar.iter().map(|&name| name.to_owned()).collect(),
        };
        let near = Failure::from(metric(&["nrr"]));
        assert_eq!((near.exit, near.hints), (Exit::Usage, vec!["did you mean nrr?".to_owned()]));
        let far = Failure::from(metric(&[]));
        assert_eq!((far.exit, far.hints), (Exit::Usage, vec!["`tenure explain` lists them all".to_owned()]));
    }

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
