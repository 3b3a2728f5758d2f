//! Files to batches of columns: text for CSV and JSON Lines, their own types for Parquet.
//!
//! Every relation has two hidden columns, `_file` and `_row` (the 1-based number of the record in its file; a header is not
//! counted). Readers stream: what they hold at a time does not grow with the file.

mod batch;
mod bytes;
mod common;
mod csv;
mod decode;
mod json;
mod parquet;
mod spaces;
mod watch;

pub use watch::{BadRecord, Watch};

use crate::error::Problem;
use crate::source::{Delimiter, FileSet, Format, InputFile};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::record_batch::RecordBatch;
use std::path::Path;
use std::sync::Arc;

/// The hidden column that names a record's file.
pub const FILE: &str = "_file";
/// The hidden column that numbers a record within its file.
pub const ROW: &str = "_row";

/// Files of one shape whose columns are known.
#[derive(Debug, Clone)]
pub struct Relation {
    /// How the files are read, and what SQL calls them.
    pub set: FileSet,
    /// The files, sorted.
    pub files: Vec<InputFile>,
    /// The columns of all files, in order of first appearance, then `_file` and `_row`.
    pub schema: SchemaRef,
}

/// Takes a batch; false: nobody wants more.
pub type Sink<'a> = dyn FnMut(RecordBatch) -> bool + 'a;

/// How much of JSON Lines is looked at to learn which keys there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// The beginning of each file.
    Sampled,
    /// All of every file.
    All,
}

impl Relation {
    /// Finds the files and learns their columns.
    pub fn open(set: &FileSet, root: &Path, keys: Keys) -> Result<Relation, Problem> {
        let files = set.resolve(root)?;
        let mut fields: Vec<Field> = Vec::new();
        for file in &files {
            let found = match &set.format {
                Format::Csv(options) => match (&options.columns, options.delimiter) {
                    (Some(columns), _) => csv::named_columns(set, columns)?,
                    (None, Delimiter::Byte(_)) => csv::header(file, set, options)?,
                    (None, Delimiter::Spaces) => spaces::header(file, set, options)?,
                },
                Format::JsonLines(options) => json::keys(file, set, options, keys)?,
                Format::Parquet => {
                    merge(&mut fields, parquet::fields(file)?, file)?;
                    continue;
                }
            };
            merge(&mut fields, found.into_iter().map(|name| Field::new(name, DataType::Utf8, true)), file)?;
        }
        fields.retain(|field| field.name() != FILE && field.name() != ROW);
        fields.push(Field::new(FILE, DataType::Utf8, true));
        fields.push(Field::new(ROW, DataType::Int64, true));
        Ok(Relation { set: set.clone(), files, schema: Arc::new(Schema::new(fields)) })
    }

    /// The bytes that one reading of all files reads.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    /// Reads all files, the wanted columns only (indices into the schema).
    pub fn read(&self, wanted: &[usize], watch: &Watch, sink: &mut Sink) -> Result<(), Problem> {
        for file in &self.files {
            let before = watch.bytes();
            let outcome = match &self.set.format {
                Format::Csv(options) => match options.delimiter {
                    Delimiter::Byte(delimiter) => csv::read(self, file, options, delimiter, wanted, watch, sink),
                    Delimiter::Spaces => spaces::read(self, file, options, wanted, watch, sink),
                },
                Format::JsonLines(options) => json::read(self, file, options, wanted, watch, sink),
                Format::Parquet => parquet::read(self, file, wanted, watch, sink),
            };
            match outcome {
                Ok(true) => watch.set_bytes(before + file.bytes),
                Ok(false) => return Ok(()),
                // What was read of the file before stays.
                Err(problem) if watch.keep_good() => watch.broken(&file.name, problem),
                Err(problem) => return Err(problem),
            }
        }
        Ok(())
    }
}

/// Adds a file's columns; one that other files hold in another type gets the type that they have in common.
fn merge(fields: &mut Vec<Field>, found: impl IntoIterator<Item = Field>, file: &InputFile) -> Result<(), Problem> {
    for field in found {
        let Some(known) = fields.iter_mut().find(|known| known.name() == field.name()) else {
            fields.push(field.with_nullable(true));
            continue;
        };
        let (here, before) = (field.data_type(), known.data_type());
        let common = common::common(before, here).ok_or_else(|| {
            let problem = format!("column '{}' is {here}, and {before} in the files before", field.name());
            Problem::new(&file.name, problem, "read it as a relation of its own")
        })?;
        known.set_data_type(common);
    }
    Ok(())
}
