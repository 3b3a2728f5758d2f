//! A data file of the lake, read by position: which rows it has, and which of them are deleted.

use crate::error::{LakeError, Result};
use crate::stage::keys::Keys;
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::statistics::StatisticsConverter;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder, RowSelection,
    RowSelector,
};
use std::fs::File;
use std::path::{Path, PathBuf};

/// The least or greatest value of a column, encoded; none if it is not known.
pub(crate) type Bound<'a> = Option<&'a [u8]>;

/// How many rows are read at a time.
const BATCH: usize = 8192;

/// A live data file, and what the catalogue says of it.
#[derive(Debug)]
pub(crate) struct LakeFile {
    table: &'static str,
    path: PathBuf,
    file: File,
    metadata: ArrowReaderMetadata,
    /// Deleted positions, rising.
    deleted: Vec<i64>,
}

/// A run of rows of a file that are stored together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RowGroup {
    index: usize,
    /// The position in the file of its first row.
    pub offset: i64,
}

impl LakeFile {
    /// Opens a file and reads which of its rows are deleted.
    pub fn open(table: &'static str, path: &Path, deletes: Option<&Path>) -> Result<Self> {
        let (file, metadata) = open(table, path)?;
        let deleted = deletes.map(|path| positions(table, path)).transpose()?.unwrap_or_default();
        Ok(Self { table, path: path.to_owned(), file, metadata, deleted })
    }

    pub fn is_deleted(&self, position: i64) -> bool {
        self.deleted.binary_search(&position).is_ok()
    }

    pub fn deleted(&self) -> &[i64] {
        &self.deleted
    }

    /// The row groups for which `wanted` holds: it is given the least and the greatest value that the first key column
    /// has there, as [`Keys`] encodes them, where that is known.
    pub fn row_groups(&self, keys: &Keys, wanted: impl Fn(Bound<'_>, Bound<'_>) -> bool) -> Result<Vec<RowGroup>> {
        let groups = self.metadata.metadata().row_groups();
        let schema = self.metadata.schema();
        let leading = &keys.columns()[0];
        let damaged = |error: parquet::errors::ParquetError| self.damaged(error.to_string());
        let statistics = StatisticsConverter::try_new(leading, schema, self.metadata.parquet_schema());
        let statistics = statistics.map_err(damaged)?;
        let least = statistics.row_group_mins(groups.iter()).map_err(damaged)?;
        let greatest = statistics.row_group_maxes(groups.iter()).map_err(damaged)?;
        let (least_rows, greatest_rows) = (keys.leading_values(&least)?, keys.leading_values(&greatest)?);
        let mut offset = 0;
        let mut found = Vec::new();
        for (index, group) in groups.iter().enumerate() {
            let (low, high) = (least_rows.row(index), greatest_rows.row(index));
            if wanted(least.is_valid(index).then(|| low.data()), greatest.is_valid(index).then(|| high.data())) {
                found.push(RowGroup { index, offset });
            }
            offset += group.num_rows();
        }
        Ok(found)
    }

    /// Reads columns of a row group: all its rows, or the ones at these places in it, in rising order.
    pub fn read(
        &self,
        group: RowGroup,
        columns: &[String],
        rows: Option<&[usize]>,
    ) -> Result<impl Iterator<Item = Result<RecordBatch>>> {
        let file = self.file.try_clone().map_err(LakeError::io(&self.path))?;
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        let mask = ProjectionMask::columns(builder.parquet_schema(), columns.iter().map(String::as_str));
        let mut builder = builder.with_row_groups(vec![group.index]).with_projection(mask).with_batch_size(BATCH);
        if let Some(rows) = rows {
            builder = builder.with_row_selection(selection(rows));
        }
        let reader: ParquetRecordBatchReader = builder.build().map_err(|error| self.damaged(error.to_string()))?;
        Ok(reader.map(|batch| batch.map_err(|error| self.damaged(error.to_string()))))
    }

    fn damaged(&self, reason: String) -> LakeError {
        LakeError::DamagedFile { path: self.path.clone(), table: self.table.to_owned(), reason }
    }
}

fn selection(rows: &[usize]) -> RowSelection {
    let mut selectors = Vec::new();
    let mut next = 0;
    for row in rows {
        if *row > next {
            selectors.push(RowSelector::skip(row - next));
        }
        selectors.push(RowSelector::select(1));
        next = row + 1;
    }
    selectors.into()
}

fn open(table: &str, path: &Path) -> Result<(File, ArrowReaderMetadata)> {
    let table = table.to_owned();
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(LakeError::MissingFile { path: path.to_owned(), table });
        }
        Err(error) => return Err(LakeError::io(path)(error)),
    };
    match ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()) {
        Ok(metadata) => Ok((file, metadata)),
        Err(error) => Err(LakeError::DamagedFile { path: path.to_owned(), table, reason: error.to_string() }),
    }
}

/// Reads a whole file, of rows or of deleted positions, to see whether it can be read.
pub(crate) fn verify(table: &str, path: &Path) -> Result<()> {
    let (file, metadata) = open(table, path)?;
    let damaged = |reason: String| LakeError::DamagedFile { path: path.to_owned(), table: table.to_owned(), reason };
    let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata);
    let mut reader = reader.build().map_err(|error| damaged(error.to_string()))?;
    reader.try_for_each(|batch| batch.map(drop).map_err(|error| damaged(error.to_string())))
}

/// The positions that a delete file names, rising.
fn positions(table: &str, path: &Path) -> Result<Vec<i64>> {
    let damaged = |reason: String| LakeError::DamagedFile { path: path.to_owned(), table: table.to_owned(), reason };
    let (file, metadata) = open(table, path)?;
    let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata);
    let reader = reader.build().map_err(|error| damaged(error.to_string()))?;
    let mut all = Vec::new();
    for batch in reader {
        let batch = batch.map_err(|error| damaged(error.to_string()))?;
        let column = batch.column_by_name("pos").ok_or_else(|| damaged("it names no positions".to_owned()))?;
        let column = cast(column, &DataType::Int64)?;
        all.extend(column.as_primitive::<Int64Type>().iter().flatten());
    }
    all.sort_unstable();
    Ok(all)
}
