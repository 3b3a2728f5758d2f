//! Past forecasts, each from what was known then, held against what came.

use super::{Forecast, Question, Spread, forecast, known_by, windows};
use crate::{OrReason, OutlookError};
use jiff::Timestamp;
use std::sync::Arc;
use tenure_catalog::Catalog;
use tenure_engine::{Engine, MetricRef, Question as Asked};
use tenure_health::Known;
use tenure_lake::Lake;
use tenure_schema::as_of::Level;
use tenure_schema::period::{Grain, Period};
use tenure_schema::settings::Settings;

/// What was foretold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// Net revenue retention.
    Nrr,
    /// Gross revenue retention.
    Grr,
}

impl Measure {
    /// The metric.
    pub fn metric(self) -> &'static str {
        match self {
            Self::Nrr => "nrr",
            Self::Grr => "grr",
        }
    }
}

/// How far ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Span {
    /// The next quarter.
    Quarter,
    /// The next twelve months.
    Year,
}

impl Span {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Quarter => "next quarter",
            Self::Year => "next 12 months",
        }
    }
}

/// One forecast and what came.
#[derive(Debug, Clone)]
pub struct Tried {
    /// What was foretold.
    pub measure: Measure,
    /// How far ahead.
    pub span: Span,
    /// The stretch foretold, at whose start it was.
    pub period: Period,
    /// The forecast, or why there was none.
    pub forecast: OrReason<Spread>,
    /// What came, as it is known now; or why that has no value. `None`: it is not over yet.
    pub actual: Option<OrReason<f64>>,
}

impl Tried {
    /// Forecast and outcome, where there are both.
    pub fn both(&self) -> Option<(Spread, f64)> {
        let actual = self.actual.as_ref()?.as_ref().ok()?;
        Some((*self.forecast.as_ref().ok()?, *actual))
    }
}

/// How forecasts of one kind held.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Held {
    /// What was foretold.
    pub measure: Measure,
    /// How far ahead.
    pub span: Span,
    /// Forecasts whose outcome is known.
    pub n: usize,
    /// Outcomes within the 80 % range.
    pub within80: usize,
    /// Outcomes within the 95 % range.
    pub within95: usize,
    /// The mean of forecast − outcome: above zero, forecasts were too high. `None` of none.
    pub bias: Option<f64>,
    /// The mean of |forecast − outcome|.
    pub error: Option<f64>,
}

/// The record.
#[derive(Debug, Clone)]
pub struct Record {
    /// Every forecast, by its start.
    pub tried: Vec<Tried>,
    /// By kind.
    pub held: Vec<Held>,
}

/// Where lake, definitions and settings are.
pub struct Place<'a> {
    /// The lake.
    pub lake: &'a Lake,
    /// Definitions.
    pub catalog: Arc<Catalog>,
    /// Settings.
    pub settings: Arc<Settings>,
    /// Accounts, or parents.
    pub level: Level,
}

/// Forecasts as of the start of each past quarter of the calendar: from the lake version that was the first to close the day before, without what it
/// says of later, against the metrics themselves over what `now` knows. See `tenure_health::known` for what was known when.
pub async fn record(
    place: &Place<'_>,
    now: &Engine,
    observed_to: Timestamp,
    question: &Question,
) -> Result<Record, OutlookError> {
    let clock = now.clock();
    let known = Known::read(place.lake).await?;
    let mut tried = Vec::new();
    for quarter in quarters(now, observed_to).await? {
        let Some(basis) = known.basis(quarter.start) else { continue };
        let data = basis.data(place.lake).await?;
        let engine = known_by(data, quarter.start, place.catalog.clone(), place.settings.clone(), place.level).await?;
        let foretold = forecast(&engine, quarter.start, question).await?;
        let year = windows::year_ahead(std::slice::from_ref(&quarter), &clock)?;
        for (span, period) in [(Span::Quarter, &quarter), (Span::Year, &year)] {
            let over = period.end <= observed_to;
            for measure in [Measure::Nrr, Measure::Grr] {
                let actual = if over { Some(outcome(now, measure, period).await?) } else { None };
                let forecast = pick(&foretold, measure, span);
                tried.push(Tried { measure, span, period: period.clone(), forecast, actual });
            }
        }
    }
    let held = [Span::Quarter, Span::Year]
        .iter()
        .flat_map(|span| [Measure::Nrr, Measure::Grr].map(|measure| held(&tried, measure, *span)));
    Ok(Record { held: held.collect(), tried })
}

