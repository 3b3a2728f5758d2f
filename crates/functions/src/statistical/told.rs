//! What a fitted model tells in one go: named numbers, why there are none, and a list of numbers, of each account or age. A fit is dear,
//! so that a function gives all of it, and SQL takes what it needs.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Float64Array, ListArray, StringArray, StructArray};
use datafusion::arrow::buffer::OffsetBuffer;
use datafusion::arrow::datatypes::{DataType, Field, Fields};

use super::shape;

/// The names of the numbers: of the whole, and in the list of that name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    pub whole: &'static [&'static str],
    pub each: (&'static str, &'static [&'static str]),
}

/// The numbers in the order of the layout.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// Of the whole; none at all where there is nothing to tell.
    pub whole: Vec<Option<f64>>,
    /// Why a value is missing.
    pub reason: Option<String>,
    /// The list: the account, where it is one of accounts, and its numbers.
    pub each: Vec<(Option<String>, Vec<Option<f64>>)>,
}

impl Layout {
    pub(crate) fn fields(self) -> Fields {
        let numbers = self.whole.iter().map(|name| Field::new(*name, DataType::Float64, true));
        let more = [Field::new("reason", DataType::Utf8, true), Field::new(self.each.0, self.list(), true)];
        numbers.chain(more).collect()
    }

    fn list(self) -> DataType {
        shape::list_of(self.each_fields())
    }

    fn each_fields(self) -> Fields {
        let numbers = self.each.1.iter().map(|name| Field::new(*name, DataType::Float64, true));
        std::iter::once(Field::new("account", DataType::Utf8, true)).chain(numbers).collect()
    }

    pub(crate) fn structs(self, all: &[Told]) -> StructArray {
        let mut columns: Vec<ArrayRef> =
            column_by_column(self.whole.len(), all.iter().map(|told| &told.whole)).collect();
        columns.push(Arc::new(all.iter().map(|told| told.reason.as_deref()).collect::<StringArray>()));
        let each = || all.iter().flat_map(|told| &told.each);
        let names = each().map(|(account, _)| account.as_deref()).collect::<StringArray>();
        let numbers = column_by_column(self.each.1.len(), each().map(|(_, numbers)| numbers));
        let columns_of_each = std::iter::once(Arc::new(names) as ArrayRef).chain(numbers).collect();
        let of_each = StructArray::new(self.each_fields(), columns_of_each, None);
        let item = Arc::new(Field::new_list_field(DataType::Struct(self.each_fields()), true));
        let offsets = OffsetBuffer::from_lengths(all.iter().map(|told| told.each.len()));
        columns.push(Arc::new(ListArray::new(item, offsets, Arc::new(of_each), None)));
        StructArray::new(self.fields(), columns, None)
    }
}

fn column_by_column<'a>(
    columns: usize,
    rows: impl Iterator<Item = &'a Vec<Option<f64>>> + Clone,
) -> impl Iterator<Item = ArrayRef> {
    (0..columns).map(move |nth| {
        let column = rows.clone().map(|row| row.get(nth).copied().flatten().filter(|number| number.is_finite()));
        Arc::new(column.collect::<Float64Array>()) as ArrayRef
    })
}
