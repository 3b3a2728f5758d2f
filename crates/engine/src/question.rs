//! What can be asked of the engine: one shape for every face.

use jiff::Timestamp;
use tenure_schema::period::Period;

/// Metrics × periods × segments × filter × variant × level.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// The metrics, each in one definition.
    pub metrics: Vec<MetricRef>,
    /// The periods, in the order of the answer.
    pub periods: Vec<Period>,
    /// Attributes and dimensions that split the answer, such as `country`, `account.plan` or `channel`.
    pub by: Vec<String>,
    /// Only rows whose attribute or dimension has this value.
    pub filter: Vec<Condition>,
    /// World time; `None`: the earliest data-through among the tables that a metric reads.
    pub now: Option<Timestamp>,
}

impl Question {
    /// One metric in its default definition over some periods, unsplit and unfiltered.
    pub fn metric(id: &str, periods: Vec<Period>) -> Self {
        Self { metrics: vec![MetricRef::default_of(id)], periods, by: Vec::new(), filter: Vec::new(), now: None }
    }
}

/// A metric in one of its definitions.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MetricRef {
    /// The metric's id.
    pub id: String,
    /// The variant; `None`: the workspace's choice, else the default.
    pub variant: Option<String>,
}

impl MetricRef {
    /// The metric in the definition that is in force.
    pub fn default_of(id: &str) -> Self {
        Self { id: id.to_owned(), variant: None }
    }
}

/// `ATTR=VALUE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The attribute or dimension.
    pub name: String,
    /// Its value; `None`: rows that have none.
    pub value: Option<String>,
}
