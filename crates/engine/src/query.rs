//! A query of its own over the periods of a question: for those who compute more than metrics.

use crate::asked::Asked;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::segment::ATTRIBUTES;
use crate::session::{ACCOUNT_VERSIONS, Sight, Told};
use arrow::array::RecordBatch;
use datafusion::prelude::{SQLOptions, SessionContext};
use jiff::Timestamp;
use std::collections::BTreeSet;
use tenure_catalog::{Catalog, Names, names_in_query, substitute};
use tenure_schema::period::Period;
use tenure_schema::table;

/// A query over customers' rows that may read `asked`: a row a period, numbered from 0 in the order given.
#[derive(Debug, Clone, Copy)]
pub struct Query<'a> {
    /// The file that it stands in, as the user knows it.
    pub file: &'a str,
    /// The key in it.
    pub key: &'a str,
    /// One SELECT.
    pub sql: &'a str,
}

impl Query<'_> {
    /// The lake's tables that it reads, through derived tables too.
    pub fn lake_tables(&self, catalog: &Catalog) -> Result<BTreeSet<&'static str>, EngineError> {
        Ok(catalog.lake_tables_behind(self.names()?.tables))
    }

    fn names(&self) -> Result<Names, EngineError> {
        names_in_query(self.sql).map_err(|what| self.wrong(what))
    }

    fn wrong(&self, what: String) -> EngineError {
        EngineError::Definition { file: self.file.to_owned(), key: self.key.to_owned(), what }
    }
}

/// Several queries over the same periods: what a derived table tells of those is computed when the first of them asks, and kept for the
/// others.
pub struct Round<'a> {
    engine: &'a Engine,
    asked: Asked,
    told: Told,
}

impl Round<'_> {
    /// Runs one of the queries.
    pub async fn query(&self, query: Query<'_>) -> Result<Vec<RecordBatch>, EngineError> {
        let tables = self.engine.tables_of(&query)?;
        let tables = tables.iter().map(String::as_str);
        let context = self.engine.session().context_telling(tables, &self.asked, &self.told).await?;
        self.engine.run(&query, &context).await
    }
}

impl Engine {
    /// Several queries over some periods. `now` is world time: `asked.observed_to`.
    pub fn round(&self, periods: &[Period], now: Timestamp) -> Result<Round<'_>, EngineError> {
        let asked = Asked::new(periods, None, now, &self.clock())?;
        Ok(Round { engine: self, asked, told: Told::default() })
    }

    /// Runs a query over some periods. `now` is world time: `asked.observed_to`.
    pub async fn query(
        &self,
        query: Query<'_>,
        periods: &[Period],
        now: Timestamp,
    ) -> Result<Vec<RecordBatch>, EngineError> {
        let asked = Asked::new(periods, None, now, &self.clock())?;
        let tables = self.tables_of(&query)?;
        let tables = tables.iter().map(String::as_str);
        let context = self.session().context(tables, Some(&asked), Sight::Customers).await?;
        self.run(&query, &context).await
    }

    /// The tables that a query reads beside `asked`.
    fn tables_of(&self, query: &Query<'_>) -> Result<BTreeSet<String>, EngineError> {
        let mut tables = query.names()?.tables;
        tables.remove("asked");
        let known = |name: &str| {
            table::readable(name).is_some() || self.catalog().derived(name).is_some() || name == ACCOUNT_VERSIONS
        };
        match tables.iter().find(|name| !known(name)) {
            Some(name) => Err(query.wrong(format!("it reads `{name}`, which is no table"))),
            None => Ok(tables),
        }
    }

    async fn run(&self, query: &Query<'_>, context: &SessionContext) -> Result<Vec<RecordBatch>, EngineError> {
        let sql = substitute(query.sql, &|name| self.session().setting(name)).map_err(|what| query.wrong(what))?;
        let options = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
        let frame = context.sql_with_options(&sql, options).await;
        let frame = frame.map_err(|error| query.wrong(error.strip_backtrace()))?;
        frame.collect().await.map_err(|error| query.wrong(error.strip_backtrace()))
    }

    /// An account's attribute, `plan` or `account.plan`, as SQL over `account_versions AS version`. `whom` asks, where there is no such attribute.
    pub fn attribute_sql(&self, whom: &str, name: &str) -> Result<String, EngineError> {
        let bare = name.strip_prefix("account.").unwrap_or(name);
        if ATTRIBUTES.contains(&bare) {
            return Ok(format!("version.\"{bare}\""));
        }
        if self.extra_attributes().contains(bare) {
            return Ok(format!("attribute(version.attributes, '{}')", bare.replace('\'', "''")));
        }
        let known = ATTRIBUTES.iter().map(|name| (*name).to_owned()).chain(self.extra_attributes().iter().cloned());
        Err(EngineError::UnknownAttribute { metric: whom.to_owned(), name: name.to_owned(), known: known.collect() })
    }
}
