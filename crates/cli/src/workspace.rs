//! The workspace folder: found, and its files read.

use crate::exit::{Failure, Outcome};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tenure_catalog::{Catalog, CatalogFile, Metric};
use tenure_ingest::Source;
use tenure_schema::settings::Settings;
use tenure_scorecard::{Scorecards, Text};

/// The file that makes a folder a workspace.
pub(crate) const SETTINGS: &str = "tenure.toml";

/// A workspace, its settings read.
#[derive(Debug, Clone)]
pub(crate) struct Workspace {
    /// Its folder.
    pub(crate) root: PathBuf,
    /// Its settings.
    pub(crate) settings: Arc<Settings>,
}

impl Workspace {
    /// Whether this folder or one above it is a workspace.
    pub(crate) fn is_within(folder: &Path) -> bool {
        folder.ancestors().any(|folder| folder.join(SETTINGS).is_file())
    }

    /// The named folder, else the current one or the nearest above it that is a workspace.
    pub(crate) fn find(named: Option<&Path>, current: &Path) -> Outcome<Self> {
        let root = match named {
            Some(named) => current.join(named),
            None => {
                let found = current.ancestors().find(|folder| folder.join(SETTINGS).is_file());
                found.map(Path::to_path_buf).ok_or_else(|| {
                    Failure::new("this folder is no workspace: it has no tenure.toml, nor has any above it")
                        .hint("go to one, name one with -w DIR, or make one with `tenure init DIR`")
                        .hint("`tenure demo` makes one with data to look at")
                })?
            }
        };
        Self::open(&root)
    }

    /// The workspace in that folder.
    pub(crate) fn open(root: &Path) -> Outcome<Self> {
        let file = root.join(SETTINGS);
        let text = std::fs::read_to_string(&file).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => {
                Failure::new(format!("{} is no workspace: it has no tenure.toml", root.display()))
                    .hint(format!("make one with `tenure init {}`", root.display()))
            }
            _ => Failure::new(format!("{} cannot be read: {error}", file.display())),
        })?;
        Ok(Self { root: root.to_path_buf(), settings: Arc::new(Settings::parse(&text)?) })
    }

    /// The built-in definitions with the workspace's own over them.
    pub(crate) fn catalog(&self) -> Outcome<Arc<Catalog>> {
        let mut files = Vec::new();
        for (folder, ending) in [("metrics", "toml"), ("derived", "sql"), ("checks", "toml")] {
            files.extend(self.files(folder, ending)?);
        }
        files.extend(self.file("board.toml")?);
        let catalog = Catalog::load(&files)?;
        for metric in self.settings.targets.keys() {
            named(&catalog, "targets", metric)?;
        }
        for (metric, variant) in &self.settings.choices {
            let known = named(&catalog, "choices", metric)?;
            if known.definition(Some(variant)).is_none() {
                let others = known.variants.iter().map(|variant| variant.id.as_str());
                let all: Vec<&str> = std::iter::once("default").chain(others).collect();
                return Err(Failure::new(format!("tenure.toml, choices.{metric}: it has no variant {variant:?}"))
                    .hint(format!("write one of {}", all.join(", "))));
            }
        }
        Ok(Arc::new(catalog))
    }

    /// The scorecards in force: those of `health/*.toml`, with signals of `health/signals/*.toml`, over what ships with Tenure.
    pub(crate) fn scorecards(&self, catalog: &Catalog) -> Outcome<Scorecards> {
        let texts = |folder: &str| -> Outcome<Vec<Text>> {
            let files = self.files(folder, "toml")?.into_iter();
            Ok(files.map(|file| Text { id: stem(&file.path), file: file.path, text: file.text }).collect())
        };
        let has_metric = |id: &str| catalog.metric(id).is_some();
        Ok(Scorecards::read(&texts("health")?, &texts("health/signals")?, &has_metric)?)
    }

    /// One scorecard alone, for every customer, with the workspace's signals.
    pub(crate) fn scorecard_alone(&self, card: Text, catalog: &Catalog) -> Outcome<Scorecards> {
        let signals = self.files("health/signals", "toml")?.into_iter();
        let signals: Vec<Text> =
            signals.map(|file| Text { id: stem(&file.path), file: file.path, text: file.text }).collect();
        Ok(Scorecards::alone(card, &signals, &|id| catalog.metric(id).is_some())?)
    }

    fn files(&self, folder: &str, ending: &str) -> Outcome<Vec<CatalogFile>> {
        let unreadable =
            |path: &Path, error: std::io::Error| Failure::new(format!("{} cannot be read: {error}", path.display()));
        let place = self.root.join(folder);
        let entries = match std::fs::read_dir(&place) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(unreadable(&place, error)),
        };
        let mut files = Vec::new();
        for entry in entries {
            let path = entry.map_err(|error| unreadable(&place, error))?.path();
            if path.extension().is_some_and(|found| found == ending) {
                let text = std::fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?;
                let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                files.push(CatalogFile { path: format!("{folder}/{name}"), text });
            }
        }
        // The system lists a folder in any order.
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    }

    /// A file of the workspace's own, where it has one.
    fn file(&self, name: &str) -> Outcome<Option<CatalogFile>> {
        let path = self.root.join(name);
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Some(CatalogFile { path: name.to_owned(), text })),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Failure::new(format!("{} cannot be read: {error}", path.display()))),
        }
    }

    /// Whether it has sources of these names, or any where none is named.
    pub(crate) fn has_sources(&self, names: &[String]) -> Outcome<()> {
        let known = tenure_ingest::source::source_names(&self.root)?;
        if known.is_empty() {
            return Err(Failure::new("the workspace has no source: sources/ holds no .toml")
                .hint("describe an export there; `tenure init` in a new folder writes an example"));
        }
        let Some(unknown) = names.iter().find(|name| !known.contains(name)) else { return Ok(()) };
        let near = tenure_ingest::source::nearest(unknown, known.iter().map(String::as_str));
        let hint = near
            .map_or_else(|| format!("the sources are {}", known.join(", ")), |near| format!("did you mean '{near}'?"));
        Err(Failure::usage(format!("there is no source '{unknown}': sources/{unknown}.toml is not there")).hint(hint))
    }

    /// Its sources by name, or all: each read, or why it cannot be.
    pub(crate) fn sources(
        &self,
        names: &[String],
        variable: fn(&str) -> Option<String>,
    ) -> Vec<Result<Source, tenure_ingest::Problem>> {
        let workspace = self.for_ingest();
        match names {
            [] => Source::load_all(&workspace, &variable),
            names => names.iter().map(|name| Source::load(name, &workspace, &variable)).collect(),
        }
    }

    /// The workspace as the import knows it.
    pub(crate) fn for_ingest(&self) -> tenure_ingest::Workspace {
        tenure_ingest::Workspace { root: self.root.clone(), settings: Arc::clone(&self.settings) }
    }
}

