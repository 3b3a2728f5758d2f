//! Runs every case in `tests/cases`: tables and questions as data, with the cells expected of them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod support;

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use support::{data_of, engine_over};
use tenure_engine::{Cell, Condition, Engine, MetricRef, Number, Question};
use tenure_schema::as_of::Level;
use tenure_schema::period::Period;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    #[expect(dead_code, reason = "read by people")]
    about: String,
    #[serde(default)]
    settings: String,
    data_through: Option<String>,
    tables: BTreeMap<String, String>,
    ask: Vec<Ask>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ask {
    metric: String,
    variant: Option<String>,
    period: String,
    #[serde(default)]
    by: Vec<String>,
    #[serde(default, rename = "where")]
    filter: BTreeMap<String, String>,
    #[serde(default)]
    level: Option<String>,
    now: Option<String>,
    #[serde(default)]
    expect: Vec<Expected>,
    /// Part of the error expected instead of cells.
    error: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    segment: Option<BTreeMap<String, String>>,
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    n: Option<i64>,
    excluded: Option<BTreeMap<String, i64>>,
    parts: Option<BTreeMap<String, f64>>,
    reason: Option<String>,
    complete: Option<bool>,
    assumed: Option<f64>,
}

#[tokio::test]
async fn every_case_gives_what_it_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let only = std::env::var("CASE").ok();
    let mut files = case_files(&root);
    files.retain(|file| only.as_ref().is_none_or(|only| file.to_string_lossy().contains(only)));
    assert!(!files.is_empty(), "no case matches");
    let mut wrong = Vec::new();
    for file in &files {
        let name = file.strip_prefix(&root).unwrap_or(file).display().to_string();
        let text = fs::read_to_string(file).expect("readable");
        match toml::from_str::<Case>(&text) {
            Ok(case) => wrong.extend(run(&case).await.into_iter().map(|what| format!("{name}: {what}"))),
            Err(error) => wrong.push(format!("{name}: {error}")),
        }
    }
    assert!(wrong.is_empty(), "{} wrong in {} cases:\n{}", wrong.len(), files.len(), wrong.join("\n"));
}

fn case_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(case_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "toml") {
            files.push(path);
        }
    }
    files.sort();
    files
}

async fn run(case: &Case) -> Vec<String> {
    let mut wrong = Vec::new();
    for ask in &case.ask {
        let level: Level = ask.level.as_deref().unwrap_or("account").parse().expect("a level");
        let data = data_of(&case.tables, case.data_through.as_deref(), &case.settings);
        let place =
            format!("{}{} {}", ask.metric, ask.variant.iter().map(|v| format!("/{v}")).collect::<String>(), ask.period);
        let outcome = match engine_over(data, &case.settings, level, &[]).await {
            Ok(engine) => cells(&engine, ask).await,
            Err(error) => Err(error),
        };
        match (outcome, &ask.error) {
            (Ok(cells), None) => {
                wrong.extend(compare(&cells, &ask.expect).into_iter().map(|what| format!("{place}: {what}")))
            }
            (Err(error), Some(expected)) if error.contains(expected.as_str()) => {}
            (Err(error), _) => wrong.push(format!("{place}: {error}")),
            (Ok(_), Some(expected)) => wrong.push(format!("{place}: expected the error {expected:?}")),
        }
    }
    wrong
}

async fn cells(engine: &Engine, ask: &Ask) -> Result<Vec<Cell>, String> {
    let metric = MetricRef { id: ask.metric.clone(), variant: ask.variant.clone() };
    let now = ask.now.as_deref().map(support::instant);
    let observed = now.or_else(|| engine.observed_to(std::slice::from_ref(&metric))).unwrap_or_default();
    let period = Period::parse(&ask.period, &engine.clock(), observed).map_err(|error| error.to_string())?;
    let filter = ask.filter.iter().map(|(name, value)| Condition { name: name.clone(), value: Some(value.clone()) });
    let question =
        Question { metrics: vec![metric], periods: vec![period], by: ask.by.clone(), filter: filter.collect(), now };
    engine.answer(&question).await.map(|answer| answer.cells).map_err(|error| error.to_string())
}

fn compare(cells: &[Cell], expected: &[Expected]) -> Vec<String> {
    let mut wrong = Vec::new();
    if cells.len() != expected.len() {
        let found: Vec<String> = cells.iter().map(described).collect();
        wrong.push(format!("{} cells, expected {}: {}", cells.len(), expected.len(), found.join("; ")));
    }
    for (cell, expected) in cells.iter().zip(expected) {
        wrong.extend(differences(cell, expected).into_iter().map(|what| format!("{what} in {}", described(cell))));
    }
    wrong
}

fn differences(cell: &Cell, expected: &Expected) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut number = |name: &str, found: Option<Number>, expected: Option<f64>| {
        let Some(expected) = expected else { return };
        let near = |found: f64| (found - expected).abs() <= 1e-9 * expected.abs().max(1.0);
        if !found.map(Number::as_f64).is_some_and(near) {
            wrong.push(format!("{name} is {found:?}, expected {expected}"));
        }
    };
    number("value", cell.value, expected.value);
    number("low", cell.low, expected.low);
    number("high", cell.high, expected.high);
    number("assumed", cell.assumed.map(Number::Float), expected.assumed);
    for (name, value) in expected.parts.iter().flatten() {
        number(name, cell.part(name).and_then(|part| part.value), Some(*value));
    }
    if let Some(segment) = &expected.segment {
        let found: BTreeMap<String, String> =
            cell.segment.iter().map(|(name, value)| (name.clone(), value.clone().unwrap_or_default())).collect();
        if found != *segment {
            wrong.push(format!("segment is {found:?}, expected {segment:?}"));
        }
    }
    if expected.n.is_some_and(|n| n != cell.n) {
        wrong.push(format!("n is {}, expected {:?}", cell.n, expected.n));
    }
    if let Some(excluded) = &expected.excluded {
        let found: BTreeMap<String, i64> = cell.excluded.iter().cloned().collect();
        if found != *excluded {
            wrong.push(format!("excluded is {found:?}, expected {excluded:?}"));
        }
    }
    if let Some(reason) = &expected.reason
        && !cell.reason.as_ref().is_some_and(|found| found.contains(reason.as_str()) && cell.value.is_none())
    {
        wrong.push(format!("reason is {:?}, expected {reason:?}", cell.reason));
    }
    if expected.complete.is_some_and(|complete| complete != cell.complete) {
        wrong.push(format!("complete is {}", cell.complete));
    }
    wrong
}

fn described(cell: &Cell) -> String {
    let parts: Vec<String> =
        cell.parts.iter().map(|part| format!("{}={:?}", part.name, part.value.map(Number::as_f64))).collect();
    format!(
        "{:?} value={:?} n={} excluded={:?} reason={:?} low={:?} high={:?} [{}]",
        cell.segment,
        cell.value.map(Number::as_f64),
        cell.n,
        cell.excluded,
        cell.reason,
        cell.low.map(Number::as_f64),
        cell.high.map(Number::as_f64),
        parts.join(" ")
    )
}
