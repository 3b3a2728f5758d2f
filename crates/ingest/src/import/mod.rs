//! An import: every source chosen, all their tables, one version of the lake.

mod feed;
mod meter;
mod order;
mod report;
mod retire;
mod share;
mod snapshot;

pub use meter::{OnProgress, Progress};
pub use report::{ImportReport, SourceReport, TableReport};

pub(crate) use feed::with_faults;

use crate::error::{Error, Problem, Result};
use crate::mapping::{Plan, plan};
use crate::rejects::{Spool, open_names};
use crate::source::{Mode, Source, Workspace};
use crate::warn::referenced_tables;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use feed::{Feed, Job, State};
use jiff::Timestamp;
use meter::Meter;
use sha2::{Digest, Sha256};
use share::Sources;
use std::collections::BTreeSet;
use std::sync::Arc;
use tenure_lake::{CommitNote, ImportNote, Lake, StageMode, Verdicts, Writer, staged_schema};
use tenure_schema::table::Table;

/// How to import.
#[derive(Clone)]
pub struct Options {
    /// Tell the verdicts and change nothing.
    pub dry_run: bool,
    /// Commit what is good even where a file or a source is broken. A source in snapshot mode is still taken whole or not at all.
    pub keep_good: bool,
    /// When the import happens.
    pub now: Timestamp,
    /// How many rejects the report itself names; the lake keeps them all.
    pub sample: usize,
    /// Told how far the import is.
    pub progress: Option<OnProgress>,
}

impl Options {
    /// The usual way, at that time.
    pub fn at(now: Timestamp) -> Self {
        Options { dry_run: false, keep_good: false, now, sample: 20, progress: None }
    }
}

/// Imports sources, as they were read from their files.
pub async fn import(
    lake: &Lake,
    workspace: &Workspace,
    sources: Vec<Result<Source, Problem>>,
    options: &Options,
) -> Result<ImportReport> {
    let mut problems = Vec::new();
    let mut jobs: Vec<Job> = Vec::new();
    let mut good: Vec<Arc<Source>> = Vec::new();
    for source in sources {
        let planned = match source {
            Ok(source) => plan_source(Arc::new(source), workspace, options.keep_good, &mut problems).await,
            Err(problem) => Err(problem),
        };
        match planned {
            Ok((source, planned)) => {
                good.push(source);
                jobs.extend(planned);
            }
            Err(problem) if options.keep_good => problems.push(problem),
            Err(problem) => return Err(problem.into()),
        }
    }
    let mut writer = lake.write(options.now).await?;
    let base = lake.snapshot(writer.base()).await?;
    let total = jobs.iter().flat_map(|job| &job.plans).map(Plan::bytes).sum();
    let scratch = lake.workspace().join("lake").join("tmp");
    let mut state = State::new(
        workspace.settings.currency.code(),
        options.now,
        Spool::new(scratch, options.sample),
        Meter::new(total, options.progress.clone()),
    );
    state.problems = problems;
    let mut report = ImportReport::new(good.iter().map(|source| source.name.clone()));
    let tables = order::tables(jobs.iter().map(|job| job.table));
    for named in tables.iter().flat_map(|table| referenced_tables(table)) {
        state.references.look_up(named, &base).await?;
    }
    for table in tables {
        let (of_table, rest): (Vec<Job>, Vec<Job>) = jobs.into_iter().partition(|job| job.table.name == table.name);
        jobs = rest;
        let told: Vec<(String, String)> =
            of_table.iter().map(|job| (job.source.name.clone(), job.mapping_hash())).collect();
        let sources = Sources::of(table, &of_table);
        writer.list_rows(sources.listed());
        let verdicts = stage(&mut writer, table, of_table, &mut state, workspace, &base).await?;
        let mut shares = sources.share(&verdicts)?;
        for (source, mapping_hash) in told {
            let tally = state.tallies.remove(&(source.clone(), table.name)).unwrap_or_default();
            let verdicts = shares.remove(&source).unwrap_or_default();
            report.add(table, source, mapping_hash, tally, &verdicts);
        }
    }
    state.money.look_up(&base).await?;
    report.warnings.extend(state.warnings());
    report.say_data_through(&good, options.now);
    report.retired = retire::retired(&workspace.root, &good, &base).await?;
    finish(writer, lake, report, state, options).await
}

