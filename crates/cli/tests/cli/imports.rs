//! Importing, mending what was rejected, and the versions that come of it.

use crate::tiny::{imported, run, workspace};

#[test]
fn a_dry_run_changes_nothing() {
    let folder = workspace();
    let (out, _) = run(folder.path(), 4, &["import", "--dry-run"]);
    assert!(out.contains("a dry run, nothing changed: 8 read, 7 accepted"), "{out}");
    let (_, err) = run(folder.path(), 1, &["report"]);
    assert!(err.contains("holds no data"), "{err}");
}

#[test]
fn every_row_has_a_verdict() {
    let folder = workspace();
    let (out, _) = run(folder.path(), 4, &["import"]);
    assert!(out.contains("subs.csv:5") && out.contains("unit_price") && out.contains("-5"), "{out}");
    assert!(
        out.contains("committed as lake version 2: 8 read, 7 accepted, 0 updated, 0 duplicate, 1 rejected"),
        "{out}"
    );
    assert!(out.contains("tenure rejects --export"), "{out}");
    let (out, _) = run(folder.path(), 4, &["import", "billing"]);
    assert!(out.contains("8 read, 0 accepted, 0 updated, 7 duplicate, 1 rejected"), "{out}");
}

#[test]
fn rejects_are_mended_and_replayed() {
    let folder = imported();
    let (out, _) = run(folder.path(), 0, &["rejects"]);
    assert!(out.contains("1 row stands rejected") && out.contains("unit_price"), "{out}");
    run(folder.path(), 0, &["rejects", "billing", "--export", "mend.jsonl"]);
    let file = folder.path().join("mend.jsonl");
    let mended = std::fs::read_to_string(&file).unwrap().replace("\"-5\"", "\"5\"");
    std::fs::write(&file, mended).unwrap();
    let (out, _) = run(folder.path(), 0, &["rejects", "--replay", "mend.jsonl"]);
    assert!(out.contains("1 read, 1 accepted") && out.contains("0 still rejected"), "{out}");
    assert!(run(folder.path(), 0, &["rejects"]).0.contains("no row stands rejected"));
    let (out, _) = run(folder.path(), 0, &["metric", "mrr", "--period", "2025-06", "--format", "csv"]);
    assert!(out.contains(",205.00,"), "{out}");
    // The past stays readable.
    let (out, _) = run(folder.path(), 0, &["metric", "mrr", "--period", "2025-06", "--format", "csv", "--as-of", "2"]);
    assert!(out.contains(",200.00,"), "{out}");
    let (_, err) = run(folder.path(), 1, &["report", "--as-of", "99"]);
    assert!(err.contains("there is no lake version 99"), "{err}");
}

#[test]
fn a_source_that_is_not_right() {
    let folder = workspace();
    let (_, err) = run(folder.path(), 1, &["import", "biling"]);
    assert!(err.contains("hint: did you mean 'billing'?"), "{err}");
    std::fs::remove_file(folder.path().join("subs.csv")).unwrap();
    let (_, err) = run(folder.path(), 1, &["import"]);
    assert!(err.contains("error: sources/billing.toml") && err.contains("subs.csv") && err.contains("hint:"), "{err}");
}

#[test]
fn compaction_changes_no_number() {
    let folder = imported();
    let before = run(folder.path(), 0, &["metric", "mrr", "--format", "csv", "--as-of", "2"]).0;
    run(folder.path(), 4, &["import"]);
    run(folder.path(), 0, &["compact"]);
    assert_eq!(run(folder.path(), 0, &["metric", "mrr", "--format", "csv", "--as-of", "2"]).0, before);
}
