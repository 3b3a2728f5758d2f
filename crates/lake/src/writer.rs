//! Writing: one import is one version over all its tables.

use crate::catalog::SCHEMA;
use crate::clean;
use crate::error::{LakeError, Result};
use crate::files;
use crate::lake::Lake;
use crate::layout::{Layout, layout};
use crate::lock::WriterLock;
use crate::stage::{Changes, Comparison, LakeFile, Stretch, Touched, sorted, unique};
use crate::verdict::{Tally, Verdicts};
use crate::version::Version;
use datafusion::catalog::{CatalogProvider, TableProvider};
use datafusion::execution::SendableRecordBatchStream;
use datafusion_ducklake::{DuckLakeCatalog, DuckLakeTable, DuckLakeTableFile, MetadataProvider};
use jiff::Timestamp;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;
use tenure_schema::table::Table;

/// Which keys an import speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StageMode {
    /// Those it brings.
    Upsert,
    /// All keys of a source: those that came from it and are gone now are removed.
    Snapshot {
        /// The source, as in `_source`.
        source: String,
    },
}

/// The one writer of a lake. Dropped without [`Writer::commit`], it leaves the lake as it was.
#[derive(Debug)]
pub struct Writer {
    pub(crate) lake: Lake,
    pub(crate) now: Timestamp,
    pub(crate) base: Version,
    pub(crate) staged: Vec<Staged>,
    /// Spools and spilled rows; removed when dropped.
    scratch: TempDir,
    listed: usize,
    pub(crate) lock: WriterLock,
}

/// What a commit will do to a table.
#[derive(Debug)]
pub(crate) struct Staged {
    pub layout: &'static Layout,
    pub changes: Changes,
    /// The data files that lose rows, by the number that `changes` uses; with all their deleted positions.
    pub files: Vec<(DuckLakeTableFile, Vec<i64>)>,
    pub touched: Touched,
}

impl Lake {
    /// Becomes the lake's one writer, until it commits or is dropped. `now` is when the commit is said to happen.
    pub async fn write(&self, now: Timestamp) -> Result<Writer> {
        let lock = WriterLock::take(&self.places, now)?;
        let scratch = clean::scratch(&self.places)?;
        let base = self.latest().await?;
        Ok(Writer { lake: self.clone(), now, base, staged: Vec::new(), scratch, listed: 0, lock })
    }
}

impl Writer {
    /// The version that [`Writer::commit`] will make; also the `import_id` of its rows in the lake's own tables.
    pub fn version(&self) -> Version {
        Version(self.base.0 + 1)
    }

    /// The version that the staged rows are compared with.
    pub fn base(&self) -> Version {
        self.base
    }

    /// Asks `stage` to list the verdicts of up to so many rows of each table; by default it only counts.
    pub fn list_rows(&mut self, limit: usize) {
        self.listed = limit;
    }

    /// Takes all rows of a table: batches with the columns of [`crate::staged_schema`], in any order of columns, later
    /// records later. Says what the commit will make of each; writes nothing that anybody sees. Rows of the lake's own tables have no
    /// source, and cannot be all that a source holds.
    pub async fn stage(
        &mut self,
        table: &'static Table,
        rows: SendableRecordBatchStream,
        mode: StageMode,
    ) -> Result<Verdicts> {
        let layout = layout(table.name).ok_or_else(|| LakeError::UnknownTable(table.name.to_owned()))?;
        self.stage_rows(layout, rows, mode).await
    }

    pub(crate) async fn stage_rows(
        &mut self,
        layout: &'static Layout,
        rows: SendableRecordBatchStream,
        mode: StageMode,
    ) -> Result<Verdicts> {
        let staged = self.try_stage(layout, rows, mode).await;
        staged.map_err(|error| error.or_disk_full(&self.lake.places.workspace))
    }

