//! Tables from CSV text, typed as the schema says, and an engine over them.

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Schema};
use datafusion::catalog::TableProvider;
use datafusion::datasource::MemTable;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;
use tenure_catalog::{Catalog, CatalogFile};
use tenure_engine::{Data, Engine};
use tenure_schema::as_of::Level;
use tenure_schema::settings::Settings;
use tenure_schema::table::{Default, Table, own_tables, readable, tables};

/// An instant from `2024-04-01` or RFC 3339; dates are UTC midnights.
pub fn instant(text: &str) -> Timestamp {
    let full = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
    full.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Every table that queries may read; those not named are empty.
pub fn data_of(texts: &BTreeMap<String, String>, data_through: Option<&str>, settings: &str) -> Data {
    let currency = Settings::parse(settings).expect("settings").currency;
    let mut data = Data { tables: BTreeMap::new(), data_through: BTreeMap::new(), version: 1, latest: true };
    for name in texts.keys() {
        assert!(readable(name).is_some(), "{name} is no table");
    }
    for table in tables() {
        let text = texts.get(table.name).map_or("", String::as_str);
        data.tables.insert(table.name, mem_table(table, text, currency.code()));
        if let (Some(through), false) = (data_through, text.is_empty()) {
            data.data_through.insert(table.name, instant(through));
        }
    }
    for table in own_tables() {
        let text = texts.get(table.name).map_or("", String::as_str);
        data.tables.insert(table.name, mem_table(table, text, currency.code()));
    }
    data
}

/// An engine over tables, under the built-in catalogue with a workspace's own files over it.
pub async fn engine_over(data: Data, settings: &str, level: Level, own: &[CatalogFile]) -> Result<Engine, String> {
    let catalog = Catalog::load(own).map_err(|error| error.to_string())?;
    let settings = Settings::parse(settings).map_err(|error| error.to_string())?;
    Engine::over(data, Arc::new(catalog), Arc::new(settings), level).await.map_err(|error| error.to_string())
}

fn mem_table(table: &Table, text: &str, currency: &str) -> Arc<dyn TableProvider> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.trim().as_bytes());
    let header: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
    for name in &header {
        let known = table.column_names().any(|column| column == name);
        assert!(known || name.is_empty(), "{}: no column {name}", table.name);
    }
    let records: Vec<csv::StringRecord> = reader.records().map(|record| record.expect("a record")).collect();
    let mut fields = Vec::new();
    let mut arrays: Vec<ArrayRef> = Vec::new();
    for name in table.column_names().filter(|name| !table.provenance.contains(name)) {
        let column = table.column(name);
        let default = column.and_then(|column| column.default()).map(|default| match default {
            Default::Value(text) => text,
            Default::Beginning => "1970-01-01T00:00:00Z".to_owned(),
            Default::Currency => currency.to_owned(),
        });
        let place = header.iter().position(|found| found == name);
        let values = records.iter().map(|record| {
            let text = place.and_then(|place| record.get(place)).filter(|text| !text.is_empty());
            text.or(default.as_deref())
        });
        let texts: StringArray = values.collect();
        let kind = column.map_or(DataType::Utf8, |column| tenure_lake::arrow_type(column.kind));
        arrays.push(cast(&texts, &kind).unwrap_or_else(|error| panic!("{}.{name}: {error}", table.name)));
        fields.push(Field::new(name, kind, true));
    }
    for name in table.provenance {
        let kind = if matches!(*name, "_row" | "_version") { DataType::Int64 } else { DataType::Utf8 };
        arrays.push(arrow::array::new_null_array(&kind, records.len()));
        fields.push(Field::new(*name, kind, true));
    }
    let schema = Arc::new(Schema::new(fields));
    let batch = RecordBatch::try_new(schema.clone(), arrays).expect("columns of one length");
    Arc::new(MemTable::try_new(schema, vec![vec![batch]]).expect("a table"))
}
