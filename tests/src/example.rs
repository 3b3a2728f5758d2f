//! One example workspace, imported.

use arrow::util::display::array_value_to_string;
use jiff::Timestamp;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tenure_catalog::Catalog;
use tenure_engine::{Cell, Engine, MetricRef, Question};
use tenure_ingest::{ImportReport, Options, Source, Workspace, import};
use tenure_lake::Lake;
use tenure_schema::as_of::Level;
use tenure_schema::period::Period;
use tenure_schema::settings::Settings;

/// Whatever went wrong, for a test to show.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// An example workspace with its data in a lake of its own.
pub struct Example {
    report: ImportReport,
    engine: Engine,
    // The lake is gone when the folder is.
    _folder: tempfile::TempDir,
}

impl Example {
    /// Copies `examples/<name>`, imports all its sources and opens it. None: the public data is not here, which is said.
    pub async fn import(name: &str) -> Result<Option<Self>, Error> {
        let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let Some(data) = public_data() else { return Ok(None) };
        let folder = tempfile::tempdir()?;
        let root = folder.path().to_owned();
        copy_workspace(&checkout.join("examples").join(name), &root)?;
        let settings = Arc::new(Settings::parse(&std::fs::read_to_string(root.join("tenure.toml"))?)?);
        let now: Timestamp = "2026-07-01T12:00:00Z".parse()?;
        let lake = Lake::create(&root, now).await?;
        let workspace = Workspace { root, settings: Arc::clone(&settings) };
        let data = data.to_string_lossy().into_owned();
        let sources = Source::load_all(&workspace, &|variable| (variable == "TENURE_DATA").then(|| data.clone()));
        let report = import(&lake, &workspace, sources, &Options::at(now)).await?;
        let snapshot = lake.snapshot(lake.latest().await?).await?;
        let engine = Engine::open(&snapshot, Arc::new(Catalog::load(&[])?), settings, Level::Account).await?;
        Ok(Some(Self { report, engine, _folder: folder }))
    }

    /// Records read and rejected of each table, in the order of filling.
    pub fn read(&self) -> Vec<(&'static str, u64, u64)> {
        let mut tables: Vec<(&'static str, u64, u64)> = Vec::new();
        for table in &self.report.tables {
            match tables.last_mut().filter(|last| last.0 == table.table) {
                Some(last) => *last = (last.0, last.1 + table.read, last.2 + table.rejected),
                None => tables.push((table.table, table.read, table.rejected)),
            }
        }
        tables
    }

    /// What was accepted with a warning.
    pub fn warnings(&self) -> Vec<String> {
        self.report.warnings.iter().map(ToString::to_string).collect()
    }

    /// A metric in its default definition over one period.
    pub async fn ask(&self, metric: &str, period: &str) -> Result<Cell, Error> {
        self.ask_variant(metric, None, period).await
    }

    /// A metric in one of its definitions over one period.
    pub async fn ask_variant(&self, metric: &str, variant: Option<&str>, period: &str) -> Result<Cell, Error> {
        let mut cells = self.ask_by(metric, variant, period, &[]).await?;
        match (cells.pop(), cells.is_empty()) {
            (Some(cell), true) => Ok(cell),
            _ => Err(format!("{metric} over {period} is not one cell").into()),
        }
    }

    /// A metric over one period, split.
    pub async fn ask_by(
        &self,
        metric: &str,
        variant: Option<&str>,
        period: &str,
        by: &[&str],
    ) -> Result<Vec<Cell>, Error> {
        let named = MetricRef { id: metric.to_owned(), variant: variant.map(str::to_owned) };
        let metrics = vec![named];
        let observed_to = self.engine.observed_to(&metrics).ok_or("the metric reads no data")?;
        let period = Period::parse(period, &self.engine.clock(), observed_to)?;
        let by = by.iter().map(|&name| name.to_owned()).collect();
        let question = Question { metrics, periods: vec![period], by, filter: Vec::new(), now: None };
        Ok(self.engine.answer(&question).await?.cells)
    }

    /// The answer to a query: a line a row, columns between bars.
    pub async fn sql(&self, query: &str) -> Result<Vec<String>, Error> {
        let mut lines = Vec::new();
        for batch in self.engine.sql(query).await?.collect().await? {
            for row in 0..batch.num_rows() {
                let cells = batch.columns().iter().map(|column| array_value_to_string(column, row));
                lines.push(cells.collect::<Result<Vec<_>, _>>()?.join("|"));
            }
        }
        Ok(lines)
    }
}

/// `$TENURE_DATA`, or its place beside the checkout.
pub fn public_data() -> Option<PathBuf> {
    let named = std::env::var_os("TENURE_DATA").filter(|path| !path.is_empty());
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let path = named.map_or_else(beside, PathBuf::from);
    match path.canonicalize() {
        Ok(path) if path.is_dir() => Some(path),
        _ => {
            crate::skipped(&format!("there is no public data at {}; set TENURE_DATA", path.display()));
            None
        }
    }
}

/// The settings, mappings and definitions of a workspace; a lake that somebody imported into it stays behind.
pub fn copy_workspace(from: &Path, to: &Path) -> Result<(), Error> {
    std::fs::copy(from.join("tenure.toml"), to.join("tenure.toml"))?;
    std::fs::create_dir(to.join("sources"))?;
    for entry in std::fs::read_dir(from.join("sources"))? {
        let entry = entry?;
        std::fs::copy(entry.path(), to.join("sources").join(entry.file_name()))?;
    }
    Ok(())
}
