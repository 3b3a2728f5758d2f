//! What became of an import.

use super::feed::Tally;
use crate::error::Problem;
use crate::rejects::Reject;
use crate::source::Source;
use crate::warn::Warning;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;
use tenure_lake::{Verdicts, Version};
use tenure_schema::table::Table;

/// What became of an import.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ImportReport {
    /// The version it made; none of a dry run.
    pub version: Option<Version>,
    /// The sources, as they were asked for.
    pub sources: Vec<SourceReport>,
    /// What became of the rows, by table and source, in the order they were filled.
    pub tables: Vec<TableReport>,
    /// What was accepted and should be known.
    pub warnings: Vec<Warning>,
    /// The first rejected records.
    pub rejects: Vec<Reject>,
    /// How many records were rejected.
    pub rejected: u64,
    /// How many records that were rejected before are good now.
    pub mended: u64,
    /// Sources that no longer fill a table, each with the table: their rows stay, and they no longer say how far it is.
    pub retired: Vec<(String, String)>,
    /// What was broken and passed over, with `keep_good`.
    pub problems: Vec<Problem>,
}

/// A source of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceReport {
    /// Its name.
    pub name: String,
    /// Everything before this is in the lake, as the source states it or its latest event shows.
    pub data_through: Option<Timestamp>,
    /// Whether the source states it.
    pub stated: bool,
}

/// What became of the rows of one table from one source: read = accepted + updated + duplicate + rejected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableReport {
    /// The source.
    pub source: String,
    /// The table.
    pub table: &'static str,
    /// The files read.
    pub files: Vec<String>,
    /// Records read.
    pub read: u64,
    /// Records with an unknown key.
    pub accepted: u64,
    /// Records with a known key and new content.
    pub updated: u64,
    /// Records with a known key and the same content.
    pub duplicate: u64,
    /// Records rejected.
    pub rejected: u64,
    /// Keys that a snapshot source no longer holds; not among the records read.
    pub removed: u64,
    /// Which mapping read them.
    pub mapping_hash: String,
    /// The files of which every record was read.
    pub(super) whole_files: BTreeSet<String>,
    pub(super) latest: Option<Timestamp>,
}

impl ImportReport {
    pub(super) fn new(sources: impl Iterator<Item = String>) -> Self {
        let sources = sources.map(|name| SourceReport { name, data_through: None, stated: false }).collect();
        ImportReport { sources, ..ImportReport::default() }
    }

    /// Adds what became of a table's rows from one source.
    pub(super) fn add(
        &mut self,
        table: &'static Table,
        source: String,
        mapping_hash: String,
        tally: Tally,
        verdicts: &Verdicts,
    ) {
        self.tables.push(TableReport {
            source,
            table: table.name,
            files: tally.files.into_iter().collect(),
            read: tally.read,
            accepted: verdicts.accepted,
            updated: verdicts.updated,
            // Rows of the lake that were staged again to keep them are nobody's records.
            duplicate: verdicts.duplicate.saturating_sub(tally.kept),
            rejected: tally.rejected,
            removed: verdicts.removed,
            mapping_hash,
            whole_files: tally.whole_files,
            latest: tally.latest.and_then(|micros| Timestamp::from_microsecond(micros).ok()),
        });
    }

    /// Says up to when each source is complete: as it states, else up to its latest event that has happened.
    pub(super) fn say_data_through(&mut self, sources: &[Arc<Source>], now: Timestamp) {
        for report in &mut self.sources {
            let stated =
                sources.iter().find(|source| source.name == report.name).and_then(|source| source.data_through);
            let of_source = self.tables.iter().filter(|table| table.source == report.name);
            let latest = of_source.filter_map(|table| table.latest).max();
            report.stated = stated.is_some();
            report.data_through = stated.or(latest.map(|latest| latest.min(now)));
        }
    }

    /// The import in a line, for the lake's history.
    pub fn summary(&self) -> String {
        let sum = |of: fn(&TableReport) -> u64| self.tables.iter().map(of).sum::<u64>();
        let names: Vec<&str> = self.sources.iter().map(|source| source.name.as_str()).collect();
        format!(
            "import of {}: {} read, {} accepted, {} updated, {} duplicate, {} rejected, {} removed",
            if names.is_empty() { "nothing".to_owned() } else { names.join(", ") },
            sum(|table| table.read),
            sum(|table| table.accepted),
            sum(|table| table.updated),
            sum(|table| table.duplicate),
            sum(|table| table.rejected),
            sum(|table| table.removed),
        )
    }
}
