//! Rejected records: kept until they are mended.

use crate::REJECTS;
use crate::commit::instants;
use crate::error::{LakeError, Result};
use crate::layout::{Layout, VERSION, layout};
use crate::verdict::Verdicts;
use crate::writer::{StageMode, Writer};
use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::datasource::MemTable;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use futures::StreamExt;
use jiff::Timestamp;
use std::sync::Arc;

/// Columns of `tenure_rejects` that the lake fills.
const FILLED: [&str; 4] = ["import_id", "rejected_at", "resolved_at", VERSION];

/// The rows that [`Writer::stage_rejects`] takes: `reject_id`, by which a reject is known again, `source`, `table_name`,
/// `file`, `record_number`, `column_name`, `value`, `reason`, `remedy` and `record`, the source's record as JSON.
pub fn reject_schema() -> SchemaRef {
    let own = layout(REJECTS).map(|layout| layout.schema.fields().clone()).unwrap_or_default();
    Arc::new(Schema::new(
        own.iter().filter(|field| !FILLED.contains(&field.name().as_str())).cloned().collect::<Vec<_>>(),
    ))
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
    let columns = schema.fields().iter().map(|field| match field.name().as_str() {
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
