//! What accounts were at a time.

use crate::OutlookError;
use crate::cells::Cells;
use jiff::Timestamp;
use std::collections::HashMap;
use tenure_engine::{Engine, Query};

/// The values of some attributes of every account, over time.
#[derive(Debug, Default)]
pub(crate) struct Attributes {
    versions: HashMap<String, Vec<Version>>,
    width: usize,
}

#[derive(Debug)]
struct Version {
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    values: Vec<Option<String>>,
}

impl Attributes {
    /// Reads attributes named like `plan` or `account.plan`; `whom` asks, where there is none of that name.
    pub(crate) async fn read(
        engine: &Engine,
        whom: &str,
        names: &[String],
        now: Timestamp,
    ) -> Result<Self, OutlookError> {
        let columns = names.iter().map(|name| engine.attribute_sql(whom, name)).collect::<Result<Vec<_>, _>>()?;
        let mut read = Self { versions: HashMap::new(), width: names.len() };
        if names.is_empty() {
            return Ok(read);
        }
        let columns: Vec<String> = columns.iter().enumerate().map(|(at, sql)| format!(", {sql} AS a{at}")).collect();
        let sql = format!(
            "SELECT account_id, starts_at, ends_at{} FROM account_versions AS version ORDER BY account_id, starts_at",
            columns.concat()
        );
        let query = Query { file: "accounts", key: whom, sql: &sql };
        for batch in engine.query(query, &[], now).await? {
            let cells = Cells(&batch);
            let (accounts, starts, ends) = (cells.texts(0)?, cells.instants(1)?, cells.instants(2)?);
            let values = (3..3 + names.len()).map(|at| cells.texts(at)).collect::<Result<Vec<_>, _>>()?;
            for (row, account) in accounts.into_iter().enumerate() {
                let Some(account) = account else { continue };
                let values = values.iter().map(|column| column[row].clone()).collect();
                let version = Version { from: starts[row], to: ends[row], values };
                read.versions.entry(account).or_default().push(version);
            }
        }
        Ok(read)
    }

    /// Their values at a time, in the order asked for: `None` where there is none.
    pub(crate) fn at(&self, account: &str, at: Timestamp) -> Vec<Option<String>> {
        let holds =
            |version: &&Version| version.from.is_none_or(|from| from <= at) && version.to.is_none_or(|to| to > at);
        let versions = self.versions.get(account).and_then(|versions| versions.iter().rfind(holds));
        versions.map_or_else(|| vec![None; self.width], |version| version.values.clone())
    }
}
