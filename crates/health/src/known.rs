//! What was known of a day.
//!
//! A day is scored from the first lake version in which it is closed: in which the tables that say who is a customer and what they do
//! ([`CLOSING`]) run to its end. What arrives later does not change it. Days that were over before the first import are scored from that
//! import, by the time of its rows; and where a source was first loaded later than a day was closed, its rows of that first load stand in by
//! their time too, for else a new source would have no past.

use crate::error::HealthError;
use crate::latest::latest;
use arrow::array::{Array, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type, TimestampMicrosecondType};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use tenure_engine::Data;
use tenure_lake::{Lake, Version};

/// The tables that close a day: those of them that were ever imported.
pub const CLOSING: [&str; 2] = ["subscriptions", "usage_events"];

/// Every import there was: which source filled which table, in which version, and how far it ran.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    imports: Vec<Import>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Import {
    version: Version,
    source: String,
    table: String,
    through: Option<Timestamp>,
}

/// Which data a day is scored from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Basis {
    /// The version that closed the day.
    pub version: Version,
    /// Sources first loaded later: table, source and the version of that first load.
    pub late: BTreeSet<(String, String, Version)>,
}

impl Known {
    /// Reads them from a lake's latest version.
    pub async fn read(lake: &Lake) -> Result<Self, HealthError> {
        let context = latest(lake).await?;
        let sql = "SELECT import_id, source, table_name, data_through FROM tenure_imports ORDER BY import_id, source, table_name";
        let mut imports = Vec::new();
        for batch in context.sql(sql).await?.collect().await? {
            let text = |column: usize| cast(batch.column(column), &DataType::Utf8);
            let (sources, tables) = (text(1)?, text(2)?);
            let versions = batch.column(0).as_primitive::<Int64Type>();
            let through = batch.column(3).as_primitive::<TimestampMicrosecondType>();
            for row in 0..batch.num_rows() {
                let through =
                    through.is_valid(row).then(|| Timestamp::from_microsecond(through.value(row)).ok()).flatten();
                imports.push(Import {
                    version: Version(u64::try_from(versions.value(row)).unwrap_or_default()),
                    source: sources.as_string::<i32>().value(row).to_owned(),
                    table: tables.as_string::<i32>().value(row).to_owned(),
                    through,
                });
            }
        }
        Ok(Self { imports })
    }

    /// Up to when days are closed by now; `None` where nothing was imported that closes one.
    pub fn closed_to(&self) -> Option<Timestamp> {
        self.imports.last().and_then(|last| self.closed_in(last.version))
    }

    /// What a day that ends then is scored from; `None` where it is not closed yet.
    pub fn basis(&self, end: Timestamp) -> Option<Basis> {
        let mut versions: Vec<Version> = self.imports.iter().map(|import| import.version).collect();
        versions.dedup();
        // Versions only ever close more.
        let place = versions.partition_point(|version| self.closed_in(*version).is_none_or(|closed| closed < end));
        let version = *versions.get(place)?;
        let mut first: BTreeMap<(&str, &str), Version> = BTreeMap::new();
        for import in &self.imports {
            first.entry((&import.table, &import.source)).or_insert(import.version);
        }
        let late = first.into_iter().filter(|(_, loaded)| *loaded > version);
        let late = late.map(|((table, source), loaded)| (table.to_owned(), source.to_owned(), loaded)).collect();
        Some(Basis { version, late })
    }

    /// Up to when a version closes days: the earliest over the closing tables of what their sources had said by then.
    fn closed_in(&self, version: Version) -> Option<Timestamp> {
        let table = |name: &str| {
            let mut said: BTreeMap<&str, Timestamp> = BTreeMap::new();
            for import in self.imports.iter().filter(|import| import.version <= version && import.table == name) {
                if let Some(through) = import.through {
                    let latest = said.entry(&import.source).or_insert(through);
                    *latest = (*latest).max(through);
                }
            }
            said.into_values().min()
        };
        CLOSING.iter().filter_map(|name| table(name)).min()
    }
}

impl Basis {
    /// The data itself.
    pub async fn data(&self, lake: &Lake) -> Result<Data, HealthError> {
        let mut data = Data::of(&lake.snapshot(self.version).await?).await?;
        let versions: BTreeSet<Version> = self.late.iter().map(|(.., version)| *version).collect();
        for version in versions {
            let other = Data::of(&lake.snapshot(version).await?).await?;
            for (table, source, _) in self.late.iter().filter(|(.., loaded)| *loaded == version) {
                data = data.with_source(table, source, &other).await?;
            }
        }
        Ok(data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn import(version: u64, source: &str, table: &str, through: &str) -> Import {
        let through = Some(format!("{through}T00:00Z").parse().unwrap());
        Import { version: Version(version), source: source.to_owned(), table: table.to_owned(), through }
    }

    fn at(day: &str) -> Timestamp {
        format!("{day}T00:00Z").parse().unwrap()
    }

    fn nightly() -> Known {
        Known {
            imports: vec![
                import(1, "billing", "subscriptions", "2026-03-10"),
                import(1, "product", "usage_events", "2026-03-10"),
                import(2, "billing", "subscriptions", "2026-03-11"),
                import(3, "product", "usage_events", "2026-03-11"),
                import(4, "desk", "tickets", "2026-03-11"),
            ],
        }
    }

    #[test]
    fn a_day_is_scored_from_the_version_that_closed_it_in_every_closing_table() {
        let known = nightly();
        assert_eq!(known.basis(at("2026-03-10")).unwrap().version, Version(1));
        assert_eq!(known.basis(at("2026-03-11")).unwrap().version, Version(3));
        assert_eq!(known.basis(at("2026-03-12")), None);
        assert_eq!(known.closed_to(), Some(at("2026-03-11")));
    }

    #[test]
    fn a_source_first_loaded_later_stands_in_by_the_time_of_its_rows() {
        let basis = nightly().basis(at("2025-01-01")).unwrap();
        assert_eq!(basis.version, Version(1));
        assert_eq!(basis.late, BTreeSet::from([("tickets".to_owned(), "desk".to_owned(), Version(4))]));
    }

    #[test]
    fn without_a_closing_table_no_day_is_closed() {
        let known = Known { imports: vec![import(1, "desk", "tickets", "2026-03-10")] };
        assert_eq!((known.basis(at("2026-01-01")), known.closed_to()), (None, None));
    }
}
