//! An array of whatever type a mapping yields to the type of a column.

use super::fault::Faults;
use super::number::{Unread, parse_bool, parse_decimal, parse_int};
use arrow::array::{
    Array, ArrayRef, AsArray, BooleanBuilder, Date32Builder, Decimal128Builder, Int64Builder, StringArray,
    StringBuilder, TimestampMicrosecondBuilder, new_null_array,
};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{DataType, Decimal128Type, Float64Type, Int64Type, TimeUnit, TimestampMicrosecondType};
use arrow::error::ArrowError;
use std::sync::Arc;
use tenure_schema::instant::{Local, parse};
use tenure_schema::table::{Column, ColumnType};

/// What a conversion needs to know besides the values.
pub(super) struct Context {
    pub local: Local,
}

/// Converts, noting each value that is not of the column's type (and leaving null in its place).
pub(super) fn convert(
    values: &ArrayRef,
    column: &Column,
    context: &mut Context,
    faults: &mut Faults,
) -> Result<ArrayRef, ArrowError> {
    let values = plain(values)?;
    if values.data_type() == &DataType::Null {
        return Ok(new_null_array(&tenure_lake::arrow_type(column.kind), values.len()));
    }
    match column.kind {
        ColumnType::Text => as_text(&values),
        ColumnType::Int => whole_numbers(&values, faults),
        ColumnType::Decimal | ColumnType::Money => decimals(&values, 6, faults),
        ColumnType::Rate => decimals(&values, 10, faults),
        ColumnType::Bool => booleans(&values, faults),
        ColumnType::Instant => instants(&values, context, faults),
        ColumnType::Date => dates(&values, context, faults),
    }
}

const SAFE: CastOptions<'static> =
    CastOptions { safe: true, format_options: arrow::util::display::FormatOptions::new() };

fn cast(values: &ArrayRef, to: &DataType) -> Result<ArrayRef, ArrowError> {
    cast_with_options(values, to, &SAFE)
}

/// Without dictionary, run ends, views and large offsets: the same values in the plainest type.
fn plain(values: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    match values.data_type() {
        DataType::Dictionary(_, of) => plain(&cast(values, of)?),
        DataType::RunEndEncoded(_, of) => plain(&cast(values, of.data_type())?),
        DataType::Utf8View | DataType::LargeUtf8 => cast(values, &DataType::Utf8),
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => {
            let binary = cast(values, &DataType::Binary)?;
            cast(&binary, &DataType::Utf8)
        }
        _ => Ok(values.clone()),
    }
}

/// Any array as text; nested values as JSON. Empty text is null.
pub(crate) fn as_text(values: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let values = plain(values)?;
    let text = match values.data_type() {
        DataType::Utf8 => values,
        DataType::Struct(_)
        | DataType::List(_)
        | DataType::LargeList(_)
        | DataType::FixedSizeList(..)
        | DataType::Map(..) => {
            let mut out = StringBuilder::new();
            for row in 0..values.len() {
                if values.is_null(row) {
                    out.append_null();
                } else {
                    out.append_value(super::json::value(&values, row).to_string());
                }
            }
            return Ok(Arc::new(out.finish()));
        }
        // 3.0 read from Parquet is the key '3', as it is in every other format.
        DataType::Float16 | DataType::Float32 | DataType::Float64 => {
            let floats = cast(&values, &DataType::Float64)?;
            let texts = floats.as_primitive::<Float64Type>().iter().map(|value| value.map(|value| value.to_string()));
            Arc::new(texts.collect::<StringArray>())
        }
        _ => cast(&values, &DataType::Utf8)?,
    };
    let strings = text.as_string::<i32>();
    if strings.offsets().windows(2).zip(0..).any(|(pair, row)| pair.first() == pair.get(1) && strings.is_valid(row)) {
        let kept = strings.iter().map(|value| value.filter(|value| !value.is_empty()));
        return Ok(Arc::new(kept.collect::<StringArray>()));
    }
    Ok(text)
}

