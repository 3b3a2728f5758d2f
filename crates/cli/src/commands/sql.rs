//! `tenure sql`: a query over the lake's tables and the derived tables.

use crate::args::{Form, SqlArgs};
use crate::exit::{Exit, Failure, Outcome};
use crate::output;
use crate::people;
use crate::printer::{Printer, rendered};
use crate::session::{Context, Session};
use crate::table::{Column, Table, Text, Tone};
use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, SchemaRef};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use serde_json::value::RawValue;
use std::sync::Arc;
use tenure_engine::EngineError;

/// Runs a query.
pub(crate) async fn run(context: &Context, args: &SqlArgs, printer: &mut Printer) -> Outcome {
    let session = Session::open(context).await?;
    let query = session.engine.sql(&text_of(&args.query)?).await.map_err(refused)?;
    let schema: SchemaRef = Arc::clone(query.schema().inner());
    let batches = query.collect().await.map_err(EngineError::from)?;
    let columns: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
    let rows = texts(&batches)?;
    let file = args.output.output.as_deref();
    let text = match args.output.format {
        Form::Json => output::json(&objects(&schema, &columns, &rows)?)?,
        Form::Csv => output::rows_csv(&columns, &rows)?,
        Form::Table => {
            let count = people::count(rows.len());
            let note = printer
                .palette
                .paint(Tone::Faint, &format!("{count} {}", if rows.len() == 1 { "row" } else { "rows" }));
            format!("{}\n{note}\n", rendered(printer, &table(&schema, &columns, &rows), file))
        }
    };
    printer.document(&text, file)?;
    Ok(Exit::Done)
}

/// The query as it was typed; `-` is what comes in on standard input.
fn text_of(query: &str) -> Outcome<String> {
    if query != "-" {
        return Ok(query.to_owned());
    }
    std::io::read_to_string(std::io::stdin())
        .map_err(|error| Failure::new(format!("the query cannot be read from standard input: {error}")))
}

/// A query that cannot be planned is not right; only where a file may be damaged is it not to blame.
fn refused(error: EngineError) -> Failure {
    match error {
        EngineError::Query(_) if !error.may_be_damage() => {
            let failure = Failure::from(error).typed();
            match failure.problem.contains("not found") {
                true => failure.hint("`tenure sql \"SHOW TABLES\"` lists the tables"),
                false => failure,
            }
        }
        error => error.into(),
    }
}

/// Every value as text; none where it is null.
fn texts(batches: &[RecordBatch]) -> Outcome<Vec<Vec<Option<String>>>> {
    let broken = |error: arrow::error::ArrowError| Failure::new(error.to_string());
    let options = FormatOptions::default().with_timestamp_tz_format(Some("%Y-%m-%dT%H:%M:%S%.fZ"));
    let mut rows = Vec::new();
    for batch in batches {
        let columns = batch.columns().iter().map(|column| ArrayFormatter::try_new(column.as_ref(), &options));
        let columns = columns.collect::<Result<Vec<_>, _>>().map_err(broken)?;
        for row in 0..batch.num_rows() {
            let values = columns.iter().zip(batch.columns()).map(|(shown, values)| match values.is_null(row) {
                true => Ok(None),
                false => shown.value(row).try_to_string().map(Some),
            });
            rows.push(values.collect::<Result<Vec<_>, _>>().map_err(broken)?);
        }
    }
    Ok(rows)
}

fn table(schema: &SchemaRef, columns: &[String], rows: &[Vec<Option<String>>]) -> Table {
    let numeric = |place: usize| schema.field(place).data_type().is_numeric();
    let titles = columns.iter().enumerate().map(|(place, name)| match numeric(place) {
        true => Column::numbers(name),
        false => Column::words(name).wraps_to(8),
    });
    let mut table = Table::new(titles.collect());
    for row in rows {
        let cell = |value: &Option<String>| match value {
            Some(text) => Text::from(text.as_str()),
            None => Text::toned(Tone::Faint, "null"),
        };
        table.row(row.iter().map(cell).collect());
    }
    table
}

type Object<'a> = output::Pairs<'a, Option<Box<RawValue>>>;

/// Numbers and truth values as they are, all else as text.
fn objects<'a>(schema: &SchemaRef, columns: &'a [String], rows: &[Vec<Option<String>>]) -> Outcome<Vec<Object<'a>>> {
    let bare = |place: usize, text: &str| {
        let kind = schema.field(place).data_type();
        // JSON has no infinity and no NaN.
        let finite = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
        *kind == DataType::Boolean || (kind.is_numeric() && finite)
    };
    let value = |place: usize, text: &str| -> Result<Box<RawValue>, serde_json::Error> {
        let text = if bare(place, text) { text.to_owned() } else { serde_json::to_string(text)? };
        RawValue::from_string(text)
    };
    let object = |row: &Vec<Option<String>>| -> Result<Object<'a>, serde_json::Error> {
        let pairs = columns.iter().zip(row).enumerate().map(|(place, (name, text))| {
            Ok((name.as_str(), text.as_deref().map(|text| value(place, text)).transpose()?))
        });
        Ok(output::Pairs(pairs.collect::<Result<_, serde_json::Error>>()?))
    };
    Ok(rows.iter().map(object).collect::<Result<_, _>>()?)
}