    async fn try_stage(
        &mut self,
        layout: &'static Layout,
        rows: SendableRecordBatchStream,
        mode: StageMode,
    ) -> Result<Verdicts> {
        if self.staged.iter().any(|staged| staged.layout.name == layout.name) {
            return Err(LakeError::StagedTwice(layout.name.to_owned()));
        }
        if matches!(mode, StageMode::Snapshot { .. }) && layout.schema.column_with_name("_source").is_none() {
            let reason = "they have no source, and cannot be all that one holds; stage them as an upsert".to_owned();
            return Err(LakeError::Schema { table: layout.name.to_owned(), reason });
        }
        let mut tally = Tally::listing(self.listed);
        let path = |step: &str| self.scratch.path().join(format!("{}.{step}", layout.name));
        let session = self.lake.session(self.scratch.path())?;
        let in_order = sorted(layout, rows, self.version().snapshot(), session.task_ctx())?;
        let spool = unique(layout, in_order, &path("unique"), &mut tally).await?;
        let missed = match (&mode, Stretch::of(layout, &spool)?) {
            // Keys that are gone may be anywhere.
            (StageMode::Snapshot { .. }, _) | (_, None) => HashSet::new(),
            (StageMode::Upsert, Some(stretch)) => stretch.missed(&self.lake.pool).await?,
        };
        let (catalogued, files) = self.live_files(layout, &missed).await?;
        let mut touched = Touched::new(layout, self.lake.options.touched_pairs);
        let kept = path("kept");
        // Comparing reads files and computes; it must not hold up the runtime's other work.
        let compared = tokio::task::spawn_blocking(move || {
            let gone = match &mode {
                StageMode::Snapshot { source } => Some(source.as_str()),
                StageMode::Upsert => None,
            };
            let comparison = Comparison { layout, files: &files, gone, touched: &mut touched, tally: &mut tally };
            let changes = comparison.run(spool, &kept)?;
            let deleted = |(number, positions): (&usize, &Vec<i64>)| {
                let mut all = [files[*number].deleted(), positions].concat();
                all.sort_unstable();
                (catalogued[*number].clone(), all)
            };
            let files: Vec<(DuckLakeTableFile, Vec<i64>)> = changes.deletes.iter().map(deleted).collect();
            Ok::<_, LakeError>((Staged { layout, changes, files, touched }, tally.verdicts))
        });
        let (staged, verdicts) = compared.await.map_err(|error| LakeError::Task(error.to_string()))??;
        self.staged.push(staged);
        Ok(verdicts)
    }

    /// A table's data files at the version compared with, but for those that are missed: as catalogued and opened.
    async fn live_files(
        &self,
        layout: &'static Layout,
        missed: &HashSet<i64>,
    ) -> Result<(Vec<DuckLakeTableFile>, Vec<LakeFile>)> {
        let table = self.lake.table_at(layout.name, self.base).await?;
        let Some(table) = (table.as_ref() as &dyn std::any::Any).downcast_ref::<DuckLakeTable>() else {
            return Err(LakeError::UnknownTable(layout.name.to_owned()));
        };
        let folder = self.lake.places.table(layout.name);
        let mut catalogued = table.files()?;
        catalogued.retain(|file| !missed.contains(&file.data_file_id));
        let open = |file: &DuckLakeTableFile| {
            let path = |path: &str, relative: bool| if relative { folder.join(path) } else { PathBuf::from(path) };
            let deletes = file.delete_file.as_ref().map(|file| path(&file.path, file.path_is_relative));
            LakeFile::open(layout.name, &path(&file.file.path, file.file.path_is_relative), deletes.as_deref())
        };
        let files = catalogued.iter().map(open).collect::<Result<_>>()?;
        Ok((catalogued, files))
    }
}

impl Lake {
    /// A table at a version, as the library has it.
    pub(crate) async fn table_at(&self, name: &str, version: Version) -> Result<Arc<dyn TableProvider>> {
        let provider = Arc::clone(&self.provider) as Arc<dyn MetadataProvider>;
        let catalog = DuckLakeCatalog::with_snapshot(provider, version.snapshot())?;
        self.table_of(&catalog, name).await
    }

    pub(crate) async fn table_of(&self, catalog: &DuckLakeCatalog, name: &str) -> Result<Arc<dyn TableProvider>> {
        let damaged = |reason: String| LakeError::DamagedCatalog { path: self.places.catalog.clone(), reason };
        let schema = catalog.schema(SCHEMA).ok_or_else(|| damaged(format!("it has no schema `{SCHEMA}`")))?;
        schema.table(name).await?.ok_or_else(|| damaged(format!("it has no table `{name}`")))
    }
}

/// Lets the library, which stages a data file in the system's temporary folder before it moves it into the lake, use
/// the workspace instead: it may be a small disk, and is cleaned by nobody after a crash. For the whole process, and
/// once; says whether it took effect.
pub fn keep_temporary_files_in(workspace: &Path) -> bool {
    let Ok(places) = files::Places::of(workspace) else { return false };
    files::make_folder(&places.scratch).is_ok() && tempfile::env::override_temp_dir(&places.scratch).is_ok()
}
