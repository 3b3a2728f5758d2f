//! Rows of a query, by the names of its columns.

use crate::error::AccountError;
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Decimal128Type, TimeUnit, TimestampMicrosecondType};
use jiff::Timestamp;
use rust_decimal::Decimal;

/// Places that a number is read with: those of the lake.
const PLACES: i8 = 6;

/// A value of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text, or a day.
    Text(String),
    /// A number.
    Number(Decimal),
    /// An instant.
    At(Timestamp),
    /// True or false.
    Truth(bool),
}

/// A row: each column's name and value, in their order; `None` where it is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Record(Vec<(String, Option<Value>)>);

impl Record {
    /// Every name and value.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<&Value>)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_ref()))
    }

    /// A text; `None` where there is none.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.value(name) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A number; `None` where there is none.
    pub fn number(&self, name: &str) -> Option<Decimal> {
        match self.value(name) {
            Some(Value::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// An instant; `None` where there is none.
    pub fn at(&self, name: &str) -> Option<Timestamp> {
        match self.value(name) {
            Some(Value::At(at)) => Some(*at),
            _ => None,
        }
    }

    /// Whether something holds; what is not known does not.
    pub fn holds(&self, name: &str) -> bool {
        matches!(self.value(name), Some(Value::Truth(true)))
    }

    fn value(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(known, _)| known == name).and_then(|(_, value)| value.as_ref())
    }
}

/// The rows of batches.
pub fn records(batches: &[RecordBatch]) -> Result<Vec<Record>, AccountError> {
    let mut records = Vec::new();
    for batch in batches {
        let columns = batch.columns().iter().map(values).collect::<Result<Vec<_>, _>>()?;
        let schema = batch.schema();
        let names = schema.fields().iter().map(|field| field.name());
        let named: Vec<_> = names.zip(columns).collect();
        records
            .extend((0..batch.num_rows()).map(|row| {
                Record(named.iter().map(|(name, values)| ((*name).clone(), values[row].clone())).collect())
            }));
    }
    Ok(records)
}

fn values(column: &ArrayRef) -> Result<Vec<Option<Value>>, AccountError> {
    let instant = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    Ok(match column.data_type() {
        DataType::Boolean => column.as_boolean().iter().map(|truth| truth.map(Value::Truth)).collect(),
        DataType::Timestamp(..) => {
            let column = cast(column, &instant)?;
            let micros = column.as_primitive::<TimestampMicrosecondType>().iter();
            micros.map(|at| at.and_then(|at| Timestamp::from_microsecond(at).ok()).map(Value::At)).collect()
        }
        kind if kind.is_numeric() => {
            let column = cast(column, &DataType::Decimal128(38, PLACES))?;
            let numbers = column.as_primitive::<Decimal128Type>().iter();
            let number = |digits| Decimal::try_from_i128_with_scale(digits, PLACES.unsigned_abs().into()).ok();
            numbers.map(|digits| digits.and_then(number).map(|number| Value::Number(number.normalize()))).collect()
        }
        _ => {
            let column = cast(column, &DataType::Utf8)?;
            let texts = column.as_string::<i32>();
            let text = |row| texts.is_valid(row).then(|| Value::Text(texts.value(row).to_owned()));
            (0..texts.len()).map(text).collect()
        }
    })
}
