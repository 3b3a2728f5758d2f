//! What an answer is split and filtered by: account attributes as of the row, and dimensions that rows declare.

use crate::error::EngineError;
use crate::question::Condition;
use std::collections::BTreeSet;
use tenure_catalog::{Definition, Subject};

/// The name by which an answer is split into its accounts.
pub(crate) const ACCOUNT: &str = "account";

/// Columns of `account_versions` that can be named.
pub(crate) const ATTRIBUTES: [&str; 7] = ["name", "parent_id", "plan", "segment", "industry", "country", "csm"];

/// One thing that splits or filters an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Segment {
    /// As it was asked for.
    pub(crate) name: String,
    /// As SQL over the rows, or over `version` for an account's attribute.
    pub(crate) sql: String,
    /// Whether it is an account's attribute.
    pub(crate) of_account: bool,
}

/// A condition on a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Filter {
    pub(crate) segment: Segment,
    pub(crate) value: Option<String>,
}

/// Names for one metric.
pub(crate) struct Resolver<'a> {
    pub(crate) metric: &'a str,
    pub(crate) definition: &'a Definition,
    /// Keys of `accounts.attributes` in this workspace.
    pub(crate) extra: &'a BTreeSet<String>,
}

impl Resolver<'_> {
    /// The definition's own splits, then what was asked.
    pub(crate) fn by(&self, asked: &[String]) -> Result<Vec<Segment>, EngineError> {
        let own =
            self.definition.split.iter().filter(|name| !asked.contains(name)).map(|name| Ok(dimension(name, name)));
        own.chain(asked.iter().map(|name| self.segment(name))).collect()
    }

    pub(crate) fn filters(&self, conditions: &[Condition]) -> Result<Vec<Filter>, EngineError> {
        conditions
            .iter()
            .map(|condition| Ok(Filter { segment: self.segment(&condition.name)?, value: condition.value.clone() }))
            .collect()
    }

    fn segment(&self, name: &str) -> Result<Segment, EngineError> {
        let dimensions: &[String] = self.definition.rows.as_ref().map_or(&[], |rows| &rows.dimensions);
        if let Some(bare) = name.strip_prefix("account.") {
            return self.attribute(bare).map(|sql| of_account(name, sql)).ok_or_else(|| self.unknown(name));
        }
        let bare = name.strip_prefix("row.").unwrap_or(name);
        let declared = dimensions.iter().any(|dimension| dimension == bare);
        if name == ACCOUNT && !declared && self.definition.subject == Subject::Account {
            return Ok(dimension(name, "account_id"));
        }
        match (declared, self.attribute(bare)) {
            (true, Some(_)) if bare == name => {
                Err(EngineError::AmbiguousAttribute { metric: self.metric.to_owned(), name: name.to_owned() })
            }
            (true, _) => Ok(dimension(name, bare)),
            (false, Some(sql)) if bare == name => Ok(of_account(name, sql)),
            _ => Err(self.unknown(name)),
        }
    }

    /// An account's attribute as SQL over `version`.
    fn attribute(&self, name: &str) -> Option<String> {
        if self.definition.subject == Subject::Staff {
            None
        } else if ATTRIBUTES.contains(&name) {
            Some(format!("version.\"{name}\""))
        } else {
            self.extra.contains(name).then(|| format!("attribute(version.attributes, '{}')", name.replace('\'', "''")))
        }
    }

    fn unknown(&self, name: &str) -> EngineError {
        let dimensions = self.definition.rows.iter().flat_map(|rows| rows.dimensions.iter().cloned());
        let attributes: Vec<String> = match self.definition.subject {
            Subject::Staff => Vec::new(),
            Subject::Account => {
                let own = ATTRIBUTES.iter().map(|name| format!("account.{name}"));
                std::iter::once(ACCOUNT.to_owned())
                    .chain(own)
                    .chain(self.extra.iter().map(|name| format!("account.{name}")))
                    .collect()
            }
        };
        let known = dimensions.chain(attributes).collect();
        EngineError::UnknownAttribute { metric: self.metric.to_owned(), name: name.to_owned(), known }
    }
}

fn dimension(name: &str, bare: &str) -> Segment {
    Segment { name: name.to_owned(), sql: format!("folded.\"{bare}\""), of_account: false }
}

fn of_account(name: &str, sql: String) -> Segment {
    Segment { name: name.to_owned(), sql, of_account: true }
}
