//! Why a question cannot be answered.

use datafusion::error::DataFusionError;

/// Why a question cannot be answered.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The catalogue has no such metric.
    #[error("there is no metric `{id}`{}", did_you_mean(similar))]
    UnknownMetric {
        /// What was asked for.
        id: String,
        /// Ids that look like it.
        similar: Vec<String>,
    },
    /// The metric has no such variant.
    #[error("`{metric}` has no variant `{variant}`; it has {}", listed(known))]
    UnknownVariant {
        /// The metric.
        metric: String,
        /// What was asked for.
        variant: String,
        /// The variants there are.
        known: Vec<String>,
    },
    /// Neither an account attribute nor a dimension of the metric's rows.
    #[error("`{metric}` cannot be split or filtered by `{name}`; it can by {}", listed(known))]
    UnknownAttribute {
        /// The metric.
        metric: String,
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// No account ever had that value.
    #[error("no account ever had {name} = `{value}`; there is {}{}", listed(known), and_more(*more))]
    UnknownValue {
        /// The attribute.
        name: String,
        /// What was asked for.
        value: String,
        /// Values there are.
        known: Vec<String>,
        /// How many more there are.
        more: usize,
    },
    /// An attribute has one value at a time.
    #[error("`{name}` is asked to have two values at once; ask for one, or split the answer by it")]
    TwoValues {
        /// The attribute.
        name: String,
    },
    /// Both an account attribute and a dimension of the metric's rows.
    #[error(
        "`{name}` means two things for `{metric}`: write `account.{name}` for the account's, or `row.{name}` for the row's own"
    )]
    AmbiguousAttribute {
        /// The metric.
        metric: String,
        /// What was asked for.
        name: String,
    },
    /// A definition that text alone could not show to be wrong.
    #[error("{file}: {key}: {what}")]
    Definition {
        /// The file it stands in.
        file: String,
        /// The key in it.
        key: String,
        /// What is wrong.
        what: String,
    },
    /// Rows of staff answers are never shown.
    #[error(
        "`{metric}` is about staff: its answers are never opened to rows; ask `tenure metric {metric}` for the publishable cells"
    )]
    StaffRows {
        /// The metric.
        metric: String,
    },
    /// So finely split, cells of staff answers point at people.
    #[error("`{metric}` is about staff: split and filter it by at most {most} attributes")]
    StaffSplit {
        /// The metric.
        metric: String,
        /// How many it can be split by.
        most: usize,
    },
    /// Only queries are allowed.
    #[error("only SELECT is allowed here: the lake changes by `tenure import` alone")]
    NotAQuery,
    /// A length of time or a period that leaves the calendar.
    #[error(transparent)]
    Period(#[from] tenure_schema::period::PeriodError),
    /// The lake cannot be read.
    #[error(transparent)]
    Lake(#[from] tenure_lake::LakeError),
    /// The query engine failed.
    #[error("{}", plain(.0))]
    Query(#[from] DataFusionError),
    /// Columnar data was not of the expected shape.
    #[error(transparent)]
    Arrow(#[from] arrow::error::ArrowError),
}

impl EngineError {
    /// Whether a damaged file could be why, rather than what was asked: the lake can tell which.
    pub fn may_be_damage(&self) -> bool {
        match self {
            Self::Query(error) => !matches!(
                error.find_root(),
                DataFusionError::Plan(_)
                    | DataFusionError::SchemaError(..)
                    | DataFusionError::SQL(..)
                    | DataFusionError::NotImplemented(_)
            ),
            Self::Arrow(_) | Self::Definition { .. } => true,
            _ => false,
        }
    }
}

fn did_you_mean(similar: &[String]) -> String {
    if similar.is_empty() {
        "; `tenure report` lists them all".to_owned()
    } else {
        format!("; did you mean {}?", listed(similar))
    }
}

fn listed(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

fn and_more(more: usize) -> String {
    if more == 0 { String::new() } else { format!(" and {more} more") }
}

/// DataFusion's message without its prefixes and back-traces.
fn plain(error: &DataFusionError) -> String {
    error.strip_backtrace()
}
