//! What the engine reads: the tables of one lake version.

use crate::error::EngineError;
use arrow::array::AsArray;
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Field, Schema};
use datafusion::catalog::TableProvider;
use datafusion::datasource::MemTable;
use datafusion::prelude::SessionContext;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;
use tenure_functions::{Environment, FxRates, FxRow};
use tenure_lake::Snapshot;
use tenure_schema::settings::Settings;
use tenure_schema::table::{self, Table};

/// The tables of one lake version, and how far each has been observed.
#[derive(Clone)]
pub struct Data {
    /// Every table that queries may read, by name.
    pub tables: BTreeMap<&'static str, Arc<dyn TableProvider>>,
    /// Until when each table's rows are known to be complete; absent where nothing was imported.
    pub data_through: BTreeMap<&'static str, Timestamp>,
    /// The lake version.
    pub version: u64,
    /// Whether it is the latest one.
    pub latest: bool,
}

impl Data {
    /// What a snapshot of the lake holds.
    pub async fn of(snapshot: &Snapshot) -> Result<Self, EngineError> {
        let mut tables = BTreeMap::new();
        let mut data_through = BTreeMap::new();
        for table in table::tables() {
            tables.insert(table.name, snapshot.table(table.name)?);
            if let Some(through) = snapshot.data_through(table.name).await? {
                data_through.insert(table.name, through);
            }
        }
        for table in table::own_tables() {
            tables.insert(table.name, snapshot.table(table.name)?);
        }
        Ok(Self { tables, data_through, version: snapshot.version().0, latest: snapshot.is_latest() })
    }

    /// Every table without a row: enough to say what metrics mean.
    pub fn empty() -> Result<Self, EngineError> {
        let tables =
            table::tables().iter().chain(table::own_tables()).map(|table| Ok((table.name, without_rows(table)?)));
        let tables = tables.collect::<Result<_, EngineError>>()?;
        Ok(Self { tables, data_through: BTreeMap::new(), version: 0, latest: true })
    }
}

fn without_rows(table: &Table) -> Result<Arc<dyn TableProvider>, EngineError> {
    let fields = table.column_names().map(|name| {
        let kind = match table.column(name) {
            Some(column) => tenure_lake::arrow_type(column.kind),
            None if matches!(name, "_row" | "_version") => DataType::Int64,
            None => DataType::Utf8,
        };
        Field::new(name, kind, true)
    });
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    Ok(Arc::new(MemTable::try_new(schema, vec![Vec::new()])?))
}

/// What functions need to know: the settings, and the exchange rates of this lake version.
pub(crate) async fn environment(context: &SessionContext, settings: Arc<Settings>) -> Result<Environment, EngineError> {
    let mut rows = Vec::new();
    for batch in context.sql("SELECT currency, quote, day, rate FROM fx_rates").await?.collect().await? {
        let text = |index: usize| cast(batch.column(index), &DataType::Utf8);
        let (currencies, quotes) = (text(0)?, text(1)?);
        let days = cast(batch.column(2), &DataType::Date32)?;
        let rates = cast(batch.column(3), &DataType::Decimal128(38, 10))?;
        for row in 0..batch.num_rows() {
            rows.push(FxRow {
                currency: currencies.as_string::<i32>().value(row).to_owned(),
                quote: quotes.as_string::<i32>().value(row).to_owned(),
                day: days.as_primitive::<Date32Type>().value(row),
                rate: rates.as_primitive::<Decimal128Type>().value(row),
            });
        }
    }
    let rates = Arc::new(FxRates::new(settings.currency.code(), rows));
    Ok(Environment { settings, rates })
}
