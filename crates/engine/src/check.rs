//! What must hold on any data: the catalogue's checks, and that numbers open to the rows they say.

use crate::answer::{Cell, Number};
use crate::engine::{Bound, Engine};
use crate::error::EngineError;
use crate::evaluate::Ask;
use crate::question::MetricRef;
use crate::rows::RowsQuestion;
use jiff::Timestamp;
use std::collections::BTreeMap;
use tenure_catalog::{Metric, Subject};
use tenure_schema::period::{Grain, Period};

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The check's id.
    pub check: String,
    /// What must hold.
    pub title: String,
    /// Whether it does.
    pub holds: bool,
    /// Where it breaks, or what was looked at.
    pub detail: String,
}

/// Months that are looked at.
const MONTHS: u32 = 24;

/// The attributes by which segments must add up.
const BY: [&str; 2] = ["account.plan", "account.country"];

/// Differences below this are rounding of doubles.
const TOLERANCE: f64 = 1e-6;

impl Engine {
    /// Runs every check over the last complete months.
    pub async fn check(&self, now: Option<Timestamp>) -> Result<Vec<Finding>, EngineError> {
        let all: Vec<MetricRef> = self.catalog().metrics().map(|metric| MetricRef::default_of(&metric.id)).collect();
        let Some(observed) = now.or_else(|| self.observed_to(&all)) else { return Ok(Vec::new()) };
        let months = Period::last(MONTHS, Grain::Month, observed, &self.clock())?;
        let mut findings = Vec::new();
        for check in self.catalog().checks() {
            findings.push(self.holds_every_month(check, &months, observed).await?);
        }
        for metric in self.catalog().metrics() {
            let bound = self.bind(&MetricRef::default_of(&metric.id))?;
            if bound.definition.subject == Subject::Account {
                findings.push(self.opens_to_its_rows(&bound, &months, observed).await?);
                findings.push(self.segments_add_up(&bound, &months, observed).await?);
            }
        }
        Ok(findings)
    }

    async fn holds_every_month(
        &self,
        check: &Metric,
        months: &[Period],
        now: Timestamp,
    ) -> Result<Finding, EngineError> {
        let bound = Bound { metric: check, variant: "default".to_owned(), definition: &check.default };
        let ask = Ask { periods: months, by: &[], filter: &[], now: Some(now), window: None };
        let cells = self.cells(&bound, &ask).await?;
        let split = !check.default.split.is_empty();
        let looked_at = cells.iter().filter(|cell| cell.value.is_some() && (cell.n > 0 || !split)).count();
        let broken: Vec<String> = cells.iter().filter_map(breach).collect();
        let detail = if broken.is_empty() {
            let seen = if split {
                format!("{looked_at} looked at")
            } else {
                format!("{looked_at} of {} months have a value", months.len())
            };
            format!("{}; {seen}", check.default.about)
        } else {
            format!("{}; off by {}", check.default.about, broken.join(", "))
        };
        Ok(Finding { check: check.id.clone(), title: check.default.title.clone(), holds: broken.is_empty(), detail })
    }

    /// The rows of a number, counted and excluded, are as many as it says.
    async fn opens_to_its_rows(
        &self,
        bound: &Bound<'_>,
        months: &[Period],
        now: Timestamp,
    ) -> Result<Finding, EngineError> {
        let id = &bound.metric.id;
        let mut broken = Vec::new();
        let mut opened = 0;
        if let Some(last) = months.last() {
            let periods = std::slice::from_ref(last);
            let ask = Ask { periods, by: &[], filter: &[], now: Some(now), window: None };
            let cells = self.cells(bound, &ask).await?;
            let sum = |of: &dyn Fn(&Cell) -> i64| cells.iter().map(of).sum::<i64>();
            let said = [sum(&|cell| cell.n), sum(&|cell| cell.excluded.iter().map(|(_, count)| count).sum())];
            for (excluded, said) in [false, true].into_iter().zip(said) {
                let metric = MetricRef { id: id.clone(), variant: Some(bound.variant.clone()) };
                let question = RowsQuestion {
                    metric,
                    period: last.clone(),
                    filter: Vec::new(),
                    excluded,
                    now: Some(now),
                    limit: Some(0),
                };
                let rows = i64::try_from(self.rows(&question).await?.total).unwrap_or(i64::MAX);
                opened += rows;
                if rows != said {
                    let which = if excluded { "excluded" } else { "counted" };
                    broken.push(format!("{}: {said} {which}, but {rows} rows", last.label));
                }
            }
        }
        let detail = if broken.is_empty() { format!("{opened} rows opened") } else { broken.join(", ") };
        Ok(Finding {
            check: format!("rows_of_{id}"),
            title: format!("{id} opens to its rows"),
            holds: broken.is_empty(),
            detail,
        })
    }

    /// Rows and exclusions by segment sum to those of the whole.
    async fn segments_add_up(
        &self,
        bound: &Bound<'_>,
        months: &[Period],
        now: Timestamp,
    ) -> Result<Finding, EngineError> {
        let id = &bound.metric.id;
        let recent = &months[months.len().saturating_sub(3)..];
        let mut broken = Vec::new();
        for attribute in BY {
            let by = [attribute.to_owned()];
            let whole =
                self.cells(bound, &Ask { periods: recent, by: &[], filter: &[], now: Some(now), window: None }).await?;
            let parts =
                self.cells(bound, &Ask { periods: recent, by: &by, filter: &[], now: Some(now), window: None }).await?;
            let (whole, parts) = (totals(&whole), totals(&parts));
            for period in recent {
                let of = |totals: &BTreeMap<String, i64>| totals.get(&period.label).copied().unwrap_or(0);
                if of(&whole) != of(&parts) {
                    broken.push(format!("{} by {attribute}: {} of {} rows", period.label, of(&parts), of(&whole)));
                }
            }
        }
        let detail = if broken.is_empty() { format!("by {}", BY.join(" and ")) } else { broken.join(", ") };
        Ok(Finding {
            check: format!("segments_of_{id}"),
            title: format!("{id} adds up over segments"),
            holds: broken.is_empty(),
            detail,
        })
    }
}

fn breach(cell: &Cell) -> Option<String> {
    let off = cell.value.map(Number::as_f64).filter(|value| value.abs() > TOLERANCE)?;
    let segment: Vec<String> =
        cell.segment.iter().map(|(name, value)| format!("{name} {}", value.as_deref().unwrap_or("none"))).collect();
    let place = if segment.is_empty() { String::new() } else { format!(" ({})", segment.join(", ")) };
    Some(format!("{off} in {}{place}", cell.period.label))
}

/// Candidates by period.
fn totals(cells: &[Cell]) -> BTreeMap<String, i64> {
    let mut totals = BTreeMap::new();
    for cell in cells {
        let candidates = cell.n + cell.excluded.iter().map(|(_, count)| count).sum::<i64>();
        *totals.entry(cell.period.label.clone()).or_insert(0) += candidates;
    }
    totals
}
