//! Records that were rejected: kept with their reason, listed, mended and replayed.

mod export;
mod replay;
mod spool;
mod stored;

pub use export::{export, parse_export};
pub use replay::{ReplayReport, replay};
pub use stored::{StoredReject, open_rejects};

pub(crate) use spool::Spool;
pub(crate) use stored::open_ids;

use serde_json::{Map, Value};

/// A record that was rejected.
#[derive(Debug, Clone, PartialEq)]
pub struct Reject {
    /// The source.
    pub source: String,
    /// The table it was meant for.
    pub table: String,
    /// Its file.
    pub file: String,
    /// Its number in the file.
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
}

impl Reject {
    /// Its name in the lake.
    pub fn id(&self) -> String {
        tenure_lake::reject_id(
            &self.source,
            &self.table,
            &self.file,
            self.row,
            self.column.as_deref().unwrap_or_default(),
        )
    }
}

impl std::fmt::Display for Reject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, record {}: {}", self.file, self.row, self.table)?;
        if let Some(column) = &self.column {
            write!(f, ".{column}")?;
        }
        write!(f, ": {}; {}", self.reason, self.remedy)
    }
}
