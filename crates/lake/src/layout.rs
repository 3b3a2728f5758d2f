//! How a table's rows look in Arrow.

use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use std::sync::{Arc, LazyLock};
use tenure_schema::table::{ATTRIBUTES, ColumnType, Table, tables};

/// The column that `stage` fills: the version that committed a row.
pub(crate) const VERSION: &str = "_version";

/// The type of a point in time.
pub(crate) fn instant() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

/// The Arrow type of a column.
pub fn arrow_type(kind: ColumnType) -> DataType {
    match kind {
        ColumnType::Text => DataType::Utf8,
        ColumnType::Int => DataType::Int64,
        ColumnType::Decimal | ColumnType::Money => DataType::Decimal128(18, 6),
        ColumnType::Rate => DataType::Decimal128(18, 10),
        ColumnType::Bool => DataType::Boolean,
        ColumnType::Instant => instant(),
        ColumnType::Date => DataType::Date32,
    }
}

/// The rows that [`crate::Writer::stage`] takes for a table: its columns, `attributes`, `_source`, `_file`, `_row`.
pub fn staged_schema(table: &Table) -> SchemaRef {
    let own = table.columns.iter().map(|column| Field::new(&column.name, arrow_type(column.kind), true));
    let attributes = table.attributes.then(|| Field::new(ATTRIBUTES, DataType::Utf8, true));
    let provenance = [("_source", DataType::Utf8), ("_file", DataType::Utf8), ("_row", DataType::Int64)];
    let provenance = provenance.map(|(name, kind)| Field::new(name, kind, true));
    Arc::new(Schema::new(own.chain(attributes).chain(provenance).collect::<Vec<_>>()))
}

/// The rows that [`crate::Writer::stage`] takes for a table that the lake keeps of itself.
pub fn own_schema(table: &Table) -> SchemaRef {
    let own = table.columns.iter().map(|column| Field::new(&column.name, arrow_type(column.kind), true));
    Arc::new(Schema::new(own.collect::<Vec<_>>()))
}

/// Staged rows as the lake stores them.
fn stored(staged: &Schema) -> SchemaRef {
    let version = Arc::new(Field::new(VERSION, DataType::Int64, true));
    Arc::new(Schema::new(staged.fields().iter().cloned().chain([version]).collect::<Vec<_>>()))
}

/// A table as the lake stores it: one of the schema's, or one of the lake's own.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub name: &'static str,
    pub key: Vec<String>,
    /// All columns, as stored.
    pub schema: SchemaRef,
    /// Columns that say where a row came from: two rows that differ only in these are the same row.
    pub provenance: Vec<&'static str>,
    /// The first observed time, from which a touched day is taken.
    pub event: Option<String>,
    /// Whether rows have an `account_id`.
    pub account: bool,
}

impl Layout {
    fn of(table: &'static Table) -> Self {
        Self {
            name: table.name,
            key: table.key.clone(),
            schema: stored(&staged_schema(table)),
            provenance: vec!["_source", "_file", "_row", VERSION],
            event: table.columns.iter().find(|column| column.event).map(|column| column.name.clone()),
            account: table.column("account_id").is_some(),
        }
    }

    /// A table that the lake writes of itself and that queries may read.
    pub fn of_own(table: &'static Table) -> Self {
        Self {
            name: table.name,
            key: table.key.clone(),
            schema: stored(&own_schema(table)),
            provenance: vec![VERSION],
            event: None,
            account: false,
        }
    }

    /// The columns a writer gives: all but the version.
    pub fn staged(&self) -> SchemaRef {
        let fields = self.schema.fields().iter().filter(|field| field.name() != VERSION);
        Arc::new(Schema::new(fields.cloned().collect::<Vec<_>>()))
    }

    /// The columns that make a row what it is.
    pub fn content(&self) -> impl Iterator<Item = usize> {
        let fields = self.schema.fields().iter().enumerate();
        fields.filter(|(_, field)| !self.provenance.contains(&field.name().as_str())).map(|(index, _)| index)
    }
}

/// Every table of the lake.
pub(crate) fn layouts() -> &'static [Layout] {
    static LAYOUTS: LazyLock<Vec<Layout>> =
        LazyLock::new(|| tables().iter().map(Layout::of).chain(crate::system::layouts()).collect());
    &LAYOUTS
}

/// The table of that name.
pub(crate) fn layout(name: &str) -> Option<&'static Layout> {
    layouts().iter().find(|layout| layout.name == name)
}
