//! Why an account cannot be told about.

use tenure_engine::EngineError;
use tenure_schema::period::PeriodError;

/// Why an account cannot be told about.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// A query or metric failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// A day is none.
    #[error(transparent)]
    Period(#[from] PeriodError),
    /// What a query gave cannot be read.
    #[error("the facts of an account could not be read: {0}")]
    Rows(String),
    /// There is no such account.
    #[error("there is no account {typed}; {}", remedy(.near))]
    Unknown {
        /// What was typed.
        typed: String,
        /// Accounts that look like it, each with its name.
        near: Vec<String>,
    },
    /// Several accounts have that name.
    #[error("several accounts are called {typed}; name one of {}", .ids.join(", "))]
    Ambiguous {
        /// What was typed.
        typed: String,
        /// Their ids.
        ids: Vec<String>,
    },
}

fn remedy(near: &[String]) -> String {
    if near.is_empty() {
        "write its id or its whole name".to_owned()
    } else {
        format!("did you mean {}?", near.join(", "))
    }
}

impl From<arrow::error::ArrowError> for AccountError {
    fn from(error: arrow::error::ArrowError) -> Self {
        Self::Rows(error.to_string())
    }
}
