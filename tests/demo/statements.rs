//! The SQL that explains a metric is one statement, and what it gives is the metric's number.

use crate::company::company;
use arrow::array::{Array, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type};
use tenure_catalog::Subject;
use tenure_engine::{Cell, MetricRef, Number, Question};

/// The last month that is complete.
const MONTH: &str = "2026-06";

#[test]
fn every_metrics_statement_gives_its_number() {
    let company = company();
    let mut wrong = Vec::new();
    let mut seen = 0;
    for metric in company.engine.catalog().metrics().filter(|metric| metric.default.subject == Subject::Account) {
        let reference = MetricRef { id: metric.id.clone(), variant: Some("default".to_owned()) };
        let sql = company.block_on(company.engine.explain(&reference)).unwrap().sql;
        let rows = company.block_on(rows_of(&sql)).unwrap_or_else(|error| panic!("{}: {error}", metric.id));
        let question = Question {
            metrics: vec![reference],
            periods: vec![company.period(MONTH)],
            by: Vec::new(),
            filter: Vec::new(),
            now: None,
        };
        for cell in company.block_on(company.engine.answer(&question)).unwrap().cells {
            let segment: Vec<Option<String>> = cell.segment.iter().map(|(_, value)| value.clone()).collect();
            match rows.iter().find(|row| row.segment == segment) {
                Some(row) => wrong.extend(differences(&cell, row)),
                None => wrong.push(format!("{} {segment:?}: no row", cell.metric)),
            }
            seen += 1;
        }
    }
    assert!(seen > 40, "{seen} cells");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

struct Row {
    segment: Vec<Option<String>>,
    figures: Vec<(String, Option<f64>)>,
}

/// The rows of a statement; the columns before `value` say which segment.
async fn rows_of(sql: &str) -> Result<Vec<Row>, String> {
    let query = company().engine.sql(sql).await.map_err(|error| error.to_string())?;
    let mut rows = Vec::new();
    for batch in query.collect().await.map_err(|error| error.to_string())? {
        let names: Vec<String> = batch.schema().fields().iter().map(|field| field.name().clone()).collect();
        let value = names.iter().position(|name| name == "value").ok_or("no value")?;
        let texts: Vec<_> = batch.columns().iter().map(|column| cast(column, &DataType::Utf8).unwrap()).collect();
        let text = |column: usize, row: usize| {
            let texts = texts[column].as_string::<i32>();
            texts.is_valid(row).then(|| texts.value(row).to_owned())
        };
        // A reason is a text, not a number.
        let figures: Vec<_> = names.iter().enumerate().skip(value).filter(|(_, name)| *name != "null_reason").collect();
        for row in 0..batch.num_rows() {
            let number = |column: usize| {
                let numbers = cast(batch.column(column), &DataType::Float64).unwrap();
                let numbers = numbers.as_primitive::<Float64Type>();
                numbers.is_valid(row).then(|| numbers.value(row))
            };
            rows.push(Row {
                segment: (0..value).map(|column| text(column, row)).collect(),
                figures: figures.iter().map(|(column, name)| ((*name).clone(), number(*column))).collect(),
            });
        }
    }
    Ok(rows)
}

fn differences(cell: &Cell, row: &Row) -> Vec<String> {
    let mut expected = vec![("value", cell.value.map(Number::as_f64)), ("n", cell.n.to_string().parse().ok())];
    if cell.low.is_some() {
        expected.extend([("low", cell.low.map(Number::as_f64)), ("high", cell.high.map(Number::as_f64))]);
    }
    expected.extend(cell.parts.iter().map(|part| (part.name.as_str(), part.value.map(Number::as_f64))));
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * b.abs().max(1.0);
    let same = |found: Option<f64>, expected: Option<f64>| match (found, expected) {
        (Some(found), Some(expected)) => near(found, expected),
        (found, expected) => found.is_none() && expected.is_none(),
    };
    let wrong = expected.into_iter().filter_map(|(name, expected)| {
        let found = row.figures.iter().find(|(known, _)| known == name).and_then(|(_, figure)| *figure);
        (!same(found, expected))
            .then(|| format!("{} {:?} {name}: {found:?}, not {expected:?}", cell.metric, cell.segment))
    });
    wrong.collect()
}
