//! Keys that compare as bytes, and content that compares as a hash.

use crate::error::Result;
use crate::layout::Layout;
use arrow::array::{Array, ArrayRef, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, SchemaRef};
use arrow::row::{RowConverter, Rows, SortField};
use sha2::{Digest, Sha256};

/// What a row holds, apart from where it came from.
pub(crate) type Content = [u8; 16];

/// Turns the key columns of a table's rows into bytes that sort as the rows do.
pub(crate) struct Keys {
    converter: RowConverter,
    leading: RowConverter,
    columns: Vec<String>,
    types: Vec<DataType>,
}

impl Keys {
    pub fn of(layout: &Layout) -> Result<Self> {
        let types: Vec<DataType> =
            layout.key.iter().map(|name| type_of(&layout.schema, name)).collect::<Result<_, _>>()?;
        Ok(Self {
            converter: RowConverter::new(types.iter().cloned().map(SortField::new).collect())?,
            leading: RowConverter::new(vec![SortField::new(types[0].clone())])?,
            columns: layout.key.clone(),
            types,
        })
    }

    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The keys of a batch that has the key columns under their names.
    pub fn rows(&self, batch: &RecordBatch) -> Result<Rows> {
        let columns = self.columns.iter().zip(&self.types).map(|(name, kind)| column(batch, name, kind));
        Ok(self.converter.convert_columns(&columns.collect::<Result<Vec<_>>>()?)?)
    }

    /// No keys, with room for some.
    pub fn empty(&self) -> Rows {
        self.converter.empty_rows(0, 0)
    }

    /// Values of the first key column alone: what keys begin with.
    pub fn leading_values(&self, values: &ArrayRef) -> Result<Rows> {
        Ok(self.leading.convert_columns(&[self.as_leading(values)?])?)
    }

    /// What the keys of a batch begin with.
    pub fn leading(&self, batch: &RecordBatch) -> Result<Rows> {
        self.leading_values(&column(batch, &self.columns[0], &self.types[0])?)
    }

    /// Values as the type of the first key column; null where they are none.
    pub fn as_leading(&self, values: &ArrayRef) -> Result<ArrayRef> {
        as_type(values, &self.types[0])
    }
}

/// Hashes what rows hold.
pub(crate) struct Contents {
    converter: RowConverter,
    columns: Vec<(String, DataType)>,
}

impl Contents {
    pub fn of(layout: &Layout) -> Result<Self> {
        let columns: Vec<_> = layout.content().map(|index| layout.schema.field(index)).collect();
        let fields = columns.iter().map(|field| SortField::new(field.data_type().clone())).collect();
        let columns = columns.iter().map(|field| (field.name().clone(), field.data_type().clone())).collect();
        Ok(Self { converter: RowConverter::new(fields)?, columns })
    }

    /// The content of each row of a batch that has the content columns under their names.
    pub fn hashes(&self, batch: &RecordBatch) -> Result<Vec<Content>> {
        let columns = self.columns.iter().map(|(name, kind)| column(batch, name, kind));
        let rows = self.converter.convert_columns(&columns.collect::<Result<Vec<_>>>()?)?;
        let hash = |row: arrow::row::Row<'_>| {
            let mut short = Content::default();
            short.copy_from_slice(&Sha256::digest(row.data())[..16]);
            short
        };
        Ok(rows.iter().map(hash).collect())
    }
}

fn type_of(schema: &SchemaRef, name: &str) -> Result<DataType> {
    Ok(schema.field_with_name(name)?.data_type().clone())
}

/// A column by name; one that a file of an older format lacks is null.
pub(crate) fn column(batch: &RecordBatch, name: &str, kind: &DataType) -> Result<ArrayRef> {
    match batch.column_by_name(name) {
        Some(values) => as_type(values, kind),
        None => Ok(arrow::array::new_null_array(kind, batch.num_rows())),
    }
}

fn as_type(values: &ArrayRef, kind: &DataType) -> Result<ArrayRef> {
    if values.data_type() == kind { Ok(values.clone()) } else { Ok(cast(values, kind)?) }
}
