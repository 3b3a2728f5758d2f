//! The cells of a query's answer, column by column.

use crate::OutlookError;
use arrow::array::{ArrayRef, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, Int64Type, TimeUnit, TimestampMicrosecondType};
use jiff::Timestamp;

/// A batch whose columns are read by their place.
pub(crate) struct Cells<'a>(pub(crate) &'a RecordBatch);

impl Cells<'_> {
    fn column(&self, place: usize, kind: &DataType) -> Result<ArrayRef, OutlookError> {
        Ok(cast(self.0.column(place), kind)?)
    }

    /// Texts.
    pub(crate) fn texts(&self, place: usize) -> Result<Vec<Option<String>>, OutlookError> {
        let column = self.column(place, &DataType::Utf8)?;
        Ok(column.as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect())
    }

    /// Numbers.
    pub(crate) fn numbers(&self, place: usize) -> Result<Vec<Option<f64>>, OutlookError> {
        Ok(self.column(place, &DataType::Float64)?.as_primitive::<Float64Type>().iter().collect())
    }

    /// Whole numbers.
    pub(crate) fn counts(&self, place: usize) -> Result<Vec<Option<i64>>, OutlookError> {
        Ok(self.column(place, &DataType::Int64)?.as_primitive::<Int64Type>().iter().collect())
    }

    /// Truths; what is not known is false.
    pub(crate) fn truths(&self, place: usize) -> Result<Vec<bool>, OutlookError> {
        let column = self.column(place, &DataType::Boolean)?;
        Ok(column.as_boolean().iter().map(|truth| truth.unwrap_or(false)).collect())
    }

    /// Instants.
    pub(crate) fn instants(&self, place: usize) -> Result<Vec<Option<Timestamp>>, OutlookError> {
        let column = self.column(place, &DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())))?;
        let micros = column.as_primitive::<TimestampMicrosecondType>().iter();
        Ok(micros.map(|at| at.and_then(|at| Timestamp::from_microsecond(at).ok())).collect())
    }
}
