//! The lake's tables, read from `tables/*.toml`: the only list of tables and columns there is. Those in `tables/own` the lake writes of
//! itself.

use serde::Deserialize;
use std::sync::LazyLock;

/// A table of the lake.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Its name, as in SQL.
    pub name: &'static str,
    /// What a row is.
    pub about: String,
    /// Primary key, in sort order.
    pub key: Vec<String>,
    /// Whether extra columns of a mapping are kept in `attributes`.
    pub attributes: bool,
    /// The column that says from when a row is known; `None`: its first event.
    known_from: Option<String>,
    /// Its columns, in order, without `attributes` and the provenance columns.
    pub columns: Vec<Column>,
    /// Columns that say where a row came from.
    pub provenance: &'static [&'static str],
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its name, as in SQL.
    #[serde(skip)]
    pub name: String,
    /// What it holds.
    #[serde(rename = "type")]
    pub kind: ColumnType,
    /// A row without it is rejected.
    #[serde(default)]
    pub required: bool,
    /// What an empty value means; see [`Default`].
    #[serde(default)]
    default: Option<String>,
    /// Lowest allowed value.
    #[serde(default)]
    pub min: Option<f64>,
    /// Highest allowed value.
    #[serde(default)]
    pub max: Option<f64>,
    /// The allowed words.
    #[serde(default)]
    pub one_of: Vec<String>,
    /// The table whose key this names; an unknown reference is kept with a warning.
    #[serde(default)]
    pub references: Option<String>,
    /// The column this one must be later than.
    #[serde(default)]
    pub after: Option<String>,
    /// An observed time: data-through is taken from these.
    #[serde(default)]
    pub event: bool,
    /// Columns that say from when the value is known: from the earliest of them. Empty: known with the row.
    #[serde(default)]
    pub known_at: Vec<String>,
    /// What it means, in a line.
    pub about: String,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnType {
    /// Unicode text.
    Text,
    /// A whole number of 64 bits.
    Int,
    /// An exact decimal with six places.
    Decimal,
    /// An exact amount with six places; its currency stands in the column `currency`.
    Money,
    /// An exact exchange rate with ten places.
    Rate,
    /// True or false.
    Bool,
    /// A point in time, to the microsecond.
    Instant,
    /// A calendar day.
    Date,
}

/// What an empty value of a column means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Default {
    /// This very text, read as the column's type.
    Value(String),
    /// The beginning of time: 1970-01-01T00:00Z.
    Beginning,
    /// The workspace's currency.
    Currency,
}

impl Column {
    /// What an empty value means, if not null.
    pub fn default(&self) -> Option<Default> {
        self.default.as_deref().map(|text| match text {
            "beginning" => Default::Beginning,
            "currency" => Default::Currency,
            value => Default::Value(value.to_owned()),
        })
    }
}

impl Table {
    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The column that says from when a row is known; none where rows have no time.
    pub fn known_from(&self) -> Option<&str> {
        let event = || self.columns.iter().find(|column| column.event).map(|column| column.name.as_str());
        self.known_from.as_deref().or_else(event)
    }

    /// Every column name that SQL may use: the table's own, `attributes`, and provenance.
    pub fn column_names(&self) -> impl Iterator<Item = &str> {
        let attributes = self.attributes.then_some(ATTRIBUTES);
        self.columns.iter().map(|c| c.name.as_str()).chain(attributes).chain(self.provenance.iter().copied())
    }
}

/// The column that holds free extra attributes, as a JSON object.
pub const ATTRIBUTES: &str = "attributes";

/// Where a row came from: source, file, record number, and the lake version that committed it.
pub const PROVENANCE: [&str; 4] = ["_source", "_file", "_row", "_version"];

/// All tables that sources are mapped to, by name.
pub fn tables() -> &'static [Table] {
    &TABLES
}

/// The table of that name that sources are mapped to.
pub fn table(name: &str) -> Option<&'static Table> {
    TABLES.iter().find(|table| table.name == name)
}

/// Tables that the lake writes of itself and that queries may read, by name.
pub fn own_tables() -> &'static [Table] {
    &OWN_TABLES
}

/// The table of that name that queries may read: one that sources are mapped to, or one of the lake's own.
pub fn readable(name: &str) -> Option<&'static Table> {
    TABLES.iter().chain(OWN_TABLES.iter()).find(|table| table.name == name)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableFile {
    about: String,
    key: Vec<String>,
    attributes: bool,
    known_from: Option<String>,
    columns: toml::Table,
}

macro_rules! embedded {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../tables/", $name, ".toml")))),*]
    };
}

const FILES: [(&str, &str); 17] = embedded![
    "accounts",
    "contacts",
    "contracts",
    "fx_rates",
    "health_ratings",
    "interactions",
    "invoices",
    "milestones",
    "opportunities",
    "referrals",
    "staff",
    "subscriptions",
    "survey_responses",
    "survey_sends",
    "ticket_events",
    "tickets",
    "usage_events",
];

const OWN_FILES: [(&str, &str); 4] =
    embedded!["own/health_scorecards", "own/health_scores", "own/health_signals", "own/tenure_imports"];

static TABLES: LazyLock<Vec<Table>> = LazyLock::new(|| read_all(&FILES, &PROVENANCE));
static OWN_TABLES: LazyLock<Vec<Table>> = LazyLock::new(|| read_all(&OWN_FILES, &["_version"]));

#[expect(clippy::panic, reason = "the files are compiled in, and a test reads them all")]
fn read_all(files: &[(&'static str, &str)], provenance: &'static [&'static str]) -> Vec<Table> {
    let read = |(path, text): &(&'static str, &str)| {
        read(path, text, provenance).unwrap_or_else(|error| panic!("tables/{path}.toml: {error}"))
    };
    files.iter().map(read).collect()
}

fn read(path: &'static str, text: &str, provenance: &'static [&'static str]) -> Result<Table, toml::de::Error> {
    let file: TableFile = toml::from_str(text)?;
    let columns = file.columns.into_iter().map(|(name, value)| {
        let column: Column = value.try_into()?;
        Ok(Column { name, ..column })
    });
    Ok(Table {
        name: path.rsplit('/').next().unwrap_or(path),
        about: file.about,
        key: file.key,
        attributes: file.attributes,
        known_from: file.known_from,
        columns: columns.collect::<Result<_, toml::de::Error>>()?,
        provenance,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_sound() {
        for table in tables() {
            assert!(!table.key.is_empty(), "{} has no key", table.name);
            assert!(table.known_from().is_none_or(|from| table.column(from).is_some()), "{}: known_from", table.name);
            for key in &table.key {
                let column = table.column(key).unwrap_or_else(|| panic!("{}: key {key} is no column", table.name));
                assert!(column.required || column.default().is_some(), "{}.{key} may be null", table.name);
            }
            for column in &table.columns {
                for named in column.after.iter().chain(&column.known_at) {
                    assert!(table.column(named).is_some(), "{}.{}: names {named}", table.name, column.name);
                }
                for named in column.references.iter() {
                    assert!(super::table(named).is_some(), "{}.{}: references {named}", table.name, column.name);
                }
            }
        }
    }

    #[test]
    fn the_lakes_own_tables_are_read_and_not_mapped_to() {
        let imports = readable("tenure_imports").unwrap();
        assert!(imports.column("duplicate").is_some_and(|column| column.kind == ColumnType::Int));
        assert!(imports.key.iter().all(|key| imports.column(key).is_some()));
        assert_eq!(imports.column_names().last(), Some("_version"));
        assert!(table("tenure_imports").is_none());
        assert!(readable("tickets").is_some() && readable("tenure_rejects").is_none());
    }
}
