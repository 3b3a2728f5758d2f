//! One question over a few lines of data.

use crate::support::{data_of, engine_over, instant};
use std::collections::BTreeMap;
use tenure_engine::{Cell, Engine, MetricRef, Number, Question, RowsQuestion};
use tenure_schema::as_of::Level;
use tenure_schema::period::Period;

/// A company whose data goes through an instant.
pub struct Asked {
    engine: Engine,
    through: jiff::Timestamp,
}

/// Tables as CSV.
pub async fn over(tables: &[(&str, &str)], through: &str, settings: &str) -> Asked {
    let tables: BTreeMap<String, String> =
        tables.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let data = data_of(&tables, Some(through), settings);
    Asked { engine: engine_over(data, settings, Level::Account, &[]).await.unwrap(), through: instant(through) }
}

impl Asked {
    fn period(&self, label: &str) -> Period {
        Period::parse(label, &self.engine.clock(), self.through).unwrap()
    }

    fn metric(named: &str) -> MetricRef {
        let (id, variant) = named.split_once('/').unwrap_or((named, "default"));
        MetricRef { id: id.to_owned(), variant: Some(variant.to_owned()) }
    }

    /// The cells of `metric` or `metric/variant`, split.
    pub async fn cells(&self, metric: &str, periods: &[&str], by: &[&str]) -> Vec<Cell> {
        let question = Question {
            metrics: vec![Self::metric(metric)],
            periods: periods.iter().map(|label| self.period(label)).collect(),
            by: by.iter().map(|&name| name.to_owned()).collect(),
            filter: Vec::new(),
            now: None,
        };
        self.engine.answer(&question).await.unwrap().cells
    }

    /// The one cell of a period.
    pub async fn cell(&self, metric: &str, period: &str) -> Cell {
        let mut cells = self.cells(metric, &[period], &[]).await;
        assert_eq!(cells.len(), 1, "{metric} {period}");
        cells.remove(0)
    }

    /// Its value.
    pub async fn value(&self, metric: &str, period: &str) -> Option<f64> {
        self.cell(metric, period).await.value.map(Number::as_f64)
    }

    /// How many rows a number opens to.
    pub async fn rows(&self, metric: &str, period: &str) -> usize {
        let question = RowsQuestion {
            metric: Self::metric(metric),
            period: self.period(period),
            filter: Vec::new(),
            excluded: false,
            now: None,
            limit: None,
        };
        self.engine.rows(&question).await.unwrap().total
    }
}

/// A part of a cell.
pub fn part(cell: &Cell, name: &str) -> Option<f64> {
    cell.part(name).unwrap_or_else(|| panic!("no part {name}")).value.map(Number::as_f64)
}
