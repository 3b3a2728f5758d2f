//! Money in currencies that are none, or that have no exchange rate.

use super::{EXAMPLES, Warning, quoted, rows, verb};
use arrow::array::{Array, AsArray, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, TimestampMicrosecondType};
use arrow::record_batch::RecordBatch;
use datafusion::error::DataFusionError;
use datafusion::prelude::SessionContext;
use futures::StreamExt;
use jiff::civil::Date;
use std::collections::BTreeMap;
use tenure_lake::{LakeError, Snapshot};
use tenure_schema::money::Currency;
use tenure_schema::table::{ColumnType, Table};

const DAY: i64 = 86_400_000_000;
const RATES: &str = "fx_rates";

/// Rows by their day, in days since 1970-01-01; none where a row has no date.
type ByDay = BTreeMap<Option<i32>, u64>;

/// Counts money that cannot be converted.
#[derive(Debug)]
pub(crate) struct Money {
    home: String,
    /// Rows in other currencies, by table and currency.
    foreign: BTreeMap<(&'static str, String), ByDay>,
    /// The first day with a rate, by currency priced and currency it is priced in.
    first: BTreeMap<(String, String), i32>,
}

impl Money {
    pub fn new(home: &str) -> Self {
        Money { home: home.to_owned(), foreign: BTreeMap::new(), first: BTreeMap::new() }
    }

    /// Takes accepted rows of a table in.
    pub fn add(&mut self, table: &'static Table, batch: &RecordBatch) -> Result<(), DataFusionError> {
        if table.name == RATES {
            return self.rates(batch);
        }
        let has_money = table.columns.iter().any(|column| column.kind == ColumnType::Money);
        let currency: Option<&StringArray> = batch.column_by_name("currency").and_then(|values| values.as_string_opt());
        let Some(currency) = currency.filter(|_| has_money) else { return Ok(()) };
        if currency.iter().flatten().all(|currency| currency == self.home) {
            return Ok(());
        }
        let event = table.columns.iter().find(|column| column.event);
        let days = event.and_then(|event| batch.column_by_name(&event.name));
        let days = days.and_then(|days| days.as_primitive_opt::<TimestampMicrosecondType>());
        for (row, currency) in currency.iter().enumerate() {
            let Some(currency) = currency.filter(|currency| *currency != self.home) else { continue };
            let day = days.filter(|days| days.is_valid(row)).map(|days| days.value(row).div_euclid(DAY));
            let day = day.and_then(|day| i32::try_from(day).ok());
            *self.foreign.entry((table.name, currency.to_owned())).or_default().entry(day).or_default() += 1;
        }
        Ok(())
    }

    fn rates(&mut self, batch: &RecordBatch) -> Result<(), DataFusionError> {
        let text = |name: &str| batch.column_by_name(name).map(|values| cast(values, &DataType::Utf8)).transpose();
        let (Some(currency), Some(quote)) = (text("currency")?, text("quote")?) else { return Ok(()) };
        let Some(day) = batch.column_by_name("day").and_then(|day| day.as_primitive_opt::<Date32Type>()) else {
            return Ok(());
        };
        let (currency, quote) = (currency.as_string::<i32>(), quote.as_string::<i32>());
        for row in
            (0..batch.num_rows()).filter(|row| currency.is_valid(*row) && quote.is_valid(*row) && day.is_valid(*row))
        {
            let pair = (currency.value(row).to_owned(), quote.value(row).to_owned());
            let first = self.first.entry(pair).or_insert(i32::MAX);
            *first = day.value(row).min(*first);
        }
        Ok(())
    }

    /// Takes the rates in that the lake has, if any row needs them.
    pub async fn look_up(&mut self, lake: &Snapshot) -> Result<(), LakeError> {
        if self.foreign.is_empty() {
            return Ok(());
        }
        let rates = SessionContext::new().read_table(lake.table(RATES)?)?;
        let mut rates = rates.select_columns(&["currency", "quote", "day"])?.execute_stream().await?;
        while let Some(batch) = rates.next().await {
            self.rates(&batch?)?;
        }
        Ok(())
    }

    /// What cannot be converted, now that all rows and rates are in.
    pub fn warnings(&self) -> Vec<Warning> {
        let mut warnings = Vec::new();
        let mut unknown: BTreeMap<&'static str, (u64, Vec<String>)> = BTreeMap::new();
        for ((table, currency), days) in &self.foreign {
            if currency.parse::<Currency>().is_err() {
                let (count, names) = unknown.entry(table).or_default();
                *count += days.values().sum::<u64>();
                names.push(currency.clone());
                continue;
            }
            let pair = |a: &str, b: &str| self.first.get(&(a.to_owned(), b.to_owned())).copied();
            let first = pair(currency, &self.home).or_else(|| pair(&self.home, currency));
            let count: u64 = days
                .iter()
                .filter(|(day, _)| first.is_none_or(|first| day.is_some_and(|day| day < first)))
                .map(|(_, n)| n)
                .sum();
            if count == 0 {
                continue;
            }
            let when = match first.and_then(date) {
                Some(first) => format!(" on their day (the first is of {first})"),
                None => String::new(),
            };
            let message = format!(
                "{} in {currency} {} no exchange rate to {}{when}; add it to {RATES}, until then metrics that need it answer null",
                rows(count, false),
                verb(count, "has", "have"),
                self.home,
            );
            warnings.push(Warning { table, column: "currency".to_owned(), rows: count, message });
        }
        for (table, (count, names)) in unknown {
            let more = if names.len() > EXAMPLES { " and others" } else { "" };
            let message = format!(
                "{} {} an unknown currency: {}{more}; use the three letters of ISO 4217, until then metrics that need it answer null",
                rows(count, false),
                verb(count, "has", "have"),
                quoted(&names),
            );
            warnings.push(Warning { table, column: "currency".to_owned(), rows: count, message });
        }
        warnings
    }
}

fn date(day: i32) -> Option<Date> {
    jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().try_days(day).ok()?).ok()
}