/// Walks a text array: `read` appends a value, or tells why it cannot.
fn each_text(values: &StringArray, faults: &mut Faults, mut read: impl FnMut(Option<&str>) -> Result<(), Unread>) {
    for (row, value) in values.iter().enumerate() {
        let value = value.filter(|value| !value.trim_ascii().is_empty());
        if let (Err(unread), Some(value)) = (read(value), value) {
            faults.unread(row, value, unread);
        }
    }
}

fn whole_numbers(values: &ArrayRef, faults: &mut Faults) -> Result<ArrayRef, ArrowError> {
    match values.data_type() {
        kind if kind.is_integer() => checked(values, &DataType::Int64, Unread::TooLarge, faults),
        _ => {
            let text = as_text(values)?;
            let mut out = Int64Builder::with_capacity(text.len());
            each_text(text.as_string(), faults, |value| {
                let read = value.map(|value| parse_int(value.as_bytes())).transpose();
                out.append_option(read.unwrap_or(None));
                read.map(drop)
            });
            Ok(Arc::new(out.finish()))
        }
    }
}

fn decimals(values: &ArrayRef, scale: u8, faults: &mut Faults) -> Result<ArrayRef, ArrowError> {
    let to = DataType::Decimal128(18, scale.cast_signed());
    match values.data_type() {
        kind if kind.is_integer() => checked(values, &to, Unread::TooLarge, faults),
        // Coarser or equal: exact. Finer ones are rounded half to even, as text is.
        DataType::Decimal128(_, from) if *from <= scale.cast_signed() => checked(values, &to, Unread::TooLarge, faults),
        DataType::Boolean => {
            checked(values, &DataType::Utf8, Unread::NoNumber, faults).and_then(|text| decimals(&text, scale, faults))
        }
        _ => {
            let text = as_text(values)?;
            let mut out = Decimal128Builder::with_capacity(text.len()).with_data_type(to);
            each_text(text.as_string(), faults, |value| {
                let read = value.map(|value| parse_decimal(value.as_bytes(), scale)).transpose();
                out.append_option(read.unwrap_or(None));
                read.map(drop)
            });
            Ok(Arc::new(out.finish()))
        }
    }
}

fn booleans(values: &ArrayRef, faults: &mut Faults) -> Result<ArrayRef, ArrowError> {
    if values.data_type() == &DataType::Boolean {
        return Ok(values.clone());
    }
    let text = as_text(values)?;
    let mut out = BooleanBuilder::with_capacity(text.len());
    each_text(text.as_string(), faults, |value| {
        let read = value.map(|value| parse_bool(value.as_bytes()).ok_or(Unread::NoNumber)).transpose();
        out.append_option(read.unwrap_or(None));
        read.map(drop)
    });
    Ok(Arc::new(out.finish()))
}

fn instants(values: &ArrayRef, context: &mut Context, faults: &mut Faults) -> Result<ArrayRef, ArrowError> {
    let utc = tenure_lake::arrow_type(ColumnType::Instant);
    let local = &mut context.local;
    let mut out = TimestampMicrosecondBuilder::with_capacity(values.len()).with_data_type(utc.clone());
    match values.data_type() {
        DataType::Timestamp(_, Some(_)) => return checked(values, &utc, Unread::NoNumber, faults),
        DataType::Timestamp(_, None) | DataType::Date32 | DataType::Date64 => {
            let naive = checked(values, &DataType::Timestamp(TimeUnit::Microsecond, None), Unread::NoNumber, faults)?;
            for (row, value) in naive.as_primitive::<TimestampMicrosecondType>().iter().enumerate() {
                let instant = value.and_then(|micros| {
                    let seconds = local.utc(micros.div_euclid(1_000_000))?;
                    Some(seconds * 1_000_000 + micros.rem_euclid(1_000_000))
                });
                if value.is_some() && instant.is_none() {
                    faults.unread(row, &shown(values, row), Unread::NoNumber);
                }
                out.append_option(instant);
            }
        }
        _ => {
            let text = as_text(values)?;
            each_text(text.as_string(), faults, |value| {
                let read = value.map(|value| parse(value.as_bytes()).and_then(|written| written.instant(local)));
                out.append_option(read.flatten());
                if read == Some(None) { Err(Unread::NoNumber) } else { Ok(()) }
            });
        }
    }
    Ok(Arc::new(out.finish()))
}

