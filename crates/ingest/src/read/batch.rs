//! Text records gathered into batches.

use super::{FILE, ROW, Relation, Sink};
use crate::error::Problem;
use crate::source::InputFile;
use arrow::array::{ArrayRef, Int64Array, RecordBatchOptions, StringArray, StringBuilder};
use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use std::collections::HashMap;
use std::sync::Arc;

const ROWS: usize = 16_384;
const BYTES: usize = 8 << 20;

/// Where a wanted column's values come from.
enum Slot {
    /// A field of the record: its index in the file, if this file has it.
    Field(Option<usize>),
    File,
    Row,
}

/// The wanted columns of one file's records, until there are enough for a batch.
pub(super) struct Gather<'a> {
    file: &'a InputFile,
    schema: SchemaRef,
    slots: Vec<Slot>,
    builders: Vec<StringBuilder>,
    /// The field of each builder, so that the hot loop walks one short list.
    fields: Vec<Option<usize>>,
    null: &'a [String],
    only_empty_is_null: bool,
    rows: Vec<i64>,
    bytes: usize,
    file_names: Option<StringArray>,
}

impl<'a> Gather<'a> {
    /// `names` are the fields of this file, in its own order.
    pub fn new(
        relation: &Relation,
        file: &'a InputFile,
        names: &[String],
        wanted: &[usize],
        null: &'a [String],
    ) -> Result<Self, Problem> {
        let by_name: HashMap<&str, usize> = names.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
        let schema = relation.schema.project(wanted).map_err(|error| too_wide(file, &error))?;
        let slots: Vec<Slot> = schema
            .fields()
            .iter()
            .map(|field| match field.name().as_str() {
                FILE => Slot::File,
                ROW => Slot::Row,
                name => Slot::Field(by_name.get(name).copied()),
            })
            .collect();
        let fields: Vec<Option<usize>> =
            slots.iter().filter_map(|slot| if let Slot::Field(field) = slot { Some(*field) } else { None }).collect();
        Ok(Gather {
            file,
            schema: Arc::new(schema),
            slots,
            builders: fields.iter().map(|_| StringBuilder::new()).collect(),
            fields,
            null,
            only_empty_is_null: matches!(null, [only] if only.is_empty()),
            rows: Vec::with_capacity(ROWS),
            bytes: 0,
            file_names: None,
        })
    }

    /// Adds a record, whose fields are looked up by their index in the file.
    pub fn push<'r>(&mut self, row: i64, field: impl Fn(usize) -> Option<&'r str>) {
        for (builder, index) in self.builders.iter_mut().zip(&self.fields) {
            match index.and_then(&field) {
                Some(text) => {
                    let is_null = if self.only_empty_is_null {
                        text.is_empty()
                    } else {
                        self.null.iter().any(|null| null == text)
                    };
                    if is_null {
                        builder.append_null();
                    } else {
                        builder.append_value(text);
                        self.bytes += text.len();
                    }
                }
                None => builder.append_null(),
            }
        }
        self.rows.push(row);
    }

    pub fn is_full(&self) -> bool {
        self.rows.len() >= ROWS || self.bytes >= BYTES
    }

    /// Hands the gathered records on; false: nobody wants more.
    pub fn flush(&mut self, sink: &mut Sink) -> Result<bool, Problem> {
        let count = self.rows.len();
        if count == 0 {
            return Ok(true);
        }
        let mut texts = self.builders.iter_mut();
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(self.slots.len());
        for slot in &self.slots {
            match slot {
                Slot::Field(_) => columns.extend(texts.next().map(|builder| Arc::new(builder.finish()) as ArrayRef)),
                Slot::File => columns.push(file_names(&mut self.file_names, &self.file.name, count)),
                Slot::Row => columns.push(Arc::new(Int64Array::from(self.rows.clone()))),
            }
        }
        self.rows.clear();
        self.bytes = 0;
        let options = RecordBatchOptions::new().with_row_count(Some(count));
        let batch = RecordBatch::try_new_with_options(self.schema.clone(), columns, &options)
            .map_err(|error| too_wide(self.file, &error))?;
        Ok(sink(batch))
    }
}

/// The file's name, `count` times; the longest list made so far is kept and sliced.
pub(super) fn file_names(made: &mut Option<StringArray>, name: &str, count: usize) -> ArrayRef {
    use arrow::array::Array;
    let long_enough = made.as_ref().filter(|names| names.len() >= count);
    let names = match long_enough {
        Some(names) => names.clone(),
        None => StringArray::from_iter_values(std::iter::repeat_n(name, count)),
    };
    let slice = names.slice(0, count);
    *made = Some(names);
    Arc::new(slice)
}

pub(super) fn too_wide(file: &InputFile, error: &arrow::error::ArrowError) -> Problem {
    Problem::new(&file.name, format!("does not fit in memory as columns: {error}"), "split the file")
}
