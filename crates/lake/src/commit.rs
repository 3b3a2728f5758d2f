//! Making the version: data files first, then one transaction of the catalogue.

use crate::catalog::{self, SCHEMA, Stamp, url};
use crate::error::{LakeError, Result};
use crate::layout::{Layout, layout};
use crate::note::{CommitKind, CommitNote, ImportNote};
use crate::version::Version;
use crate::writer::{Staged, Writer};
use crate::{IMPORTS, TOUCHED};
use arrow::array::{ArrayRef, Date32Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use datafusion_ducklake::{
    DeleteFileEntry, DuckLakeTableWriter, DuckLakeWriteOptions, DuckLakeWriteTransaction, MetadataWriter,
    SnapshotCommitMetadata, SqliteMetadataWriter, TableWriteOptions, WriteMode,
};
use jiff::Timestamp;
use parquet::basic::Compression;
use parquet::file::properties::WriterVersion;
use std::sync::Arc;

/// Rows of a row group, as DuckDB makes them: a reader prunes and a writer buffers by these.
const ROW_GROUP: usize = 122_880;
/// Bytes from which a new data file is begun.
const DATA_FILE: usize = 128 << 20;

/// How data files are written, by imports and compaction alike.
pub(crate) fn write_options() -> DuckLakeWriteOptions {
    let mut options = DuckLakeWriteOptions::default();
    options.compression = Some(Compression::SNAPPY);
    // What DuckDB writes: every reader knows its encodings, and they decode faster.
    options.parquet_version = Some(WriterVersion::PARQUET_1_0);
    options.max_row_group_rows = Some(ROW_GROUP);
    options.target_file_size = Some(DATA_FILE);
    // The rows come sorted, and the library would sort them all in memory.
    options.sort_on_insert = Some(false);
    options
}

impl Writer {
    /// Makes the version: all that was staged, in all tables, or nothing. What it returns survives a power cut.
    pub async fn commit(self, note: CommitNote) -> Result<Version> {
        match self.try_commit(&note).await {
            Ok(version) => {
                catalog::write_back(&self.lake.pool).await;
                Ok(version)
            }
            Err(error) => {
                let error = error.or_disk_full(&self.lake.places.workspace);
                // The files written so far are of no use; should this fail too, the next opening removes them.
                let _ = self.lake.clean(&self.lock).await;
                Err(error)
            }
        }
    }

    async fn try_commit(&self, note: &CommitNote) -> Result<Version> {
        let imported = self.staged.iter().find(|staged| tenure_schema::table::table(staged.layout.name).is_some());
        if let (CommitKind::Scores, Some(staged)) = (note.kind, imported) {
            return Err(LakeError::NotScores(staged.layout.name.to_owned()));
        }
        let catalog = SqliteMetadataWriter::new(&url(&self.lake.places.catalog)).await?;
        let catalog: Arc<dyn MetadataWriter> = Arc::new(catalog);
        let writer = DuckLakeTableWriter::new(catalog, self.lake.store.clone())?.with_options(&write_options());
        let metadata = SnapshotCommitMetadata::new()
            .with_message(&note.message)
            .with_extra_info(Stamp::text(self.now, note.kind.into()));
        let options = TableWriteOptions::new()
            .with_commit_metadata(metadata)
            .with_expected_base_snapshot_id(self.base.snapshot());
        let mut transaction = writer.transaction().with_options(&options);
        for staged in &self.staged {
            stage(&writer, &mut transaction, staged).await?;
        }
        for (layout, rows) in self.own_rows(note)? {
            if rows.num_rows() > 0 {
                transaction.stage_write(SCHEMA, layout.name, &layout.schema, WriteMode::Append, &[rows]).await?;
            }
        }
        let written = transaction.commit().await?;
        Ok(written.first().map_or(self.base, |written| Version::from_snapshot(written.snapshot_id)))
    }

    /// The rows of the lake's own tables that tell of this commit.
    fn own_rows(&self, note: &CommitNote) -> Result<Vec<(&'static Layout, RecordBatch)>> {
        let known = |name: &str| layout(name).ok_or_else(|| LakeError::UnknownTable(name.to_owned()));
        let (imports, touched) = (known(IMPORTS)?, known(TOUCHED)?);
        Ok(vec![(imports, self.imports(imports, &note.imports)?), (touched, self.touched(touched)?)])
    }

    fn imports(&self, layout: &Layout, notes: &[ImportNote]) -> Result<RecordBatch> {
        let mut notes: Vec<&ImportNote> = notes.iter().collect();
        notes.sort_by_key(|note| (&note.source, &note.table));
        let version = self.version().snapshot();
        let text = |of: fn(&ImportNote) -> &str| -> ArrayRef {
            Arc::new(StringArray::from_iter_values(notes.iter().map(|note| of(note))))
        };
        let count = |of: fn(&ImportNote) -> u64| -> ArrayRef {
            let counts = notes.iter().map(|note| i64::try_from(of(note)).unwrap_or(i64::MAX));
            Arc::new(Int64Array::from_iter_values(counts))
        };
        let version: ArrayRef = Arc::new(Int64Array::from_value(version, notes.len()));
        let through = notes.iter().map(|note| note.data_through).collect();
        let columns = vec![
            version.clone(),
            text(|note| &note.source),
            text(|note| &note.table),
            text(|note| &note.file),
            instants(vec![Some(self.now); notes.len()]),
            count(|note| note.read),
            count(|note| note.verdicts.accepted),
            count(|note| note.verdicts.updated),
            count(|note| note.verdicts.duplicate),
            count(|note| note.rejected),
            count(|note| note.verdicts.removed),
            instants(through),
            text(|note| &note.mapping_hash),
            version,
        ];
        Ok(RecordBatch::try_new(layout.schema.clone(), columns)?)
    }

    fn touched(&self, layout: &Layout) -> Result<RecordBatch> {
        let mut staged: Vec<&Staged> = self.staged.iter().collect();
        staged.sort_by_key(|staged| staged.layout.name);
        let rows = staged.iter().flat_map(|staged| {
            staged.touched.rows().into_iter().map(|(day, account)| (staged.layout.name, day, account))
        });
        let rows: Vec<_> = rows.collect();
        let version = self.version().snapshot();
        let columns: Vec<ArrayRef> = vec![
            Arc::new(Int64Array::from_value(version, rows.len())),
            Arc::new(StringArray::from_iter_values(rows.iter().map(|(table, ..)| table))),
            Arc::new(Date32Array::from_iter(rows.iter().map(|(_, day, _)| *day))),
            Arc::new(StringArray::from_iter(rows.iter().map(|(.., account)| *account))),
        ];
        Ok(RecordBatch::try_new(layout.schema.clone(), columns)?)
    }
}

/// Writes a table's data and delete files. Nobody sees them before the transaction commits.
async fn stage(
    writer: &DuckLakeTableWriter,
    transaction: &mut DuckLakeWriteTransaction<'_>,
    staged: &Staged,
) -> Result<()> {
    let (name, schema) = (staged.layout.name, &staged.layout.schema);
    let mut deletes = Vec::new();
    for (file, positions) in &staged.files {
        let delete = writer.write_delete_file(SCHEMA, name, &file.file.path, positions).await?;
        deletes.push(DeleteFileEntry {
            data_file_id: file.data_file_id,
            expected_prev_delete_file: file.delete_file_id,
            delete,
        });
    }
    let columns: Vec<usize> = (0..schema.fields().len()).collect();
    let rows = &staged.changes.rows;
    let batches = (0..rows.batches()).map(|index| {
        let batch = rows.batch(index)?.project(&columns)?;
        Ok(RecordBatch::try_new(schema.clone(), batch.columns().to_vec())?)
    });
    let batches = batches.collect::<Result<Vec<_>>>()?;
    Ok(transaction.stage_write_with_deletes(SCHEMA, name, schema, WriteMode::Append, &batches, &deletes, &[]).await?)
}

/// A column of instants.
pub(crate) fn instants(values: Vec<Option<Timestamp>>) -> ArrayRef {
    let micros = values.into_iter().map(|value| value.map(Timestamp::as_microsecond));
    Arc::new(TimestampMicrosecondArray::from_iter(micros).with_timezone("UTC"))
}
