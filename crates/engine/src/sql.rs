//! SQL for people: the lake's tables and the derived ones, read-only, without what staff answered.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::session::ACCOUNT_VERSIONS;
use datafusion::dataframe::DataFrame;
use datafusion::prelude::SQLOptions;
use std::collections::BTreeSet;
use tenure_catalog::names_in_query;

/// Tables in which staff answer; only customers' rows of them are visible.
const ANSWERED_BY_STAFF: [(&str, &str); 2] = [
    ("survey_responses", "survey_kind NOT IN ('enps', 'pulse') AND staff_id IS NULL"),
    ("survey_sends", "audience <> 'staff' AND survey_kind NOT IN ('enps', 'pulse') AND staff_id IS NULL"),
];

impl Engine {
    /// Plans a query over the lake's tables and the derived ones. It can change nothing and read no file.
    pub async fn sql(&self, text: &str) -> Result<DataFrame, EngineError> {
        let context = self.session().empty_context();
        let named = names_in_query(text).map(|names| names.tables).ok();
        for name in self.readable(named.as_ref()) {
            let source = self.session().context([name.as_str()], None).await?;
            let provider = match ANSWERED_BY_STAFF.iter().find(|(table, _)| *table == name) {
                Some((_, visible)) => source
                    .table(name.as_str())
                    .await?
                    .filter(source.parse_sql_expr(visible, source.table(name.as_str()).await?.schema())?)?
                    .into_view(),
                None => source.table_provider(name.as_str()).await?,
            };
            context.register_table(name.as_str(), provider)?;
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

    /// Whether a derived table can be shown: it asks no period, and no staff answer stands in it.
    fn is_open(&self, name: &str) -> bool {
        let behind = self.derived_behind(name);
        let asked = behind.iter().any(|table| table.reads_asked());
        let staff = behind
            .iter()
            .any(|table| ANSWERED_BY_STAFF.iter().any(|(answered, _)| table.names.tables.contains(*answered)));
        !asked && !staff
    }
}
