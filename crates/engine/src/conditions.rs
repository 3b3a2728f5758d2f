//! Conditions that can match nothing are mistakes: told with what there is.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::question::{Condition, MetricRef};
use crate::segment::ATTRIBUTES;
use crate::session::{ACCOUNT_VERSIONS, Sight};
use arrow::array::AsArray;
use arrow::compute::cast;
use arrow::datatypes::DataType;

/// How many known values an error lists.
const LISTED: usize = 12;

impl Engine {
    /// Fails where a value is one that no account ever had, or an attribute is asked to have two.
    pub(crate) async fn check_conditions(
        &self,
        metrics: &[MetricRef],
        conditions: &[Condition],
    ) -> Result<(), EngineError> {
        for (at, condition) in conditions.iter().enumerate() {
            if conditions[..at].iter().any(|other| other.name == condition.name && other.value != condition.value) {
                return Err(EngineError::TwoValues { name: condition.name.clone() });
            }
            let of_rows = |metric: &MetricRef| {
                let definition =
                    self.catalog().metric(&metric.id).and_then(|m| m.definition(metric.variant.as_deref()));
                let rows = definition.and_then(|definition| definition.rows.as_ref());
                rows.is_some_and(|rows| rows.dimensions.contains(&condition.name))
            };
            if !metrics.iter().any(of_rows) {
                self.check_attribute(condition).await?;
            }
        }
        Ok(())
    }

    async fn check_attribute(&self, condition: &Condition) -> Result<(), EngineError> {
        let name = condition.name.strip_prefix("account.").unwrap_or(&condition.name);
        let sql = match name {
            "account" => "account_id".to_owned(),
            name if ATTRIBUTES.contains(&name) => format!("\"{name}\""),
            name if self.extra_attributes().contains(name) => {
                format!("attribute(attributes, '{}')", name.replace('\'', "''"))
            }
            _ => return Ok(()),
        };
        let Some(value) = &condition.value else { return Ok(()) };
        let context = self.session().context([ACCOUNT_VERSIONS], None, Sight::Customers).await?;
        let sql = format!("SELECT DISTINCT CAST({sql} AS VARCHAR) AS known FROM {ACCOUNT_VERSIONS} ORDER BY known");
        let mut known = Vec::new();
        for batch in context.sql(&sql).await?.collect().await? {
            let texts = cast(batch.column(0), &DataType::Utf8)?;
            known.extend(texts.as_string::<i32>().iter().flatten().map(str::to_owned));
        }
        if known.is_empty() || known.contains(value) {
            return Ok(());
        }
        let more = known.len().saturating_sub(LISTED);
        // What looks like it first: most mistakes are of upper and lower case.
        known.sort_by_key(|known| !known.eq_ignore_ascii_case(value));
        known.truncate(LISTED);
        Err(EngineError::UnknownValue { name: condition.name.clone(), value: value.clone(), known, more })
    }
}
