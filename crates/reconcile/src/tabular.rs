//! A query's rows as texts and what is read out of them.

use crate::error::ReconcileError;
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, TimeUnit};
use jiff::Timestamp;
use rust_decimal::Decimal;
use std::str::FromStr;
use tenure_engine::{Engine, EngineError};

/// A row of a query.
pub(crate) struct Record(Vec<Option<String>>);

/// Asks the engine, with each `$name` replaced.
pub(crate) async fn query(
    engine: &Engine,
    sql: &str,
    values: &[(&str, String)],
) -> Result<Vec<Record>, ReconcileError> {
    let value = |name: &str| values.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
    let wrong = |what| EngineError::Definition { file: "reconcile".to_owned(), key: "SQL".to_owned(), what };
    let sql = tenure_catalog::substitute(sql, &value).map_err(wrong)?;
    let batches = engine.sql(&sql).await?.collect().await.map_err(EngineError::from)?;
    let mut records = Vec::new();
    for batch in batches {
        let columns = batch.columns().iter().map(texts).collect::<Result<Vec<_>, _>>()?;
        records.extend(
            (0..batch.num_rows()).map(|row| Record(columns.iter().map(|column| column[row].clone()).collect())),
        );
    }
    Ok(records)
}

/// An instant as SQL.
pub(crate) fn instant(at: Timestamp) -> String {
    format!("arrow_cast({}, 'Timestamp(Microsecond, Some(\"UTC\"))')", at.as_microsecond())
}

/// A text as SQL.
pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A column as texts; instants are microseconds.
fn texts(array: &ArrayRef) -> Result<Vec<Option<String>>, ReconcileError> {
    let array = match array.data_type() {
        DataType::Timestamp(..) => {
            let micros = cast(array, &DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())))?;
            cast(&micros, &DataType::Int64)?
        }
        _ => array.clone(),
    };
    let texts = cast(&array, &DataType::Utf8)?;
    Ok(texts.as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect())
}

impl Record {
    /// A text.
    pub(crate) fn text(&self, place: usize) -> Option<&str> {
        self.0.get(place)?.as_deref()
    }

    /// A text that is there.
    pub(crate) fn word(&self, place: usize) -> String {
        self.text(place).unwrap_or_default().to_owned()
    }

    /// A number.
    pub(crate) fn decimal(&self, place: usize) -> Option<Decimal> {
        Decimal::from_str(self.text(place)?).ok()
    }

    /// A number, zero where there is none.
    pub(crate) fn amount(&self, place: usize) -> Decimal {
        self.decimal(place).unwrap_or_default()
    }

    /// An instant.
    pub(crate) fn at(&self, place: usize) -> Option<Timestamp> {
        Timestamp::from_microsecond(self.text(place)?.parse().ok()?).ok()
    }

    /// Whether it is true.
    pub(crate) fn is(&self, place: usize) -> bool {
        self.text(place) == Some("true")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_as_sql() {
        assert_eq!(
            instant(Timestamp::from_microsecond(5).unwrap()),
            "arrow_cast(5, 'Timestamp(Microsecond, Some(\"UTC\"))')"
        );
        assert_eq!(literal("O'Hara"), "'O''Hara'");
    }
}
