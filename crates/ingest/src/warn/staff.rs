//! Rows that may be what one of the staff answered: their values are shown to nobody, not as examples either.

use crate::staff;
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use tenure_schema::table::Table;

/// Of each row, whether it is; a table in which staff do not answer has none.
pub(super) fn answers(table: &Table, batch: &RecordBatch) -> Result<Vec<bool>, ArrowError> {
    if !staff::ANSWERED.contains(&table.name) {
        return Ok(vec![false; batch.num_rows()]);
    }
    let texts = |name: &str| batch.column_by_name(name).map(|values| cast(values, &DataType::Utf8)).transpose();
    let (kinds, people, audiences) = (texts("survey_kind")?, texts("staff_id")?, texts("audience")?);
    let text = |values: &Option<ArrayRef>, row: usize| {
        let values = values.as_ref()?.as_string::<i32>();
        values.is_valid(row).then(|| values.value(row).to_owned())
    };
    let is_one = |row: usize| {
        text(&kinds, row).is_none_or(|kind| staff::KINDS.contains(&kind.as_str()))
            || text(&people, row).is_some()
            || text(&audiences, row).is_some_and(|audience| audience != "customer")
    };
    Ok((0..batch.num_rows()).map(is_one).collect())
}
