//! One type for a column that the files of a relation hold in several.

use crate::validate::as_text;
use arrow::array::{Array, ArrayRef};
use arrow::compute::kernels::cmp::distinct;
use arrow::compute::{CastOptions, cast, cast_with_options};
use arrow::datatypes::DataType;
use arrow::error::ArrowError;
use arrow::util::display::FormatOptions;

/// The type that holds the values of both: numbers with numbers, times with times, all else that is not nested as text.
pub(super) fn common(one: &DataType, other: &DataType) -> Option<DataType> {
    use DataType::{Date32, Date64, Dictionary, Float64, Null, Timestamp, Utf8};
    if one.equals_datatype(other) {
        return Some(one.clone());
    }
    match (one, other) {
        (Dictionary(_, of), kind) | (kind, Dictionary(_, of)) => common(of, kind),
        (Null, kind) | (kind, Null) => Some(kind.clone()),
        (Date32 | Date64, Date32 | Date64) => Some(Date32),
        (Timestamp(a, None), Timestamp(b, None)) => Some(Timestamp(*a.max(b), None)),
        (Timestamp(a, Some(zone)), Timestamp(b, Some(_))) => Some(Timestamp(*a.max(b), Some(zone.clone()))),
        // A day is its midnight where the times are local; of an instant the zone is the mapping's to say.
        (Date32 | Date64, Timestamp(unit, None)) | (Timestamp(unit, None), Date32 | Date64) => {
            Some(Timestamp(*unit, None))
        }
        _ if is_binary(one) || is_binary(other) || (one.is_nested() && other.is_nested()) => None,
        _ if is_signed_size(one) && is_signed_size(other) => Some(DataType::Int64),
        _ => match (digits(one), digits(other)) {
            (Some(one), Some(other)) => Some(exact(one, other)),
            _ if one.is_numeric() && other.is_numeric() => Some(Float64),
            _ => Some(Utf8),
        },
    }
}

fn is_binary(kind: &DataType) -> bool {
    kind.is_binary() || matches!(kind, DataType::FixedSizeBinary(_))
}

/// Whether a whole number that is signed holds it.
fn is_signed_size(kind: &DataType) -> bool {
    kind.is_integer() && kind != &DataType::UInt64
}

/// How many digits an exact number has before and after its point, at most.
fn digits(kind: &DataType) -> Option<(u8, u8)> {
    use DataType::{Decimal32, Decimal64, Decimal128, Decimal256, UInt64};
    match kind {
        Decimal32(precision, scale)
        | Decimal64(precision, scale)
        | Decimal128(precision, scale)
        | Decimal256(precision, scale) => {
            let after = u8::try_from(*scale).unwrap_or(0);
            let before = i16::from(*precision) - i16::from(*scale);
            Some((u8::try_from(before).unwrap_or(0), after))
        }
        UInt64 => Some((20, 0)),
        kind if kind.is_integer() => Some((19, 0)),
        _ => None,
    }
}

fn exact(one: (u8, u8), other: (u8, u8)) -> DataType {
    let (before, after) = (one.0.max(other.0), one.1.max(other.1));
    match (before.saturating_add(after), i8::try_from(after)) {
        (all @ 0..=38, Ok(after)) => DataType::Decimal128(all, after),
        (all @ 39..=76, Ok(after)) => DataType::Decimal256(all, after),
        _ => DataType::Utf8,
    }
}

/// The values in the common type; the first row, if there is one, whose value is not the same in it.
pub(super) fn fit(values: &ArrayRef, to: &DataType) -> Result<(ArrayRef, Option<usize>), ArrowError> {
    const SAFE: CastOptions<'static> = CastOptions { safe: true, format_options: FormatOptions::new() };
    if let DataType::Dictionary(_, of) = values.data_type() {
        return fit(&cast(values, of)?, to);
    }
    if to == &DataType::Utf8 && !values.data_type().is_string() {
        return Ok((as_text(values)?, None));
    }
    if values.data_type().is_nested() || values.data_type().is_null() {
        let strict = CastOptions { safe: false, ..SAFE };
        return Ok((cast_with_options(values, to, &strict)?, None));
    }
    let fitted = cast_with_options(values, to, &SAFE)?;
    let back = cast_with_options(&fitted, values.data_type(), &SAFE)?;
    let changed = distinct(&back, values)?.values().set_indices().next();
    Ok((fitted, changed))
}

#[cfg(test)]
mod tests {
    use super::common;
    use arrow::datatypes::{DataType, Field, TimeUnit};
    use std::sync::Arc;

    #[test]
    fn the_wider_type_holds_both() {
        use DataType::*;
        let second = Timestamp(TimeUnit::Second, None);
        let nano = Timestamp(TimeUnit::Nanosecond, None);
        let utc = Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
        let list = List(Arc::new(Field::new("item", Int64, true)));
        let structure = Struct(vec![Field::new("a", Int64, true)].into());
        let dictionary = Dictionary(Box::new(Int32), Box::new(Utf8));
        for (one, other, expected) in [
            (&Int64, &Float64, Some(Float64)),
            (&Float32, &Decimal128(18, 6), Some(Float64)),
            (&Int32, &Int64, Some(Int64)),
            (&UInt8, &Int16, Some(Int64)),
            (&UInt64, &Int64, Some(Decimal128(20, 0))),
            (&Decimal128(10, 2), &Int64, Some(Decimal128(21, 2))),
            (&Decimal128(38, 0), &Decimal128(20, 10), Some(Decimal256(48, 10))),
            (&Int64, &Utf8, Some(Utf8)),
            (&LargeUtf8, &Utf8View, Some(Utf8)),
            (&Null, &Int64, Some(Int64)),
            (&dictionary, &Utf8, Some(Utf8)),
            (&dictionary, &Int64, Some(Utf8)),
            (&Boolean, &Int64, Some(Utf8)),
            (&Date32, &second, Some(second.clone())),
            (&second, &nano, Some(nano.clone())),
            (&Date32, &utc, Some(Utf8)),
            (&second, &utc, Some(Utf8)),
            (&list, &Utf8, Some(Utf8)),
            (&list, &structure, None),
            (&Binary, &Utf8, None),
        ] {
            assert_eq!(common(one, other), expected, "{one} and {other}");
            assert_eq!(common(other, one), expected, "{other} and {one}");
        }
    }
}
