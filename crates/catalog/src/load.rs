//! Loading a catalogue: the built-ins, then a workspace's own files over them.

use crate::board::{self, BoardPlan};
use crate::check::{check, check_metric};
use crate::definition::Definition;
use crate::derived::DerivedTable;
use crate::metric::{Metric, merged};
use crate::{builtin, sql};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use tenure_schema::problem::{Problem, Problems};
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
    /// The keys of each metric, for files that say they are like it.
    keys: BTreeMap<String, toml::Table>,
    metrics: BTreeMap<String, Metric>,
    derived: BTreeMap<String, DerivedTable>,
    checks: BTreeMap<String, Metric>,
    board: BoardPlan,
    hash: String,
}

impl Catalog {
    /// The built-in metrics and derived tables alone.
    pub fn builtin() -> Result<Self, Problems> {
        Self::load(&[])
    }

    /// The built-ins with a workspace's files over them; all that is wrong is told at once.
    pub fn load(files: &[CatalogFile]) -> Result<Self, Problems> {
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
        // What a built-in metric is like stays so, whatever a workspace makes of that one.
        loading.resolve();
        for file in files {
            loading.add(&file.path, &file.text);
        }
        loading.resolve();
        let own_checks: BTreeSet<&str> =
            files.iter().filter_map(|file| file.path.strip_prefix(CHECKS)?.strip_suffix(".toml")).collect();
        let Loading { keys, metrics, derived, mut checks, board, texts, mut problems, .. } = loading;
        problems.extend(check(&metrics, &derived));
        checks.retain(|id, check| {
            let wrong = check_metric(check, &metrics, &derived);
            let is_own = own_checks.contains(id.as_str());
            // A built-in check whose words a workspace's own definition of a metric lacks says nothing about that definition.
            let kept = wrong.is_empty() || is_own || files.is_empty();
            if kept {
                problems.extend(wrong);
            }
            kept
        });
        let board = BoardPlan::parse(builtin::board(), board.as_deref()).unwrap_or_else(|problem| {
            problems.push(problem);
            BoardPlan::default()
        });
        problems.extend(board.check(&metrics));
        if problems.is_empty() {
            Ok(Self { keys, metrics, derived, checks, board, hash: hash(&texts) })
        } else {
            Err(Problems { problems })
        }
    }

    /// Reads and checks one metric file among these definitions, in place of the one of its name. What the others would then be is not
    /// looked at: that is for [`Catalog::load`].
    pub fn read_metric(&self, file: &CatalogFile) -> Result<Metric, Problems> {
        let mut loading = Loading { keys: self.keys.clone(), ..Loading::default() };
        let id = id_of(&file.path);
        match Metric::keys(&file.path, &file.text) {
            Ok(keys) => loading.add_keys(&file.path, id, keys),
            Err(problem) => loading.problems.push(problem),
        }
        loading.resolve();
        let Loading { mut metrics, mut problems, .. } = loading;
        let metric = metrics.remove(id);
        problems.extend(metric.iter().flat_map(|metric| check_metric(metric, &self.metrics, &self.derived)));
        metric.filter(|_| problems.is_empty()).ok_or(Problems { problems })
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
        let mut found = self.lake_tables_behind(definition.rows.iter().map(|rows| rows.from.clone()));
        for (_, input) in definition.inputs.iter() {
            if let Some(input) = self.metrics.get(&input.metric).and_then(|m| m.definition(input.variant.as_deref())) {
                found.extend(self.lake_tables(input));
            }
        }
        found
    }

    /// The lake tables among some tables, and those that the derived ones among them read.
    pub fn lake_tables_behind(&self, tables: impl IntoIterator<Item = String>) -> BTreeSet<&'static str> {
        let mut found = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut open: Vec<String> = tables.into_iter().collect();
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

/// Where checks stand.
const CHECKS: &str = "checks/";

#[derive(Default)]
struct Loading {
    /// Every key of each metric, those that it takes from another included.
    keys: BTreeMap<String, toml::Table>,
    /// Files that say what they are like, by id.
    alike: BTreeMap<String, Alike>,
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
        let (name, id) = (file_name(path), id_of(path));
        if let Some(problem) = unusable_name(path, id) {
            self.problems.push(problem);
        } else if name.ends_with(".sql") {
            match DerivedTable::parse(path, id, text) {
                Ok(table) => drop(self.derived.insert(id.to_owned(), table)),
                Err(problem) => self.problems.push(problem),
            }
        } else {
            match Metric::keys(path, text) {
                Ok(keys) => self.add_keys(path, id, keys),
                Err(problem) => self.problems.push(problem),
            }
        }
        if !path.starts_with(CHECKS) {
            self.texts.insert(name.to_owned(), text.to_owned());
        }
    }

    fn add_keys(&mut self, path: &str, id: &str, mut keys: toml::Table) {
        match keys.remove("like") {
            None => self.define(path, id, keys),
            Some(toml::Value::String(like)) => {
                self.alike.insert(id.to_owned(), Alike { file: path.to_owned(), like, keys });
            }
            Some(_) => {
                self.problems.push(Problem::new(
                    path,
                    "like",
                    "not a name",
                    "write like = \"nps\", the metric it is like",
                ));
            }
        }
    }

    fn define(&mut self, path: &str, id: &str, keys: toml::Table) {
        match Metric::of(path, id, keys.clone()) {
            Ok(metric) if path.starts_with(CHECKS) => drop(self.checks.insert(id.to_owned(), metric)),
            Ok(metric) => {
                self.keys.insert(id.to_owned(), keys);
                self.metrics.insert(id.to_owned(), metric);
            }
            Err(problems) => self.problems.extend(problems),
        }
    }

    /// Gives each metric that is like another the keys of that one under its own. A metric of a workspace may be like the built-in one of
    /// its own name.
    fn resolve(&mut self) {
        let waits = |alike: &BTreeMap<String, Alike>, id: &str, like: &str| like != id && alike.contains_key(like);
        while let Some(id) =
            self.alike.iter().find(|(id, one)| !waits(&self.alike, id, &one.like)).map(|(id, _)| id.clone())
        {
            let Some(Alike { file, like, keys }) = self.alike.remove(&id) else { return };
            match self.keys.get(&like) {
                Some(base) => self.define(&file, &id, merged(base, keys)),
                None => {
                    let remedy = "name a metric of the catalogue; `tenure explain` lists them";
                    self.problems.push(Problem::new(&file, "like", format!("`{like}` is no metric"), remedy));
                }
            }
        }
        for (id, one) in std::mem::take(&mut self.alike) {
            let what = format!("a circle: `{id}` is like `{}`", one.like);
            self.problems.push(Problem::new(&one.file, "like", what, "write one of the circle out in full"));
        }
    }
}

/// A file that says which metric it is like, and its own keys.
struct Alike {
    file: String,
    like: String,
    keys: toml::Table,
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// The id that a file gives: its name without the ending.
fn id_of(path: &str) -> &str {
    let name = file_name(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
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
