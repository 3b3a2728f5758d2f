//! Sources: where data comes from and how it maps. One `sources/*.toml` each.

mod expand;
mod files;
mod parse;
mod spell;

pub use files::InputFile;
pub use spell::nearest;

use crate::problem::Problem;
use jiff::{Timestamp, tz::TimeZone};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tenure_schema::settings::Settings;
use tenure_schema::table::Table;

/// What a source inherits from its workspace.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// The workspace's folder: paths of files are relative to it.
    pub root: PathBuf,
    /// Its settings: the zone of naive times and the currency of money, where a source and a row state none.
    pub settings: Arc<Settings>,
}

/// Looks an environment variable up; handed in, so that nothing here reads the environment.
pub type Environment<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// A source, read and checked, its files not yet looked for.
#[derive(Debug, Clone)]
pub struct Source {
    /// The stem of its file.
    pub name: String,
    /// Its file as messages name it: `sources/billing.toml`.
    pub place: String,
    /// What it is, in the user's words.
    pub about: Option<String>,
    /// The zone of its naive times.
    pub timezone: TimeZone,
    /// Everything before this instant is in the export.
    pub data_through: Option<Timestamp>,
    /// What becomes of keys that are no longer there.
    pub mode: Mode,
    /// The relations its SQL reads, by name.
    pub files: Vec<FileSet>,
    /// The tables it fills.
    pub tables: Vec<TableMapping>,
}

/// What becomes of keys that are no longer in the export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// They stay.
    #[default]
    Upsert,
    /// They are removed from the latest version; the past keeps them.
    Snapshot,
}

/// Files of one shape, read as one relation.
#[derive(Debug, Clone)]
pub struct FileSet {
    /// The relation's name in SQL.
    pub name: String,
    /// Where it stands, for messages: `sources/billing.toml:7: files.subs`.
    pub place: String,
    /// Path or glob, variables expanded.
    pub pattern: String,
    /// How the bytes are read.
    pub format: Format,
}

/// How the bytes of a file become records.
#[derive(Debug, Clone, PartialEq)]
pub enum Format {
    /// Delimited text.
    Csv(Csv),
    /// One JSON object a line.
    JsonLines(JsonLines),
    /// Apache Parquet, with its own types.
    Parquet,
}

/// How delimited text is laid out.
#[derive(Debug, Clone, PartialEq)]
pub struct Csv {
    /// What stands between two fields.
    pub delimiter: Delimiter,
    /// What encloses a field that holds a delimiter or a line break; none: quotes are plain characters.
    pub quote: Option<u8>,
    /// The names of the columns, where the file has no header.
    pub columns: Option<Vec<String>>,
    /// The encoding of the text; a byte-order mark overrides it.
    pub encoding: &'static encoding_rs::Encoding,
    /// The texts that mean null.
    pub null: Vec<String>,
}

/// How JSON lines are read.
#[derive(Debug, Clone, PartialEq)]
pub struct JsonLines {
    /// The encoding of the text; a byte-order mark overrides it.
    pub encoding: &'static encoding_rs::Encoding,
    /// The texts that mean null, besides JSON's own.
    pub null: Vec<String>,
}

/// What stands between two fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delimiter {
    /// One byte.
    Byte(u8),
    /// A run of spaces or tabs.
    Spaces,
}

/// How one table of the lake is filled.
#[derive(Debug, Clone)]
pub struct TableMapping {
    /// The table.
    pub table: &'static Table,
    /// Where it stands, for messages: `sources/billing.toml:12: tables.subscriptions`.
    pub place: String,
    /// Its SELECTs.
    pub selects: Vec<String>,
}

impl Source {
    /// Reads and checks the text of `sources/<name>.toml`.
    pub fn parse(name: &str, text: &str, workspace: &Workspace, env: &Environment) -> Result<Source, Problem> {
        parse::parse(name, text, workspace, env)
    }

    /// Reads the one source of that name.
    pub fn load(name: &str, workspace: &Workspace, env: &Environment) -> Result<Source, Problem> {
        let place = format!("sources/{name}.toml");
        let text = std::fs::read_to_string(workspace.root.join(&place)).map_err(|error| {
            let known = source_names(&workspace.root).unwrap_or_default();
            let remedy = match nearest(name, known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean '{near}'?"),
                None if known.is_empty() => "the workspace has no sources yet: write one".to_owned(),
                None => format!("the sources are {}", known.join(", ")),
            };
            Problem::new(place.clone(), format!("cannot be read: {error}"), remedy)
        })?;
        Source::parse(name, &text, workspace, env)
    }

    /// Reads every source of the workspace, by name.
    pub fn load_all(workspace: &Workspace, env: &Environment) -> Vec<Result<Source, Problem>> {
        match source_names(&workspace.root) {
            Ok(names) => names.iter().map(|name| Source::load(name, workspace, env)).collect(),
            Err(problem) => vec![Err(problem)],
        }
    }
}

impl TableMapping {
    /// Where the SELECT of that number stands, for messages.
    pub fn place_of(&self, number: usize) -> String {
        match self.selects.len() {
            1 => self.place.clone(),
            _ => format!("{}[{number}]", self.place),
        }
    }
}

impl FileSet {
    /// The files that match now, sorted by path.
    pub fn resolve(&self, root: &Path) -> Result<Vec<InputFile>, Problem> {
        files::resolve(self, root)
    }
}

/// The names of the workspace's sources, sorted.
pub fn source_names(root: &Path) -> Result<Vec<String>, Problem> {
    let folder = root.join("sources");
    let entries = std::fs::read_dir(&folder).map_err(|error| {
        Problem::new("sources/", format!("cannot be read: {error}"), "make the folder and put one file a source there")
    })?;
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .filter_map(|path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned()))
        .collect();
    names.sort();
    Ok(names)
}
