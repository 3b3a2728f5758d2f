//! Keeping files few and sorted. The rows stay, in every version.

use crate::catalog::{self, Stamp, url};
use crate::clean;
use crate::commit::write_options;
use crate::error::{LakeError, Result};
use crate::lake::Lake;
use crate::layout::layouts;
use crate::lock::WriterLock;
use crate::version::{Version, VersionKind};
use datafusion::prelude::SessionContext;
use datafusion_ducklake::{
    CompactionResult, DuckLakeCatalog, DuckLakeTable, MergeOptions, MetadataProvider, MetadataWriter, RewriteOptions,
    SqliteMetadataWriter,
};
use jiff::Timestamp;
use std::path::Path;
use std::sync::Arc;

/// Files below this are merged.
const SMALL: u64 = 64 << 20;

/// What compaction did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CompactReport {
    /// The tables that changed, by name.
    pub tables: Vec<CompactedTable>,
}

/// What compaction did to a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompactedTable {
    /// The table.
    pub name: &'static str,
    /// Data files before.
    pub before: usize,
    /// Data files after.
    pub after: usize,
    /// Rows that were written anew.
    pub rows: u64,
}

impl Lake {
    /// Rewrites files without their deleted rows, then merges small ones, sorted by key. Older versions stay readable.
    pub async fn compact(&self, now: Timestamp) -> Result<CompactReport> {
        let lock = WriterLock::take(&self.places, now)?;
        let scratch = clean::scratch(&self.places)?;
        let compacted = self.compact_tables(scratch.path(), now).await;
        // Files of a compaction that failed half-way are of no use; and with a full disk, in the way.
        let cleaned = self.clean(&lock).await;
        let report = compacted.map_err(|error| error.or_disk_full(&self.places.workspace))?;
        catalog::write_back(&self.pool).await;
        cleaned.map(|()| report)
    }

    async fn compact_tables(&self, scratch: &Path, now: Timestamp) -> Result<CompactReport> {
        let session = self.session(scratch)?;
        let writer: Arc<dyn MetadataWriter> = Arc::new(SqliteMetadataWriter::new(&url(&self.places.catalog)).await?);
        let before = self.latest().await?;
        let mut report = CompactReport::default();
        for layout in layouts() {
            let files = self.rewritable(&writer, layout.name).await?.table()?.files()?;
            if files.len() < 2 && files.iter().all(|file| file.delete_file_id.is_none()) {
                continue;
            }
            let rewritten = self.rewrite(&session, &writer, layout.name).await?;
            let merged = self.merge(&session, &writer, layout.name).await?;
            if rewritten.did_work() || merged.did_work() {
                report.tables.push(CompactedTable {
                    name: layout.name,
                    before: files.len(),
                    after: self.rewritable(&writer, layout.name).await?.table()?.files()?.len(),
                    rows: u64::try_from(rewritten.rows_written + merged.rows_written).unwrap_or_default(),
                });
            }
        }
        self.stamp(before, now).await?;
        Ok(report)
    }

    async fn rewrite(
        &self,
        session: &SessionContext,
        writer: &Arc<dyn MetadataWriter>,
        table: &'static str,
    ) -> Result<CompactionResult> {
        let any = RewriteOptions { delete_threshold: 0.0, data_file_ids: None };
        let handle = self.rewritable(writer, table).await?;
        Ok(handle.table()?.rewrite_data_files(&session.state(), any).await?)
    }

    async fn merge(
        &self,
        session: &SessionContext,
        writer: &Arc<dyn MetadataWriter>,
        table: &'static str,
    ) -> Result<CompactionResult> {
        let options = MergeOptions { target_file_size: SMALL, ..MergeOptions::default() };
        let handle = self.rewritable(writer, table).await?;
        Ok(handle.table()?.merge_adjacent_files(&session.state(), options).await?)
    }

    /// A table as it is now, which may be rewritten.
    async fn rewritable(&self, writer: &Arc<dyn MetadataWriter>, name: &'static str) -> Result<Rewritable> {
        let provider = Arc::clone(&self.provider) as Arc<dyn MetadataProvider>;
        let catalog = DuckLakeCatalog::with_writer(provider, Arc::clone(writer))?.with_write_options(write_options());
        Ok(Rewritable { name, table: self.table_of(&catalog, name).await? })
    }

    /// Says of the versions that were made when that was, and why.
    async fn stamp(&self, before: Version, now: Timestamp) -> Result<()> {
        sqlx::query(
            "UPDATE ducklake_snapshot_changes SET commit_message = 'compacted', commit_extra_info = ?
             WHERE snapshot_id > ?",
        )
        .bind(Stamp::text(now, VersionKind::Compaction))
        .bind(before.snapshot())
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}

struct Rewritable {
    name: &'static str,
    table: Arc<dyn datafusion::catalog::TableProvider>,
}

impl Rewritable {
    fn table(&self) -> Result<&DuckLakeTable> {
        let table = (self.table.as_ref() as &dyn std::any::Any).downcast_ref::<DuckLakeTable>();
        table.ok_or_else(|| LakeError::UnknownTable(self.name.to_owned()))
    }
}