/// The quarters of the calendar that are over and at whose opening there were customers.
async fn quarters(engine: &Engine, observed_to: Timestamp) -> Result<Vec<Period>, OutlookError> {
    let clock = engine.clock();
    let Some(first) = super::book::first_customer(engine, observed_to).await? else { return Ok(Vec::new()) };
    let mut quarter = Period::whole(Grain::Quarter, clock.local(first).date(), &clock)?;
    let mut all = Vec::new();
    loop {
        quarter = Period::whole(Grain::Quarter, clock.local(quarter.end).date(), &clock)?;
        if quarter.end > observed_to {
            return Ok(all);
        }
        all.push(quarter.clone());
    }
}

fn pick(foretold: &Forecast, measure: Measure, span: Span) -> OrReason<Spread> {
    let retention = foretold.retention.as_ref().map_err(Clone::clone)?;
    let one = match span {
        Span::Quarter => retention.first(),
        Span::Year => retention.last(),
    };
    let one = one.ok_or("nothing was foretold")?;
    Ok(match measure {
        Measure::Nrr => one.nrr,
        Measure::Grr => one.grr,
    })
}

/// The metric over the stretch itself.
async fn outcome(engine: &Engine, measure: Measure, period: &Period) -> Result<OrReason<f64>, OutlookError> {
    let metric = MetricRef { id: measure.metric().to_owned(), variant: Some("in_period".to_owned()) };
    let asked =
        Asked { metrics: vec![metric], periods: vec![period.clone()], by: Vec::new(), filter: Vec::new(), now: None };
    let cells = engine.answer(&asked).await?.cells;
    let cell = cells.first();
    let value = cell.and_then(|cell| cell.value).map(|value| value.as_f64());
    Ok(value.ok_or_else(|| cell.and_then(|cell| cell.reason.clone()).unwrap_or_default()))
}

fn held(tried: &[Tried], measure: Measure, span: Span) -> Held {
    let own = tried.iter().filter(|one| one.measure == measure && one.span == span);
    let both: Vec<(Spread, f64)> = own.filter_map(Tried::both).collect();
    let n = both.len();
    let mean = |of: &dyn Fn(f64) -> f64| {
        (n > 0).then(|| both.iter().map(|(spread, actual)| of(spread.median - actual)).sum::<f64>() / n as f64)
    };
    Held {
        measure,
        span,
        n,
        within80: both.iter().filter(|(spread, actual)| spread.range80.contains(*actual)).count(),
        within95: both.iter().filter(|(spread, actual)| spread.range95.contains(*actual)).count(),
        bias: mean(&|apart| apart),
        error: mean(&f64::abs),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tenure_schema::period::Clock;
    use tenure_schema::zone::Zone;
    use tenure_stats::Interval;

    fn tried(measure: Measure, forecast: OrReason<Spread>, actual: Option<OrReason<f64>>) -> Tried {
        let clock = Clock { zone: Zone::utc(), fiscal_year_start: 1 };
        let period = Period::parse("2026-Q1", &clock, Timestamp::UNIX_EPOCH).unwrap();
        Tried { measure, span: Span::Quarter, period, forecast, actual }
    }

    fn around(median: f64) -> OrReason<Spread> {
        let range = |half: f64| Interval { low: median - half, high: median + half };
        Ok(Spread { median, mean: median, range80: range(0.02), range95: range(0.04) })
    }

    #[test]
    fn what_held_is_counted_where_forecast_and_outcome_are_known() {
        let all = [
            tried(Measure::Nrr, around(1.00), Some(Ok(1.01))),
            tried(Measure::Nrr, around(1.00), Some(Ok(0.97))),
            tried(Measure::Nrr, around(1.00), Some(Ok(1.08))),
            tried(Measure::Nrr, around(1.00), None),
            tried(Measure::Nrr, Err("too early".to_owned()), Some(Ok(1.0))),
            tried(Measure::Nrr, around(1.00), Some(Err("no MRR at the opening".to_owned()))),
            tried(Measure::Grr, around(0.90), Some(Ok(0.5))),
        ];
        let found = held(&all, Measure::Nrr, Span::Quarter);
        assert_eq!((found.n, found.within80, found.within95), (3, 1, 2));
        assert!((found.bias.unwrap() + 0.02).abs() < 1e-12 && (found.error.unwrap() - 0.04).abs() < 1e-12);
        let none = held(&all, Measure::Grr, Span::Year);
        assert_eq!((none.n, none.bias, none.error), (0, None, None));
    }
}
