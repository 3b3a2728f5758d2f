//! The rows of a number add up to it, and no candidate is neither counted nor excluded.

use crate::harness::{Case, none_wrong};
use crate::look::{Look, named, near, part, told, value};
use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use std::collections::BTreeMap;
use tenure_catalog::{Definition, Timing};
use tenure_engine::{Cell, MetricRef, RowsAnswer};
use tenure_schema::period::Period;

/// How many cases take turns over all definitions.
pub const LOTS: usize = 5;

/// A month, the leap day, a year and a stretch of none: one a case.
const OPENED: [&str; 5] = ["2024-03", "2024", "2024-10", "2024-02-29", "2023-09"];

/// Counted rows are as many as the number says, excluded ones by reason too; their columns add up to its value and its parts.
pub async fn rows_are_the_number(case: &Case<'_>) -> Result<(), String> {
    let look = case.look().await?;
    let period = look.period(case.pick_any(&OPENED));
    let mut wrong = Vec::new();
    for (metric, definition) in turn_of(&look, case.turn) {
        let cells: Vec<Cell> = look.cells(&metric, std::slice::from_ref(&period), &[]).await?.into_values().collect();
        let counted = look.rows(&metric, &period, &[], false).await?;
        let left_out = look.rows(&metric, &period, &[], true).await?;
        let mut reasons = BTreeMap::new();
        for reason in column(&left_out, "excluded") {
            *reasons.entry(reason.unwrap_or_default()).or_insert(0) += 1;
        }
        let said = told(&cells);
        let place = format!("{} {}", named(&metric), period.label);
        if said != (i64::try_from(counted.total).unwrap(), reasons.clone()) {
            wrong.push(format!("{place}: says {said:?}, opens to {} and {reasons:?}", counted.total));
        }
        let [cell] = cells.as_slice() else { continue };
        for (name, figure, expression) in figures(definition, cell) {
            if let (Some(figure), Some(sum)) = (figure, sum_of_rows(definition, expression, &counted))
                && !near(figure, sum)
            {
                wrong.push(format!("{place}: {name} is {figure}, its rows add up to {sum}"));
            }
        }
    }
    none_wrong(wrong)
}

/// Every row of a definition's table that meets its condition and falls in the period is counted or excluded, once.
pub async fn candidates_are_kept_or_excluded(case: &Case<'_>) -> Result<(), String> {
    let look = case.look().await?;
    let periods: Vec<Period> = OPENED.iter().map(|label| look.period(label)).collect();
    let mut wrong = Vec::new();
    for (metric, definition) in look.definitions() {
        let Some(rows) = &definition.rows else { continue };
        let Timing::At(at) = rows.timing() else { continue };
        let condition = rows.filter.as_deref().unwrap_or("true");
        // What reads the asked period or a setting cannot be asked of the table alone; nor over a window of its own.
        if [at, condition].iter().any(|text| text.contains("asked.") || text.contains('$'))
            || definition.window.is_some()
        {
            continue;
        }
        let Some(columns) = candidates(&look, &rows.from, condition, at, &periods).await else { continue };
        let cells = look.cells(&metric, &periods, &[]).await?;
        for (place, period) in periods.iter().enumerate() {
            let of_period = cells.iter().filter(|((of, _), _)| *of == place).map(|(_, cell)| cell);
            let (n, excluded) = told(of_period);
            let said = n + excluded.values().sum::<i64>();
            if said != columns[place] {
                wrong.push(format!("{} {}: {said} of {} candidates", named(&metric), period.label, columns[place]));
            }
        }
    }
    none_wrong(wrong)
}

/// The definitions whose turn it is.
pub fn turn_of(look: &Look, turn: usize) -> Vec<(MetricRef, &Definition)> {
    look.definitions().into_iter().enumerate().filter(|(at, _)| at % LOTS == turn % LOTS).map(|(_, one)| one).collect()
}

/// Rows of a table in each period, those without a time in every one; none where the table cannot be queried without a period.
async fn candidates(look: &Look, from: &str, condition: &str, at: &str, periods: &[Period]) -> Option<Vec<i64>> {
    let inside = |period: &Period| {
        format!(
            "count(*) FILTER (WHERE at IS NULL OR (at >= TIMESTAMP '{}' AND at < TIMESTAMP '{}'))",
            period.start, period.end
        )
    };
    let counts: Vec<String> = periods.iter().map(inside).collect();
    let sql =
        format!("SELECT {} FROM (SELECT {at} AS at FROM {from} WHERE {condition}) AS candidate", counts.join(", "));
    let batches = look.engine.sql(&sql).await.ok()?.collect().await.unwrap();
    let batch = batches.first().unwrap();
    Some(batch.columns().iter().map(|counts| counts.as_primitive::<Int64Type>().value(0)).collect())
}

/// The value and the parts that are one state each: name, figure, the state's expression.
pub fn figures<'a>(definition: &'a Definition, cell: &Cell) -> Vec<(String, Option<f64>, &'a str)> {
    let state = |expression: &str| {
        let bare =
            expression.strip_prefix("coalesce(").and_then(|rest| rest.strip_suffix(", 0)")).unwrap_or(expression);
        definition.state.get(bare).map(String::as_str).or_else(|| (bare == "n").then_some("count(*)"))
    };
    let headline = state(&definition.value).map(|text| ("value".to_owned(), value(cell), text));
    let parts = definition.parts.iter().filter_map(|(name, of)| {
        let shown = cell.part(name).is_some();
        state(&of.value).filter(|_| shown).map(|text| (name.to_owned(), part(cell, name), text))
    });
    headline.into_iter().chain(parts).collect()
}

/// What the rows say of `sum(column)`, `count(*)` and `count(*) FILTER (WHERE column)`; none of any other state.
fn sum_of_rows(definition: &Definition, expression: &str, rows: &RowsAnswer) -> Option<f64> {
    let bare = expression.strip_prefix("coalesce(").and_then(|rest| rest.strip_suffix(", 0)")).unwrap_or(expression);
    definition.rows.as_ref()?;
    if bare == "count(*)" {
        return Some(rows.total as f64);
    }
    let inner = |prefix: &str| bare.strip_prefix(prefix).and_then(|rest| rest.strip_suffix(')'));
    let there = |name: &str| rows.columns.iter().any(|column| column == name);
    if let Some(name) = inner("sum(").filter(|name| there(name)) {
        return Some(column(rows, name).iter().flatten().map(|text| text.parse::<f64>().unwrap()).sum());
    }
    if let Some(name) = inner("count(").filter(|name| there(name)) {
        return Some(column(rows, name).iter().flatten().count() as f64);
    }
    let name = inner("count(*) FILTER (WHERE ").filter(|name| there(name))?;
    Some(column(rows, name).iter().flatten().filter(|text| *text == "true").count() as f64)
}

fn column(rows: &RowsAnswer, name: &str) -> Vec<Option<String>> {
    let place = rows.columns.iter().position(|column| column == name);
    place.map(|place| rows.rows.iter().map(|row| row[place].clone()).collect()).unwrap_or_default()
}

#[test]
fn the_rows_of_a_number_add_up_to_it() {
    crate::harness::hold("rows are the number", LOTS as u32);
}

#[test]
fn every_candidate_is_counted_or_excluded() {
    crate::harness::hold("candidates are kept or excluded", 2);
}
