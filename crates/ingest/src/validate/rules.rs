//! What a table asks of its columns besides their type.

use super::convert::{outside, shown};
use super::fault::{Fault, Faults, short};
use super::number::show_decimal;
use arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray, StringArray};
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, TimestampMicrosecondType};
use arrow::error::ArrowError;
use std::sync::Arc;
use tenure_schema::table::{Column, ColumnType, Table};

/// Checks one column, its default filled in; returns it in its canonical spelling.
pub(super) fn column(values: ArrayRef, column: &Column, faults: &mut Faults) -> Result<ArrayRef, ArrowError> {
    let values = spelling(values, column);
    let values = if column.one_of.is_empty() { values } else { one_of(&values, column, faults) };
    if column.min.is_some() || column.max.is_some() {
        for (row, value, scale) in outside(&values, column.min, column.max) {
            let value = show_decimal(value, scale);
            let (reason, remedy) = match (column.min, column.max) {
                (Some(min), Some(max)) => {
                    (format!("{value} is not between {min} and {max}"), "correct it at the source")
                }
                (Some(0.0), None) => {
                    (format!("{value} is negative"), "correct it at the source; credits and refunds belong in invoices")
                }
                (Some(min), _) => (format!("{value} is less than {min}"), "correct it at the source"),
                (None, max) => {
                    (format!("{value} is more than {}", max.unwrap_or_default()), "correct it at the source")
                }
            };
            faults.add(row, Some(&value), reason, remedy);
        }
        faults.found.sort_by_key(|fault| fault.row);
    }
    if column.required && values.null_count() > 0 {
        let missing: Vec<usize> = (0..values.len()).filter(|row| values.is_null(*row) && !faults.has(*row)).collect();
        missing.into_iter().for_each(|row| faults.missing(row));
        faults.found.sort_by_key(|fault| fault.row);
    }
    Ok(values)
}

/// E-mail addresses in lower case, currencies in upper case: they are compared.
fn spelling(values: ArrayRef, column: &Column) -> ArrayRef {
    let (DataType::Utf8, name) = (values.data_type(), column.name.as_str()) else { return values };
    let strings = values.as_string::<i32>();
    match name {
        "email" if strings.iter().flatten().any(|text| text.trim() != text || text.chars().any(char::is_uppercase)) => {
            Arc::new(strings.iter().map(|text| text.map(|text| text.trim().to_lowercase())).collect::<StringArray>())
        }
        "currency" | "quote" if strings.iter().flatten().any(|text| !text.bytes().all(|b| b.is_ascii_uppercase())) => {
            Arc::new(strings.iter().map(|text| text.map(|text| text.trim().to_uppercase())).collect::<StringArray>())
        }
        _ => values,
    }
}

/// Only the allowed words, in the table's spelling.
fn one_of(values: &ArrayRef, column: &Column, faults: &mut Faults) -> ArrayRef {
    if values.data_type() != &DataType::Utf8 {
        return values.clone();
    }
    let strings = values.as_string::<i32>();
    if strings.iter().flatten().all(|text| column.one_of.iter().any(|word| word == text)) {
        return values.clone();
    }
    let spelled = strings.iter().enumerate().map(|(row, text)| {
        let text = text?;
        let word = column.one_of.iter().find(|word| word.eq_ignore_ascii_case(text.trim()));
        if word.is_none() {
            let reason = format!("'{}' is not one of {}", short(text), column.one_of.join(", "));
            faults.add(row, Some(text), reason, "translate it with CASE in the mapping");
        }
        word.map(String::as_str)
    });
    Arc::new(spelled.collect::<StringArray>())
}

/// Times that must come after others.
pub(super) fn order(table: &Table, columns: &[ArrayRef], faults: &mut Vec<Fault>) {
    for (column, later) in table.columns.iter().zip(columns) {
        let Some(before) = &column.after else { continue };
        let Some(earlier) = table.columns.iter().position(|c| c.name == *before).and_then(|at| columns.get(at)) else {
            continue;
        };
        for row in not_after(column.kind, earlier, later) {
            let value = shown_time(later, row);
            let reason = format!("{value} is not after {before} {}", shown_time(earlier, row));
            let remedy =
                "correct the dates; a last day that is meant inclusively becomes the next day with + INTERVAL '1 day'";
            let (column, value, remedy) = (column.name.clone(), Some(value), remedy.to_owned());
            faults.push(Fault { row, column, value, reason, remedy });
        }
    }
}

/// Digits that price × quantity may have before its point: with a month's share, a discount and an exchange rate on top it
/// still fits the engine's numbers.
const WORTH_DIGITS: u32 = 15;

/// A line's price × quantity that no metric could reckon with.
pub(super) fn worth(table: &Table, columns: &[ArrayRef], faults: &mut Vec<Fault>) {
    let numbers = |name: &str| {
        let at = table.columns.iter().position(|column| column.name == name)?;
        columns.get(at)?.as_primitive_opt::<Decimal128Type>()
    };
    let (Some(prices), Some(quantities)) = (numbers("unit_price"), numbers("quantity")) else { return };
    let bound =
        10_i128.pow(WORTH_DIGITS + u32::from(prices.scale().unsigned_abs() + quantities.scale().unsigned_abs()));
    for (row, pair) in prices.iter().zip(quantities).enumerate() {
        let (Some(price), Some(quantity)) = pair else { continue };
        if price.checked_mul(quantity).is_none_or(|worth| worth.abs() >= bound) {
            let show = |number: i128, values: &PrimitiveArray<Decimal128Type>| {
                show_decimal(number, values.scale().unsigned_abs())
            };
            let value = format!("{} × {}", show(price, prices), show(quantity, quantities));
            let reason = format!("{value}, the quantity, has more than {WORTH_DIGITS} digits before the point");
            let remedy = "correct the price or the quantity at the source".to_owned();
            faults.push(Fault { row, column: "unit_price".to_owned(), value: Some(value), reason, remedy });
        }
    }
}

fn not_after(kind: ColumnType, earlier: &ArrayRef, later: &ArrayRef) -> Vec<usize> {
    fn compare<T: PartialOrd>(
        earlier: impl Iterator<Item = Option<T>>,
        later: impl Iterator<Item = Option<T>>,
    ) -> Vec<usize> {
        let pairs = earlier.zip(later).enumerate();
        pairs.filter(|(_, pair)| matches!(pair, (Some(a), Some(b)) if b <= a)).map(|(row, _)| row).collect()
    }
    if earlier.data_type() != later.data_type() {
        return Vec::new();
    }
    match kind {
        ColumnType::Instant => compare(
            earlier.as_primitive::<TimestampMicrosecondType>().iter(),
            later.as_primitive::<TimestampMicrosecondType>().iter(),
        ),
        ColumnType::Date => {
            compare(earlier.as_primitive::<Date32Type>().iter(), later.as_primitive::<Date32Type>().iter())
        }
        _ => Vec::new(),
    }
}

fn shown_time(values: &ArrayRef, row: usize) -> String {
    match values.data_type() {
        DataType::Timestamp(..) => {
            let micros = values.as_primitive::<TimestampMicrosecondType>().value(row);
            jiff::Timestamp::from_microsecond(micros).map_or_else(|_| shown(values, row), |at| at.to_string())
        }
        _ => shown(values, row),
    }
}
