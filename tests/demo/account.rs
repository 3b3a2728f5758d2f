//! Everything about one account: the page as a person reads it, the same for programs, and whom it does not show.

use crate::company::company;
use serde_json::Value;
use std::path::Path;
use tenure_tests::{run, succeed};

/// An account that took another one over, whose old id is asked.
const OLD: &str = "A-0035";
const SURVIVOR: &str = "A-0377";

/// Read line by line when it was written; where it differs, what is new is beside it.
#[test]
fn the_page_of_an_account() {
    let told = run(&company().folder, &["account", OLD, "--limit", "30"]).unwrap();
    assert_eq!(told.code, Some(0), "{}", told.err);
    assert_eq!(told.err, "A-0035 was merged into A-0377 (Ostergate Pharmacy), which answers for it\n");
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo/account.txt");
    let expected = std::fs::read_to_string(&golden).unwrap();
    if told.out != expected {
        std::fs::write(golden.with_extension("txt.new"), &told.out).unwrap();
    }
    assert_eq!(told.out, expected, "demo/account.txt.new has what is told now");
}

#[test]
fn programs_read_the_same() {
    let folder = &company().folder;
    let record: Value = serde_json::from_str(&succeed(folder, &["account", OLD, "--format", "json"]).unwrap()).unwrap();
    assert_eq!((&record["account_id"], &record["asked_as"]), (&SURVIVOR.into(), &OLD.into()));
    // What it pays is the sum of its lines, and what the metric says of it.
    let lines = record["lines"].as_array().unwrap();
    let sum: f64 = lines.iter().map(|line| line["mrr"].as_f64().unwrap()).sum();
    let mrr = record["figures"]["mrr"]["value"].as_f64().unwrap();
    assert!((sum - mrr).abs() < 0.01, "{sum} {mrr}");
    let shown = succeed(folder, &["health", "show", SURVIVOR, "--format", "json"]).unwrap();
    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(record["health"]["score"], shown["score"]);
    let sql =
        "SELECT ticket_id FROM ticket_open_spells WHERE account_id = 'A-0377' AND ends_at IS NULL AND NOT is_spam";
    let open = succeed(folder, &["sql", sql, "--format", "csv"]).unwrap().lines().count() - 1;
    assert_eq!(record["open_tickets"].as_array().unwrap().len(), open);

    let timeline = record["timeline"].as_array().unwrap();
    let (told, left_out) = (timeline.len(), record["timeline_left_out"].as_u64().unwrap());
    let whole = succeed(folder, &["account", SURVIVOR, "--limit", "100000", "--format", "csv"]).unwrap();
    let mut reader = csv::Reader::from_reader(whole.as_bytes());
    let events: Vec<(String, String)> =
        reader.records().map(|event| event.unwrap()).map(|event| (event[0].to_owned(), event[1].to_owned())).collect();
    assert_eq!(events.len(), told + usize::try_from(left_out).unwrap());
    assert!(events.is_sorted_by(|one, two| one.0 >= two.0), "the newest first");
    assert!(
        timeline.iter().zip(&events).all(|(one, two)| one["at"] == two.0.as_str() && one["kind"] == two.1.as_str())
    );
    let since =
        succeed(folder, &["account", SURVIVOR, "--since", "2026-01-01", "--limit", "100000", "--format", "csv"]);
    // Midnight in New York.
    let later = events.iter().filter(|(at, _)| at.as_str() >= "2026-01-01T05:00:00Z").count();
    assert_eq!(since.unwrap().lines().count() - 1, later);
}

#[test]
fn nothing_of_colleagues_is_shown_and_unknown_accounts_are_told() {
    let folder = &company().folder;
    let sql = "SELECT DISTINCT account_id FROM accounts WHERE merged_into IS NULL ORDER BY account_id LIMIT 3";
    for account in succeed(folder, &["sql", sql, "--format", "csv"]).unwrap().lines().skip(1) {
        let whole = succeed(folder, &["account", account, "--limit", "100000", "--format", "json"]).unwrap();
        for word in ["enps", "ENPS", "pulse", "PULSE", "one_on_one"] {
            assert!(!whole.contains(word), "{account}: {word}");
        }
    }
    let ran = run(folder, &["account", "ostergate"]).unwrap();
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("did you mean A-0377 (Ostergate Pharmacy)"), "{}", ran.err);
}
