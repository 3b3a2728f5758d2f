//! Signals of customers on days.

use crate::days;
use crate::error::HealthError;
use crate::history::Health;
use crate::known::Basis;
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Decimal128Type, Float64Type, Int64Type, TimeUnit, TimestampMicrosecondType};
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tenure_catalog::{Catalog, Subject};
use tenure_engine::{Data, Engine, MetricRef, Query, Question, Round};
use tenure_schema::as_of::Level;
use tenure_schema::period::{Period, Window};
use tenure_scorecard::{Inputs, Measure, Observation, Scorecards, Signal, Traits};

/// A customer on a day: what chooses its scorecard, and what is known of its signals.
#[derive(Debug, Clone, PartialEq)]
pub struct Observed {
    /// The day.
    pub day: Date,
    /// The customer.
    pub customer: Customer,
    /// Its attributes on that day, its lifecycle stage among them.
    pub traits: Traits,
    /// Its signals.
    pub inputs: Inputs,
}

/// Who a customer is on a day, and what is at stake.
#[derive(Debug, Clone, PartialEq)]
pub struct Customer {
    /// The account.
    pub account: String,
    /// Its name.
    pub name: Option<String>,
    /// Its parent.
    pub parent: Option<String>,
    /// What it pays a month, in the workspace's currency; `None` where a rate is missing.
    pub mrr: Option<Decimal>,
    /// Since when it is a customer.
    pub since: Option<Timestamp>,
    /// When its running term ends.
    pub renewal: Option<Timestamp>,
}

const CUSTOMERS: &str =
    "SELECT period, account_id, name, parent_id, CAST(mrr AS DECIMAL(38, 6)) AS mrr, customer_since, renewal_at,
    stage, plan, segment, industry, country, csm, attributes FROM scored_accounts ORDER BY period, account_id";

/// The attributes that choose a scorecard, in the order of `CUSTOMERS`.
const TRAITS: [&str; 6] = ["stage", "plan", "segment", "industry", "country", "csm"];

/// What is known of every customer on some days, by day and account: of every signal that a scorecard uses.
///
/// Each day sees what happened up to its end, and the engine's data must be what was known then.
pub async fn observe(engine: &Engine, scorecards: &Scorecards, days: &[Date]) -> Result<Vec<Observed>, HealthError> {
    let clock = engine.clock();
    let periods: Vec<Period> = days.iter().map(|day| days::period(*day, &clock)).collect::<Result<_, _>>()?;
    let Some(now) = periods.iter().map(|period| period.end).max() else { return Ok(Vec::new()) };
    let round = engine.round(&periods, now)?;
    let mut observed = customers(&round, days).await?;
    let places: HashMap<(i64, String), usize> = observed
        .iter()
        .enumerate()
        .filter_map(|(place, one)| {
            let period = days.iter().position(|day| *day == one.day)?;
            Some(((i64::try_from(period).ok()?, one.customer.account.clone()), place))
        })
        .collect();
    for signal in scorecards.used() {
        let values = match &signal.measure {
            Measure::Sql(sql) => by_query(&round, signal, sql).await?,
            Measure::Metric { id, variant, part, window } => {
                let metric = MetricRef { id: id.clone(), variant: variant.clone() };
                by_metric(engine, signal, &metric, part.as_deref(), window.0, &periods).await?
            }
        };
        for ((period, account), value, at) in values {
            let Some(one) = places.get(&(period, account)).map(|place| &mut observed[*place]) else { continue };
            let age = at.map_or(0, |at| days::age(at, one.day, &clock));
            if let Some(seen) = Observation::new(value, age) {
                one.inputs.set(&signal.id, Some(seen));
            }
        }
    }
    Ok(observed)
}

