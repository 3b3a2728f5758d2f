//! How far an import is.

use std::sync::Arc;

/// How far an import is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The source being read.
    pub source: String,
    /// The table being filled.
    pub table: &'static str,
    /// Bytes of files read so far.
    pub bytes: u64,
    /// Bytes to read; a file that several tables read counts for each.
    pub total_bytes: u64,
    /// Records read so far.
    pub rows: u64,
}

/// Told how far an import is, some times a second.
pub type OnProgress = Arc<dyn Fn(&Progress) + Send + Sync>;

pub(super) struct Meter {
    total: u64,
    /// Bytes of readings that have ended.
    pub done: u64,
    /// Records of all readings.
    pub rows: u64,
    listener: Option<OnProgress>,
}

impl Meter {
    pub fn new(total: u64, listener: Option<OnProgress>) -> Self {
        Meter { total, done: 0, rows: 0, listener }
    }

    /// Tells the listener; `reading` are the bytes of the reading that goes on.
    pub fn tell(&self, source: &str, table: &'static str, reading: u64) {
        if let Some(listener) = &self.listener {
            listener(&Progress {
                source: source.to_owned(),
                table,
                bytes: (self.done + reading).min(self.total),
                total_bytes: self.total,
                rows: self.rows,
            });
        }
    }
}
