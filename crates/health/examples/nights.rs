//! A history of scores as a nightly `tenure health update` leaves it, made up: `nights DIR LAST_DAY NIGHTS ACCOUNTS`.
//!
//! For `bench/health`: a version of the lake a night, each with a score and all signals of every account, by the line of the
//! scorecard that ships. What the scores are does not matter there, only that they lie there.

use arrow::array::{ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::DataType;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use jiff::civil::{Date, date};
use jiff::{Span, Timestamp};
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use tenure_lake::{CommitKind, CommitNote, Lake, StageMode, own_schema};
use tenure_schema::table::{Table, own_tables};
use tenure_scorecard::Scorecards;

/// Rows of a batch.
const BATCH: usize = 8_192;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &[String]) -> Result<(), Box<dyn Error>> {
    let [dir, last, nights, accounts] = arguments else {
        return Err("usage: nights DIR LAST_DAY NIGHTS ACCOUNTS".into());
    };
    let (last, nights, accounts): (Date, i64, usize) = (last.parse()?, nights.parse()?, accounts.parse()?);
    let cards = Scorecards::read(&[], &[], &|_| true)?;
    let card = cards.cards().first().ok_or("no scorecard ships")?;
    let signals: Vec<&str> = card.members().map(|(_, member)| member.signal.as_str()).collect();
    let lake = Lake::open(Path::new(dir)).await?;
    let first = last.checked_sub(Span::new().days(nights - 1))?;
    let mut day = first;
    while day <= last {
        let mut writer = lake.write(night(day)?).await?;
        for (name, keys) in [("health_scores", &[""][..]), ("health_signals", &signals[..])] {
            let table = table(name)?;
            let night = Night { table, day, line: cards.line(), card: &card.id, version: &card.version, signals: keys };
            let batches: Vec<RecordBatch> = night.batches(accounts)?;
            writer.stage(table, stream(table, batches), StageMode::Upsert).await?;
        }
        let table = table("health_scorecards")?;
        let own = own_line(table, cards.line(), &card.id, first, day)?;
        writer.stage(table, stream(table, vec![own]), StageMode::Upsert).await?;
        let message = format!("health of {day}");
        writer.commit(CommitNote { message, kind: CommitKind::Scores, imports: Vec::new() }).await?;
        day = day.tomorrow()?;
    }
    Ok(())
}

fn table(name: &'static str) -> Result<&'static Table, String> {
    own_tables().iter().find(|table| table.name == name).ok_or_else(|| format!("there is no table {name}"))
}

fn stream(table: &'static Table, rows: Vec<RecordBatch>) -> SendableRecordBatchStream {
    Box::pin(RecordBatchStreamAdapter::new(own_schema(table), futures::stream::iter(rows.into_iter().map(Ok))))
}

/// The rows of one table on one night.
struct Night<'a> {
    table: &'static Table,
    day: Date,
    line: &'a str,
    card: &'a str,
    version: &'a str,
    /// What each account has a row for.
    signals: &'a [&'a str],
}

impl Night<'_> {
    fn batches(&self, accounts: usize) -> Result<Vec<RecordBatch>, Box<dyn Error>> {
        let rows: Vec<(usize, &str)> =
            (1..=accounts).flat_map(|account| self.signals.iter().map(move |signal| (account, *signal))).collect();
        rows.chunks(BATCH).map(|rows| self.batch(rows)).collect()
    }

    fn batch(&self, rows: &[(usize, &str)]) -> Result<RecordBatch, Box<dyn Error>> {
        let schema = own_schema(self.table);
        let number = days_of(self.day);
        let column = |name: &str, kind: &DataType| -> Result<ArrayRef, Box<dyn Error>> {
            let text = |value: &str| Arc::new(StringArray::from(vec![value; rows.len()])) as ArrayRef;
            Ok(match (name, kind) {
                ("account_id", _) => Arc::new(rows.iter().map(|row| Some(account(row.0))).collect::<StringArray>()),
                ("signal", _) => Arc::new(rows.iter().map(|row| Some(row.1)).collect::<StringArray>()),
                ("line", _) => text(self.line),
                ("scorecard", _) => text(self.card),
                ("version", _) => text(self.version),
                ("state", _) => text("fresh"),
                ("stage", _) => text("adopted"),
                ("colour", _) => text("green"),
                ("reason", _) => Arc::new(StringArray::new_null(rows.len())),
                (_, DataType::Date32) => Arc::new(Date32Array::from(vec![number; rows.len()])),
                (_, DataType::Boolean) => Arc::new(BooleanArray::from(vec![true; rows.len()])),
                (_, DataType::Int64) => Arc::new(Int64Array::from(vec![1; rows.len()])),
                (_, DataType::Decimal128(..)) => {
                    let value = |row: &(usize, &str)| scattered(row.0, row.1.len() + name.len(), number);
                    let values: Decimal128Array = rows.iter().map(|row| Some(value(row))).collect();
                    Arc::new(values.with_data_type(kind.clone()))
                }
                (name, kind) => {
                    return Err(format!("{}.{name}: no rows of {kind} are made here", self.table.name).into());
                }
            })
        };
        let columns: Result<Vec<ArrayRef>, _> =
            schema.fields().iter().map(|field| column(field.name(), field.data_type())).collect();
        Ok(RecordBatch::try_new(schema, columns?)?)
    }
}

fn account(number: usize) -> String {
    format!("A-{number:06}")
}

/// A number from 0 to 100 that differs between accounts and columns, and moves every week or so.
fn scattered(account: usize, column: usize, day: i32) -> i128 {
    let week = (i64::from(day) + account as i64 % 7) / 7;
    i128::from((account as i64 * 31 + column as i64 * 7 + week * 13) % 101) * 1_000_000
}

/// The row of the line itself.
fn own_line(
    table: &'static Table,
    line: &str,
    card: &str,
    first: Date,
    to: Date,
) -> Result<RecordBatch, Box<dyn Error>> {
    let schema = own_schema(table);
    let columns = schema.fields().iter().map(|field| -> ArrayRef {
        let day = |day: Date| Arc::new(Date32Array::from(vec![days_of(day)])) as ArrayRef;
        match field.name().as_str() {
            "scored_to" => day(to),
            "scored_from" | "in_force_from" => day(first),
            "line" => Arc::new(StringArray::from(vec![line])),
            "scorecard" => Arc::new(StringArray::from(vec![card])),
            _ => Arc::new(StringArray::from(vec![""])),
        }
    });
    Ok(RecordBatch::try_new(schema.clone(), columns.collect())?)
}

fn days_of(day: Date) -> i32 {
    (day - date(1970, 1, 1)).get_days()
}

/// When a day is scored: in the night after it.
fn night(day: Date) -> Result<Timestamp, jiff::Error> {
    Ok(day.tomorrow()?.at(2, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC)?.timestamp())
}
