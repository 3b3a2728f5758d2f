//! Loading a catalogue: the built-ins, then a workspace's own files over them.

use crate::board::{self, BoardPlan};
use crate::check::{check, check_metric};
use crate::definition::Definition;
use crate::derived::DerivedTable;
use crate::error::{CatalogError, Problem};
use crate::metric::Metric;
use crate::{builtin, sql};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use tenure_schema::table;

/// A metric or derived-table file of a workspace, already read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogFile {
    /// Where it is, as the user knows it, such as `metrics/escalation_rate.toml`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// Every metric and derived table there is: the only list.
#[derive(Debug, Clone)]
pub struct Catalog {
    metrics: BTreeMap<String, Metric>,
    derived: BTreeMap<String, DerivedTable>,
    checks: BTreeMap<String, Metric>,
    board: BoardPlan,
    hash: String,
}

impl Catalog {
    /// The built-in metrics and derived tables alone.
    pub fn builtin() -> Result<Self, CatalogError> {
        Self::load(&[])
    }

    /// The built-ins with a workspace's files over them; all that is wrong is told at once.
    pub fn load(files: &[CatalogFile]) -> Result<Self, CatalogError> {
        let mut loading = Loading::default();
        for (name, text) in builtin::metrics() {
            loading.add(&format!("metrics/{name}"), text);
        }
        for (name, text) in builtin::derived() {
            loading.add(&format!("derived/{name}"), text);
        }
        for (name, text) in builtin::checks() {
            loading.add(&format!("checks/{name}"), text);
        }
        for file in files {
            loading.add(&file.path, &file.text);
        }
        let Loading { metrics, derived, mut checks, board, texts, mut problems } = loading;
        problems.extend(check(&metrics, &derived));
        if files.is_empty() {
            problems.extend(checks.values().flat_map(|own| check_metric(own, &metrics, &derived)));
        } else {
            // A check whose words a workspace's own definition of a metric lacks says nothing about that definition.
            checks.retain(|_, own| check_metric(own, &metrics, &derived).is_empty());
        }
        let board = BoardPlan::parse(builtin::board(), board.as_deref()).unwrap_or_else(|problem| {
            problems.push(problem);
            BoardPlan::default()
        });
        problems.extend(board.check(&metrics));
        if problems.is_empty() {
            Ok(Self { metrics, derived, checks, board, hash: hash(&texts) })
        } else {
            Err(CatalogError { problems })
        }
    }

    /// All metrics, by id.
    pub fn metrics(&self) -> impl Iterator<Item = &Metric> {
        self.metrics.values()
    }

    /// The metric of that id.
    pub fn metric(&self, id: &str) -> Option<&Metric> {
        self.metrics.get(id)
    }

    /// What must hold on any data, by id: derived metrics whose value must be zero.
    pub fn checks(&self) -> impl Iterator<Item = &Metric> {
        self.checks.values()
    }

    /// The order of the board.
    pub fn board(&self) -> &BoardPlan {
        &self.board
    }

    /// All derived tables, by name.
    pub fn derived_tables(&self) -> impl Iterator<Item = &DerivedTable> {
        self.derived.values()
    }

    /// The derived table of that name.
    pub fn derived(&self, name: &str) -> Option<&DerivedTable> {
        self.derived.get(name)
    }

    /// SHA-256 over every definition in force.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The lake tables that a definition reads, through derived tables and inputs.
    pub fn lake_tables(&self, definition: &Definition) -> BTreeSet<&'static str> {
        let mut found = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut open: Vec<String> = definition.rows.iter().map(|rows| rows.from.clone()).collect();
        while let Some(name) = open.pop() {
            if !seen.insert(name.clone()) {
                continue;
            }
            if let Some(derived) = self.derived.get(&name) {
                open.extend(derived.names.tables.iter().cloned());
            } else if let Some(table) = table::readable(&name) {
                found.insert(table.name);
            }
        }
        for (_, input) in definition.inputs.iter() {
            if let Some(input) = self.metrics.get(&input.metric).and_then(|m| m.definition(input.variant.as_deref())) {
                found.extend(self.lake_tables(input));
            }
        }
        found
    }

    /// Metric ids that look like this one, for "did you mean".
    pub fn similar(&self, id: &str) -> Vec<&str> {
        let wanted = id.to_lowercase().replace(['-', ' '], "_");
        let close =
            |found: &&str| found.contains(&wanted) || wanted.contains(*found) || shared_start(found, &wanted) >= 4;
        self.metrics.keys().map(String::as_str).filter(close).collect()
    }
}

fn shared_start(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count()
}

#[derive(Default)]
struct Loading {
    metrics: BTreeMap<String, Metric>,
    derived: BTreeMap<String, DerivedTable>,
    checks: BTreeMap<String, Metric>,
    board: Option<String>,
    texts: BTreeMap<String, String>,
    problems: Vec<Problem>,
}

impl Loading {
    fn add(&mut self, path: &str, text: &str) {
        if path == board::FILE {
            self.board = Some(text.to_owned());
            return;
        }
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
        let id = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        if let Some(problem) = unusable_name(path, id) {
            self.problems.push(problem);
        } else if name.ends_with(".sql") {
            match DerivedTable::parse(path, id, text) {
                Ok(table) => drop(self.derived.insert(id.to_owned(), table)),
                Err(problem) => self.problems.push(problem),
            }
        } else {
            match Metric::parse(path, id, text) {
                Ok(metric) if path.starts_with("checks/") => drop(self.checks.insert(id.to_owned(), metric)),
                Ok(metric) => drop(self.metrics.insert(id.to_owned(), metric)),
                Err(problems) => self.problems.extend(problems),
            }
        }
        if !path.starts_with("checks/") {
            self.texts.insert(name.to_owned(), text.to_owned());
        }
    }
}

fn unusable_name(path: &str, id: &str) -> Option<Problem> {
    let fine = id.starts_with(|c: char| c.is_ascii_lowercase())
        && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !fine {
        let remedy = "name the file in lower case, digits and _, such as escalation_rate.toml";
        return Some(Problem::new(path, "", format!("`{id}` cannot be a name"), remedy));
    }
    let taken = path.ends_with(".sql") && (table::readable(id).is_some() || id == "asked");
    taken.then(|| {
        Problem::new(path, "", format!("`{id}` is a table of the lake"), "choose another name for the derived table")
    })
}

fn hash(texts: &BTreeMap<String, String>) -> String {
    let mut digest = Sha256::new();
    for (name, text) in texts {
        for piece in [name, text] {
            digest.update((piece.len() as u64).to_be_bytes());
            digest.update(piece.as_bytes());
        }
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Columns that a name in `rows.from` offers, or `None` where text alone cannot tell.
pub(crate) fn columns_of(name: &str, derived: &BTreeMap<String, DerivedTable>) -> Option<BTreeSet<String>> {
    if let Some(found) = derived.get(name) {
        return found.names.output.as_ref().map(|columns| columns.iter().cloned().collect());
    }
    table::readable(name).map(|table| table.column_names().map(str::to_owned).collect())
}

/// The names in an expression, as a problem where it cannot be read.
pub(crate) fn read_expression(file: &str, key: &str, text: &str) -> Result<sql::Names, Problem> {
    sql::names_in_expression(text).map_err(|error| {
        Problem::new(file, key, format!("`{text}` cannot be read: {error}"), "write one SQL expression")
    })
}
