//! Two definitions for programs: one object with all of it, or a line a row.

use super::Found;
use crate::output::{Figure, Pairs, Record};
use serde::Serialize;
use tenure_catalog::Unit;
use tenure_engine::Number;

#[derive(Serialize)]
struct Whole<'a> {
    metric: &'a str,
    period: &'a str,
    answers: Vec<Record<'a>>,
    totals: Vec<Total<'a>>,
    rows: Vec<Row<'a>>,
    catalogue: &'a str,
    lake_version: u64,
}

#[derive(Serialize)]
struct Total<'a> {
    counted_by: &'a str,
    rows: usize,
    figures: Figures<'a>,
}

#[derive(Serialize)]
struct Row<'a> {
    counted_by: &'a str,
    role: Option<&'a str>,
    account_id: Option<&'a str>,
    at: Option<&'a str>,
    row_id: Option<&'a str>,
    reason: Option<&'a str>,
    figures: Figures<'a>,
}

/// Figure → variant → number.
type Figures<'a> = Pairs<'a, Pairs<'a, Option<Figure>>>;

/// The JSON text.
pub(super) fn json(found: &Found<'_>) -> Result<String, serde_json::Error> {
    let answer = found.answer;
    let cells = answer.cells.iter().flatten();
    let totals = answer.totals.iter().map(|total| Total {
        counted_by: found.by(total.counted_by),
        rows: total.rows,
        figures: figures(found, &total.figures),
    });
    let rows = answer.rows.iter().map(|row| Row {
        counted_by: found.by(row.counted_by),
        role: row.role.as_deref(),
        account_id: row.account_id.as_deref(),
        at: row.at.as_deref(),
        row_id: row.row_id.as_deref(),
        reason: row.reason.as_deref(),
        figures: figures(found, &row.figures),
    });
    let whole = Whole {
        metric: found.metric,
        period: &found.period.label,
        answers: cells.map(|cell| Record::of(cell, &answer.catalogue, answer.lake_version)).collect(),
        totals: totals.collect(),
        rows: rows.collect(),
        catalogue: &answer.catalogue,
        lake_version: answer.lake_version,
    };
    Ok(serde_json::to_string_pretty(&whole)? + "\n")
}

/// The columns of a line a row.
pub(super) fn columns(found: &Found<'_>) -> Vec<String> {
    let own = ["counted_by", "role", "account_id", "at", "row_id", "reason"].map(str::to_owned);
    let figures = found.answer.figures.iter();
    let figures = figures.flat_map(|figure| found.variants.map(|variant| format!("{}.{variant}", figure.name)));
    own.into_iter().chain(figures).collect()
}

/// A line a row.
pub(super) fn rows(found: &Found<'_>) -> Vec<Vec<Option<String>>> {
    let line = |row: &tenure_engine::DifferingRow| {
        let by = Some(found.by(row.counted_by).to_owned());
        let own =
            [by, row.role.clone(), row.account_id.clone(), row.at.clone(), row.row_id.clone(), row.reason.clone()];
        let figures = row.figures.iter().flatten().map(|number| number.and_then(|number| figure(number).text()));
        own.into_iter().chain(figures).collect()
    };
    found.answer.rows.iter().map(line).collect()
}

fn figures<'a>(found: &Found<'a>, figures: &[[Option<Number>; 2]]) -> Figures<'a> {
    let of = |sides: &[Option<Number>; 2]| {
        Pairs(found.variants.iter().copied().zip(sides.iter().map(|number| number.map(figure))).collect())
    };
    let names = found.answer.figures.iter().map(|figure| figure.name.as_str());
    Pairs(names.zip(figures.iter().map(of)).collect())
}

fn figure(number: Number) -> Figure {
    Figure::new(number, Unit::Number)
}