/// Cuts data to what scorecards look back on from a first day: rows that no signal can see need not be read.
pub(crate) async fn narrowed(
    data: Data,
    catalog: &Catalog,
    scorecards: &Scorecards,
    first: Timestamp,
) -> Result<Data, HealthError> {
    let mut reach: BTreeMap<&'static str, Option<u32>> = BTreeMap::new();
    let needed = customers_query().lake_tables(catalog)?.into_iter().map(|table| (table, None));
    let mut reads: Vec<(&'static str, Option<u32>)> = needed.collect();
    for signal in scorecards.used() {
        let tables = match &signal.measure {
            Measure::Sql(sql) => query(signal, sql).lake_tables(catalog)?,
            Measure::Metric { id, .. } => metric_tables(catalog, id),
        };
        reads.extend(tables.into_iter().map(|table| (table, signal.looks_back.map(|back| back.0))));
    }
    for (table, back) in reads {
        let far = reach.entry(table).or_insert(back);
        *far = far.zip(back).map(|(one, two)| one.max(two));
    }
    let mut data = data;
    for (table, back) in reach {
        // One day more than asked for: the windows are whole local days.
        let from =
            back.and_then(|back| first.checked_sub(jiff::SignedDuration::from_hours(24 * (i64::from(back) + 2))).ok());
        if let Some(from) = from {
            data = data.since(table, from).await?;
        }
    }
    Ok(data)
}

fn metric_tables(catalog: &Catalog, metric: &str) -> BTreeSet<&'static str> {
    let definition = catalog.metric(metric).and_then(|metric| metric.definition(None));
    definition.map(|definition| catalog.lake_tables(definition)).unwrap_or_default()
}

fn customers_query() -> Query<'static> {
    Query { file: "derived/scored_accounts.sql", key: "SQL", sql: CUSTOMERS }
}

fn query<'a>(signal: &'a Signal, sql: &'a str) -> Query<'a> {
    Query { file: &signal.file, key: &signal.id, sql }
}

impl Health {
    /// The customers of some days, without their signals.
    pub(crate) async fn customers(&self, basis: &Basis, days: &[Date]) -> Result<Vec<Observed>, HealthError> {
        let data = basis.data(&self.lake).await?;
        let engine = Engine::over(data, self.catalog.clone(), self.settings.clone(), Level::Account).await?;
        let clock = engine.clock();
        let periods: Vec<Period> = days.iter().map(|day| days::period(*day, &clock)).collect::<Result<_, _>>()?;
        let Some(now) = periods.iter().map(|period| period.end).max() else { return Ok(Vec::new()) };
        customers(&engine.round(&periods, now)?, days).await
    }
}

async fn customers(round: &Round<'_>, days: &[Date]) -> Result<Vec<Observed>, HealthError> {
    let mut observed = Vec::new();
    for batch in round.query(customers_query()).await? {
        let text =
            |column: usize| -> Result<ArrayRef, HealthError> { Ok(cast(batch.column(column), &DataType::Utf8)?) };
        let texts: Vec<ArrayRef> =
            [1, 2, 3, 7, 8, 9, 10, 11, 12, 13].map(text).into_iter().collect::<Result<_, _>>()?;
        let at = |column: usize, row: usize| {
            texts[column]
                .as_string_opt::<i32>()
                .filter(|text| text.is_valid(row))
                .map(|text| text.value(row).to_owned())
        };
        let periods = cast(batch.column(0), &DataType::Int64)?;
        let mrr = batch.column(4).as_primitive::<Decimal128Type>();
        let (since, renewal) = (instants(batch.column(5))?, instants(batch.column(6))?);
        for row in 0..batch.num_rows() {
            let period = usize::try_from(periods.as_primitive::<Int64Type>().value(row)).unwrap_or(usize::MAX);
            let (Some(day), Some(account)) = (days.get(period), at(0, row)) else { continue };
            let mut traits: Traits = extra(at(9, row).as_deref());
            let own = TRAITS.iter().zip(3..).filter_map(|(name, column)| Some(((*name).to_owned(), at(column, row)?)));
            traits.extend(own);
            observed.push(Observed {
                day: *day,
                customer: Customer {
                    account,
                    name: at(1, row),
                    parent: at(2, row),
                    mrr: mrr.is_valid(row).then(|| Decimal::try_from_i128_with_scale(mrr.value(row), 6).ok()).flatten(),
                    since: since[row],
                    renewal: renewal[row],
                },
                traits,
                inputs: Inputs::default(),
            });
        }
    }
    Ok(observed)
}

