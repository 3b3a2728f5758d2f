//! Lives and purchases as they stood at the close of some months, from the derived tables that the metric reads.

use crate::error::OutlookError;
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use jiff::Timestamp;
use std::collections::BTreeMap;
use tenure_engine::{Engine, Query};
use tenure_schema::period::Period;
use tenure_stats::Lifetime;
use tenure_stats::lifetime::purchases::History;

const LIVES: &str = "SELECT period, row_id, CAST(months AS DOUBLE) AS months, CAST(0 AS DOUBLE) AS recency, \
                     CAST(CASE WHEN ended THEN 1 ELSE 0 END AS DOUBLE) AS age FROM customer_lives";
const PURCHASES: &str = "SELECT period, row_id, CAST(frequency AS DOUBLE) AS frequency, CAST(recency AS DOUBLE) AS recency, \
                         CAST(age AS DOUBLE) AS age FROM purchase_histories WHERE account_id IS NOT NULL";

/// By row, at each of the months.
pub(super) type Months<T> = Vec<BTreeMap<String, T>>;

/// Each stretch as a customer.
pub(super) async fn lives(
    engine: &Engine,
    months: &[Period],
    now: Timestamp,
) -> Result<Months<Lifetime>, OutlookError> {
    read(engine, LIVES, months, now, |[months, _, ended]| Some(Lifetime { months, ended: ended > 0.0, mrr: 1.0 })).await
}

/// Each account that has bought.
pub(super) async fn purchases(
    engine: &Engine,
    months: &[Period],
    now: Timestamp,
) -> Result<Months<History>, OutlookError> {
    // A frequency counts months: far below the largest of them.
    read(engine, PURCHASES, months, now, |[x, recency, age]| History::new(x as u32, recency, age).ok()).await
}

async fn read<T>(
    engine: &Engine,
    sql: &str,
    months: &[Period],
    now: Timestamp,
    of: impl Fn([f64; 3]) -> Option<T>,
) -> Result<Months<T>, OutlookError> {
    let query = Query { file: "lifetime value", key: "hold-out", sql };
    let batches = engine.query(query, months, now).await?;
    let mut found: Months<T> = months.iter().map(|_| BTreeMap::new()).collect();
    for batch in &batches {
        for (month, row_id, numbers) in rows(batch)? {
            if let (Some(month), Some(one)) = (found.get_mut(month), of(numbers)) {
                month.insert(row_id, one);
            }
        }
    }
    Ok(found)
}

/// The rows of a batch: number of the month, id, three numbers.
fn rows(batch: &RecordBatch) -> Result<Vec<(usize, String, [f64; 3])>, OutlookError> {
    let column = |place: usize, kind: &DataType| cast(batch.column(place), kind);
    let (months, ids) = (column(0, &DataType::Int64)?, column(1, &DataType::Utf8)?);
    let [a, b, c] = [column(2, &DataType::Float64)?, column(3, &DataType::Float64)?, column(4, &DataType::Float64)?];
    let (months, ids) = (months.as_primitive::<Int64Type>(), ids.as_string::<i32>());
    let numbers = [&a, &b, &c].map(|column| column.as_primitive::<Float64Type>());
    let known = (0..batch.num_rows())
        .filter(|&row| ids.is_valid(row) && numbers.iter().all(|column| column.is_valid(row)))
        .filter_map(|row| {
            let month = usize::try_from(months.value(row)).ok()?;
            Some((month, ids.value(row).to_owned(), numbers.map(|column| column.value(row))))
        });
    Ok(known.collect())
}
