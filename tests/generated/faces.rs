//! JSON, CSV, the table, the rows and SQL say the same of a company.

use crate::workspace::{generated, write};
use serde_json::Value;
use std::path::Path;
use tenure_tests::{run, succeed};

/// Sums and counts, of flows and stocks, which every face prints to the last digit.
const METRICS: [&str; 6] = ["mrr", "new_mrr", "churned_mrr", "moved_in_mrr", "active_customers", "ticket_volume"];

fn json(folder: &Path, arguments: &[&str]) -> Vec<Value> {
    serde_json::from_str(&succeed(folder, &[arguments, &["--format", "json"]].concat()).unwrap()).unwrap()
}

/// Value and rows of each cell that has a value.
fn figures(records: &[Value]) -> Vec<(f64, i64)> {
    let told = |record: &Value| Some((record["value"].as_f64()?, record["n"].as_i64()?));
    records.iter().filter_map(told).collect()
}

fn of_csv(text: &str) -> Vec<(f64, i64)> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let lines = reader.deserialize::<std::collections::BTreeMap<String, String>>();
    lines
        .filter_map(|line| line.map(|line| Some((line["value"].parse().ok()?, line["n"].parse().ok()?))).unwrap())
        .collect()
}

/// The two numbers that a line of the table ends with; what changed since the period before stands behind them.
fn of_table(text: &str, period: &str) -> Vec<(f64, i64)> {
    let number = |text: &str| text.replace(['$', ',', '*'], "").replace('−', "-").parse::<f64>().ok();
    let line = |line: &str| {
        let cells: Vec<&str> = line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
        let at = cells
            .windows(2)
            .position(|two| number(two[0]).is_some() && two[1].replace(',', "").parse::<i64>().is_ok())?;
        Some((number(cells[at])?, cells[at + 1].replace(',', "").parse().ok()?))
    };
    text.lines().filter(|line| line.starts_with(period)).filter_map(line).collect()
}

#[test]
fn every_face_gives_the_same_answer() {
    let mut compared = 0;
    for (seed, company) in generated(2) {
        let folder = tempfile::tempdir().unwrap();
        write(&company, folder.path());
        let ran = run(folder.path(), &["import"]).unwrap();
        assert!(matches!(ran.code, Some(0 | 4)), "seed {seed}: {}{}", ran.out, ran.err);
        let level = ["account", "parent"][usize::try_from(seed % 2).unwrap()];
        for metric in METRICS {
            let asked = ["metric", metric, "--period", "2024-03", "--by", "account.plan", "--level", level];
            let records = json(folder.path(), &asked);
            let told = figures(&records);
            let place = format!("seed {seed}: {metric} at the level of {level}s");
            assert_eq!(
                of_csv(&succeed(folder.path(), &[&asked[..], &["--format", "csv"]].concat()).unwrap()),
                told,
                "{place}"
            );
            assert_eq!(of_table(&succeed(folder.path(), &asked).unwrap(), "2024-03"), told, "{place}");
            let rows = json(folder.path(), &["rows", metric, "--period", "2024-03", "--level", level]);
            let n: i64 = records.iter().filter_map(|record| record["n"].as_i64()).sum();
            assert_eq!(i64::try_from(rows.len()).unwrap(), n, "{place}");
            compared += told.len();
        }
        let of_sql = |sql: &str| json(folder.path(), &["sql", "--level", level, sql])[0]["n"].as_i64();
        let whole =
            |metric: &str| figures(&json(folder.path(), &["metric", metric, "--period", "2024", "--level", level]));
        let inside = "at >= day_start(DATE '2024-01-01') AND at < day_start(DATE '2025-01-01')";
        for (metric, movement) in [("new_mrr", "new"), ("churned_mrr", "churn")] {
            let counted =
                of_sql(&format!("SELECT count(*) AS n FROM mrr_movements WHERE movement = '{movement}' AND {inside}"));
            let told: Vec<i64> = whole(metric).iter().map(|(_, n)| *n).collect();
            // A sum that is unknown for want of a rate has no figure.
            assert!(told.is_empty() || told == [counted.unwrap()], "seed {seed}: {metric} {told:?}, SQL {counted:?}");
        }
    }
    assert!(compared > 10, "{compared} figures compared");
}
