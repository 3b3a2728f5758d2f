//! Data as it was known at an earlier time, and data cut to what a question needs.

use crate::data::Data;
use crate::error::EngineError;
use datafusion::catalog::TableProvider;
use datafusion::prelude::{DataFrame, SessionContext};
use jiff::Timestamp;
use std::sync::Arc;
use tenure_schema::table::{self, Table};

impl Data {
    /// What was known at a time, as far as the rows themselves tell: those from later on are gone, and so is what was learnt later
    /// about those that stay.
    pub async fn known_at(mut self, at: Timestamp) -> Result<Self, EngineError> {
        for table in table::tables() {
            self.replace(table.name, async |frame| known(frame, table, at)).await?;
        }
        Ok(self)
    }

    /// Without the rows of a table from before a time. Rows without a time stay.
    pub async fn since(mut self, name: &str, from: Timestamp) -> Result<Self, EngineError> {
        let column = table::readable(name).and_then(Table::known_from).map(str::to_owned);
        if let Some(column) = column {
            let keep = format!("{} IS NULL OR {0} >= {}", quoted(&column), instant(from));
            self.replace(name, async |frame| filtered(frame, &keep)).await?;
        }
        Ok(self)
    }

    /// With the rows that a source put into a table as they are in other data, in place of its own.
    pub async fn with_source(mut self, name: &str, source: &str, other: &Self) -> Result<Self, EngineError> {
        let Some(theirs) = other.tables.get(name).cloned() else { return Ok(self) };
        let source = source.replace('\'', "''");
        let others = format!("_source IS NULL OR _source <> '{source}'");
        let its = format!("_source = '{source}'");
        let its = filtered(SessionContext::new().read_table(theirs)?, &its)?;
        self.replace(name, async |frame| Ok(filtered(frame, &others)?.union(its.clone())?)).await?;
        Ok(self)
    }

    async fn replace(
        &mut self,
        name: &str,
        change: impl AsyncFn(DataFrame) -> Result<DataFrame, EngineError>,
    ) -> Result<(), EngineError> {
        if let Some(provider) = self.tables.get_mut(name) {
            let frame = SessionContext::new().read_table(Arc::clone(provider) as Arc<dyn TableProvider>)?;
            *provider = change(frame).await?.into_view();
        }
        Ok(())
    }
}

fn filtered(frame: DataFrame, keep: &str) -> Result<DataFrame, EngineError> {
    let keep = frame.parse_sql_expr(keep)?;
    Ok(frame.filter(keep)?)
}

/// A table's rows and values as they were known at a time.
fn known(frame: DataFrame, table: &Table, at: Timestamp) -> Result<DataFrame, EngineError> {
    let at = instant(at);
    let Some(from) = table.known_from() else { return Ok(frame) };
    let names: Vec<String> = frame.schema().fields().iter().map(|field| field.name().clone()).collect();
    let columns = names.iter().map(|name| {
        let column = table.column(name);
        let told: Vec<&str> = match column {
            Some(column) if !column.known_at.is_empty() => column.known_at.iter().map(String::as_str).collect(),
            Some(column) if column.event && name != from => vec![name],
            _ => return quoted(name),
        };
        let told: Vec<String> = told.iter().map(|told| format!("{} <= {at}", quoted(told))).collect();
        let name = quoted(name);
        format!("CASE WHEN {} THEN {name} END AS {name}", told.join(" OR "))
    });
    let columns: Vec<String> = columns.collect();
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    // A merge moves all history to the survivor, whenever it was: it is no news about a day.
    let merged = if table.name == "accounts" { " OR merged_into IS NOT NULL" } else { "" };
    let kept = filtered(frame, &format!("{} IS NULL OR {0} <= {at}{merged}", quoted(from)))?;
    Ok(kept.select_exprs(&columns)?)
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

fn instant(at: Timestamp) -> String {
    format!("arrow_cast(CAST({} AS BIGINT), 'Timestamp(Microsecond, Some(\"UTC\"))')", at.as_microsecond())
}
