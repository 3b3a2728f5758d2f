//! Records that were rejected: kept with their reason, listed, mended and replayed.

mod export;
mod names;
mod replay;
mod spool;
mod stored;
mod withheld;

pub use export::{export, parse_export};
pub use replay::{ReplayReport, replay};
pub use stored::{StoredReject, open_rejects};

pub(crate) use spool::Spool;
pub(crate) use stored::open_names;

use serde_json::{Map, Value};

/// A record that was rejected.
#[derive(Debug, Clone, PartialEq)]
pub struct Reject {
    /// Its name in the lake.
    pub id: String,
    /// The source.
    pub source: String,
    /// The table it was meant for.
    pub table: String,
    /// Its file; empty where the mapping yields rows that are no one record of a file.
    pub file: String,
    /// Its number in the file, else among the rows of the SELECT.
    pub row: i64,
    /// The column at fault, if it is one.
    pub column: Option<String>,
    /// The value at fault.
    pub value: Option<String>,
    /// What is wrong.
    pub reason: String,
    /// What to do.
    pub remedy: String,
    /// The record as the mapping yielded it.
    pub record: Map<String, Value>,
    /// Whether value, reason and record are left out here, because staff may have answered so. The lake has them.
    pub withheld: bool,
}

impl Reject {
    /// Where it stands, for messages.
    pub fn place(&self) -> String {
        match self.file.as_str() {
            "" => format!("row {} of the SELECT", self.row),
            file => format!("{file}, record {}", self.row),
        }
    }
}

impl std::fmt::Display for Reject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.place(), self.table)?;
        if let Some(column) = &self.column {
            write!(f, ".{column}")?;
        }
        write!(f, ": {}; {}", self.reason, self.remedy)
    }
}
