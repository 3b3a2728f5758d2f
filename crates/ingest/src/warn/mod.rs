//! What is accepted with a warning: the rows are kept, and the metrics they would disturb say so.

mod keys;
mod money;
mod references;
mod scores;
mod staff;

pub(crate) use money::Money;
pub(crate) use references::{References, referenced_tables};
pub(crate) use scores::Scores;

/// Something that the import accepted, and that its user should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: String,
    /// How many rows.
    pub rows: u64,
    /// What about them, and what to do.
    pub message: String,
}

impl std::fmt::Display for Warning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}: {}", self.table, self.column, self.message)
    }
}

/// How many values a warning names.
const EXAMPLES: usize = 3;

/// `1 row`, `2 rows`, `about 12000 rows`.
fn rows(count: u64, estimated: bool) -> String {
    let about = if estimated { "about " } else { "" };
    format!("{about}{count} {}", if count == 1 { "row" } else { "rows" })
}

/// `, such as …` of what may be shown; else why nothing is.
fn such_as(examples: Option<String>) -> String {
    match examples {
        Some(examples) => format!(", such as {examples}"),
        None => " (not shown here: what staff answered never is)".to_owned(),
    }
}

fn verb<'a>(count: u64, one: &'a str, many: &'a str) -> &'a str {
    if count == 1 { one } else { many }
}

/// `'a', 'b'` of the first few.
fn quoted<'a>(values: impl IntoIterator<Item = &'a String>) -> String {
    let shown: Vec<String> = values.into_iter().take(EXAMPLES).map(|value| format!("'{value}'")).collect();
    shown.join(", ")
}
