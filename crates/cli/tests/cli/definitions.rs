//! Definitions side by side, row by row, and as one document.

use crate::tiny::{imported, run};
use serde_json::Value;

#[test]
fn variants_stand_side_by_side_with_words_and_source() {
    let folder = imported();
    let asked = ["metric", "logo_churn_rate", "--variant", "all", "--period", "2025-03"];
    let (out, _) = run(folder.path(), 0, &asked);
    for part in
        ["Against default", "How it differs", "the metric's own definition · in force here", "Stripe,", "stripe"]
    {
        assert!(out.contains(part), "{part}:\n{out}");
    }
    let (json, _) = run(folder.path(), 0, &[&asked[..], &["--format", "json"]].concat());
    let cells: Vec<Value> = serde_json::from_str(&json).unwrap();
    let stripe = cells.iter().find(|cell| cell["variant"] == "stripe").unwrap();
    assert!(stripe["difference"].as_str().is_some_and(|words| words.starts_with("each loss in the period")));
    assert!(stripe["source"].as_str().is_some_and(|source| source.contains("Stripe")));
    let (csv, _) = run(folder.path(), 0, &[&asked[..], &["--format", "csv"]].concat());
    assert!(csv.lines().next().is_some_and(|header| header.contains(",difference,source,")), "{csv}");
}

#[test]
fn a_variant_that_cannot_be_asked_so_is_left_out() {
    let folder = imported();
    let asked = ["metric", "churned_mrr", "--variant", "all", "--period", "2025-03", "--by", "reason"];
    let (out, _) = run(folder.path(), 0, &asked);
    assert!(out.contains("endpoint is left out: it cannot be split or filtered by reason"), "{out}");
    assert!(out.contains("at_request"), "{out}");
    let (json, err) = run(folder.path(), 0, &[&asked[..], &["--format", "json"]].concat());
    assert!(err.contains("endpoint is left out") && !json.contains("\"endpoint\""), "{json}\n{err}");
    // That none can is an error still.
    let (_, err) = run(folder.path(), 2, &["metric", "churned_mrr", "--variant", "all", "--by", "colour"]);
    assert!(err.contains("`colour`"), "{err}");
}

#[test]
fn two_definitions_row_by_row() {
    let folder = imported();
    // Candle joins in January: by cohort it does not count, by Stripe's it does.
    let asked = ["metric", "logo_churn_rate", "--diff", "default", "stripe", "--period", "2025-01"];
    let (out, _) = run(folder.path(), 0, &asked);
    for part in ["default against stripe", "Counted by stripe and not by default", "not a customer at"] {
        assert!(out.contains(part), "{part}:\n{out}");
    }
    let (json, _) = run(folder.path(), 0, &[&asked[..], &["--format", "json"]].concat());
    let whole: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&whole["answers"][0]["n"], &whole["answers"][1]["n"]), (&2.into(), &3.into()), "{json}");
    let row = &whole["rows"][0];
    assert_eq!((&row["counted_by"], &row["account_id"]), (&"stripe".into(), &"c".into()), "{json}");
    assert_eq!(row["figures"]["customers"]["stripe"].as_f64(), Some(1.0), "{json}");
    let totals: Vec<(&str, u64)> = whole["totals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|total| (total["counted_by"].as_str().unwrap(), total["rows"].as_u64().unwrap()))
        .collect();
    assert_eq!(totals, [("default", 0), ("stripe", 1), ("both_differently", 0), ("both_alike", 2)]);
    let (csv, err) = run(folder.path(), 0, &[&asked[..], &["--format", "csv"]].concat());
    assert!(csv.starts_with("counted_by,role,account_id,at,row_id,reason,") && csv.lines().count() == 2, "{csv}");
    assert!(err.contains("default: 0.0%, n 2\nstripe: 0.0%, n 3"), "{err}");
}

#[test]
fn what_cannot_be_compared_says_so() {
    let folder = imported();
    let diff = |code, metric: &str, a: &str, b: &str| {
        run(folder.path(), code, &["metric", metric, "--diff", a, b, "--period", "2025-03"])
    };
    assert!(diff(2, "nrr", "default", "default").1.contains("twice"));
    assert!(diff(2, "nrr", "default", "nosuch").1.contains("no variant `nosuch`"));
    assert!(diff(2, "enps", "default", "per_response").1.contains("about staff"));
    let (out, _) = diff(0, "nrr", "default", "in_period");
    assert!(out.contains("Counted by both, differently") || out.contains("Counted by in_period"), "{out}");
}

#[test]
fn every_definition_as_one_document() {
    let folder = imported();
    std::fs::create_dir(folder.path().join("metrics")).unwrap();
    let own = "title = \"Own\"\ngroup = \"revenue\"\nunit = \"count\"\nvalue = \"n\"\nrows = { from = \"tickets\", at = \"created_at\" }\n";
    std::fs::write(folder.path().join("metrics/own_count.toml"), own).unwrap();
    let (out, _) = run(folder.path(), 0, &["explain", "--all"]);
    assert!(out.contains("### Own · `own_count`") && out.contains("#### `nps` · `per_account`"), "{out}");
    // Where there is no workspace, what is built in.
    let bare = tempfile::tempdir().unwrap();
    let (out, err) = run(bare.path(), 0, &["explain", "--all", "-o", "definitions.md"]);
    assert_eq!((out.as_str(), err.trim()), ("", "wrote definitions.md"));
    let (out, _) = run(folder.path(), 0, &["explain", "nrr"]);
    assert!(out.contains("docs/decisions.md"), "{out}");
}
