//! Rejects that the lake keeps.

use super::Reject;
use arrow::array::{Array, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type, TimestampMicrosecondType};
use datafusion::logical_expr::{col, lit};
use datafusion::prelude::SessionContext;
use futures::StreamExt;
use jiff::Timestamp;
use serde_json::{Map, Value};
use tenure_lake::{LakeError, REJECTS, Snapshot};

/// A reject that nobody has mended yet.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredReject {
    /// Its name.
    pub id: String,
    /// When it was first rejected.
    pub rejected_at: Option<Timestamp>,
    /// What was rejected and why.
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
                source: some("source")?,
                table: some("table_name")?,
                file: some("file")?,
                row: number.map(|number| number.value(row)).unwrap_or_default(),
                column: text("column_name", row)?,
                value: text("value", row)?,
                reason: some("reason")?,
                remedy: some("remedy")?,
                record,
            };
            let rejected_at = at.and_then(|at| Timestamp::from_microsecond(at).ok());
            if !on(StoredReject { id: some("reject_id")?, rejected_at, reject }) {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// The names of open rejects of a source and table, each with its file.
pub(crate) async fn open_ids(lake: &Snapshot, source: &str, table: &str) -> Result<Vec<(String, String)>, LakeError> {
    let open = SessionContext::new().read_table(lake.table(REJECTS)?)?;
    let open = open.filter(
        col("resolved_at").is_null().and(col("source").eq(lit(source))).and(col("table_name").eq(lit(table))),
    )?;
    let mut rows = open.select_columns(&["reject_id", "file"])?.execute_stream().await?;
    let mut found = Vec::new();
    while let Some(batch) = rows.next().await {
        let batch = batch?;
        let [id, file] = batch.columns() else { continue };
        let (id, file) = (cast(id, &DataType::Utf8)?, cast(file, &DataType::Utf8)?);
        let (id, file) = (id.as_string::<i32>(), file.as_string::<i32>());
        found.extend(id.iter().zip(file.iter()).filter_map(|(id, file)| Some((id?.to_owned(), file?.to_owned()))));
    }
    Ok(found)
}
