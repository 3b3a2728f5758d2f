//! Values as JSON: for free attributes, and for the record kept with a reject.

use super::convert::{as_text, shown};
use arrow::array::{Array, ArrayRef, AsArray, StringArray, StringBuilder};
use arrow::datatypes::DataType;
use arrow::error::ArrowError;
use serde_json::{Map, Value};
use std::fmt::Write;

/// One value, nested ones included.
pub(crate) fn value(values: &dyn Array, row: usize) -> Value {
    if row >= values.len() || values.is_null(row) {
        return Value::Null;
    }
    match values.data_type() {
        DataType::Boolean => Value::Bool(values.as_boolean().value(row)),
        kind if kind.is_numeric() => {
            let mut text = shown(values, row);
            if !kind.is_integer() && !kind.is_floating() && text.contains('.') {
                text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
            }
            // A number that JSON cannot hold exactly, or not at all, stays text.
            match serde_json::from_str::<Value>(&text) {
                Ok(number) if number.is_i64() || number.is_u64() || kind.is_floating() => number,
                Ok(number) if number.to_string().as_str() == text => number,
                _ => Value::String(text),
            }
        }
        DataType::Struct(fields) => {
            let columns = values.as_struct().columns().iter().zip(fields);
            Value::Object(columns.map(|(column, field)| (field.name().clone(), value(column, row))).collect())
        }
        DataType::List(_) => list(&values.as_list::<i32>().value(row)),
        DataType::LargeList(_) => list(&values.as_list::<i64>().value(row)),
        DataType::FixedSizeList(..) => list(&values.as_fixed_size_list().value(row)),
        DataType::Map(..) => {
            let entries = values.as_map().value(row);
            let (Some(keys), Some(items)) = (entries.columns().first(), entries.columns().get(1)) else {
                return Value::Null;
            };
            Value::Object((0..entries.len()).map(|at| (shown(keys, at), value(items, at))).collect::<Map<_, _>>())
        }
        _ => Value::String(shown(values, row)),
    }
}

fn list(items: &ArrayRef) -> Value {
    Value::Array((0..items.len()).map(|at| value(items, at)).collect())
}

/// Extra columns as one JSON object a row: keys sorted, nulls left out, no object where nothing is left.
pub(super) fn objects(extras: &[(String, ArrayRef)], rows: usize) -> Result<StringArray, ArrowError> {
    let mut sorted: Vec<&(String, ArrayRef)> = extras.iter().collect();
    sorted.sort_by(|a, b| a.0.cmp(&b.0));
    let mut keyed: Vec<(String, Extra)> = Vec::with_capacity(extras.len());
    for (name, values) in sorted {
        let extra = match values.data_type() {
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Dictionary(..) => {
                Extra::Text(as_text(values)?)
            }
            _ => Extra::Other(values.clone()),
        };
        keyed.push((format!("{}:", Value::String(name.clone())), extra));
    }
    let mut out = StringBuilder::new();
    let mut object = String::new();
    for row in 0..rows {
        object.clear();
        for (key, extra) in &keyed {
            let separator = if object.is_empty() { '{' } else { ',' };
            match extra {
                Extra::Text(values) if values.is_valid(row) => {
                    object.push(separator);
                    object.push_str(key);
                    push_text(&mut object, values.as_string::<i32>().value(row));
                }
                Extra::Other(values) if values.is_valid(row) => {
                    object.push(separator);
                    object.push_str(key);
                    let _ = write!(object, "{}", value(values, row));
                }
                _ => {}
            }
        }
        if object.is_empty() {
            out.append_null();
        } else {
            object.push('}');
            out.append_value(&object);
        }
    }
    Ok(out.finish())
}

enum Extra {
    Text(ArrayRef),
    Other(ArrayRef),
}

fn push_text(out: &mut String, text: &str) {
    if text.bytes().any(|byte| byte < 0x20 || byte == b'"' || byte == b'\\') {
        let _ = write!(out, "{}", Value::String(text.to_owned()));
    } else {
        out.push('"');
        out.push_str(text);
        out.push('"');
    }
}
