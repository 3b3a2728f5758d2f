//! The lives themselves.

use super::{Of, Question};
use crate::OutlookError;
use crate::cells::Cells;
use jiff::Timestamp;
use jiff::civil::{Date, date};
use std::collections::BTreeMap;
use tenure_engine::{Engine, MetricRef, Query, RowsQuestion};
use tenure_schema::period::{Clock, Period};
use tenure_stats::Observation;

/// How a life was last seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// At the end waited for.
    Ended,
    /// Where it can no longer reach that end.
    Lost,
    /// Still on its way.
    Open,
}

/// One life.
#[derive(Debug, Clone, PartialEq)]
pub struct Life {
    /// Whose.
    pub account: String,
    /// When it began.
    pub began: Timestamp,
    /// The day after which it was seen, where that was later than its first; in days.
    pub entry: Option<f64>,
    /// Local calendar days from its first day to its end, or to the last day seen.
    pub days: f64,
    /// How it was last seen.
    pub ending: Ending,
}

impl Life {
    /// As survival methods see it: the lost are taken out when they were lost.
    pub fn observation(&self) -> Observation {
        Observation { entry: self.entry, time: self.days, ended: self.ending == Ending::Ended }
    }
}

/// What there is.
pub(super) struct Read {
    pub(super) lives: Vec<Life>,
    pub(super) left_out: BTreeMap<String, usize>,
}

pub(super) async fn read(engine: &Engine, question: &Question) -> Result<Read, OutlookError> {
    match (question.of, question.seen_from) {
        (Of::Churn, _) => customers(engine, question).await,
        (Of::Journey(_), Some(_)) => Err(OutlookError::SeenFrom),
        (Of::Journey(metric), None) => journeys(engine, metric, question).await,
    }
}

/// A life began before `observed_to` and in the period, and ended where its end lies before `observed_to`: what is in force at an instant began
/// before it and ends then or later.
const CUSTOMERS: &str = "SELECT span.account_id, span.starts_at,
    CAST(CAST(local_day(least(coalesce(span.ends_at, asked.observed_to), asked.observed_to) - INTERVAL '1 microsecond') AS int)
         - CAST(local_day(span.starts_at) AS int) AS BIGINT) AS days,
    CAST(CAST(local_day(span.ends_at) AS int) - CAST(local_day(span.starts_at) AS int) AS BIGINT) AS whole,
    span.ends_at IS NOT NULL AND span.ends_at < asked.observed_to AS ended
  FROM customer_spans AS span
  JOIN asked ON span.starts_at >= asked.starts_at AND span.starts_at < asked.ends_at AND span.starts_at < asked.observed_to
  ORDER BY span.starts_at, span.account_id, span.number";

async fn customers(engine: &Engine, question: &Question) -> Result<Read, OutlookError> {
    let clock = engine.clock();
    let query = Query { file: "derived/customer_spans.sql", key: "SQL", sql: CUSTOMERS };
    let mut read = Read { lives: Vec::new(), left_out: BTreeMap::new() };
    for batch in engine.query(query, &[period(question, &clock)?], question.now).await? {
        let cells = Cells(&batch);
        let (accounts, began) = (cells.texts(0)?, cells.instants(1)?);
        let (days, whole, ended) = (cells.counts(2)?, cells.counts(3)?, cells.truths(4)?);
        for row in 0..batch.num_rows() {
            let (Some(account), Some(began)) = (accounts[row].clone(), began[row]) else {
                *read.left_out.entry("no known account".to_owned()).or_default() += 1;
                continue;
            };
            let days = if ended[row] { whole[row] } else { days[row] }.unwrap_or_default() as f64;
            let entry = question.seen_from.map(|from| days_between(began, from, &clock)).filter(|entry| *entry > 0.0);
            if entry.is_some_and(|entry| entry >= days) {
                *read.left_out.entry("over before lives are seen".to_owned()).or_default() += 1;
                continue;
            }
            let ending = if ended[row] { Ending::Ended } else { Ending::Open };
            read.lives.push(Life { account, began, entry, days, ending });
        }
    }
    Ok(read)
}

/// The rows of the metric itself, so that both say the same.
async fn journeys(engine: &Engine, metric: &'static str, question: &Question) -> Result<Read, OutlookError> {
    let ask = |excluded| -> Result<RowsQuestion, OutlookError> {
        Ok(RowsQuestion {
            metric: MetricRef { id: metric.to_owned(), variant: Some("default".to_owned()) },
            period: period(question, &engine.clock())?,
            filter: Vec::new(),
            excluded,
            now: Some(question.now),
            limit: None,
        })
    };
    let counted = engine.rows(&ask(false)?).await?;
    let place = |name: &str| {
        counted
            .columns
            .iter()
            .position(|column| column == name)
            .ok_or_else(|| OutlookError::NoColumn { what: format!("the metric {metric}"), column: name.to_owned() })
    };
    let mut read = Read { lives: Vec::new(), left_out: BTreeMap::new() };
    if !counted.rows.is_empty() {
        let (account, at, days) = (place("account_id")?, place("at")?, place("days")?);
        let (arrived, lost) = (place("arrived")?, place("lost")?);
        for row in &counted.rows {
            let is = |place: usize| row[place].as_deref() == Some("true");
            let began = row[at].as_deref().and_then(|at| at.parse().ok());
            let days = row[days].as_deref().and_then(|days| days.parse().ok());
            let (Some(account), Some(began), Some(days)) = (row[account].clone(), began, days) else {
                *read.left_out.entry("no known account".to_owned()).or_default() += 1;
                continue;
            };
            let ending = match (is(arrived), is(lost)) {
                (true, _) => Ending::Ended,
                (false, true) => Ending::Lost,
                (false, false) => Ending::Open,
            };
            read.lives.push(Life { account, began, entry: None, days, ending });
        }
    }
    let excluded = engine.rows(&ask(true)?).await?;
    if let Some(reason) = excluded.columns.iter().position(|column| column == "excluded") {
        for row in &excluded.rows {
            *read.left_out.entry(row[reason].clone().unwrap_or_default()).or_default() += 1;
        }
    }
    Ok(read)
}

/// The asked period, else all that Tenure counts in.
fn period(question: &Question, clock: &Clock) -> Result<Period, OutlookError> {
    let all = || Period::range(date(1900, 1, 1).at(0, 0, 0, 0), date(2200, 12, 31).at(0, 0, 0, 0), clock);
    Ok(question.period.clone().map_or_else(all, Ok)?)
}

fn days_between(from: Timestamp, to: Timestamp, clock: &Clock) -> f64 {
    let day = |at: Timestamp| -> Date { clock.local(at).date() };
    f64::from((day(to) - day(from)).get_days())
}
