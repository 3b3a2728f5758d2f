//! Rejects that the lake keeps.

use super::Reject;
use arrow::array::{Array, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type, TimestampMicrosecondType};
use datafusion::logical_expr::{col, lit};
use datafusion::prelude::SessionContext;
use datafusion::scalar::ScalarValue;
use futures::StreamExt;
use jiff::Timestamp;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use tenure_lake::{LakeError, REJECTS, Snapshot};

/// A reject that nobody has mended yet.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredReject {
    /// When it was first rejected.
    pub rejected_at: Option<Timestamp>,
    /// What was rejected and why, as anybody may see it.
    pub reject: Reject,
}

/// Calls back for each reject that is still open, of one source or of all, in order of source, table, file and record;
/// false: no more, please.
pub async fn open_rejects(
    lake: &Snapshot,
    source: Option<&str>,
    mut on: impl FnMut(StoredReject) -> bool,
) -> Result<(), LakeError> {
    let mut open = SessionContext::new().read_table(lake.table(REJECTS)?)?.filter(col("resolved_at").is_null())?;
    if let Some(source) = source {
        open = open.filter(col("source").eq(lit(source)))?;
    }
    let order = ["source", "table_name", "file", "record_number", "column_name"].map(|name| col(name).sort(true, true));
    let mut rows = open.sort(order.to_vec())?.execute_stream().await?;
    while let Some(batch) = rows.next().await {
        let batch = batch?;
        let text = |name: &str, row: usize| -> Result<Option<String>, LakeError> {
            let Some(values) = batch.column_by_name(name) else { return Ok(None) };
            let text = cast(&values.slice(row, 1), &DataType::Utf8)?;
            Ok(text.is_valid(0).then(|| text.as_string::<i32>().value(0).to_owned()))
        };
        for row in 0..batch.num_rows() {
            let some = |name: &str| text(name, row).map(Option::unwrap_or_default);
            let number =
                batch.column_by_name("record_number").and_then(|values| values.as_primitive_opt::<Int64Type>());
            let at = batch
                .column_by_name("rejected_at")
                .map(|values| cast(values, &tenure_lake::arrow_type(tenure_schema::table::ColumnType::Instant)));
            let at = at
                .transpose()?
                .filter(|at| at.is_valid(row))
                .map(|at| at.as_primitive::<TimestampMicrosecondType>().value(row));
            let record: Map<String, Value> = serde_json::from_str(&some("record")?).unwrap_or_default();
            let reject = Reject {
                id: some("reject_id")?,
                source: some("source")?,
                table: some("table_name")?,
                file: some("file")?,
                row: number.map(|number| number.value(row)).unwrap_or_default(),
                column: text("column_name", row)?,
                value: text("value", row)?,
                reason: some("reason")?,
                remedy: some("remedy")?,
                record,
                withheld: false,
            };
            let rejected_at = at.and_then(|at| Timestamp::from_microsecond(at).ok());
            if !on(StoredReject { rejected_at, reject: reject.shown() }) {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// A reject that stands open, and what has to be read again to see whether it is mended.
#[derive(Debug, PartialEq)]
pub(crate) struct OpenReject {
    /// Its name.
    pub id: String,
    /// Its file; where it is no one record of a file, all that the import read which rejected it.
    pub files: BTreeSet<String>,
}

/// The open rejects of a source and table.
pub(crate) async fn open_names(lake: &Snapshot, source: &str, table: &str) -> Result<Vec<OpenReject>, LakeError> {
    let context = SessionContext::new();
    lake.register(&context)?;
    let open = context.sql(
        "SELECT reject.reject_id, CASE WHEN reject.file = '' THEN made.file ELSE reject.file END AS files
         FROM tenure_rejects reject
         LEFT JOIN tenure_imports made ON made.import_id = reject.import_id
              AND made.source = reject.source AND made.table_name = reject.table_name
         WHERE reject.resolved_at IS NULL AND reject.source = $1 AND reject.table_name = $2",
    );
    let mut rows =
        open.await?.with_param_values(vec![ScalarValue::from(source), table.into()])?.execute_stream().await?;
    let mut found = Vec::new();
    while let Some(batch) = rows.next().await {
        let batch = batch?;
        let [id, files] = batch.columns() else { continue };
        let (id, files) = (cast(id, &DataType::Utf8)?, cast(files, &DataType::Utf8)?);
        let (id, files) = (id.as_string::<i32>(), files.as_string::<i32>());
        found.extend(id.iter().zip(files.iter()).filter_map(|(id, files)| {
            let files = files.unwrap_or_default().lines().map(str::to_owned).collect();
            Some(OpenReject { id: id?.to_owned(), files })
        }));
    }
    Ok(found)
}
