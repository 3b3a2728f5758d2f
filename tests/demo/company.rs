//! The demo company, imported once for all tests.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use tenure_catalog::Catalog;
use tenure_demo::Summary;
use tenure_engine::{Cell, Engine, MetricRef, Question};
use tenure_ingest::{ImportReport, Options, Source, Workspace, import};
use tenure_lake::Lake;
use tenure_schema::as_of::Level;
use tenure_schema::period::Period;
use tenure_schema::settings::Settings;

pub struct Company {
    pub folder: PathBuf,
    pub summary: Summary,
    pub report: ImportReport,
    pub engine: Engine,
    runtime: tokio::runtime::Runtime,
    /// One run of these tests at a time has the folder.
    _lock: File,
}

/// The company everybody sees: `tenure demo`.
pub fn company() -> &'static Company {
    static COMPANY: OnceLock<Company> = OnceLock::new();
    COMPANY.get_or_init(Company::make)
}

impl Company {
    fn make() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("demo");
        fs::create_dir_all(&folder).unwrap();
        let lock = File::create(folder.with_extension("lock")).unwrap();
        lock.lock().unwrap();
        fs::remove_dir_all(&folder).unwrap();
        fs::create_dir(&folder).unwrap();
        let summary = tenure_demo::generate(&folder, &tenure_demo::Options::default()).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let (report, engine) = runtime.block_on(imported(&folder));
        Self { folder, summary, report, engine, runtime, _lock: lock }
    }

    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }

    /// A table of the truth, each row by the names of its columns.
    pub fn truth(&self, name: &str) -> Vec<Truth> {
        let mut reader = csv::Reader::from_path(self.folder.join("truth").join(name)).unwrap();
        reader.deserialize().map(|row| Truth(row.unwrap())).collect()
    }

    pub fn period(&self, label: &str) -> Period {
        Period::parse(label, &self.engine.clock(), jiff::Timestamp::UNIX_EPOCH).unwrap()
    }

    /// The cells of a metric over some periods: of each period those in the order of the answer.
    pub fn cells(&self, metric: &str, periods: &[String], by: &[&str]) -> BTreeMap<String, Vec<Cell>> {
        let question = Question {
            metrics: vec![MetricRef::default_of(metric)],
            periods: periods.iter().map(|label| self.period(label)).collect(),
            by: by.iter().map(|&name| name.to_owned()).collect(),
            filter: Vec::new(),
            now: None,
        };
        let mut cells: BTreeMap<String, Vec<Cell>> = BTreeMap::new();
        for cell in self.block_on(self.engine.answer(&question)).unwrap().cells {
            cells.entry(cell.period.label.clone()).or_default().push(cell);
        }
        cells
    }

    /// The one cell of each period.
    pub fn totals(&self, metric: &str, periods: &[String]) -> BTreeMap<String, Cell> {
        let cells = self.cells(metric, periods, &[]).into_iter();
        cells.map(|(label, mut cells)| (label, (cells.len() == 1).then(|| cells.remove(0)).expect(metric))).collect()
    }

    /// Every complete month of the company's history.
    pub fn months(&self) -> Vec<String> {
        self.truth("mrr.csv").iter().map(|row| row.text("month").to_owned()).collect()
    }
}

async fn imported(folder: &Path) -> (ImportReport, Engine) {
    let now = "2026-07-01T12:00:00Z".parse().unwrap();
    let settings = fs::read_to_string(folder.join("tenure.toml")).unwrap();
    let settings = Arc::new(Settings::parse(&settings).unwrap());
    let lake = Lake::create(folder, now).await.unwrap();
    let workspace = Workspace { root: folder.to_owned(), settings: Arc::clone(&settings) };
    let sources = Source::load_all(&workspace, &|_| None);
    let report = import(&lake, &workspace, sources, &Options::at(now)).await.unwrap();
    let snapshot = lake.snapshot(report.version.unwrap()).await.unwrap();
    let catalog = Arc::new(Catalog::builtin().unwrap());
    (report, Engine::open(&snapshot, catalog, settings, Level::Account).await.unwrap())
}

/// A row of the truth.
#[derive(Debug)]
pub struct Truth(BTreeMap<String, String>);

impl Truth {
    pub fn text(&self, column: &str) -> &str {
        self.0.get(column).unwrap_or_else(|| panic!("the truth has no column {column}"))
    }

    /// None: there was nothing to measure.
    pub fn number(&self, column: &str) -> Option<f64> {
        let text = self.text(column);
        (!text.is_empty()).then(|| text.parse().unwrap())
    }

    pub fn count(&self, column: &str) -> i64 {
        self.text(column).parse().unwrap()
    }
}

pub fn value(cell: &Cell) -> Option<f64> {
    cell.value.map(tenure_engine::Number::as_f64)
}

pub fn part(cell: &Cell, name: &str) -> Option<f64> {
    cell.part(name).unwrap_or_else(|| panic!("{} has no part {name}", cell.metric)).value.map(|value| value.as_f64())
}

/// How many rows do not count for that reason.
pub fn excluded(cell: &Cell, reason: &str) -> i64 {
    cell.excluded.iter().find(|(known, _)| known == reason).map_or(0, |(_, count)| *count)
}

/// What differs between what is measured and the truth, all of it at once.
#[derive(Default)]
pub struct Differences(Vec<String>);

impl Differences {
    pub fn near(&mut self, what: &str, measured: Option<f64>, truth: Option<f64>, tolerance: f64) {
        let same = match (measured, truth) {
            (Some(measured), Some(truth)) => (measured - truth).abs() <= tolerance,
            (measured, truth) => measured.is_none() && truth.is_none(),
        };
        if !same {
            self.0.push(format!("{what}: {measured:?}, in truth {truth:?}"));
        }
    }

    pub fn same(&mut self, what: &str, measured: i64, truth: i64) {
        if measured != truth {
            self.0.push(format!("{what}: {measured}, in truth {truth}"));
        }
    }

    pub fn none(self) {
        assert!(self.0.is_empty(), "{} differences:\n{}", self.0.len(), self.0.join("\n"));
    }
}
