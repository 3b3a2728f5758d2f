//! The lake is open: DuckDB attaches to it and reads the same rows, at every version.

mod common;
use common::*;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use tenure_lake::{Lake, StageMode};

/// The Python that `tests/duckdb/setup.sh` made.
fn python() -> Option<PathBuf> {
    let python = std::env::var_os("TENURE_DUCKDB_PYTHON").map(PathBuf::from).filter(|python| python.exists());
    if python.is_none() {
        eprintln!("skipped: TENURE_DUCKDB_PYTHON names no Python; crates/lake/tests/duckdb/setup.sh makes one");
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
    lake.compact(day(4)).await.unwrap();
    import(&lake, 5, contacts(&[("c3", "Sid", "a2"), ("c0", "Zoe", "a2")]), StageMode::Upsert).await;
    let last = lake.latest().await.unwrap().0;

    let columns =
        "contact_id, name, account_id, CAST(extract(year FROM created_at) AS INTEGER), _source, _row, _version";
    let expected = {
        let mut versions = BTreeMap::new();
        for version in 1..=last {
            let sql = format!("SELECT {columns} FROM contacts ORDER BY contact_id");
            versions.insert(version.to_string(), query(&lake, tenure_lake::Version(version), &sql).await);
        }
        versions
    };
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/duckdb/attach.py");
    let output = Command::new(python)
        .arg(script)
        .arg(folder.path().join("tenure.db"))
        .arg(format!("SELECT {columns} FROM contacts {{at}} ORDER BY contact_id"))
        .args(["1", &last.to_string()])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found: BTreeMap<String, Vec<String>> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found, expected);
}
