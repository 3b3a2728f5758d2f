//! The lake is open: DuckDB attaches to it and reads the same rows, at every version.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod common;
use common::*;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use tenure_lake::{CommitKind, CommitNote, Lake, StageMode, Version};

/// The Python that `tests/duckdb/setup.sh` made.
fn python() -> Option<PathBuf> {
    let python = std::env::var_os("TENURE_DUCKDB_PYTHON").map(PathBuf::from).filter(|python| python.exists());
    if python.is_none() {
        let why = "TENURE_DUCKDB_PYTHON names no Python; crates/lake/tests/duckdb/setup.sh makes one";
        assert!(std::env::var_os("CI").is_none_or(|value| value.is_empty()), "{why}");
        // Past the test harness, which keeps to itself what a test that passes prints.
        let _ = writeln!(std::io::stderr(), "skipped: {why}");
    }
    python
}

#[tokio::test(flavor = "multi_thread")]
async fn duckdb_reads_the_same_rows_at_every_version() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::create(folder.path(), day(0)).await.unwrap();
    let snapshot = || StageMode::Snapshot { source: "crm".into() };
    import(&lake, 1, contacts(&[("c1", "Ann", "a1"), ("c2", "Bob", "a1"), ("c3", "Cid", "a2")]), snapshot()).await;
    import(&lake, 2, contacts(&[("c1", "Änne", "a1"), ("c4", "Dee", "a2")]), StageMode::Upsert).await;
    import(&lake, 3, contacts(&[("c1", "Änne", "a1"), ("c3", "Cid 🦆", "a2")]), snapshot()).await;
    import_types(&lake).await;
    lake.compact(day(4)).await.unwrap();
    import(&lake, 5, contacts(&[("c3", "Sid", "a2"), ("c0", "Zoe", "a2")]), StageMode::Upsert).await;
    for sql in [
        "SELECT contact_id, name, account_id, created_at, _source, _row, _version FROM contacts{at} ORDER BY 1",
        "SELECT currency, day, rate FROM fx_rates{at} ORDER BY 1",
        "SELECT line_id, tier, unit_price, end_voluntary, started_at, ended_at FROM subscriptions{at} ORDER BY 1",
        "SELECT import_id, table_name, accepted, updated, duplicate, removed FROM tenure_imports{at} ORDER BY 1",
        "SELECT version, table_name, day, account_id FROM tenure_touched{at} ORDER BY 1, 2, 3, 4",
    ] {
        same(&python, &lake, sql).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn duckdb_reads_a_lake_of_an_earlier_build() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let lake = earlier_lake(folder.path()).await;
    let scores = of("health_scores");
    for number in 3..=5 {
        let (today, half) = (format!("2026-01-0{number}"), format!("{number}.5"));
        let row =
            [("day", today.as_str()), ("line", "l"), ("account_id", "a1"), ("score", &half), ("in_force", "true")];
        let mut writer = lake.write(day(number)).await.unwrap();
        let rows = batch(scores, "", "", &[&row]);
        writer.stage(scores, stream_of(vec![rows], scores), StageMode::Upsert).await.unwrap();
        writer.commit(CommitNote { kind: CommitKind::Scores, ..CommitNote::default() }).await.unwrap();
    }
    lake.compact(day(6)).await.unwrap();
    for sql in [
        "SELECT day, line, account_id, score, in_force, _version FROM health_scores{at} ORDER BY 1",
        "SELECT rating_id, _source FROM health_ratings{at} ORDER BY 1",
        "SELECT contact_id, name FROM contacts{at} ORDER BY 1",
    ] {
        same(&python, &lake, sql).await;
    }
}

/// Rows of every type, with values at their edges.
async fn import_types(lake: &Lake) {
    let mut writer = lake.write(day(4)).await.unwrap();
    let (rates, lines) = (of("fx_rates"), of("subscriptions"));
    let rate = [("currency", "EUR"), ("quote", "USD"), ("day", "1969-07-20"), ("rate", "1.0912345678")];
    let rows = batch(rates, "bank", "rates.csv", &[&rate]);
    writer.stage(rates, stream_of(vec![rows], rates), StageMode::Upsert).await.unwrap();
    let line = |id, price, began, voluntary| {
        [
            ("line_id", id),
            ("unit_price", price),
            ("tier", "-7"),
            ("started_at", began),
            ("end_voluntary", voluntary),
            ("subscription_id", "s"),
        ]
    };
    let one = line("1", "-12345678901.123456", "1969-12-31T23:59:59.999999Z", "true");
    let two = line("2", "0.000001", "2026-03-29T01:30:00Z", "false");
    let rows = batch(lines, "billing", "lines.csv", &[&one, &two]);
    writer.stage(lines, stream_of(vec![rows], lines), StageMode::Upsert).await.unwrap();
    writer.commit(CommitNote::default()).await.unwrap();
}

/// Asks DuckDB and ourselves the same at every version. `{at}` in the query stands for the version.
async fn same(python: &Path, lake: &Lake, sql: &str) {
    // Values are compared as texts, and instants as microseconds: the two print zones differently.
    let (columns, rest) = sql.strip_prefix("SELECT ").unwrap().split_once(" FROM ").unwrap();
    let text = |column: &str, micros: &str| match column {
        "created_at" | "started_at" => micros.replace("{}", column),
        column => format!("CAST({column} AS VARCHAR)"),
    };
    let select = |micros: &str| {
        let columns: Vec<_> = columns.split(", ").map(|column| text(column, micros)).collect();
        format!("SELECT {} FROM {rest}", columns.join(", "))
    };
    let last = lake.latest().await.unwrap();
    let mut expected = BTreeMap::new();
    for version in 1..=last.0 {
        let sql = select("CAST({} AS BIGINT)").replace("{at}", "");
        expected.insert(version.to_string(), query(lake, Version(version), &sql).await);
    }
    let output = Command::new(python)
        .arg(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/duckdb/attach.py"))
        .arg(lake.workspace().join("tenure.db"))
        .arg(select("epoch_us({})").replace("{at}", " {at}"))
        .args(["1", &last.to_string()])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found: BTreeMap<String, Vec<String>> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found, expected, "{sql}");
}
