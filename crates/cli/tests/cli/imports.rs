//! Importing, mending what was rejected, and the versions that come of it.

use crate::tiny::{imported, run, workspace};

#[test]
fn a_dry_run_changes_nothing() {
    let folder = workspace();
    let (out, _) = run(folder.path(), 4, &["import", "--dry-run"]);
    assert!(out.contains("a dry run, nothing changed: 8 read, 7 accepted"), "{out}");
    let mut left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["accounts.csv", "sources", "subs.csv", "tenure.toml"]);
    let (_, err) = run(folder.path(), 1, &["report"]);
    assert!(err.contains("has no data yet") && err.contains("hint: make it with `tenure import`"), "{err}");
    // Beside a lake it is compared with what is there, and changes nothing either.
    run(folder.path(), 4, &["import"]);
    let (out, _) = run(folder.path(), 4, &["import", "--dry-run"]);
    assert!(out.contains("8 read, 0 accepted, 0 updated, 7 duplicate, 1 rejected"), "{out}");
    run(folder.path(), 2, &["report", "--as-of", "3"]);
}

#[test]
fn nothing_to_import_makes_no_version() {
    let folder = workspace();
    std::fs::rename(folder.path().join("sources/billing.toml"), folder.path().join("billing.toml")).unwrap();
    for args in [&["import"][..], &["import", "--dry-run"]] {
        let (_, err) = run(folder.path(), 1, args);
        assert!(err.contains("sources/ holds no .toml") && err.contains("hint: "), "{err}");
    }
    assert!(!folder.path().join("tenure.db").exists());
    let folder = imported();
    std::fs::write(folder.path().join("empty.jsonl"), "\n").unwrap();
    let (_, err) = run(folder.path(), 1, &["rejects", "--replay", "empty.jsonl"]);
    assert!(err.contains("empty.jsonl holds no record"), "{err}");
    run(folder.path(), 2, &["report", "--as-of", "3"]);
}

#[test]
fn what_a_command_does_not_take_is_refused() {
    let folder = imported();
    for args in [
        &["import", "--as-of", "1"][..],
        &["import", "--level", "parent"],
        &["compact", "--now", "2025-06-01"],
        &["explain", "--now", "2025-06-01"],
        &["explain", "--variant", "stripe"],
        &["sql", "SELECT 1", "--now", "2025-06-01"],
        &["rejects", "billing", "--replay", "mend.jsonl"],
        &["rejects", "--replay", "mend.jsonl", "--as-of", "1"],
        &["rejects", "--export", "mend.jsonl", "--limit", "1"],
        &["-w", "elsewhere", "init", "acme"],
        &["-w", "elsewhere", "completions", "bash"],
    ] {
        run(folder.path(), 2, args);
    }
    assert!(!folder.path().join("acme").exists() && !folder.path().join("mend.jsonl").exists());
}

#[test]
fn every_row_has_a_verdict() {
    let folder = workspace();
    let (out, _) = run(folder.path(), 4, &["import"]);
    // The fifth record stands on the sixth line: only a line is told as `file:line`.
    assert!(out.contains("subs.csv, record 5") && out.contains("unit_price") && out.contains("-5"), "{out}");
    assert!(out.contains("records are counted from 1"), "{out}");
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
    assert!(out.contains("subs.csv, record 5"), "{out}");
    let (_, err) = run(folder.path(), 2, &["rejects", "biling"]);
    assert!(err.contains("hint: did you mean 'billing'?"), "{err}");
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
    let (_, err) = run(folder.path(), 2, &["report", "--as-of", "99"]);
    assert!(err.contains("there is no lake version 99"), "{err}");
}

#[test]
fn a_source_that_is_gone_is_told() {
    let folder = imported();
    std::fs::rename(folder.path().join("sources/billing.toml"), folder.path().join("sources/stripe.toml")).unwrap();
    let (_, err) = run(folder.path(), 4, &["import"]);
    assert!(err.contains("billing no longer fills subscriptions: its rows stay"), "{err}");
}

#[test]
fn an_export_says_what_it_withholds() {
    let folder = imported();
    std::fs::write(folder.path().join("pulse.csv"), "id,kind,who,score\n1,enps,secret,high\n").unwrap();
    let source = r#"
[files.pulse]
path = "pulse.csv"
[tables]
survey_responses = "SELECT id AS response_id, kind AS survey_kind, who AS staff_id, score FROM pulse"
"#;
    std::fs::write(folder.path().join("sources/people.toml"), source).unwrap();
    run(folder.path(), 4, &["import", "people"]);
    let (_, err) = run(folder.path(), 0, &["rejects", "--export", "mend.jsonl"]);
    assert!(err.contains("wrote 2 rejected rows") && err.contains("1 of them without their record"), "{err}");
    assert!(!std::fs::read_to_string(folder.path().join("mend.jsonl")).unwrap().contains("secret"));
}

#[test]
fn a_source_that_is_not_right() {
    let folder = workspace();
    let (_, err) = run(folder.path(), 2, &["import", "biling"]);
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
