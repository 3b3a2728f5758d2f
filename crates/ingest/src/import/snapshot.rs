//! A snapshot removes the keys it no longer holds. A key whose row was rejected is still held: its last good version stays,
//! unless the snapshot holds a good row of the key besides.

use crate::error::Result;
use crate::rejects::Reject;
use crate::validate::{Mapped, Validator};
use arrow::array::{ArrayRef, Int64Array, StringArray};
use arrow::compute::{cast, concat_batches};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use datafusion::datasource::MemTable;
use datafusion::logical_expr::{JoinType, col, lit};
use datafusion::prelude::SessionContext;
use serde_json::Value;
use std::sync::Arc;
use tenure_lake::{LakeError, Snapshot, kept, staged_schema};
use tenure_schema::table::Table;

/// Keys of rejected rows.
#[derive(Debug, Default)]
pub(super) struct Protected {
    keys: Vec<RecordBatch>,
}

impl Protected {
    /// Takes keys in.
    pub fn add(&mut self, keys: RecordBatch) {
        if keys.num_rows() > 0 {
            self.keys.push(keys);
        }
    }

    /// Takes the key of a record in on which the mapping failed, as far as it was computed.
    pub fn add_record(&mut self, validator: &mut Validator, table: &Table, reject: &Reject) -> Result<(), ArrowError> {
        let text = |value: &Value| match value {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        };
        let columns = table.columns.iter().filter_map(|column| {
            let value = reject.record.get(&column.name).filter(|_| reject.column.as_deref() != Some(&column.name))?;
            Some((column.name.clone(), Arc::new(StringArray::from(vec![text(value)])) as ArrayRef))
        });
        let mapped = Mapped {
            columns: columns.collect(),
            extras: Vec::new(),
            file: Arc::new(StringArray::from(vec![reject.file.as_str()])),
            row: Arc::new(Int64Array::from(vec![reject.row])),
        };
        let keys = validator.keys(&mapped)?;
        self.add(keys);
        Ok(())
    }

    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The lake's rows of these keys, as they are.
    pub async fn rows(&self, table: &'static Table, source: &str, lake: &Snapshot) -> Result<Vec<RecordBatch>> {
        let Some(first) = self.keys.first() else { return Ok(Vec::new()) };
        let rows = async {
            let keys = concat_batches(&first.schema(), &self.keys)?;
            let session = SessionContext::new();
            let names: Vec<&str> = table.key.iter().map(String::as_str).collect();
            let keys = session.read_table(Arc::new(MemTable::try_new(keys.schema(), vec![vec![keys]])?))?.distinct()?;
            let held = session.read_table(lake.table(table.name)?)?.filter(col("_source").eq(lit(source)))?;
            let held = held.join(keys, JoinType::LeftSemi, &names, &names, None)?.collect().await?;
            let schema = staged_schema(table);
            let fitted = held.iter().map(|batch| {
                let columns = schema.fields().iter().map(|field| {
                    let index = batch.schema_ref().index_of(field.name())?;
                    cast(batch.column(index), field.data_type())
                });
                kept(&RecordBatch::try_new(schema.clone(), columns.collect::<Result<_, ArrowError>>()?)?)
            });
            fitted.collect::<Result<Vec<_>, LakeError>>()
        };
        Ok(rows.await?)
    }
}
