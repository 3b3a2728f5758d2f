//! One company under one engine, and the questions that properties ask of it.

use std::collections::BTreeMap;
use tenure_catalog::{Definition, Subject};
use tenure_engine::{Cell, Condition, Engine, MetricRef, Number, Question, RowsAnswer, RowsQuestion};
use tenure_schema::period::Period;

pub struct Look {
    pub engine: Engine,
}

/// Attribute → value.
pub type Segment = Vec<(String, Option<String>)>;
/// Of each period, by its place, and segment: the cell.
pub type Cells = BTreeMap<(usize, Segment), Cell>;

/// Every month of the history, one before it and two after; then what calendars trip over: the leap day, the days of clock changes, a week,
/// a quarter, years of both calendars, a stretch from noon to an hour that there is twice.
const PERIODS: [&str; 23] = [
    "2023-09",
    "2023-10",
    "2023-11",
    "2023-12",
    "2024-01",
    "2024-02",
    "2024-03",
    "2024-04",
    "2024-06",
    "2024-07",
    "2024-10",
    "2024-11",
    "2024-12",
    "2025-01",
    "2025-02",
    "2024-02-29",
    "2024-03-31",
    "2024-11-03",
    "2024-W13",
    "2024-Q1",
    "2024",
    "FY2024",
    "2024-02-29T12:30..2024-10-27T02:30",
];

/// The attributes and pairs of them that answers are split by; none is the whole.
pub const SPLITS: [&[&str]; 6] = [
    &[],
    &["account.plan"],
    &["account.country"],
    &["account.csm"],
    &["account"],
    &["account.plan", "account.country"],
];

impl Look {
    pub fn over(engine: Engine) -> Self {
        Self { engine }
    }

    /// All periods.
    pub fn periods(&self) -> Vec<Period> {
        PERIODS.iter().map(|label| self.period(label)).collect()
    }

    pub fn period(&self, label: &str) -> Period {
        Period::parse(label, &self.engine.clock(), jiff::Timestamp::UNIX_EPOCH).unwrap()
    }

    /// The period just before each.
    pub fn previous(&self, periods: &[Period]) -> Vec<Period> {
        periods.iter().map(|period| period.previous(&self.engine.clock()).unwrap()).collect()
    }

    /// Every definition about accounts: a metric may have a variant about staff.
    pub fn definitions(&self) -> Vec<(MetricRef, &Definition)> {
        let all = self.engine.catalog().metrics().flat_map(|metric| {
            let variants = metric.variants.iter().map(|variant| (variant.id.as_str(), &variant.definition));
            let definitions = std::iter::once(("default", &metric.default)).chain(variants);
            definitions.map(|(variant, definition)| (variant_of(&metric.id, variant), definition))
        });
        all.filter(|(_, definition)| definition.subject == Subject::Account).collect()
    }

    /// A metric's cells over some periods, split.
    pub async fn cells(&self, metric: &MetricRef, periods: &[Period], by: &[&str]) -> Result<Cells, String> {
        self.filtered(metric, periods, by, &[]).await
    }

    /// As `cells`, of rows that meet the conditions alone.
    pub async fn filtered(
        &self,
        metric: &MetricRef,
        periods: &[Period],
        by: &[&str],
        filter: &[Condition],
    ) -> Result<Cells, String> {
        let question = Question {
            metrics: vec![metric.clone()],
            periods: periods.to_vec(),
            by: by.iter().map(|&name| name.to_owned()).collect(),
            filter: filter.to_vec(),
            now: None,
        };
        let answer = self.engine.answer(&question).await.map_err(|error| format!("{metric:?} by {by:?}: {error}"))?;
        let mut cells = Cells::new();
        for cell in answer.cells {
            let place = periods.iter().position(|period| *period == cell.period).unwrap();
            // A whole of which there is nothing has no segment.
            if let Some(twice) = cells.insert((place, cell.segment.clone()), cell) {
                return Err(format!("{metric:?} by {by:?}: two cells of {} {:?}", twice.period.label, twice.segment));
            }
        }
        Ok(cells)
    }

    /// The rows behind a number.
    pub async fn rows(
        &self,
        metric: &MetricRef,
        period: &Period,
        filter: &[Condition],
        excluded: bool,
    ) -> Result<RowsAnswer, String> {
        let question = RowsQuestion {
            metric: metric.clone(),
            period: period.clone(),
            filter: filter.to_vec(),
            excluded,
            now: None,
            limit: None,
        };
        self.engine.rows(&question).await.map_err(|error| format!("rows of {metric:?}: {error}"))
    }
}

/// A metric in its default definition.
pub fn default_of(id: &str) -> MetricRef {
    variant_of(id, "default")
}

/// A metric in one of its definitions.
pub fn variant_of(id: &str, variant: &str) -> MetricRef {
    MetricRef { id: id.to_owned(), variant: Some(variant.to_owned()) }
}

/// A cell's value as a double.
pub fn value(cell: &Cell) -> Option<f64> {
    cell.value.map(Number::as_f64)
}

/// A part of a cell.
pub fn part(cell: &Cell, name: &str) -> Option<f64> {
    cell.part(name).unwrap_or_else(|| panic!("{} has no part {name}", cell.metric)).value.map(Number::as_f64)
}

/// `metric/variant`.
pub fn named(metric: &MetricRef) -> String {
    format!("{}/{}", metric.id, metric.variant.as_deref().unwrap_or("default"))
}

/// Rows that count, and those that do not by reason.
pub fn told<'a>(cells: impl IntoIterator<Item = &'a Cell>) -> (i64, BTreeMap<String, i64>) {
    let (mut n, mut excluded) = (0, BTreeMap::new());
    for cell in cells {
        n += cell.n;
        for (reason, count) in cell.excluded.iter().filter(|(_, count)| *count > 0) {
            *excluded.entry(reason.clone()).or_insert(0) += count;
        }
    }
    (n, excluded)
}

/// Whether two sums of money or counts are the same but for rounding of doubles.
pub fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * a.abs().max(b.abs()).max(1.0)
}
