//! The record of one cell: the names that JSON and CSV share.

use super::figure::Figure;
use serde::{Serialize, Serializer};
use tenure_engine::{Answer, Cell, Number};

/// One cell with what it was computed from.
#[derive(Debug, Serialize)]
pub(crate) struct Record<'a> {
    pub(crate) metric: &'a str,
    pub(crate) variant: &'a str,
    pub(crate) title: &'a str,
    pub(crate) group: &'a str,
    pub(crate) period: &'a str,
    pub(crate) start: String,
    pub(crate) end: String,
    pub(crate) window_start: String,
    pub(crate) window_end: String,
    pub(crate) segment: Pairs<'a, Option<&'a str>>,
    pub(crate) value: Option<Figure>,
    pub(crate) parts: Pairs<'a, Option<Figure>>,
    pub(crate) low: Option<Figure>,
    pub(crate) high: Option<Figure>,
    pub(crate) n: i64,
    pub(crate) excluded: Pairs<'a, i64>,
    pub(crate) reason: Option<&'a str>,
    pub(crate) unit: &'static str,
    pub(crate) currency: Option<&'a str>,
    pub(crate) better: &'static str,
    pub(crate) complete: bool,
    pub(crate) assumed: Option<f64>,
    #[serde(flatten)]
    pub(crate) compared: Option<Compared>,
    #[serde(flatten)]
    pub(crate) defined: Option<Defined<'a>>,
    pub(crate) observed_to: String,
    pub(crate) catalogue: &'a str,
    pub(crate) lake_version: u64,
}

/// What is said of a definition beside others.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Defined<'a> {
    /// How it differs from the metric's own.
    pub(crate) difference: &'a str,
    /// Where it comes from.
    pub(crate) source: &'a str,
}

/// What a board sets beside a value.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Compared {
    /// The value of the period before.
    pub(crate) previous: Option<Figure>,
    /// The value less that one.
    pub(crate) change: Option<f64>,
    /// What the workspace aims at.
    pub(crate) target: Option<f64>,
}

impl Compared {
    /// A cell beside the one before it and its target.
    pub(crate) fn new(cell: &Cell, previous: Option<Number>, target: Option<f64>) -> Self {
        let change = cell.value.zip(previous).map(|(now, before)| now.as_f64() - before.as_f64());
        Self { previous: previous.map(|number| Figure::new(number, cell.unit)), change, target }
    }
}

/// An object that keeps its order.
#[derive(Debug)]
pub(crate) struct Pairs<'a, T>(pub(crate) Vec<(&'a str, T)>);

impl<T: Serialize> Serialize for Pairs<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// Every cell of an answer.
pub(crate) fn records(answer: &Answer) -> Vec<Record<'_>> {
    answer.cells.iter().map(|cell| Record::of(cell, &answer.catalogue, answer.lake_version)).collect()
}

impl<'a> Record<'a> {
    /// The record of a cell, computed from these definitions and this version.
    pub(crate) fn of(cell: &'a Cell, catalogue: &'a str, lake_version: u64) -> Self {
        let figure = |number: Option<Number>| number.map(|number| Figure::new(number, cell.unit));
        let parts = cell.parts.iter().map(|part| {
            let value = part.value.map(|number| Figure::new(number, part.unit));
            (part.name.as_str(), value)
        });
        Self {
            metric: &cell.metric,
            variant: &cell.variant,
            title: &cell.title,
            group: &cell.group,
            period: &cell.period.label,
            start: cell.period.start.to_string(),
            end: cell.period.end.to_string(),
            window_start: cell.window_start.to_string(),
            window_end: cell.window_end.to_string(),
            segment: Pairs(cell.segment.iter().map(|(name, value)| (name.as_str(), value.as_deref())).collect()),
            value: figure(cell.value),
            parts: Pairs(parts.collect()),
            low: figure(cell.low),
            high: figure(cell.high),
            n: cell.n,
            excluded: Pairs(cell.excluded.iter().map(|(reason, count)| (reason.as_str(), *count)).collect()),
            reason: cell.reason.as_deref(),
            unit: cell.unit.name(),
            currency: cell.currency.as_deref(),
            better: cell.better.name(),
            complete: cell.complete,
            assumed: cell.assumed,
            compared: None,
            defined: None,
            observed_to: cell.observed_to.to_string(),
            catalogue,
            lake_version,
        }
    }

    /// The record with what a board sets beside it.
    pub(crate) fn compared(self, compared: Compared) -> Self {
        Self { compared: Some(compared), ..self }
    }

    /// The record with what is said of its definition.
    pub(crate) fn defined(self, defined: Defined<'a>) -> Self {
        Self { defined: Some(defined), ..self }
    }
}
