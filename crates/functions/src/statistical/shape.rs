//! The Arrow types that the statistical functions hand to each other.

use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, Fields};

/// A list of structs: how every collected state is stored.
pub(crate) fn list_of(fields: Fields) -> DataType {
    DataType::List(Arc::new(Field::new_list_field(DataType::Struct(fields), true)))
}

fn fields(named: &[(&str, DataType)]) -> Fields {
    named.iter().map(|(name, data_type)| Field::new(*name, data_type.clone(), true)).collect()
}

/// A value and how often it occurs.
pub(crate) fn multiset() -> Fields {
    fields(&[("value", DataType::Float64), ("count", DataType::Int64)])
}

/// A key and two sums.
pub(crate) fn sums() -> Fields {
    fields(&[("key", DataType::Utf8), ("num", DataType::Float64), ("den", DataType::Float64)])
}

/// An account's time as a customer.
pub(crate) fn lifetimes() -> Fields {
    fields(&[
        ("account", DataType::Utf8),
        ("months", DataType::Float64),
        ("ended", DataType::Boolean),
        ("mrr", DataType::Float64),
    ])
}

/// An account's purchases.
pub(crate) fn histories() -> Fields {
    fields(&[
        ("account", DataType::Utf8),
        ("frequency", DataType::Float64),
        ("recency", DataType::Float64),
        ("age", DataType::Float64),
        ("spend", DataType::Float64),
    ])
}

/// Two limits.
pub(crate) fn interval() -> Fields {
    fields(&[("low", DataType::Float64), ("high", DataType::Float64)])
}
