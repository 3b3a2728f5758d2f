//! Scores as rows of the lake.

use crate::error::HealthError;
use crate::known::Basis;
use crate::observe::Observed;
use arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Decimal128Builder, Int64Builder, RecordBatch, StringBuilder,
};
use jiff::civil::{Date, date};
use rust_decimal::Decimal;
use std::sync::Arc;
use tenure_lake::{arrow_type, own_schema};
use tenure_schema::table::{ColumnType, Table, own_tables};
use tenure_scorecard::{Missing, PLACES, Score, Scorecard};

/// The tables of health.
pub(crate) const SCORES: &str = "health_scores";
pub(crate) const SIGNALS: &str = "health_signals";
pub(crate) const SCORECARDS: &str = "health_scorecards";

/// One line of scores: those by one set of scorecards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Hash of the scorecards.
    pub id: String,
    /// The first day on which it was the workspace's; none where it never was.
    pub in_force_from: Option<Date>,
    /// The first day scored.
    pub scored_from: Date,
    /// The last day scored.
    pub scored_to: Date,
}

/// A score with all that its rows say.
pub(crate) struct Scored<'a> {
    pub observed: &'a Observed,
    pub card: &'a Scorecard,
    pub score: Score,
    pub in_force: bool,
    pub basis: &'a Basis,
}

/// A value of a column.
enum Value<'a> {
    Text(Option<&'a str>),
    Day(Option<Date>),
    Number(Option<Decimal>),
    Count(Option<i64>),
    Truth(bool),
}

/// The rows of `health_scores`.
pub(crate) fn scores(line: &str, scored: &[Scored<'_>]) -> Result<Vec<RecordBatch>, HealthError> {
    let row = |one: &Scored<'_>, add: &mut dyn FnMut(Value<'_>)| {
        let Scored { observed, card, score, in_force, basis } = one;
        let alternative = |rule| Value::Number(card.value_if(score, rule));
        add(Value::Day(Some(observed.day)));
        add(Value::Text(Some(line)));
        add(Value::Text(Some(&observed.customer.account)));
        add(Value::Truth(*in_force));
        add(Value::Text(Some(&card.id)));
        add(Value::Text(Some(&card.version)));
        add(Value::Text(observed.traits.get("stage").map(String::as_str)));
        add(Value::Number(score.value));
        add(Value::Text(score.reason));
        add(Value::Text(score.colour.map(|colour| colour.word())));
        add(Value::Number(Some(score.coverage.share)));
        add(alternative(Missing::LeaveOut));
        add(alternative(Missing::Neutral));
        add(alternative(Missing::Poor));
        add(alternative(Missing::LastValue));
        add(Value::Number(observed.customer.mrr));
        add(Value::Count(i64::try_from(basis.version.0).ok()));
    };
    rows(table(SCORES)?, scored, row)
}

