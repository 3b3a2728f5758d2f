//! Metrics of one's own: the one in five lines and the one of each kind that CONTRIBUTING.md shows, as they stand there.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use serde_json::Value;
use std::collections::BTreeSet;
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

/// The month that the demo company is asked for.
const MONTH: [&str; 2] = ["--period", "2026-03"];

/// The fenced examples of CONTRIBUTING.md in those languages.
fn examples(languages: &[&str]) -> Vec<String> {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../CONTRIBUTING.md")).unwrap();
    let fenced = page.split("```").skip(1).step_by(2).filter_map(|block| block.split_once('\n'));
    fenced.filter(|(language, _)| languages.contains(language)).map(|(_, text)| text.to_owned()).collect()
}

/// The first of them.
fn shown() -> String {
    examples(&["toml"]).swap_remove(0)
}

/// The file that an example's first line names, `# metrics/x.toml: …`, `# checks/x.toml: …` or `-- derived/x.sql: …`.
fn file_of(example: &str) -> Option<&str> {
    let first = example.lines().next()?;
    let (file, _) = first.strip_prefix("# ").or_else(|| first.strip_prefix("-- "))?.split_once(": ")?;
    ["metrics/", "checks/", "derived/"].iter().any(|folder| file.starts_with(folder)).then_some(file)
}

/// What a metric file says under a key of its own.
fn said<'a>(metric: &'a str, key: &str) -> Option<&'a str> {
    let mut lines = metric.lines().filter_map(|line| line.split_once('='));
    lines.find(|(name, _)| name.trim() == key).map(|(_, value)| value.trim().trim_matches('"'))
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

#[test]
fn an_example_of_each_kind_works_as_written() {
    let folder = tempfile::tempdir().unwrap();
    succeed(folder.path(), &["demo", "demo"]).unwrap();
    let demo = folder.path().join("demo");
    for part in ["metrics", "checks", "derived"] {
        std::fs::create_dir_all(demo.join(part)).unwrap();
    }
    let examples = examples(&["toml", "sql"]);
    let named: Vec<(&str, &str)> = examples.iter().filter_map(|text| Some((file_of(text)?, text.as_str()))).collect();
    for (file, text) in &named {
        std::fs::write(demo.join(file), text).unwrap();
    }

    let check = named.iter().find_map(|(file, text)| file.starts_with("checks/").then_some((*file, *text)));
    let metrics: Vec<_> = named.into_iter().filter(|(file, _)| file.starts_with("metrics/")).collect();
    let kinds: BTreeSet<_> = metrics.iter().map(|(_, text)| said(text, "kind").unwrap_or("flow")).collect();
    assert_eq!(kinds, BTreeSet::from(["cohort", "derived", "due", "duration", "flow", "panel", "stock"]));
    assert!(metrics.iter().any(|(_, text)| said(text, "subject") == Some("staff")), "none about staff");
    for (file, text) in metrics {
        works(&demo, file, text);
    }
    let (file, text) = check.expect("an example of a check");
    checks(&demo, file, text);
}

/// A check of the demo company holds; one that is off is told with the amount, a mistaken one with file, key and remedy.
fn checks(demo: &Path, file: &str, text: &str) {
    let id = Path::new(file).file_stem().and_then(|stem| stem.to_str()).unwrap();
    let finding = |code: i32| -> Value {
        let ran = run(demo, &["check", "--format", "json"]).unwrap();
        assert_eq!(ran.code, Some(code), "{ran:?}");
        let findings: Vec<Value> = serde_json::from_str(&ran.out).unwrap();
        findings.into_iter().find(|finding| finding["check"] == id).expect(id)
    };
    assert_eq!(finding(0)["holds"], true);

    let value = said(text, "value").unwrap();
    std::fs::write(demo.join(file), text.replacen(value, &format!("{value} + 7"), 1)).unwrap();
    let off = finding(3);
    assert!(off["holds"] == false && off["detail"].as_str().unwrap().contains("off by 7 in "), "{off}");

    std::fs::write(demo.join(file), text.replacen(value, "seats - seets", 1)).unwrap();
    let ran = run(demo, &["check"]).unwrap();
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(
        ran.err.contains(&format!("{file}: value: `seets` is not known here")) && ran.err.contains("hint: "),
        "{}",
        ran.err
    );
}

/// A metric file of the demo company has a value, splits, explains itself, and opens to as many rows as it counts, or to none about staff.
fn works(demo: &Path, file: &str, text: &str) {
    let id = Path::new(file).file_stem().and_then(|stem| stem.to_str()).unwrap();
    let ask = |more: &[&str]| json(demo, &[&["metric", id][..], &MONTH, more].concat());
    let cells = ask(&[]);
    assert!(cells.iter().any(|cell| cell["value"].is_number()), "{id}: {cells:?}");
    if text.contains("[variants.") {
        assert!(ask(&["--variant", "all"]).len() > cells.len(), "{id}");
    }
    let explained = succeed(demo, &["explain", id]).unwrap();
    assert!(explained.contains(file), "{id}:\n{explained}");

    let rows = [&["rows", id, "--format", "csv"][..], &MONTH].concat();
    if said(text, "subject") == Some("staff") {
        assert!(ask(&["--by", "team"]).len() > 1, "{id}");
        let refused = run(demo, &rows).unwrap();
        assert_eq!(refused.code, Some(2), "{refused:?}");
        assert!(refused.out.is_empty() && refused.err.contains("never opened to rows"), "{refused:?}");
    } else {
        assert!(ask(&["--by", "plan"]).len() > cells.len(), "{id}");
        let counted: i64 = cells.iter().map(|cell| cell["n"].as_i64().unwrap()).sum();
        let opened = succeed(demo, &rows).unwrap().trim().lines().count();
        assert_eq!(i64::try_from(opened).unwrap(), 1 + counted, "{id}");
    }
}
