//! Versions of the lake: one names all its tables at once.

use jiff::Timestamp;
use std::fmt;

/// A version of the lake: a DuckLake snapshot, over all tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(pub u64);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Version {
    pub(crate) fn from_snapshot(id: i64) -> Self {
        Self(u64::try_from(id).unwrap_or_default())
    }

    pub(crate) fn snapshot(self) -> i64 {
        i64::try_from(self.0).unwrap_or(i64::MAX)
    }
}

/// Which past to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOf {
    /// That version.
    Version(Version),
    /// The last version committed at or before that time.
    Timestamp(Timestamp),
}

/// What made a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionKind {
    /// The lake was made, with no rows.
    Created,
    /// An import: the rows changed.
    Import,
    /// Scores were computed and kept; what was imported is the same. An earlier build takes it for an import.
    Scores,
    /// Files were rewritten; the rows are the same.
    Compaction,
}

/// A version and its story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionInfo {
    /// The version.
    pub version: Version,
    /// When it was committed, by the clock of who committed it.
    pub committed_at: Timestamp,
    /// What made it.
    pub kind: VersionKind,
    /// What its author wrote about it.
    pub note: Option<String>,
}
