//! A query of its own over the periods of a question: for those who compute more than metrics.

use crate::asked::Asked;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::segment::ATTRIBUTES;
use crate::session::{ACCOUNT_VERSIONS, Sight};
use arrow::array::RecordBatch;
use datafusion::prelude::SQLOptions;
use jiff::Timestamp;
use std::collections::BTreeSet;
use tenure_catalog::{names_in_query, substitute};
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
    fn wrong(&self, what: String) -> EngineError {
        EngineError::Definition { file: self.file.to_owned(), key: self.key.to_owned(), what }
    }
}

impl Engine {
    /// Runs a query over some periods. `now` is world time: `asked.observed_to`.
    pub async fn query(
        &self,
        query: Query<'_>,
        periods: &[Period],
        now: Timestamp,
    ) -> Result<Vec<RecordBatch>, EngineError> {
        let asked = Asked::new(periods, None, now, &self.clock())?;
        let names = names_in_query(query.sql).map_err(|what| query.wrong(what))?;
        let known = |name: &str| {
            table::readable(name).is_some() || self.catalog().derived(name).is_some() || name == ACCOUNT_VERSIONS
        };
        if let Some(name) = names.tables.iter().find(|name| *name != "asked" && !known(name)) {
            return Err(query.wrong(format!("it reads `{name}`, which is no table")));
        }
        let tables = names.tables.iter().map(String::as_str).filter(|name| *name != "asked");
        let context = self.session().context(tables, Some(&asked), Sight::Customers).await?;
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

    /// The lake's tables that a query reads, through derived tables too.
    pub fn lake_tables_of(&self, query: Query<'_>) -> Result<BTreeSet<&'static str>, EngineError> {
        let names = names_in_query(query.sql).map_err(|what| query.wrong(what))?;
        let behind = |name: &String| {
            let derived = self.derived_behind(name).into_iter().flat_map(|table| table.names.tables.iter().cloned());
            derived.chain([name.clone()]).collect::<Vec<_>>()
        };
        let found = names.tables.iter().flat_map(behind);
        Ok(found.filter_map(|name| table::readable(&name)).map(|table| table.name).collect())
    }
}
