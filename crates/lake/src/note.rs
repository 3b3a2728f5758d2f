//! What is remembered of a commit.

use crate::verdict::Verdicts;
use crate::version::VersionKind;
use jiff::Timestamp;

/// Stands in the place of a mapping's hash where a source no longer fills a table.
pub(crate) const RETIRED: &str = "retired";

/// What is remembered of a commit.
#[derive(Debug, Clone, Default)]
pub struct CommitNote {
    /// A line for the history.
    pub message: String,
    /// What the commit holds.
    pub kind: CommitKind,
    /// One entry for each source and table of an import; of scores, none.
    pub imports: Vec<ImportNote>,
}

/// What a commit holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CommitKind {
    /// What sources brought.
    #[default]
    Import,
    /// What was computed from it: rows of the lake's own tables alone.
    Scores,
}

impl From<CommitKind> for VersionKind {
    fn from(kind: CommitKind) -> Self {
        match kind {
            CommitKind::Import => Self::Import,
            CommitKind::Scores => Self::Scores,
        }
    }
}

/// What is remembered of one source and table of an import: a row of `tenure_imports`.
#[derive(Debug, Clone, Default)]
pub struct ImportNote {
    /// The source's name.
    pub source: String,
    /// The table.
    pub table: String,
    /// The files read, one a line.
    pub file: String,
    /// Records read.
    pub read: u64,
    /// Records rejected.
    pub rejected: u64,
    /// What became of the others.
    pub verdicts: Verdicts,
    /// Up to when the source is complete, if known.
    pub data_through: Option<Timestamp>,
    /// Which mapping read it.
    pub mapping_hash: String,
}

impl ImportNote {
    /// A source that no longer fills a table: its rows stay, and it no longer says up to when the table is complete.
    pub fn retired(source: &str, table: &str) -> Self {
        let mapping_hash = RETIRED.to_owned();
        ImportNote { source: source.to_owned(), table: table.to_owned(), mapping_hash, ..ImportNote::default() }
    }
}
