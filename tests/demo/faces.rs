//! Every face gives the same answer as the engine's one call, and the same question the same bytes.

use crate::company::{company, value};
use serde_json::Value;
use std::collections::BTreeMap;
use tenure_engine::{Cell, MetricRef, Number, Question};
use tenure_tests::succeed;

const MONTH: &str = "2026-05";

/// The whole board, straight from the engine.
fn board() -> Vec<Cell> {
    let company = company();
    let metrics = company.engine.catalog().metrics().map(|metric| MetricRef::default_of(&metric.id)).collect();
    let question =
        Question { metrics, periods: vec![company.period(MONTH)], by: Vec::new(), filter: Vec::new(), now: None };
    company.block_on(company.engine.answer(&question)).unwrap().cells
}

fn report(format: &str) -> String {
    succeed(&company().folder, &["report", "--period", MONTH, "--format", format]).unwrap()
}

/// A metric and its segment.
fn place(metric: &str, segment: &[(String, Option<String>)]) -> (String, String) {
    (
        metric.to_owned(),
        segment.iter().map(|(name, value)| format!("{name}={}", value.as_deref().unwrap_or(""))).collect(),
    )
}

/// A printed number is the one computed, as it is published.
fn same(printed: Option<f64>, cell: &Cell, number: Option<Number>) -> bool {
    match (printed, number.map(|number| number.published(cell.unit).as_f64())) {
        (None, None) => true,
        (Some(printed), Some(computed)) => (printed - computed).abs() <= 1e-12 * computed.abs().max(1.0),
        _ => false,
    }
}

#[test]
fn json_says_what_the_engine_says() {
    let cells = board();
    let records: Vec<Value> = serde_json::from_str(&report("json")).unwrap();
    let told: BTreeMap<_, &Value> = records
        .iter()
        .map(|record| {
            let segment: Vec<(String, Option<String>)> = record["segment"]
                .as_object()
                .unwrap()
                .iter()
                .map(|(name, value)| (name.clone(), value.as_str().map(str::to_owned)))
                .collect();
            (place(record["metric"].as_str().unwrap(), &segment), record)
        })
        .collect();
    assert_eq!(told.len(), records.len());
    let hash = company().engine.catalogue_hash();
    let same_build = records.iter().all(|record| record["catalogue"].as_str() == Some(hash));
    assert!(same_build, "the command is not of this build: cargo build --bin tenure");
    for cell in &cells {
        let place = place(&cell.metric, &cell.segment);
        let record = told.get(&place).unwrap_or_else(|| panic!("{place:?} is not on the board"));
        for (key, number) in [("value", cell.value), ("low", cell.low), ("high", cell.high)] {
            assert!(same(record[key].as_f64(), cell, number), "{place:?} {key}: {} {number:?}", record[key]);
        }
        assert_eq!(record["n"].as_i64(), Some(cell.n), "{place:?}");
        assert_eq!(record["complete"].as_bool(), Some(cell.complete), "{place:?}");
        assert_eq!(record["reason"].as_str(), cell.reason.as_deref(), "{place:?}");
        let parts = record["parts"].as_object().unwrap();
        for part in &cell.parts {
            let number = part.value.map(|number| number.published(part.unit).as_f64());
            let printed = parts[&part.name].as_f64();
            assert_eq!(printed.is_some(), number.is_some(), "{place:?} {}", part.name);
            let apart = printed.zip(number).map_or(0.0, |(printed, number)| (printed - number).abs());
            assert!(apart <= 1e-12 * number.unwrap_or_default().abs().max(1.0), "{place:?} {}", part.name);
        }
        let excluded: BTreeMap<&str, i64> = cell.excluded.iter().map(|(reason, n)| (reason.as_str(), *n)).collect();
        let printed: BTreeMap<&str, i64> = record["excluded"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(reason, count)| (reason.as_str(), count.as_i64().unwrap()))
            .collect();
        assert_eq!(printed, excluded, "{place:?}");
    }
    assert_eq!(told.len(), cells.len());
}

#[test]
fn csv_says_what_json_says() {
    let records: Vec<Value> = serde_json::from_str(&report("json")).unwrap();
    let text = report("csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let lines: Vec<BTreeMap<String, String>> = reader.deserialize().map(|line| line.unwrap()).collect();
    assert_eq!(lines.len(), records.len());
    for (line, record) in lines.iter().zip(&records) {
        for key in ["metric", "period", "value", "low", "high", "n", "reason", "unit", "complete", "lake_version"] {
            let told = match &record[key] {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            // Reading JSON into a double may lose its last bit.
            let near = |(told, printed): (f64, f64)| (told - printed).abs() <= 1e-14 * told.abs();
            let equal = told == line[key] || told.parse().ok().zip(line[key].parse().ok()).is_some_and(near);
            assert!(equal, "{} {key}: {told} in JSON, {} in CSV", record["metric"], line[key]);
        }
    }
}

#[test]
fn the_same_question_gives_the_same_bytes() {
    for format in ["json", "csv", "table", "html"] {
        assert!(report(format) == report(format), "{format} differs");
    }
    let again: Vec<_> = board().iter().map(value).collect();
    assert_eq!(board().iter().map(value).collect::<Vec<_>>(), again);
}
