//! Reads, maps and checks all rows of one table, and hands the good ones on.

use super::meter::Meter;
use super::snapshot::Protected;
use crate::error::{Error, Problem, Result};
use crate::mapping::{Batch, Plan};
use crate::read::BadRecord;
use crate::rejects::{Reject, Spool};
use crate::source::{Mode, Source};
use crate::validate::{Checked, Fault, Mapped, Validator, json_value, shown};
use crate::warn::{Money, References, Scores, Warning};
use arrow::array::{AsArray, TimestampMicrosecondArray};
use arrow::datatypes::{Int64Type, TimestampMicrosecondType};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use datafusion::error::DataFusionError;
use jiff::Timestamp;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use tenure_lake::Snapshot;
use tenure_schema::settings::Settings;
use tenure_schema::table::{ColumnType, Table};
use tokio::sync::mpsc::Sender;

/// What one source has for one table.
pub(super) struct Job {
    pub table: &'static Table,
    pub source: Arc<Source>,
    pub plans: Vec<Plan>,
    /// Whether a SELECT of the table could not be planned and was passed over.
    pub lacks_plans: bool,
}

/// What is gathered over all tables of an import.
pub(super) struct State {
    pub references: References,
    pub money: Money,
    pub scores: Scores,
    pub rejects: Spool,
    pub problems: Vec<Problem>,
    pub tallies: BTreeMap<(String, &'static str), Tally>,
    pub meter: Meter,
    now: Timestamp,
}

/// What was counted of one table from one source.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub read: u64,
    pub rejected: u64,
    /// Rows of the lake that were staged again, so that a snapshot does not remove them.
    pub kept: u64,
    pub files: BTreeSet<String>,
    /// Those of them of which every record was read, with all that stood beside it.
    pub whole_files: BTreeSet<String>,
    /// The latest event that has happened, in microseconds.
    pub latest: Option<i64>,
}

/// The reading of one table.
pub(super) struct Feed {
    pub table: &'static Table,
    pub jobs: Vec<Job>,
    pub settings: Arc<Settings>,
    pub base: Snapshot,
    pub out: Sender<Result<RecordBatch, DataFusionError>>,
}

impl State {
    pub fn new(currency: &str, now: Timestamp, rejects: Spool, meter: Meter) -> Self {
        State {
            references: References::default(),
            money: Money::new(currency),
            scores: Scores::default(),
            rejects,
            problems: Vec::new(),
            tallies: BTreeMap::new(),
            meter,
            now,
        }
    }

    /// What stands in while the real one is away with a reading.
    pub fn nothing() -> Self {
        State::new("", Timestamp::UNIX_EPOCH, Spool::new(PathBuf::new(), 0), Meter::new(0, None))
    }

    pub fn warnings(&self) -> Vec<Warning> {
        let mut warnings = self.references.warnings();
        warnings.extend(self.scores.warnings());
        warnings.extend(self.money.warnings());
        warnings
    }

    /// Takes accepted rows in.
    fn accept(&mut self, table: &'static Table, rows: &RecordBatch, tally: &mut Tally) -> Result<(), DataFusionError> {
        self.references.add(table, rows)?;
        self.money.add(table, rows)?;
        self.scores.add(table, rows)?;
        let now = self.now.as_microsecond();
        for column in table.columns.iter().filter(|column| column.event && column.kind == ColumnType::Instant) {
            let values = rows.column_by_name(&column.name).and_then(|values| values.as_primitive_opt());
            let values: Option<&TimestampMicrosecondArray> =
                values.map(|values: &arrow::array::PrimitiveArray<TimestampMicrosecondType>| values);
            let latest = values.and_then(|values| values.iter().flatten().filter(|micros| *micros <= now).max());
            tally.latest = tally.latest.max(latest);
        }
        Ok(())
    }
}

impl Feed {
    /// Runs to the end, or to the first problem; gives back what was gathered.
    pub async fn run(self, mut state: State) -> (State, Result<()>) {
        let outcome = self.feed(&mut state).await;
        if let Err(error) = &outcome {
            // The lake must not take the end of the rows for the end of the table.
            let error = DataFusionError::Execution(error.to_string());
            let _ = self.out.send(Err(error)).await;
        }
        (state, outcome)
    }

    async fn feed(&self, state: &mut State) -> Result<()> {
        for job in &self.jobs {
            let name = job.source.name.as_str();
            let mut tally = Tally::default();
            let mut protected = Protected::default();
            let mut part_read = BTreeSet::new();
            let validator = Validator::new(self.table, name, &job.source.timezone, self.settings.currency.code());
            let mut validator = validator.map_err(|error| inside(&job.source.place, &error))?;
            for plan in &job.plans {
                let go_on = self.read(job, plan, &mut validator, &mut protected, &mut tally, state).await?;
                if !go_on {
                    return Ok(());
                }
                part_read.extend(plan.part_read_files());
            }
            if !job.lacks_plans {
                tally.whole_files = tally.files.difference(&part_read).cloned().collect();
            }
            if job.source.mode == Mode::Snapshot && !protected.is_empty() {
                let rows = protected.rows(self.table, name, &self.base).await?;
                for rows in rows {
                    tally.kept += rows.num_rows() as u64;
                    if self.out.send(Ok(rows)).await.is_err() {
                        return Ok(());
                    }
                }
            }
            state.tallies.insert((name.to_owned(), self.table.name), tally);
        }
        Ok(())
    }

