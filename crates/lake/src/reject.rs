//! Rejected records: kept until they are mended.

use crate::REJECTS;
use crate::commit::instants;
use crate::error::{LakeError, Result};
use crate::layout::{Layout, VERSION, layout};
use crate::verdict::Verdicts;
use crate::writer::{StageMode, Writer};
use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef};
use datafusion::datasource::MemTable;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use futures::StreamExt;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Columns of `tenure_rejects` that the lake fills.
const FILLED: [&str; 5] = ["reject_id", "import_id", "rejected_at", "resolved_at", VERSION];

/// The rows that [`Writer::stage_rejects`] takes: `source`, `table_name`, `file`, `record_number`, `column_name`,
/// `value`, `reason`, `remedy` and `record`, the source's record as JSON.
pub fn reject_schema() -> SchemaRef {
    let own = layout(REJECTS).map(|layout| layout.schema.fields().clone()).unwrap_or_default();
    Arc::new(Schema::new(
        own.iter().filter(|field| !FILLED.contains(&field.name().as_str())).cloned().collect::<Vec<_>>(),
    ))
}

/// Names a reject: the same record, rejected for the same column, has the same name in every import.
pub fn reject_id(source: &str, table: &str, file: &str, record_number: i64, column: &str) -> String {
    let number = record_number.to_string();
    let parts = [source, table, file, &number, column].join("\u{0}");
    Sha256::digest(parts).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

impl Writer {
    /// Keeps rejected records, and marks the open ones that are mended: `mended` holds their `reject_id`s.
    pub async fn stage_rejects(&mut self, rows: SendableRecordBatchStream, mended: &[String]) -> Result<Verdicts> {
        let layout = layout(REJECTS).ok_or_else(|| LakeError::UnknownTable(REJECTS.to_owned()))?;
        let resolved = self.resolved(layout, mended).await?;
        let (import, now) = (self.version().snapshot(), self.now);
        let schema = layout.staged();
        let rejected = {
            let schema = schema.clone();
            rows.map(move |batch| named(layout, &schema, &batch?, import, now))
        };
        // A record mended and rejected again in one import is rejected: the last wins.
        let all = futures::stream::iter(resolved.into_iter().map(Ok)).chain(rejected);
        self.stage_rows(layout, Box::pin(RecordBatchStreamAdapter::new(schema, all)), StageMode::Upsert).await
    }

    async fn resolved(&self, layout: &Layout, mended: &[String]) -> Result<Vec<RecordBatch>> {
        if mended.is_empty() {
            return Ok(Vec::new());
        }
        let ids = Arc::new(Schema::new(vec![Field::new("reject_id", DataType::Utf8, false)]));
        let batch = RecordBatch::try_new(ids.clone(), vec![Arc::new(StringArray::from(mended.to_vec()))])?;
        let session = datafusion::prelude::SessionContext::new();
        self.lake.snapshot(self.base).await?.register(&session)?;
        session.register_table("mended", Arc::new(MemTable::try_new(ids, vec![vec![batch]])?))?;
        let open = session.sql(
            "SELECT * FROM tenure_rejects WHERE resolved_at IS NULL AND reject_id IN (SELECT reject_id FROM mended)",
        );
        let open = open.await?.collect().await?;
        let schema = layout.staged();
        let resolve = |batch: &RecordBatch| {
            let columns = schema.fields().iter().map(|field| match field.name().as_str() {
                "resolved_at" => Ok(instants(vec![Some(self.now); batch.num_rows()])),
                name => crate::stage::column(batch, name, field.data_type()),
            });
            Ok(RecordBatch::try_new(schema.clone(), columns.collect::<Result<_>>()?)?)
        };
        open.iter().map(resolve).collect()
    }
}

/// Fills in what the lake knows of rejected records.
fn named(
    layout: &Layout,
    schema: &SchemaRef,
    batch: &RecordBatch,
    import: i64,
    now: Timestamp,
) -> std::result::Result<RecordBatch, datafusion::error::DataFusionError> {
    let rows = batch.num_rows();
    let text = |name: &str| -> Result<ArrayRef, datafusion::error::DataFusionError> {
        let missing =
            || LakeError::Schema { table: layout.name.to_owned(), reason: format!("column `{name}` is missing") };
        let column =
            batch.column_by_name(name).ok_or_else(|| datafusion::error::DataFusionError::External(missing().into()))?;
        Ok(cast(column, &DataType::Utf8)?)
    };
    let (source, table, file, column) = (text("source")?, text("table_name")?, text("file")?, text("column_name")?);
    let [source, table, file, column] = [&source, &table, &file, &column].map(|values| values.as_string::<i32>());
    let number = batch.column_by_name("record_number").and_then(|numbers| numbers.as_primitive_opt::<Int64Type>());
    let id = |row: usize| {
        let number = number.map(|numbers| numbers.value(row)).unwrap_or_default();
        let of = |values: &StringArray| if values.is_valid(row) { values.value(row).to_owned() } else { String::new() };
        reject_id(&of(source), &of(table), &of(file), number, &of(column))
    };
    let columns = schema.fields().iter().map(|field| match field.name().as_str() {
        "reject_id" => Ok(Arc::new(StringArray::from_iter_values((0..rows).map(id))) as ArrayRef),
        "import_id" => Ok(Arc::new(Int64Array::from_value(import, rows)) as ArrayRef),
        "rejected_at" => Ok(instants(vec![Some(now); rows])),
        "resolved_at" => Ok(instants(vec![None; rows])),
        name => batch.column_by_name(name).cloned().ok_or_else(|| {
            let reason = format!("column `{name}` is missing");
            let error = LakeError::Schema { table: layout.name.to_owned(), reason };
            datafusion::error::DataFusionError::External(error.into())
        }),
    });
    let columns: Vec<ArrayRef> = columns.collect::<Result<_, _>>()?;
    let fitted = columns.iter().zip(schema.fields()).map(|(column, field)| Ok(cast(column, field.data_type())?));
    Ok(RecordBatch::try_new(schema.clone(), fitted.collect::<Result<_, datafusion::error::DataFusionError>>()?)?)
}
