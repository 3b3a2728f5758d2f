//! Apache Parquet, with its own column types.

use super::batch::{file_names, too_wide};
use super::bytes::unreadable;
use super::common::fit;
use super::{FILE, ROW, Relation, Sink, Watch};
use crate::error::Problem;
use crate::source::InputFile;
use crate::validate::shown;
use arrow::array::{ArrayRef, Int64Array, RecordBatchOptions, StringArray, new_null_array};
use arrow::datatypes::Field;
use arrow::record_batch::RecordBatch;
use datafusion::parquet::arrow::ProjectionMask;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs::File;
use std::sync::Arc;

const ROWS: usize = 16_384;

/// The columns of the file.
pub(super) fn fields(file: &InputFile) -> Result<Vec<Field>, Problem> {
    Ok(open(file)?.schema().fields().iter().map(|field| field.as_ref().clone()).collect())
}

fn open(file: &InputFile) -> Result<ParquetRecordBatchReaderBuilder<File>, Problem> {
    let raw = File::open(&file.path).map_err(|error| unreadable(file, &error))?;
    ParquetRecordBatchReaderBuilder::try_new(raw).map_err(|error| broken(file, &error))
}

fn broken(file: &InputFile, error: &dyn std::fmt::Display) -> Problem {
    Problem::new(
        &file.name,
        format!("cannot be read as Parquet: {error}"),
        "check that the file is whole, and export it again if not",
    )
}

/// Reads one file; false: nobody wants more.
pub(super) fn read(
    relation: &Relation,
    file: &InputFile,
    wanted: &[usize],
    watch: &Watch,
    sink: &mut Sink,
) -> Result<bool, Problem> {
    let builder = open(file)?;
    let schema = Arc::new(relation.schema.project(wanted).map_err(|error| too_wide(file, &error))?);
    let here = builder.schema().clone();
    let roots: Vec<usize> = schema
        .fields()
        .iter()
        .filter(|field| field.name() != FILE && field.name() != ROW)
        .filter_map(|field| here.index_of(field.name()).ok())
        .collect();
    let total = builder.metadata().file_metadata().num_rows().max(1) as u64;
    let before = watch.bytes();
    let mask = ProjectionMask::roots(builder.parquet_schema(), roots);
    let reader = builder.with_projection(mask).with_batch_size(ROWS).build().map_err(|error| broken(file, &error))?;
    let mut done = 0u64;
    let mut names: Option<StringArray> = None;
    for batch in reader {
        let batch = batch.map_err(|error| broken(file, &error))?;
        let count = batch.num_rows();
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(schema.fields().len());
        for field in schema.fields() {
            columns.push(match field.name().as_str() {
                FILE => file_names(&mut names, &file.name, count),
                ROW => Arc::new(Int64Array::from_iter_values((1..=count as i64).map(|row| row + done as i64))),
                name => match batch.column_by_name(name) {
                    Some(column) if column.data_type() == field.data_type() => column.clone(),
                    Some(column) => fitted(column, field, file, done)?,
                    None => new_null_array(field.data_type(), count),
                },
            });
        }
        done += count as u64;
        watch.set_bytes(before + file.bytes.saturating_mul(done.min(total)) / total);
        let options = RecordBatchOptions::new().with_row_count(Some(count));
        let batch = RecordBatch::try_new_with_options(schema.clone(), columns, &options)
            .map_err(|error| too_wide(file, &error))?;
        if !sink(batch) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A column in the type that it has in all files, if no value of it changes by that.
fn fitted(column: &ArrayRef, field: &Field, file: &InputFile, done: u64) -> Result<ArrayRef, Problem> {
    let (name, kind) = (field.name(), field.data_type());
    let other = |problem: String| {
        let remedy = "export all files with one type, or read this one as a relation of its own";
        Problem::new(&file.name, format!("column '{name}': {problem}"), remedy)
    };
    let (fitted, changed) = fit(column, kind)
        .map_err(|error| other(format!("{} cannot become {kind}, as other files ask: {error}", column.data_type())))?;
    match changed {
        None => Ok(fitted),
        Some(row) => {
            let (value, record) = (shown(column, row), done + row as u64 + 1);
            Err(other(format!("{value} of record {record} would change as {kind}, which other files ask for")))
        }
    }
}
