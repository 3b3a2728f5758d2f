//! SQL for people: the lake's tables and the derived ones, read-only, without what staff answered.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::session::{ACCOUNT_VERSIONS, Sight};
use datafusion::dataframe::DataFrame;
use datafusion::prelude::SQLOptions;
use std::collections::BTreeSet;
use tenure_catalog::names_in_query;

impl Engine {
    /// Plans a query over the lake's tables and the derived ones. It can change nothing and read no file.
    pub async fn sql(&self, text: &str) -> Result<DataFrame, EngineError> {
        let context = self.session().empty_context();
        let named = names_in_query(text).map(|names| names.tables).ok();
        for name in self.readable(named.as_ref()) {
            let source = self.session().context([name.as_str()], None, Sight::Customers).await?;
            context.register_table(name.as_str(), source.table_provider(name.as_str()).await?)?;
        }
        let options = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
        let plan = context.state().create_logical_plan(text).await?;
        options.verify_plan(&plan).map_err(|_| EngineError::NotAQuery)?;
        Ok(context.execute_logical_plan(plan).await?)
    }

    /// The tables to offer: those that a query names; all to what lists them (`SHOW TABLES`, `information_schema`).
    fn readable(&self, named: Option<&BTreeSet<String>>) -> Vec<String> {
        let lake = self.session().data().tables.keys().map(|name| (*name).to_owned());
        let derived =
            self.catalog().derived_tables().filter(|table| self.is_open(&table.name)).map(|table| table.name.clone());
        let all = lake.chain(derived).chain([ACCOUNT_VERSIONS.to_owned()]);
        match named.filter(|named| !named.contains("tables") && !named.contains("columns")) {
            None => all.collect(),
            Some(named) => all.filter(|name| named.contains(name)).collect(),
        }
    }

    /// Whether a derived table can be shown: it asks no period.
    fn is_open(&self, name: &str) -> bool {
        !self.derived_behind(name).iter().any(|table| table.reads_asked())
    }
}
