//! What is wrong with a value, in words that end up in front of the user.

use super::number::Unread;
use tenure_schema::table::{Column, ColumnType};

/// What is wrong with one value of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The row, within its batch.
    pub row: usize,
    /// The column of the table.
    pub column: String,
    /// The value as it came.
    pub value: Option<String>,
    /// What is wrong with it.
    pub reason: String,
    /// What the user can do.
    pub remedy: String,
}

/// The faults of one column, in order of rows.
pub(super) struct Faults<'a> {
    column: &'a Column,
    pub found: Vec<Fault>,
}

impl<'a> Faults<'a> {
    pub fn of(column: &'a Column) -> Self {
        Faults { column, found: Vec::new() }
    }

    pub fn has(&self, row: usize) -> bool {
        self.found.binary_search_by_key(&row, |fault| fault.row).is_ok()
    }

    pub fn add(&mut self, row: usize, value: Option<&str>, reason: String, remedy: impl Into<String>) {
        let column = self.column.name.clone();
        self.found.push(Fault { row, column, value: value.map(short), reason, remedy: remedy.into() });
    }

    /// The value is not of the column's type.
    pub fn unread(&mut self, row: usize, value: &str, unread: Unread) {
        let kind = self.column.kind;
        let shown = short(value);
        let (reason, remedy) = match (unread, kind) {
            (Unread::TooLarge, ColumnType::Int) => (
                format!("'{shown}' is larger than a whole number can be"),
                "correct it, or map a text column to it".to_owned(),
            ),
            (Unread::TooLarge, kind) => {
                let digits = if kind == ColumnType::Rate { 8 } else { 12 };
                (
                    format!("'{shown}' has more than {digits} digits before the point"),
                    "correct it, or map it in larger units".to_owned(),
                )
            }
            (Unread::NoNumber, _) => not_of(kind, &shown),
        };
        self.add(row, Some(value), reason, remedy);
    }

    /// A required value is missing.
    pub fn missing(&mut self, row: usize) {
        let remedy = "fill it in at the source, or leave such rows out with WHERE";
        self.add(row, None, "is required and empty".to_owned(), remedy);
    }
}

fn not_of(kind: ColumnType, shown: &str) -> (String, String) {
    let (what, remedy) = match kind {
        ColumnType::Int => ("a whole number", "write it as digits, with CAST or CASE in the mapping"),
        ColumnType::Decimal | ColumnType::Money | ColumnType::Rate => {
            ("a number", "write it as digits with a decimal point, such as replace(x, ',', '.') in the mapping")
        }
        ColumnType::Bool => ("true or false", "translate it in the mapping, such as x = 'active'"),
        ColumnType::Instant => (
            "a date or time",
            "read it in the mapping, such as to_date(x, '%d-%m-%Y') or to_timestamp(x, '%d/%m/%Y %H:%M')",
        ),
        ColumnType::Date => ("a date", "read it in the mapping, such as to_date(x, '%d-%m-%Y')"),
        ColumnType::Text => ("text", "cast it in the mapping"),
    };
    (format!("'{shown}' is not {what}"), remedy.to_owned())
}

/// A value as a message shows it.
pub(crate) fn short(value: &str) -> String {
    const LONGEST: usize = 80;
    match value.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", value.get(..at).unwrap_or_default()),
        None => value.to_owned(),
    }
}