fn dates(values: &ArrayRef, context: &mut Context, faults: &mut Faults) -> Result<ArrayRef, ArrowError> {
    let local = &mut context.local;
    let mut out = Date32Builder::with_capacity(values.len());
    match values.data_type() {
        DataType::Date32 => return Ok(values.clone()),
        DataType::Date64 | DataType::Timestamp(_, None) => {
            return checked(values, &DataType::Date32, Unread::NoNumber, faults);
        }
        DataType::Timestamp(_, Some(_)) => {
            let utc = checked(values, &tenure_lake::arrow_type(ColumnType::Instant), Unread::NoNumber, faults)?;
            for value in utc.as_primitive::<TimestampMicrosecondType>() {
                out.append_option(value.and_then(|micros| local.day(micros)));
            }
        }
        _ => {
            let text = as_text(values)?;
            each_text(text.as_string(), faults, |value| {
                let read = value.map(|value| {
                    let written = parse(value.as_bytes())?;
                    match written.offset {
                        None => Some(written.day),
                        Some(_) => written.instant(local).and_then(|micros| local.day(micros)),
                    }
                });
                out.append_option(read.flatten());
                if read == Some(None) { Err(Unread::NoNumber) } else { Ok(()) }
            });
        }
    }
    Ok(Arc::new(out.finish()))
}

/// Casts; a value that does not survive is a fault.
fn checked(values: &ArrayRef, to: &DataType, unread: Unread, faults: &mut Faults) -> Result<ArrayRef, ArrowError> {
    let cast = cast(values, to)?;
    if cast.null_count() != values.null_count() {
        for row in (0..values.len()).filter(|row| cast.is_null(*row) && values.is_valid(*row)) {
            faults.unread(row, &shown(values, row), unread);
        }
    }
    Ok(cast)
}

/// A value as a message shows it.
pub(crate) fn shown(values: &dyn Array, row: usize) -> String {
    arrow::util::display::array_value_to_string(values, row).unwrap_or_default()
}

/// The whole number that a bound is, in units of an array's last place.
pub(super) fn scaled(bound: f64, scale: u8) -> i128 {
    // Bounds are the small whole numbers of the tables' files.
    parse_decimal(bound.to_string().as_bytes(), scale).unwrap_or(if bound < 0.0 { i128::MIN } else { i128::MAX })
}

/// The rows whose number is below or above a bound.
pub(super) fn outside(values: &ArrayRef, low: Option<f64>, high: Option<f64>) -> Vec<(usize, i128, u8)> {
    let mut found = Vec::new();
    let mut look = |values: &mut dyn Iterator<Item = Option<i128>>, scale: u8| {
        let (low, high) = (low.map(|low| scaled(low, scale)), high.map(|high| scaled(high, scale)));
        for (row, value) in values.enumerate() {
            if let Some(value) = value
                && (low.is_some_and(|low| value < low) || high.is_some_and(|high| value > high))
            {
                found.push((row, value, scale));
            }
        }
    };
    match values.data_type() {
        DataType::Decimal128(_, scale) => {
            look(&mut values.as_primitive::<Decimal128Type>().iter(), scale.cast_unsigned());
        }
        DataType::Int64 => look(&mut values.as_primitive::<Int64Type>().iter().map(|v| v.map(i128::from)), 0),
        _ => {}
    }
    found
}