/// Extra attributes of an account that are texts, numbers or truths.
fn extra(attributes: Option<&str>) -> Traits {
    let parsed = attributes.and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok());
    let Some(serde_json::Value::Object(object)) = parsed else { return Traits::new() };
    let text = |value: serde_json::Value| match value {
        serde_json::Value::String(text) => Some(text),
        serde_json::Value::Number(number) => Some(number.to_string()),
        serde_json::Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    };
    object.into_iter().filter_map(|(name, value)| Some((name, text(value)?))).collect()
}

/// A period's number and an account, a value, and when what it rests on happened.
type Seen = ((i64, String), f64, Option<Timestamp>);

async fn by_query(round: &Round<'_>, signal: &Signal, sql: &str) -> Result<Vec<Seen>, HealthError> {
    let mut seen = Vec::new();
    for batch in round.query(query(signal, sql)).await? {
        let periods = named(&batch, signal, "period", &DataType::Int64)?;
        let accounts = named(&batch, signal, "account_id", &DataType::Utf8)?;
        let values = named(&batch, signal, "value", &DataType::Float64)?;
        let observed = instants(&named(&batch, signal, "observed_at", &instant())?)?;
        let (periods, accounts) = (periods.as_primitive::<Int64Type>(), accounts.as_string::<i32>());
        let values = values.as_primitive::<Float64Type>();
        let rows = periods.iter().zip(accounts).zip(values).zip(observed);
        seen.extend(
            rows.filter_map(|(((period, account), value), at)| Some(((period?, account?.to_owned()), value?, at))),
        );
    }
    Ok(seen)
}

/// A metric by account, over a window that ends with each day; world time is that day's end.
async fn by_metric(
    engine: &Engine,
    signal: &Signal,
    metric: &MetricRef,
    part: Option<&str>,
    window: u32,
    periods: &[Period],
) -> Result<Vec<Seen>, HealthError> {
    let about_staff = engine.catalog().metric(&metric.id).is_some_and(|known| known.default.subject == Subject::Staff);
    if about_staff {
        let (file, key, metric) = (signal.file.clone(), signal.id.clone(), metric.id.clone());
        return Err(HealthError::Staff { file, key, metric });
    }
    let clock = engine.clock();
    let window: Window = format!("{window} days").parse()?;
    let mut seen = Vec::new();
    for (number, period) in (0_i64..).zip(periods) {
        let question = Question {
            metrics: vec![metric.clone()],
            periods: vec![period.trailing(window, &clock)?],
            by: vec!["account".to_owned()],
            filter: Vec::new(),
            now: Some(period.end),
        };
        for cell in engine.answer(&question).await?.cells {
            let account = cell.segment.first().and_then(|(_, account)| account.clone());
            let value = match part {
                Some(name) => cell.part(name).and_then(|part| part.value),
                None => cell.value,
            };
            if let (Some(account), Some(value)) = (account, value) {
                seen.push(((number, account), value.as_f64(), None));
            }
        }
    }
    Ok(seen)
}

fn named(batch: &RecordBatch, signal: &Signal, name: &str, kind: &DataType) -> Result<ArrayRef, HealthError> {
    let wrong = |what: String| HealthError::Signal { file: signal.file.clone(), key: signal.id.clone(), what };
    let column = batch.column_by_name(name).ok_or_else(|| wrong(format!("its query gives no column `{name}`")))?;
    cast(column, kind).map_err(|error| wrong(format!("its column `{name}` cannot be read as {kind}: {error}")))
}

fn instant() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

fn instants(column: &ArrayRef) -> Result<Vec<Option<Timestamp>>, HealthError> {
    let column = cast(column, &instant())?;
    let micros = column.as_primitive::<TimestampMicrosecondType>().iter();
    Ok(micros.map(|at| at.and_then(|at| Timestamp::from_microsecond(at).ok())).collect())
}

/// A column as another type.
pub(crate) fn column(batch: &RecordBatch, place: usize, kind: &DataType) -> Result<ArrayRef, HealthError> {
    Ok(cast(batch.column(place), kind)?)
}