/// The rows of `health_signals`.
pub(crate) fn signals(line: &str, scored: &[Scored<'_>]) -> Result<Vec<RecordBatch>, HealthError> {
    let each: Vec<_> =
        scored.iter().flat_map(|one| one.score.signals.iter().map(move |signal| (one, signal))).collect();
    let row = |(one, signal): &(&Scored<'_>, &tenure_scorecard::ScoredSignal), add: &mut dyn FnMut(Value<'_>)| {
        add(Value::Day(Some(one.observed.day)));
        add(Value::Text(Some(line)));
        add(Value::Text(Some(&one.observed.customer.account)));
        add(Value::Text(Some(&signal.signal)));
        add(Value::Text(Some(signal.state.word())));
        add(Value::Number(signal.input.map(|input| input.value)));
        add(Value::Count(signal.input.map(|input| i64::from(input.age))));
        add(Value::Number(signal.input.and_then(|input| input.rank)));
        add(Value::Number(signal.points));
        add(Value::Number(Some(signal.weight)));
        add(Value::Number(Some(signal.contribution)));
    };
    rows(table(SIGNALS)?, &each, row)
}

/// The rows of `health_scorecards`: one a scorecard of a line, with the files of its signals.
pub(crate) fn scorecards(line: &Line, cards: &[(&Scorecard, String)]) -> Result<Vec<RecordBatch>, HealthError> {
    let row = |(card, signals): &(&Scorecard, String), add: &mut dyn FnMut(Value<'_>)| {
        add(Value::Text(Some(&line.id)));
        add(Value::Text(Some(&card.id)));
        add(Value::Text(Some(&card.version)));
        add(Value::Text(Some(&card.title)));
        add(Value::Text(Some(&card.text)));
        add(Value::Text(Some(signals)));
        add(Value::Day(line.in_force_from));
        add(Value::Day(Some(line.scored_from)));
        add(Value::Day(Some(line.scored_to)));
    };
    rows(table(SCORECARDS)?, cards, row)
}

/// A table that the lake keeps of itself.
pub(crate) fn table(name: &'static str) -> Result<&'static Table, HealthError> {
    let found = own_tables().iter().find(|table| table.name == name);
    found.ok_or_else(|| HealthError::Rows(format!("there is no table {name}")))
}

enum Builder {
    Text(StringBuilder),
    Day(Date32Builder),
    Number(Decimal128Builder),
    Count(Int64Builder),
    Truth(BooleanBuilder),
}

/// Rows of a batch: the lake sorts batches within its memory, and never cuts one.
const BATCH: usize = 8_192;

/// Batches of a table: each row gives its values in the order of the columns.
fn rows<T>(
    table: &'static Table,
    items: &[T],
    row: impl Fn(&T, &mut dyn FnMut(Value<'_>)),
) -> Result<Vec<RecordBatch>, HealthError> {
    items.chunks(BATCH).map(|items| batch(table, items, &row)).collect()
}

fn batch<T>(
    table: &'static Table,
    items: &[T],
    row: &impl Fn(&T, &mut dyn FnMut(Value<'_>)),
) -> Result<RecordBatch, HealthError> {
    let builder = |kind: ColumnType| match kind {
        ColumnType::Int => Builder::Count(Int64Builder::new()),
        ColumnType::Bool => Builder::Truth(BooleanBuilder::new()),
        ColumnType::Date => Builder::Day(Date32Builder::new()),
        ColumnType::Decimal | ColumnType::Money => {
            Builder::Number(Decimal128Builder::new().with_data_type(arrow_type(kind)))
        }
        ColumnType::Text | ColumnType::Rate | ColumnType::Instant => Builder::Text(StringBuilder::new()),
    };
    let mut builders: Vec<Builder> = table.columns.iter().map(|column| builder(column.kind)).collect();
    let mut mismatch = None;
    for item in items {
        let mut columns = builders.iter_mut();
        row(item, &mut |value| match (columns.next(), value) {
            (Some(Builder::Text(to)), Value::Text(text)) => to.append_option(text),
            (Some(Builder::Day(to)), Value::Day(day)) => to.append_option(day.map(number_of)),
            (Some(Builder::Number(to)), Value::Number(number)) => to.append_option(number.and_then(mantissa)),
            (Some(Builder::Count(to)), Value::Count(count)) => to.append_option(count),
            (Some(Builder::Truth(to)), Value::Truth(truth)) => to.append_value(truth),
            _ => mismatch = Some(table.name),
        });
    }
    if let Some(name) = mismatch {
        return Err(HealthError::Rows(format!("a row does not fit the columns of {name}")));
    }
    let columns: Vec<ArrayRef> = builders
        .into_iter()
        .map(|builder| match builder {
            Builder::Text(mut from) => Arc::new(from.finish()) as ArrayRef,
            Builder::Day(mut from) => Arc::new(from.finish()),
            Builder::Number(mut from) => Arc::new(from.finish()),
            Builder::Count(mut from) => Arc::new(from.finish()),
            Builder::Truth(mut from) => Arc::new(from.finish()),
        })
        .collect();
    Ok(RecordBatch::try_new(own_schema(table), columns)?)
}

/// A day as Arrow counts it.
pub(crate) fn number_of(day: Date) -> i32 {
    (day - date(1970, 1, 1)).get_days()
}

/// Six places, as the lake keeps decimals; none beyond eighteen digits.
pub(crate) fn mantissa(number: Decimal) -> Option<i128> {
    let mut number = number;
    number.rescale(PLACES);
    (number.scale() == PLACES && number.mantissa().unsigned_abs() < 10_u128.pow(18)).then(|| number.mantissa())
}
