//! Rows in the order of their key, however many: what does not fit in memory is spilled.

use crate::error::{LakeError, Result};
use crate::layout::{Layout, VERSION};
use arrow::array::{Array, ArrayRef, AsArray, Int64Array, NullArray, RecordBatch};
use arrow::compute::{SortOptions, cast};
use arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef};
use datafusion::error::DataFusionError;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::expressions::col;
use datafusion::physical_expr::{LexOrdering, PhysicalSortExpr};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::sorts::sort::SortExec;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::{PartitionStream, StreamingTableExec};
use futures::{StreamExt, stream};
use std::fmt;
use std::sync::{Arc, Mutex};

/// The column that says in which order rows arrived: of one key, the last wins.
pub(crate) const ORDINAL: &str = "__ordinal";

/// The column that marks rows of the lake staged again.
const KEPT: &str = "__kept";

/// Marks rows of the lake that a snapshot is to keep: staged with it, they hold their keys, and any other row staged of such
/// a key wins over them, whenever it comes.
pub fn kept(rows: &RecordBatch) -> Result<RecordBatch> {
    let mark: ArrayRef = Arc::new(NullArray::new(rows.num_rows()));
    let fields = rows.schema_ref().fields().iter().cloned();
    let schema = Schema::new(fields.chain([Arc::new(Field::new(KEPT, DataType::Null, true))]).collect::<Vec<_>>());
    let columns = rows.columns().iter().cloned().chain([mark]).collect();
    Ok(RecordBatch::try_new(Arc::new(schema), columns)?)
}

/// Sorts rows by key, and rows of one key by arrival, as the table stores them, with [`ORDINAL`] at the end.
pub(crate) fn sorted(
    layout: &'static Layout,
    rows: SendableRecordBatchStream,
    version: i64,
    context: Arc<TaskContext>,
) -> Result<SendableRecordBatchStream> {
    let mut fields = layout.schema.fields().to_vec();
    fields.push(Arc::new(Field::new(ORDINAL, DataType::Int64, true)));
    let schema: SchemaRef = Arc::new(Schema::new(fields));
    let fitted = {
        let schema = schema.clone();
        let (mut arrived, mut before) = (0_i64, i64::MIN);
        rows.map(move |batch| {
            let batch = batch?;
            let next = if batch.column_by_name(KEPT).is_some() { &mut before } else { &mut arrived };
            let fitted = fit(layout, &schema, &batch, version, *next).map_err(carried)?;
            *next = next.saturating_add(i64::try_from(batch.num_rows()).unwrap_or(i64::MAX));
            Ok(fitted)
        })
    };
    let order = layout.key.iter().map(String::as_str).chain([ORDINAL]).map(|name| {
        let options = SortOptions { descending: false, nulls_first: true };
        Ok(PhysicalSortExpr { expr: col(name, &schema)?, options })
    });
    let order = order.collect::<Result<Vec<_>, DataFusionError>>()?;
    let Some(order) = LexOrdering::new(order) else {
        return Err(LakeError::Schema { table: layout.name.to_owned(), reason: "it has no key".to_owned() });
    };
    let stream: SendableRecordBatchStream = Box::pin(RecordBatchStreamAdapter::new(schema.clone(), fitted));
    let once = Arc::new(Once { schema: schema.clone(), stream: Mutex::new(Some(stream)) });
    let source = StreamingTableExec::try_new(schema, vec![once], None, None, false, None)?;
    Ok(SortExec::new(order, Arc::new(source)).execute(0, context)?)
}

/// Gives a batch the table's columns, its version and its order of arrival.
fn fit(layout: &Layout, schema: &SchemaRef, batch: &RecordBatch, version: i64, arrived: i64) -> Result<RecordBatch> {
    let rows = batch.num_rows();
    let columns = schema.fields().iter().map(|field| {
        let name = field.name().as_str();
        if name == VERSION {
            return Ok(Arc::new(Int64Array::from_value(version, rows)) as ArrayRef);
        }
        if name == ORDINAL {
            let last = arrived + i64::try_from(rows).unwrap_or(i64::MAX);
            return Ok(Arc::new(Int64Array::from_iter_values(arrived..last)) as ArrayRef);
        }
        let reason = |reason: String| LakeError::Schema { table: layout.name.to_owned(), reason };
        let Some(column) = batch.column_by_name(name) else {
            return Err(reason(format!("column `{name}` is missing")));
        };
        let (found, wanted) = (column.data_type(), field.data_type());
        let column = match (found, wanted) {
            (found, wanted) if found == wanted => column.clone(),
            (DataType::Utf8View | DataType::LargeUtf8 | DataType::Null, _) => cast(column, wanted)?,
            _ => return Err(reason(format!("column `{name}` is {found}, and must be {wanted}"))),
        };
        match layout.key.iter().any(|key| key == name) && column.null_count() > 0 {
            true => Err(null_key(layout, name, batch, &column)),
            false => Ok(column),
        }
    });
    Ok(RecordBatch::try_new(schema.clone(), columns.collect::<Result<_>>()?)?)
}

fn null_key(layout: &Layout, column: &str, batch: &RecordBatch, values: &ArrayRef) -> LakeError {
    let at = (0..values.len()).find(|row| values.is_null(*row)).unwrap_or_default();
    let file = batch.column_by_name("_file").and_then(|files| cast(files, &DataType::Utf8).ok());
    let row = batch.column_by_name("_row").and_then(|rows| rows.as_primitive_opt::<Int64Type>());
    LakeError::NullKey {
        table: layout.name.to_owned(),
        column: column.to_owned(),
        file: file.map(|files| files.as_string::<i32>().value(at).to_owned()).unwrap_or_default(),
        row: row.map(|rows| rows.value(at)).unwrap_or_default(),
    }
}

/// Our error, on its way through DataFusion.
fn carried(error: LakeError) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}

/// Our error again, if it is one that came through DataFusion.
pub(crate) fn received(error: DataFusionError) -> LakeError {
    match error {
        DataFusionError::External(inner) => match inner.downcast::<LakeError>() {
            Ok(own) => *own,
            Err(inner) => LakeError::Rows(DataFusionError::External(inner)),
        },
        error => LakeError::Rows(error),
    }
}

/// A stream as the one partition of a plan, taken once.
struct Once {
    schema: SchemaRef,
    stream: Mutex<Option<SendableRecordBatchStream>>,
}

impl fmt::Debug for Once {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Once")
    }
}

impl PartitionStream for Once {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _: Arc<TaskContext>) -> SendableRecordBatchStream {
        let taken = self.stream.lock().ok().and_then(|mut stream| stream.take());
        taken.unwrap_or_else(|| Box::pin(RecordBatchStreamAdapter::new(self.schema.clone(), stream::empty())))
    }
}
