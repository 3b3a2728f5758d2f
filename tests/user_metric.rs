//! A metric of one's own, in five lines: the one that CONTRIBUTING.md shows.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use serde_json::Value;
use std::path::Path;
use tenure_tests::{run, succeed};

const SETTINGS: &str = "name = \"Desk\"\ncurrency = \"USD\"\n";

const SOURCE: &str = r#"
data_through = "2026-07-01"
[files.tickets]
path = "tickets.csv"
[files.accounts]
path = "accounts.csv"
[tables]
accounts = "SELECT id AS account_id, country FROM accounts"
tickets = "SELECT id AS ticket_id, account AS account_id, channel, spam = 'y' AS is_spam, escalated = 'y' AS escalated, at AS created_at FROM tickets"
"#;

/// In June four count: one of two by mail was escalated, one of two by phone.
const TICKETS: &str = "\
id,account,channel,spam,escalated,at
1,a,mail,n,y,2026-06-02
2,a,mail,n,n,2026-06-03
3,b,phone,n,y,2026-06-04
4,b,phone,n,n,2026-06-05
5,b,mail,y,n,2026-06-06
6,a,phone,n,n,2026-05-06
";

/// The first example in CONTRIBUTING.md.
fn shown() -> String {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../CONTRIBUTING.md")).unwrap();
    let (_, example) = page.split_once("```toml\n").unwrap();
    example.split_once("```").unwrap().0.to_owned()
}

fn workspace(metric: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    for name in ["sources", "metrics"] {
        std::fs::create_dir(folder.path().join(name)).unwrap();
    }
    file("tenure.toml", SETTINGS);
    file("sources/desk.toml", SOURCE);
    file("tickets.csv", TICKETS);
    file("accounts.csv", "id,country\na,US\nb,DE\n");
    file("metrics/escalation_rate.toml", metric);
    folder
}

fn json(folder: &Path, arguments: &[&str]) -> Vec<Value> {
    let text = succeed(folder, &[arguments, &["--format", "json"]].concat()).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn five_lines_make_a_metric() {
    let metric = shown();
    assert_eq!(metric.trim().lines().count(), 5);
    let folder = workspace(&metric);
    let folder = folder.path();
    succeed(folder, &["import"]).unwrap();

    let [june] = &json(folder, &["metric", "escalation_rate", "--period", "2026-06"])[..] else { panic!("one cell") };
    assert_eq!((june["value"].as_f64(), june["n"].as_i64()), (Some(0.5), Some(4)), "{june}");
    assert_eq!((&june["excluded"]["spam"], &june["unit"]), (&Value::from(1), &Value::from("ratio")));

    for (by, segments) in [("channel", ["mail", "phone"]), ("account.country", ["DE", "US"])] {
        let cells = json(folder, &["metric", "escalation_rate", "--period", "2026-06", "--by", by]);
        let told: Vec<_> = cells.iter().map(|cell| (cell["segment"][by].as_str(), cell["n"].as_i64())).collect();
        assert_eq!(told, segments.map(|segment| (Some(segment), Some(2))), "{by}");
    }

    let board = json(folder, &["report", "--period", "2026-06"]);
    let line = board.iter().find(|cell| cell["metric"] == "escalation_rate").expect("a line on the board");
    assert_eq!(line["value"].as_f64(), Some(0.5));
    let page = succeed(folder, &["report", "--period", "2026-06"]).unwrap();
    assert!(page.contains("Escalation rate"), "{page}");

    let counted = succeed(folder, &["rows", "escalation_rate", "--period", "2026-06", "--format", "csv"]).unwrap();
    assert_eq!(counted.trim().lines().count(), 1 + 4, "{counted}");
    let excluded = ["rows", "escalation_rate", "--period", "2026-06", "--excluded", "--format", "csv"];
    let excluded = succeed(folder, &excluded).unwrap();
    assert!(excluded.trim().lines().count() == 1 + 1 && excluded.contains("spam"), "{excluded}");

    let explained = succeed(folder, &["explain", "escalation_rate"]).unwrap();
    assert!(explained.contains("Escalation rate") && explained.contains("metrics/escalation_rate.toml"), "{explained}");
}

#[test]
fn what_is_wrong_with_one_is_told_by_file_key_and_remedy() {
    let good = shown();
    let folder = workspace(&good);
    succeed(folder.path(), &["import"]).unwrap();
    for (from, to, key, remedy) in [
        ("count(*) FILTER (WHERE escalated)", "avg(escalated)", "state.escalated", "multiset"),
        ("is_spam", "is_spma", "rows.exclude", "is_spam"),
        ("\"tickets\", at", "\"tickts\", at", "rows.from", "name a table"),
        ("unit  = \"ratio\"\n", "", "missing field `unit`", "ratio"),
        ("value = \"ratio(escalated, tickets)\"", "value = \"ratio(escalatd, tickets)\"", "value", "escalated"),
        ("value = \"ratio(escalated, tickets)\"", "value = \"ratio(escalated\"", "value", ""),
        ("state =", "stat =", "unknown field `stat`", "CONTRIBUTING.md"),
    ] {
        assert!(good.contains(from), "{from}");
        std::fs::write(folder.path().join("metrics/escalation_rate.toml"), good.replacen(from, to, 1)).unwrap();
        let ran = run(folder.path(), &["metric", "escalation_rate", "--period", "2026-06"]).unwrap();
        assert_eq!(ran.code, Some(1), "{to}: {ran:?}");
        let told = format!("metrics/escalation_rate.toml: {key}");
        assert!(ran.err.contains(&told) && ran.err.contains("hint: "), "{to}:\n{}", ran.err);
        assert!(ran.err.contains(remedy) && !ran.err.contains("panicked"), "{to}:\n{}", ran.err);
    }
}