/// Keeps the rejects, marks the mended ones and commits.
async fn finish(
    mut writer: Writer,
    lake: &Lake,
    mut report: ImportReport,
    state: State,
    options: &Options,
) -> Result<ImportReport> {
    let State { rejects, problems, .. } = state;
    let base = lake.snapshot(writer.base()).await?;
    let mut mended = Vec::new();
    for table in &report.tables {
        let open = open_names(&base, &table.source, table.table).await?;
        // Where every record was read again it has a fresh verdict, so what is not rejected again is mended.
        let read = |files: &BTreeSet<String>| !files.is_empty() && files.is_subset(&table.whole_files);
        mended.extend(open.into_iter().filter(|open| read(&open.files) && !rejects.has(&open.id)).map(|open| open.id));
    }
    report.mended = mended.len() as u64;
    report.rejects = rejects.first.clone();
    report.rejected = rejects.count;
    report.problems = problems;
    if options.dry_run {
        return Ok(report);
    }
    if rejects.count > 0 || !mended.is_empty() {
        let rows = rejects.into_stream().map_err(tenure_lake::LakeError::from)?;
        writer.stage_rejects(rows, &mended).await?;
    }
    let retired = report.retired.iter().map(|(source, table)| ImportNote::retired(source, table));
    let imports = report.tables.iter().map(|table| report.note(table)).chain(retired).collect();
    let note = CommitNote { message: report.summary(), imports, ..CommitNote::default() };
    report.version = Some(writer.commit(note).await?);
    Ok(report)
}

async fn plan_source(
    source: Arc<Source>,
    workspace: &Workspace,
    keep_good: bool,
    problems: &mut Vec<Problem>,
) -> Result<(Arc<Source>, Vec<Job>), Problem> {
    // A snapshot speaks for all its keys, so it is whole or it is nothing.
    let keep_good = keep_good && source.mode == Mode::Upsert;
    let mut jobs = Vec::new();
    for mapping in &source.tables {
        let mut plans = Vec::new();
        for number in 0..mapping.selects.len() {
            match plan(&source, mapping, number, workspace, keep_good).await {
                Ok(plan) => plans.push(plan),
                Err(problem) if keep_good => problems.push(problem),
                Err(problem) => return Err(problem),
            }
        }
        if !plans.is_empty() {
            let lacks_plans = plans.len() < mapping.selects.len();
            jobs.push(Job { table: mapping.table, source: source.clone(), plans, lacks_plans });
        }
    }
    Ok((source, jobs))
}

/// Feeds all rows of a table into the lake's writer, while they are being read.
async fn stage(
    writer: &mut Writer,
    table: &'static Table,
    jobs: Vec<Job>,
    state: &mut State,
    workspace: &Workspace,
    base: &tenure_lake::Snapshot,
) -> Result<Verdicts> {
    let mode = stage_mode(table, &jobs)?;
    let (out, mut rows) = tokio::sync::mpsc::channel(2);
    let stream = futures::stream::poll_fn(move |context| rows.poll_recv(context));
    let stream = Box::pin(RecordBatchStreamAdapter::new(staged_schema(table), stream));
    let feed = Feed { table, jobs, settings: workspace.settings.clone(), base: base.clone(), out };
    let taken = std::mem::replace(state, State::nothing());
    let feeding = tokio::spawn(feed.run(taken));
    let staged = writer.stage(table, stream, mode).await;
    let (returned, outcome) = feeding.await.map_err(|error| {
        Problem::new(table.name, format!("reading stopped unexpectedly: {error}"), "report this; nothing was committed")
    })?;
    *state = returned;
    // What stopped the reading is told, not that the lake got no more rows.
    outcome?;
    Ok(staged?)
}

/// A table that one snapshot source fills speaks for all keys of that source.
fn stage_mode(table: &'static Table, jobs: &[Job]) -> Result<StageMode, Error> {
    let snapshot = jobs.iter().find(|job| job.source.mode == Mode::Snapshot);
    match (snapshot, jobs) {
        (None, _) => Ok(StageMode::Upsert),
        (Some(job), [_]) => Ok(StageMode::Snapshot { source: job.source.name.clone() }),
        (Some(job), _) => Err(Problem::new(
            &job.source.place,
            format!("fills {} as a snapshot, and another source of this import fills it too", table.name),
            format!("import it alone: tenure import {}", job.source.name),
        )
        .into()),
    }
}

impl Job {
    /// Which mapping read the rows: a hash of its SELECTs and of how its files are laid out.
    fn mapping_hash(&self) -> String {
        let mut hasher = Sha256::new();
        for mapping in self.source.tables.iter().filter(|mapping| mapping.table.name == self.table.name) {
            mapping.selects.iter().for_each(|select| hasher.update(select));
        }
        for set in &self.source.files {
            hasher.update(format!("{}\u{0}{:?}", set.name, set.format));
        }
        hasher.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}

impl ImportReport {
    fn note(&self, table: &TableReport) -> ImportNote {
        let source = self.sources.iter().find(|source| source.name == table.source);
        ImportNote {
            source: table.source.clone(),
            table: table.table.to_owned(),
            file: table.files.join("\n"),
            read: table.read,
            rejected: table.rejected,
            verdicts: Verdicts {
                accepted: table.accepted,
                updated: table.updated,
                duplicate: table.duplicate,
                removed: table.removed,
                rows: Vec::new(),
            },
            data_through: source.and_then(|source| source.data_through),
            mapping_hash: table.mapping_hash.clone(),
        }
    }
}
