//! Every column to its table's type, and a verdict for every row.

mod convert;
mod fault;
mod json;
mod number;
mod rules;

pub use fault::Fault;

pub(crate) use convert::{as_text, shown};
pub(crate) use fault::short;
pub(crate) use json::value as json_value;
pub(crate) use number::show_decimal;

use arrow::array::{Array, ArrayRef, BooleanArray, Scalar, StringArray, new_null_array};
use arrow::compute::{filter_record_batch, is_not_null, kernels::zip::zip};
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use convert::{Context, convert};
use fault::Faults;
use jiff::tz::TimeZone;
use std::sync::Arc;
use tenure_schema::instant::Local;
use tenure_schema::table::{Column, Default, Table};

/// Rows as a mapping yields them: its columns in whatever type, and where each row came from.
#[derive(Debug, Clone)]
pub struct Mapped {
    /// The columns of the table that the mapping yields, by name.
    pub columns: Vec<(String, ArrayRef)>,
    /// Free extra columns, by name.
    pub extras: Vec<(String, ArrayRef)>,
    /// The file of each row, text.
    pub file: ArrayRef,
    /// The record number of each row, int.
    pub row: ArrayRef,
}

/// The rows of a batch that are good, and what is wrong with the others.
#[derive(Debug)]
pub struct Checked {
    /// The good rows, as the lake takes them.
    pub rows: RecordBatch,
    /// The faults of the others, in order of rows; a row may have several.
    pub faults: Vec<Fault>,
    /// The keys of the others, as far as these are whole and right themselves.
    pub bad_keys: RecordBatch,
}

/// Checks the rows of one table from one source.
pub struct Validator {
    table: &'static Table,
    schema: SchemaRef,
    source: String,
    defaults: Vec<Option<ArrayRef>>,
    context: Context,
}

impl Validator {
    /// A validator for a table; naive times are in that zone, money without a currency is in that one.
    pub fn new(table: &'static Table, source: &str, zone: &TimeZone, currency: &str) -> Result<Self, ArrowError> {
        let mut context = Context { local: Local::new(zone.clone()) };
        let defaults = table.columns.iter().map(|column| default(column, currency, &mut context));
        Ok(Validator {
            table,
            schema: tenure_lake::staged_schema(table),
            source: source.to_owned(),
            defaults: defaults.collect::<Result<_, _>>()?,
            context,
        })
    }

    /// The rows that are good, in their order, and the faults of the others.
    pub fn check(&mut self, mapped: &Mapped) -> Result<Checked, ArrowError> {
        let count = mapped.row.len();
        let mut faults: Vec<Fault> = Vec::new();
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(self.schema.fields().len());
        for (column, default) in self.table.columns.iter().zip(&self.defaults) {
            let mut found = Faults::of(column);
            let given = mapped.columns.iter().find(|(name, _)| *name == column.name);
            let mut values = match given {
                Some((_, given)) => convert(given, column, &mut self.context, &mut found)?,
                None => new_null_array(&tenure_lake::arrow_type(column.kind), count),
            };
            if let Some(default) = default
                && values.null_count() > 0
            {
                values = zip(&is_not_null(&values)?, &values, &Scalar::new(default.clone()))?;
            }
            values = rules::column(values, column, &mut found)?;
            faults.append(&mut found.found);
            columns.push(values);
        }
        rules::order(self.table, &columns, &mut faults);
        rules::worth(self.table, &columns, &mut faults);
        if self.table.attributes {
            columns.push(Arc::new(json::objects(&mapped.extras, count)?));
        }
        columns.push(Arc::new(StringArray::from_iter_values(std::iter::repeat_n(self.source.as_str(), count))));
        columns.push(mapped.file.clone());
        columns.push(mapped.row.clone());
        let mut rows = RecordBatch::try_new(self.schema.clone(), columns)?;
        let mut bad_keys = self.key_columns(&rows)?.slice(0, 0);
        if !faults.is_empty() {
            faults.sort_by_key(|fault| fault.row);
            let mut good = vec![true; count];
            for fault in &faults {
                if let Some(good) = good.get_mut(fault.row) {
                    *good = false;
                }
            }
            bad_keys = self.whole_keys(&rows, &|row| good.get(row) == Some(&false))?;
            rows = filter_record_batch(&rows, &BooleanArray::from(good))?;
        }
        Ok(Checked { rows, faults, bad_keys })
    }

    /// The keys of rows, whatever else is wrong with them; those left out that are not whole.
    pub(crate) fn keys(&mut self, mapped: &Mapped) -> Result<RecordBatch, ArrowError> {
        let Checked { rows, bad_keys, .. } = self.check(mapped)?;
        let good = self.key_columns(&rows)?;
        arrow::compute::concat_batches(&good.schema(), [&good, &bad_keys])
    }

    fn key_columns(&self, rows: &RecordBatch) -> Result<RecordBatch, ArrowError> {
        let indices: Result<Vec<usize>, _> = self.table.key.iter().map(|name| self.schema.index_of(name)).collect();
        rows.project(&indices?)
    }

    /// A value at fault is null, so a key without nulls is right.
    fn whole_keys(&self, rows: &RecordBatch, wanted: &dyn Fn(usize) -> bool) -> Result<RecordBatch, ArrowError> {
        let keys = self.key_columns(rows)?;
        let whole = |row: usize| keys.columns().iter().all(|column| column.is_valid(row));
        let mask: BooleanArray = (0..keys.num_rows()).map(|row| Some(wanted(row) && whole(row))).collect();
        filter_record_batch(&keys, &mask)
    }
}

/// A column's default as an array of one value.
fn default(column: &Column, currency: &str, context: &mut Context) -> Result<Option<ArrayRef>, ArrowError> {
    let text = match column.default() {
        None => return Ok(None),
        Some(Default::Value(text)) if text.is_empty() => return Ok(Some(Arc::new(StringArray::from(vec![""])))),
        Some(Default::Value(text)) => text,
        Some(Default::Beginning) => "1970-01-01T00:00Z".to_owned(),
        Some(Default::Currency) => currency.to_owned(),
    };
    let text: ArrayRef = Arc::new(StringArray::from(vec![text]));
    convert(&text, column, context, &mut Faults::of(column)).map(Some)
}
