//! One row a key: of several in one import, the last that says something new.

use crate::error::{LakeError, Result};
use crate::layout::Layout;
use crate::stage::keys::{Content, Contents, Keys};
use crate::stage::sort::received;
use crate::stage::spool::{Spool, SpoolWriter};
use crate::verdict::{Tally, Verdict};
use arrow::array::{Array, ArrayRef, AsArray, BinaryBuilder, RecordBatch, UInt64Array};
use arrow::compute::{concat_batches, take_record_batch};
use arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef};
use datafusion::execution::SendableRecordBatchStream;
use futures::StreamExt;
use std::path::Path;
use std::sync::Arc;

/// The column that remembers the first row of a key, where a later one of the same import replaced it.
pub(crate) const FIRST: &str = "__first";

/// The first row of a key: what it held, and where it stood.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct First {
    pub content: Content,
    pub row: i64,
    pub file: String,
}

impl First {
    fn to_bytes(&self) -> Vec<u8> {
        [self.content.as_slice(), &self.row.to_le_bytes(), self.file.as_bytes()].concat()
    }

    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (content, rest) = bytes.split_first_chunk::<16>()?;
        let (row, file) = rest.split_first_chunk::<8>()?;
        Some(Self {
            content: *content,
            row: i64::from_le_bytes(*row),
            file: String::from_utf8_lossy(file).into_owned(),
        })
    }
}

/// The file and record number a row came from.
pub(crate) fn place(batch: &RecordBatch, row: usize) -> (String, i64) {
    let file = batch.column_by_name("_file").and_then(|files| files.as_string_opt::<i32>());
    let number = batch.column_by_name("_row").and_then(|rows| rows.as_primitive_opt::<Int64Type>());
    (
        file.filter(|files| files.is_valid(row)).map(|files| files.value(row).to_owned()).unwrap_or_default(),
        number.map(|numbers| numbers.value(row)).unwrap_or_default(),
    )
}

/// A run of rows of one key, as far as it was seen.
#[derive(Debug, Clone, Default)]
struct Run {
    /// The content of the row that wins so far, once it had to be known.
    winner: Option<Content>,
    first: Option<First>,
}

/// Keeps one row a key of sorted rows, on disk.
pub(crate) async fn unique(
    layout: &'static Layout,
    mut rows: SendableRecordBatchStream,
    path: &Path,
    tally: &mut Tally,
) -> Result<Spool> {
    let mut fields = layout.schema.fields().to_vec();
    fields.push(Arc::new(Field::new(FIRST, DataType::Binary, true)));
    let schema: SchemaRef = Arc::new(Schema::new(fields));
    let mut spool = SpoolWriter::create(path, schema.clone())?;
    let (keys, contents) = (Keys::of(layout)?, Contents::of(layout)?);
    // The last row of a batch waits for the next, which may go on with its key.
    let mut waiting: Option<(RecordBatch, Run)> = None;
    let stored: Vec<usize> = (0..layout.schema.fields().len()).collect();
    while let Some(batch) = rows.next().await {
        let batch = batch.map_err(received)?.project(&stored)?;
        if batch.num_rows() == 0 {
            continue;
        }
        let (batch, run) = match waiting.take() {
            Some((row, run)) => (concat_batches(&layout.schema, [&row, &batch])?, run),
            None => (batch, Run::default()),
        };
        let (winners, firsts, run) = reduce(&batch, run, &keys, &contents, tally)?;
        let Some((last, before)) = winners.split_last() else { continue };
        waiting = Some((batch.slice(index(*last), 1), run));
        let kept = match before.len() + 1 == batch.num_rows() {
            true => batch.slice(0, before.len()),
            false => take_record_batch(&batch, &UInt64Array::from(before.to_vec()))?,
        };
        spool.write(&with_firsts(&schema, &kept, &firsts)?)?;
    }
    if let Some((row, run)) = waiting {
        spool.write(&with_firsts(&schema, &row, &[run.first])?)?;
    }
    spool.finish()
}

fn index(row: u64) -> usize {
    usize::try_from(row).unwrap_or(usize::MAX)
}

/// The winning row of each run of a batch; what its finished runs remember; the state of the last, unfinished one.
fn reduce(
    batch: &RecordBatch,
    run: Run,
    keys: &Keys,
    contents: &Contents,
    tally: &mut Tally,
) -> Result<(Vec<u64>, Vec<Option<First>>, Run)> {
    let rows = keys.rows(batch)?;
    let (mut winners, mut firsts): (Vec<u64>, Vec<Option<First>>) = (Vec::new(), Vec::new());
    let mut run = run;
    for row in 0..batch.num_rows() {
        let at = row as u64;
        let Some(winner) = winners.last_mut().filter(|_| rows.row(row - 1) == rows.row(row)) else {
            if row > 0 {
                firsts.push(std::mem::take(&mut run).first);
            }
            winners.push(at);
            continue;
        };
        let content_of = |row: usize| -> Result<Content> {
            let hashes = contents.hashes(&batch.slice(row, 1))?;
            hashes
                .into_iter()
                .next()
                .ok_or_else(|| LakeError::Schema { table: String::new(), reason: "a row without content".to_owned() })
        };
        let before = match run.winner {
            Some(content) => content,
            None => content_of(index(*winner))?,
        };
        let now = content_of(row)?;
        let (file, number) = place(batch, row);
        if now == before {
            run.winner = Some(before);
            tally.count(Verdict::Duplicate, file, number);
            continue;
        }
        if run.first.is_none() {
            let (file, row) = place(batch, index(*winner));
            run.first = Some(First { content: before, row, file });
        }
        run.winner = Some(now);
        *winner = at;
        tally.count(Verdict::Updated, file, number);
    }
    Ok((winners, firsts, run))
}

fn with_firsts(schema: &SchemaRef, batch: &RecordBatch, firsts: &[Option<First>]) -> Result<RecordBatch> {
    let mut remembered = BinaryBuilder::new();
    for first in firsts {
        remembered.append_option(first.as_ref().map(First::to_bytes));
    }
    let columns: Vec<ArrayRef> =
        batch.columns().iter().cloned().chain([Arc::new(remembered.finish()) as ArrayRef]).collect();
    Ok(RecordBatch::try_new(schema.clone(), columns)?)
}
