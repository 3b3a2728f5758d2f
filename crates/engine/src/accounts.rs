//! Whose a row is: merges and parents are resolved where tables enter the engine, once for every metric.

use crate::error::EngineError;
use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use datafusion::error::Result as DataFusionResult;
use datafusion::logical_expr::{ColumnarValue, ScalarUDF, Volatility, create_udf};
use datafusion::prelude::SessionContext;
use std::collections::HashMap;
use std::sync::Arc;
use tenure_schema::as_of::Level;

/// Account → the account that its rows belong to, where that is another one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Owners(HashMap<String, String>);

/// The latest word on each account's merge and parent.
const LINKS: &str = "
SELECT account_id, merged_into, parent_id FROM (
    SELECT account_id, merged_into, parent_id,
           row_number() OVER (PARTITION BY account_id ORDER BY valid_from DESC) AS newest
    FROM accounts)
WHERE newest = 1 AND (merged_into IS NOT NULL OR parent_id IS NOT NULL)";

/// Attributes with the stretch of time over which each version holds; the first is extended backwards and marked.
pub(crate) const VERSIONS: &str = "
WITH version AS (
    SELECT *, lead(valid_from) OVER (PARTITION BY account_id ORDER BY valid_from) AS next_from,
           row_number() OVER (PARTITION BY account_id ORDER BY valid_from) AS number
    FROM accounts)
SELECT account_id, name, parent_id, plan, segment, industry, country, csm_id AS csm, attributes,
       valid_from AS starts_at, next_from AS ends_at, false AS assumed
FROM version
UNION ALL
SELECT account_id, name, parent_id, plan, segment, industry, country, csm_id, attributes,
       TIMESTAMP '1900-01-01T00:00:00Z', valid_from, true
FROM version WHERE number = 1 AND valid_from > TIMESTAMP '1970-01-01T00:00:00Z'";

impl Owners {
    pub(crate) async fn read(context: &SessionContext, level: Level) -> Result<Self, EngineError> {
        let batches = context.sql(LINKS).await?.collect().await?;
        let mut merged = HashMap::new();
        let mut parent = HashMap::new();
        for batch in &batches {
            let column = |index: usize| -> DataFusionResult<_> { text_column(batch, index) };
            let (accounts, survivors, parents) = (column(0)?, column(1)?, column(2)?);
            for row in 0..batch.num_rows() {
                let account = accounts.value(row).to_owned();
                if survivors.is_valid(row) {
                    merged.insert(account.clone(), survivors.value(row).to_owned());
                }
                if parents.is_valid(row) && level == Level::Parent {
                    parent.insert(account, parents.value(row).to_owned());
                }
            }
        }
        Ok(Self::resolve(&merged, &parent))
    }

    fn resolve(merged: &HashMap<String, String>, parent: &HashMap<String, String>) -> Self {
        let next = |account: &String| merged.get(account).or_else(|| parent.get(account)).cloned();
        let owners = merged.keys().chain(parent.keys()).filter_map(|account| {
            let owner = last_along(account, &next);
            (owner != *account).then(|| (account.clone(), owner))
        });
        Self(owners.collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `account_owner(account_id)`: the account that a row belongs to.
    pub(crate) fn function(&self) -> ScalarUDF {
        let owners = Arc::new(self.0.clone());
        let apply = move |arguments: &[ColumnarValue]| -> DataFusionResult<ColumnarValue> {
            let arrays = ColumnarValue::values_to_arrays(arguments)?;
            let accounts = cast(&arrays[0], &DataType::Utf8)?;
            let owned = accounts
                .as_string::<i32>()
                .iter()
                .map(|account| account.map(|account| owners.get(account).map_or(account, String::as_str)));
            Ok(ColumnarValue::Array(Arc::new(owned.collect::<StringArray>())))
        };
        create_udf("account_owner", vec![DataType::Utf8], DataType::Utf8, Volatility::Immutable, Arc::new(apply))
    }
}

/// Follows `next` to its end; a circle ends at the smallest name in it, so that all its members agree.
fn last_along(start: &str, next: &dyn Fn(&String) -> Option<String>) -> String {
    let mut path = vec![start.to_owned()];
    let mut at = start.to_owned();
    while let Some(step) = next(&at) {
        if let Some(back) = path.iter().position(|seen| *seen == step) {
            return path[back..].iter().min().cloned().unwrap_or(step);
        }
        path.push(step.clone());
        at = step;
    }
    at
}

fn text_column(batch: &RecordBatch, index: usize) -> DataFusionResult<StringArray> {
    Ok(cast(batch.column(index), &DataType::Utf8)?.as_string::<i32>().clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> HashMap<String, String> {
        pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    }

    #[test]
    fn merges_come_before_parents_and_chains_are_followed() {
        let owners = Owners::resolve(&map(&[("a", "b"), ("b", "c")]), &map(&[("c", "p"), ("d", "p")]));
        assert_eq!(owners.0, map(&[("a", "p"), ("b", "p"), ("c", "p"), ("d", "p")]));
    }

    #[test]
    fn a_circle_ends_somewhere_all_agree_on() {
        let owners = Owners::resolve(&map(&[("a", "b"), ("b", "a"), ("x", "b")]), &map(&[]));
        assert_eq!(owners.0, map(&[("b", "a"), ("x", "a")]));
    }
}