    /// Reads one SELECT; false: the lake wants no more.
    async fn read(
        &self,
        job: &Job,
        plan: &Plan,
        validator: &mut Validator,
        protected: &mut Protected,
        tally: &mut Tally,
        state: &mut State,
    ) -> Result<bool> {
        let source = job.source.name.as_str();
        let reject = |file: &str, row: i64| Reject {
            id: String::new(),
            source: source.to_owned(),
            table: self.table.name.to_owned(),
            file: file.to_owned(),
            row,
            column: None,
            value: None,
            reason: String::new(),
            remedy: String::new(),
            record: Map::new(),
            withheld: false,
        };
        tally.files.extend(plan.relations.iter().flat_map(|relation| &relation.files).map(|file| file.name.clone()));
        let mut rows = plan.run().await?;
        loop {
            let batch = rows.next().await.transpose()?;
            let (bad, problems) = (plan.watch.take_bad(), plan.watch.take_problems());
            state.problems.extend(problems.into_iter().chain(plan.others.take_problems()));
            state.problems.extend(plan.others.take_bad().into_iter().map(passed_over));
            for bad in bad {
                tally.read += 1;
                tally.rejected += 1;
                let rejected = Reject { reason: bad.reason, remedy: bad.remedy, ..reject(&bad.file, bad.row) };
                state.rejects.add_new(rejected).map_err(|error| inside(&plan.place, &error))?;
            }
            let Some(Batch { mapped, failed }) = batch else { break };
            for failed in failed {
                tally.read += 1;
                tally.rejected += 1;
                let remedy = "correct the value at the source, or the expression in the mapping".to_owned();
                let place = reject(&failed.file, failed.row);
                let rejected = Reject {
                    column: failed.column,
                    value: failed.value,
                    reason: failed.reason,
                    remedy,
                    record: failed.record,
                    ..place
                };
                if job.source.mode == Mode::Snapshot {
                    protected
                        .add_record(validator, self.table, &rejected)
                        .map_err(|error| inside(&plan.place, &error))?;
                }
                state.rejects.add_new(rejected).map_err(|error| inside(&plan.place, &error))?;
            }
            let count = mapped.row.len() as u64;
            let Checked { rows: good, faults, bad_keys } =
                validator.check(&mapped).map_err(|error| inside(&plan.place, &error))?;
            tally.read += count;
            tally.rejected += count - good.num_rows() as u64;
            protected.add(bad_keys);
            for faults in faults.chunk_by(|a, b| a.row == b.row) {
                let rejected = with_faults(reject("", 0), faults, &mapped);
                state.rejects.add_new(rejected).map_err(|error| inside(&plan.place, &error))?;
            }
            state.accept(self.table, &good, tally).map_err(|error| Error::Lake(error.into()))?;
            state.meter.rows += count;
            state.meter.tell(source, self.table.name, plan.watch.bytes() + plan.others.bytes());
            if good.num_rows() > 0 && self.out.send(Ok(good)).await.is_err() {
                return Ok(false);
            }
        }
        state.meter.done += plan.bytes();
        state.meter.tell(source, self.table.name, 0);
        Ok(true)
    }
}

/// A record of a joined relation that was passed over: it is nobody's row, so it is a problem.
fn passed_over(bad: BadRecord) -> Problem {
    Problem::new(format!("{}, record {}", bad.file, bad.row), bad.reason, bad.remedy)
}

/// Memory or Arrow's limits: nothing that a user's row did.
pub(super) fn inside(place: &str, error: &ArrowError) -> Error {
    Problem::new(place, format!("rows could not be held: {error}"), "split the files into smaller ones, or report this")
        .into()
}

/// A reject of a row with its faults, the first of which names the column.
pub(crate) fn with_faults(reject: Reject, faults: &[Fault], mapped: &Mapped) -> Reject {
    let Some((first, more)) = faults.split_first() else { return reject };
    let row = first.row;
    let mut reason = first.reason.clone();
    for fault in more {
        reason.push_str(&format!("; also {}: {}", fault.column, fault.reason));
    }
    let record =
        mapped.columns.iter().chain(&mapped.extras).map(|(name, values)| (name.clone(), json_value(values, row)));
    Reject {
        file: shown(&mapped.file, row),
        row: mapped.row.as_primitive_opt::<Int64Type>().map(|rows| rows.value(row)).unwrap_or_default(),
        column: Some(first.column.clone()),
        value: first.value.clone(),
        reason,
        remedy: first.remedy.clone(),
        record: record.filter(|(_, value)| *value != Value::Null).collect(),
        ..reject
    }
}