/// A file's name without its ending.
fn stem(path: &str) -> String {
    Path::new(path).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The metric that a table of `tenure.toml` names.
fn named<'a>(catalog: &'a Catalog, table: &str, metric: &str) -> Outcome<&'a Metric> {
    catalog.metric(metric).ok_or_else(|| {
        let near = catalog.similar(metric).join(", ");
        let hint = match near.is_empty() {
            true => "`tenure explain` lists the metrics".to_owned(),
            false => format!("did you mean {near}?"),
        };
        Failure::new(format!("tenure.toml, {table}.{metric}: there is no such metric")).hint(hint)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_above_is_found() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(SETTINGS), "name = \"Acme\"").unwrap();
        let below = folder.path().join("a/b");
        std::fs::create_dir_all(&below).unwrap();
        let found = Workspace::find(None, &below).unwrap();
        assert_eq!((found.settings.name.as_str(), found.root.as_path()), ("Acme", folder.path()));
        let failure = Workspace::find(Some(Path::new("a")), folder.path()).unwrap_err();
        assert!(failure.problem.ends_with("is no workspace: it has no tenure.toml"), "{}", failure.problem);
        assert!(failure.hints[0].contains("tenure init"));
    }

    #[test]
    fn settings_name_metrics_and_variants() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(SETTINGS), "[targets]\nnpss = 30").unwrap();
        let failure = Workspace::open(folder.path()).unwrap().catalog().unwrap_err();
        assert_eq!(failure.problem, "tenure.toml, targets.npss: there is no such metric");
        std::fs::write(folder.path().join(SETTINGS), "[choices]\nnps = \"foo\"").unwrap();
        let failure = Workspace::open(folder.path()).unwrap().catalog().unwrap_err();
        assert_eq!(failure.problem, "tenure.toml, choices.nps: it has no variant \"foo\"");
        assert!(failure.hints[0].starts_with("write one of default, per_response"), "{:?}", failure.hints);
    }
}
