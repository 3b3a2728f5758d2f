//! Derived tables: rules written once, such as what a first reply is, each one SQL file.

use crate::sql::{Names, names_in_query};
use tenure_schema::problem::Problem;

/// A derived table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DerivedTable {
    /// Its name: the file's.
    pub name: String,
    /// What a row is, from the comment at the file's head.
    pub about: String,
    /// Its query.
    pub sql: String,
    /// What the query names.
    pub names: Names,
    /// The file, as the user knows it.
    pub file: String,
}

impl DerivedTable {
    pub(crate) fn parse(file: &str, name: &str, text: &str) -> Result<Self, Problem> {
        let names = names_in_query(text).map_err(|error| {
            Problem::new(
                file,
                "",
                format!("the SQL cannot be read: {error}"),
                "a derived table is one SELECT statement",
            )
        })?;
        let head = text.lines().take_while(|line| line.starts_with("--"));
        let about: Vec<&str> = head.map(|line| line.trim_start_matches('-').trim()).collect();
        Ok(Self { name: name.to_owned(), about: about.join(" "), sql: text.to_owned(), names, file: file.to_owned() })
    }

    /// Whether it reads the asked period, and so differs from question to question.
    pub fn reads_asked(&self) -> bool {
        self.names.tables.contains("asked")
    }
}
