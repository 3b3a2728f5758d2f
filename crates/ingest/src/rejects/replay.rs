//! Mended rejects, checked again and put into the lake.

use super::names::renamed;
use super::{Reject, Spool};
use crate::error::{Problem, Result};
use crate::import::with_faults;
use crate::source::{Workspace, nearest};
use crate::validate::{Checked, Mapped, Validator};
use arrow::array::{ArrayRef, Int64Array, StringArray};
use arrow::record_batch::RecordBatch;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tenure_lake::{CommitNote, ImportNote, Lake, StageMode, Verdicts, Version, staged_schema};
use tenure_schema::table::{self, Table};

/// What became of mended rejects: read = accepted + updated + duplicate + rejected.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReplayReport {
    /// The version made; none of a dry run.
    pub version: Option<Version>,
    /// Records replayed.
    pub read: u64,
    /// Records with an unknown key.
    pub accepted: u64,
    /// Records with a known key and new content.
    pub updated: u64,
    /// Records with a known key and the same content.
    pub duplicate: u64,
    /// Records that are still not right.
    pub rejected: u64,
    /// The first of these.
    pub rejects: Vec<Reject>,
}

/// Checks mended records and commits the good ones; those that are not are rejected again. `zone` tells a source's time zone.
pub async fn replay(
    lake: &Lake,
    workspace: &Workspace,
    mended: Vec<Reject>,
    zone: impl Fn(&str) -> TimeZone,
    dry_run: bool,
    now: Timestamp,
) -> Result<ReplayReport> {
    let mut by_table: BTreeMap<&'static str, Vec<Reject>> = BTreeMap::new();
    for reject in mended {
        let table = table::table(&reject.table).ok_or_else(|| unknown_table(&reject))?;
        by_table.entry(table.name).or_default().push(reject);
    }
    let mut writer = lake.write(now).await?;
    let mut again = Spool::new(lake.workspace().join("lake").join("tmp"), 20);
    let (mut report, mut notes, mut resolved) = (ReplayReport::default(), Vec::new(), Vec::new());
    for (name, rejects) in by_table {
        let Some(table) = table::table(name) else { continue };
        report.read += rejects.len() as u64;
        let (mut batches, mut sources) = (Vec::new(), BTreeSet::new());
        let mut rejected = 0;
        for rejects in rejects.chunk_by(|a, b| a.source == b.source) {
            let Some(first) = rejects.first() else { continue };
            sources.insert(first.source.clone());
            let mapped = mapped(table, rejects);
            let currency = workspace.settings.currency.code();
            let validator = Validator::new(table, &first.source, &zone(&first.source), currency);
            let checked = validator.and_then(|mut validator| validator.check(&mapped));
            let Checked { rows, faults, .. } = checked.map_err(|error| cannot_hold(&first.source, &error))?;
            rejected += (rejects.len() - rows.num_rows()) as u64;
            let mut ids: BTreeSet<String> = rejects.iter().map(|reject| reject.id.clone()).collect();
            for faults in faults.chunk_by(|a, b| a.row == b.row) {
                let Some(reject) = faults.first().and_then(|fault| rejects.get(fault.row)) else { continue };
                let mut still = with_faults(reject.clone(), faults, &mapped);
                // The same fault is the same reject; another fault takes the old one's place.
                if still.column == reject.column {
                    ids.remove(&reject.id);
                } else {
                    still.id = renamed(&reject.id, still.column.as_deref().unwrap_or_default());
                }
                again.add(still).map_err(|error| cannot_hold(&first.source, &error))?;
            }
            resolved.extend(ids);
            batches.push(rows);
        }
        let verdicts = stage(&mut writer, table, batches).await?;
        report.accepted += verdicts.accepted;
        report.updated += verdicts.updated;
        report.duplicate += verdicts.duplicate;
        report.rejected += rejected;
        let read = verdicts.accepted + verdicts.updated + verdicts.duplicate + rejected;
        let source = sources.into_iter().collect::<Vec<_>>().join(", ");
        let table = table.name.to_owned();
        notes.push(ImportNote { source, table, read, rejected, verdicts, ..ImportNote::default() });
    }
    report.rejects = again.first.clone();
    if dry_run {
        return Ok(report);
    }
    writer.stage_rejects(again.into_stream().map_err(tenure_lake::LakeError::from)?, &resolved).await?;
    let message = format!("replay of {} rejected records", report.read);
    report.version = Some(writer.commit(CommitNote { message, imports: notes, ..CommitNote::default() }).await?);
    Ok(report)
}

async fn stage(writer: &mut tenure_lake::Writer, table: &'static Table, batches: Vec<RecordBatch>) -> Result<Verdicts> {
    let rows = futures::stream::iter(batches.into_iter().map(Ok));
    let rows = Box::pin(RecordBatchStreamAdapter::new(staged_schema(table), rows));
    Ok(writer.stage(table, rows, StageMode::Upsert).await?)
}

/// Records as a mapping would have yielded them, all text.
fn mapped(table: &Table, rejects: &[Reject]) -> Mapped {
    let names: BTreeSet<&String> = rejects.iter().flat_map(|reject| reject.record.keys()).collect();
    let text = |name: &String| -> ArrayRef {
        let values = rejects.iter().map(|reject| match reject.record.get(name) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(other) => Some(other.to_string()),
        });
        Arc::new(values.collect::<StringArray>())
    };
    let (columns, extras) = names.into_iter().partition(|name| table.column(name).is_some());
    let with_values = |names: Vec<&String>| names.into_iter().map(|name| (name.clone(), text(name))).collect();
    Mapped {
        columns: with_values(columns),
        extras: with_values(extras),
        file: Arc::new(rejects.iter().map(|reject| Some(reject.file.as_str())).collect::<StringArray>()),
        row: Arc::new(Int64Array::from_iter_values(rejects.iter().map(|reject| reject.row))),
    }
}

fn unknown_table(reject: &Reject) -> Problem {
    let remedy = match nearest(&reject.table, table::tables().iter().map(|table| table.name)) {
        Some(near) => format!("did you mean '{near}'?"),
        None => "leave table as it was exported".to_owned(),
    };
    Problem::new(
        format!("{}, record {}", reject.file, reject.row),
        format!("there is no table '{}'", reject.table),
        remedy,
    )
}

fn cannot_hold(source: &str, error: &arrow::error::ArrowError) -> Problem {
    Problem::new(source, format!("the records could not be held: {error}"), "replay fewer at a time")
}
