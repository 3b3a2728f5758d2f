//! Health in a small workspace that imports twice: a day is scored by what was known then, whatever arrives later.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use jiff::Span;
use jiff::civil::{Date, date};
use rust_decimal::Decimal;
use serde_json::Value;
use std::fmt::Write;
use std::path::Path;
use tempfile::TempDir;
use tenure_tests::{command, copy_workspace, public_data, run, succeed};

const SOURCE: &str = r#"
data_through = "THROUGH"
[files.customers]
path = "customers.csv"
[files.lines]
path = "lines.csv"
[files.use]
path = "use.csv"
[tables]
accounts = "SELECT id AS account_id, plan, nullif(parent, '') AS parent_id FROM customers"
subscriptions = "SELECT id AS subscription_id, id AS account_id, '50' AS unit_price, begun AS started_at, nullif(ended, '') AS ended_at FROM lines"
usage_events = "SELECT id AS event_id, account AS account_id, who AS contact_id, feature, at AS occurred_at FROM use"
"#;

const MINE: &str = "title = \"Mine\"\nformula = \"worst_of\"\n[[group]]\nid = \"use\"\n[[group.signal]]\nid = \"last_use\"\nramp = { from = 30, to = 0 }\n";

const CUSTOMERS: [&str; 4] = ["ada", "bob", "cyd", "dee"];

/// Exports up to a day of March 2026, its first hour not included; `late` adds use of the fifth that came in later.
fn export(folder: &Path, through: u32, late: bool) {
    std::fs::create_dir_all(folder.join("sources")).unwrap();
    std::fs::write(folder.join("tenure.toml"), "name = \"Small\"\ncurrency = \"USD\"\ntimezone = \"UTC\"\n").unwrap();
    complete_to(folder, date(2026, 3, i8::try_from(through).unwrap()));
    let (mut customers, mut lines) = ("id,plan,parent\n".to_owned(), "id,begun,ended\n".to_owned());
    for (place, name) in CUSTOMERS.iter().enumerate() {
        let parent = if *name == "bob" { "ada" } else { "" };
        writeln!(customers, "{name},{},{parent}", ["Basic", "Pro"][place % 2]).unwrap();
        let ended = if *name == "dee" && through > 8 { "2026-03-08" } else { "" };
        writeln!(lines, "{name},2026-02-01,{ended}").unwrap();
    }
    let mut events = "id,account,who,feature,at\n".to_owned();
    for day in 1..through {
        for (place, name) in CUSTOMERS.iter().enumerate().filter(|(place, _)| (day as usize).is_multiple_of(place + 1))
        {
            writeln!(events, "{name}-{day},{name},{name}-1,f{place},2026-03-{day:02}T09:00:00Z").unwrap();
        }
    }
    if late {
        for number in 0..20 {
            writeln!(events, "late-{number},bob,bob-2,f9,2026-03-05T1{}:00:00Z", number % 10).unwrap();
        }
    }
    for (file, text) in [("customers.csv", customers), ("lines.csv", lines), ("use.csv", events)] {
        std::fs::write(folder.join(file), text).unwrap();
    }
}

/// Says up to which day the exports are complete, that day not included.
fn complete_to(folder: &Path, through: Date) {
    std::fs::write(folder.join("sources/app.toml"), SOURCE.replace("THROUGH", &through.to_string())).unwrap();
}

fn scores(folder: &Path) -> Vec<String> {
    let sql = "SELECT day, account_id, score, coverage, colour, in_force FROM health_scores ORDER BY day, account_id";
    let text = succeed(folder, &["sql", sql, "--format", "csv"]).unwrap();
    text.lines().skip(1).map(str::to_owned).collect()
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    let text = succeed(folder, &[arguments, &["--format", "json"]].concat()).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn decimal(value: &Value) -> Decimal {
    value.to_string().parse().unwrap()
}

/// Imports up to the 9th, scores if asked, imports up to the 12th with late rows of the 5th, and scores.
fn twice(score_between: bool) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    export(folder.path(), 9, false);
    succeed(folder.path(), &["import"]).unwrap();
    if score_between {
        succeed(folder.path(), &["health", "update"]).unwrap();
    }
    export(folder.path(), 12, true);
    succeed(folder.path(), &["import"]).unwrap();
    succeed(folder.path(), &["health", "update"]).unwrap();
    folder
}

#[test]
fn a_day_is_scored_by_what_was_known_then() {
    let folder = tempfile::tempdir().unwrap();
    export(folder.path(), 9, false);
    succeed(folder.path(), &["import"]).unwrap();
    succeed(folder.path(), &["health", "update"]).unwrap();
    let first = scores(folder.path());
    assert!(first.last().is_some_and(|line| line.starts_with("2026-03-08,cyd")), "{:?}", first.last());
    let told = succeed(folder.path(), &["health", "update"]).unwrap();
    assert!(told.contains("nothing to score"), "{told}");

    export(folder.path(), 12, true);
    succeed(folder.path(), &["import"]).unwrap();
    succeed(folder.path(), &["health", "update"]).unwrap();
    let both = scores(folder.path());
    assert_eq!(both[..first.len()], first, "what is scored stays");
    assert_eq!(both.len() - first.len(), 3 * 3, "three days of three customers");

    // Computed anew, the day is still scored without the late rows; the day after the import knows them.
    let before = json(folder.path(), &["health", "show", "bob", "--day", "2026-03-08"]);
    let stored = first.iter().find(|line| line.starts_with("2026-03-08,bob")).unwrap();
    assert_eq!(stored.split(',').nth(2).unwrap().parse::<Decimal>().unwrap(), decimal(&before["score"]));
    let seats = |shown: &Value| {
        let signals = shown["signals"].as_array().unwrap();
        signals.iter().find(|one| one["signal"] == "seat_use").unwrap()["value"].clone()
    };
    let after = json(folder.path(), &["health", "show", "bob", "--day", "2026-03-09"]);
    assert_eq!((decimal(&seats(&before)), decimal(&seats(&after))), (Decimal::ONE, Decimal::TWO));
}

#[test]
fn day_by_day_and_in_one_go_agree() {
    let (by_day, at_once) = (twice(true), twice(false));
    assert_eq!(scores(by_day.path()), scores(at_once.path()));
}

#[test]
fn a_change_is_split_to_the_last_digit() {
    let folder = twice(false);
    let explained = json(folder.path(), &["health", "explain", "bob", "--from", "2026-03-02", "--to", "2026-03-11"]);
    let causes = explained["causes"].as_array().unwrap();
    assert!(!causes.is_empty(), "{explained}");
    let sum: Decimal = causes.iter().map(|cause| decimal(&cause["effect"])).sum();
    assert_eq!(sum, decimal(&explained["change"]));
    assert_eq!(decimal(&explained["after"]) - decimal(&explained["before"]), sum);
}

#[test]
fn an_edited_scorecard_is_a_cause_of_its_own() {
    let folder = twice(true);
    std::fs::create_dir_all(folder.path().join("health/signals")).unwrap();
    std::fs::write(folder.path().join("health/default.toml"), MINE).unwrap();
    // What the signal measures is edited too: everybody was away for three days more than they were.
    let shipped = include_str!("../crates/scorecard/signals/last_use.toml");
    let edited = shipped.replace("coalesce(asked_days.closing_day", "3 + coalesce(asked_days.closing_day");
    assert_ne!(edited, shipped);
    std::fs::write(folder.path().join("health/signals/last_use.toml"), edited).unwrap();
    export(folder.path(), 15, true);
    succeed(folder.path(), &["import"]).unwrap();
    succeed(folder.path(), &["health", "update"]).unwrap();
    let stored = |day: &str| {
        let start = format!("{day},bob,");
        let line = scores(folder.path()).into_iter().find(|line| line.starts_with(&start)).unwrap();
        line[start.len()..].split(',').next().unwrap().parse::<Decimal>().unwrap()
    };
    let explain = |more: &[&str]| {
        let days = ["health", "explain", "bob", "--from", "2026-03-11", "--to", "2026-03-12"];
        json(folder.path(), &[&days[..], more].concat())
    };
    let effects = |explained: &Value, kind: &str| -> Vec<(String, Decimal)> {
        let causes = explained["causes"].as_array().unwrap().iter().filter(|cause| cause["kind"] == kind);
        causes
            .map(|cause| (cause["signal"].as_str().unwrap_or_default().to_owned(), decimal(&cause["effect"])))
            .collect()
    };
    let both = explain(&[]);
    assert_eq!((decimal(&both["before"]), decimal(&both["after"])), (stored("2026-03-11"), stored("2026-03-12")));
    assert_ne!(both["version_from"], both["version_to"]);
    let all: Decimal = both["causes"].as_array().unwrap().iter().map(|cause| decimal(&cause["effect"])).sum();
    assert_eq!(all, decimal(&both["change"]));
    assert!(effects(&both, "definition").len() > 3, "every signal that went, and the one that stayed: {both}");

    // By today's scorecard alone, what the edit did is gone and what happened stays.
    let restated = explain(&["--restate"]);
    assert_eq!(effects(&restated, "definition"), []);
    assert_eq!(effects(&restated, "value"), effects(&both, "value"));
    assert_eq!(restated["after"], both["after"]);
    let used = &restated["causes"][0];
    assert_eq!((decimal(&used["before"]), decimal(&used["after"])), (Decimal::from(4), Decimal::from(3)));
    let told = succeed(folder.path(), &["health", "explain", "bob", "--from", "2026-03-11"]).unwrap();
    assert!(told.contains("edited between the two days") && told.contains("scorecard edited: "), "{told}");
}

#[test]
fn another_scorecard_is_another_line_beside_the_first() {
    let folder = twice(true);
    let before = scores(folder.path());
    std::fs::create_dir_all(folder.path().join("health")).unwrap();
    std::fs::write(folder.path().join("health/mine.toml"), MINE).unwrap();
    succeed(folder.path(), &["health", "edit-check"]).unwrap();
    succeed(folder.path(), &["health", "update", "--backfill"]).unwrap();
    let after = scores(folder.path());
    let in_force: Vec<String> = after.iter().filter(|line| line.ends_with("true")).cloned().collect();
    assert_eq!(in_force, before, "the first line stays in force on its days");
    assert_eq!(after.len(), 2 * before.len(), "the second says what would have been");
    let compared = json(folder.path(), &["health", "compare", "default", "mine", "--last", "1"]);
    assert_eq!(compared["days"].as_array().unwrap().len(), 2, "a month's end and the last day: {compared}");
}

#[test]
fn a_backfill_leaves_in_force_what_is() {
    let folder = twice(false);
    let first = scores(folder.path());
    std::fs::create_dir_all(folder.path().join("health")).unwrap();
    std::fs::write(folder.path().join("health/mine.toml"), MINE).unwrap();
    export(folder.path(), 15, true);
    succeed(folder.path(), &["import"]).unwrap();
    succeed(folder.path(), &["health", "update"]).unwrap();
    let in_force =
        || -> Vec<String> { scores(folder.path()).into_iter().filter(|line| line.ends_with("true")).collect() };
    let before = in_force();
    assert!(before.len() > first.len(), "the second line goes on where the first ends");
    succeed(folder.path(), &["health", "update", "--backfill"]).unwrap();
    assert_eq!(in_force(), before);
    assert_eq!(
        scores(folder.path()).len() - before.len(),
        first.len(),
        "the days of the first line, as they would have been"
    );
}

#[test]
fn history_can_begin_later_and_be_filled_in() {
    let folder = tempfile::tempdir().unwrap();
    export(folder.path(), 12, true);
    succeed(folder.path(), &["import"]).unwrap();
    succeed(folder.path(), &["health", "update", "--from", "2026-03-05"]).unwrap();
    let begun = || {
        let sql = "SELECT DISTINCT in_force_from, scored_from, scored_to FROM health_scorecards";
        succeed(folder.path(), &["sql", sql, "--format", "csv"]).unwrap().lines().skip(1).collect::<String>()
    };
    assert_eq!(begun(), "2026-03-05,2026-03-05,2026-03-11");
    let late = scores(folder.path());
    assert!(late.first().is_some_and(|line| line.starts_with("2026-03-05")), "{late:?}");
    let refused = run(folder.path(), &["health", "update", "--from", "2026-03-02"]).unwrap();
    assert_eq!(refused.code, Some(2), "{}", refused.err);
    assert!(
        refused.err.contains("scores begin on 2026-03-05") && refused.err.contains("--backfill"),
        "{}",
        refused.err
    );

    succeed(folder.path(), &["health", "update", "--backfill", "--from", "2026-03-02"]).unwrap();
    assert_eq!(begun(), "2026-03-02,2026-03-02,2026-03-11");
    succeed(folder.path(), &["health", "update", "--backfill"]).unwrap();
    assert_eq!(begun(), "2026-02-01,2026-02-01,2026-03-11");
    let whole = tempfile::tempdir().unwrap();
    export(whole.path(), 12, true);
    succeed(whole.path(), &["import"]).unwrap();
    succeed(whole.path(), &["health", "update"]).unwrap();
    assert_eq!(scores(folder.path()), scores(whole.path()), "in force from the first day, as if begun there");
}

#[test]
fn a_kept_day_says_what_a_computed_one_says() {
    let folder = tempfile::tempdir().unwrap();
    export(folder.path(), 12, true);
    succeed(folder.path(), &["import"]).unwrap();
    let ask = || {
        let list = json(folder.path(), &["health", "--day", "2026-03-11", "--since", "2026-03-03"]);
        let mut shown = json(folder.path(), &["health", "show", "bob"]);
        let kept = shown.as_object_mut().unwrap().remove("kept").unwrap();
        (list, shown, json(folder.path(), &["health", "explain", "bob", "--from", "2026-03-03"]), kept)
    };
    let computed = ask();
    assert_eq!(computed.3, Value::Bool(false));
    let told = succeed(folder.path(), &["health"]).unwrap();
    assert!(told.contains("computed now"), "{told}");
    succeed(folder.path(), &["health", "update"]).unwrap();
    let kept = ask();
    assert_eq!(kept.3, Value::Bool(true));
    assert_eq!((kept.0, kept.1, kept.2), (computed.0, computed.1, computed.2));
    let told = succeed(folder.path(), &["health"]).unwrap();
    assert!(told.contains("those that are kept"), "{told}");
}

#[test]
fn a_parent_has_the_scores_of_its_accounts() {
    let folder = twice(false);
    let list = json(folder.path(), &["health", "list", "--level", "parent"]);
    let ada = list.as_array().unwrap().iter().find(|line| line["account_id"] == "ada").unwrap();
    let accounts: Vec<&Value> = ada["accounts"].as_array().unwrap().iter().map(|one| &one["account_id"]).collect();
    assert_eq!(accounts.len(), 2, "{ada}");
    // As the metric has it, whose SQL is another one.
    let asked = ["metric", "health_score", "--period", "2026-03-11", "--by", "account,colour", "--level", "parent"];
    let cells = json(folder.path(), &asked);
    let metric = |account: &Value| -> &Value {
        cells.as_array().unwrap().iter().find(|cell| cell["segment"]["account"] == *account).unwrap()
    };
    assert_eq!(list.as_array().unwrap().len(), 2, "ada with bob, and cyd: {list}");
    for line in list.as_array().unwrap() {
        let cell = metric(&line["account_id"]);
        assert_eq!(decimal(&line["score"]), decimal(&cell["value"]), "{line}");
        assert_eq!(line["colour"], cell["segment"]["colour"], "{line}");
        let score = decimal(&line["score"]);
        let edges = [Decimal::from(50), Decimal::from(70)];
        let colour = ["red", "amber", "green"][edges.into_iter().filter(|edge| score >= *edge).count()];
        assert_eq!(line["colour"], colour, "the mean's own: {line}");
    }
    let told = succeed(folder.path(), &["health", "--level", "parent"]).unwrap();
    assert!(told.contains("2 parents, accounts without one among them"), "{told}");
}

const RATED: &str = "title = \"Said\"\nformula = \"human_rating\"\n[[group]]\nid = \"said\"\n[[group.signal]]\nid = \"human_rating\"\nramp = { from = 0, to = 100 }\n";

/// What a customer's days are scored, from a day on.
fn rated(folder: &Path, account: &str) -> Vec<(Date, Option<Decimal>)> {
    let sql = format!("SELECT day, score FROM health_scores WHERE account_id = '{account}' ORDER BY day");
    let text = succeed(folder, &["sql", &sql, "--format", "csv"]).unwrap();
    let day = |line: &str| {
        let (day, score) = line.split_once(',').unwrap();
        (day.parse().unwrap(), score.parse().ok())
    };
    text.lines().skip(1).map(day).collect()
}

#[test]
fn a_rating_counts_from_its_day_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    export(folder.path(), 9, false);
    succeed(folder.path(), &["import"]).unwrap();
    std::fs::create_dir_all(folder.path().join("health")).unwrap();
    std::fs::write(folder.path().join("health/said.toml"), RATED).unwrap();
    let rate = |account: &str, score: &str, until: &str| {
        let arguments = ["health", "rate", account, score, "--reason", "sponsor left", "--until", until, "--by", "Kim"];
        run(folder.path(), &arguments).unwrap()
    };
    let over = rate("bob", "20", "2020-01-01");
    assert_eq!(over.code, Some(2), "{}", over.err);
    let (_, today) = over.err.split_once("from today, ").unwrap();
    let today: Date = today.split_once(',').unwrap().0.parse().unwrap();
    let day = |away: i32| today.checked_add(Span::new().days(away)).unwrap();
    let given = rate("bob", "20", &day(1).to_string());
    assert_eq!(given.code, Some(0), "{}", given.err);
    assert!(given.err.contains("Kim is not among the staff"), "{}", given.err);
    assert_eq!(rate("cyd", "90", &day(300).to_string()).code, Some(0));

    for (account, score, until, said) in [
        ("bob", "101", day(1), "101 is no rating"),
        ("bob", "much", day(1), "`much` is no rating"),
        ("bob", "50", day(367), "is 367 days away"),
        ("bobb", "50", day(1), "did you mean bob"),
    ] {
        let ran = rate(account, score, &until.to_string());
        assert_eq!(ran.code, Some(2), "{account} {score}: {}", ran.err);
        assert!(ran.err.contains(said), "{account} {score}: {}", ran.err);
    }
    assert_eq!(run(folder.path(), &["health", "rate", "bob", "5", "--until", "2099-01-01"]).unwrap().code, Some(2));

    let list = json(folder.path(), &["health", "rate", "--list"]);
    let of = |account: &str| list.as_array().unwrap().iter().find(|one| one["account_id"] == account).unwrap().clone();
    assert_eq!((list.as_array().unwrap().len(), &of("bob")["reason"]), (2, &"sponsor left".into()));
    let cyd = of("cyd")["rating_id"].as_str().unwrap().to_owned();
    succeed(folder.path(), &["health", "rate", "--withdraw", &cyd]).unwrap();
    let again = run(folder.path(), &["health", "rate", "--withdraw", &cyd]).unwrap();
    assert!(again.code == Some(2) && again.err.contains("no longer counts"), "{}", again.err);

    // The days before are closed, and scored, after the rating was given: they do not know of it.
    complete_to(folder.path(), today);
    succeed(folder.path(), &["import"]).unwrap();
    succeed(folder.path(), &["health", "update", "--from", &day(-3).to_string()]).unwrap();
    complete_to(folder.path(), day(4));
    succeed(folder.path(), &["import"]).unwrap();
    succeed(folder.path(), &["health", "update"]).unwrap();
    let twenty = Some(Decimal::from(20));
    let expected = [(-3, None), (-2, None), (-1, None), (0, twenty), (1, twenty), (2, None), (3, None)];
    assert_eq!(rated(folder.path(), "bob"), expected.map(|(away, score)| (day(away), score)));
    assert!(rated(folder.path(), "cyd").iter().all(|(_, score)| score.is_none()), "withdrawn on its day");
}

#[test]
fn what_cannot_be_is_told() {
    let folder = twice(false);
    for (arguments, said) in [
        (&["health", "show", "nobody"][..], "nobody was no customer on 2026-03-11"),
        (&["health", "show", "dee"], "dee was no customer on 2026-03-11"),
        (&["health", "--day", "2026-03-12"], "2026-03-12 is not over in the data"),
        (&["health", "--day", "soon"], "--day: `soon` is no day"),
        (&["health", "compare", "default", "other"], "other is no scorecard"),
    ] {
        let ran = run(folder.path(), arguments).unwrap();
        assert_eq!(ran.code, Some(2), "{arguments:?}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains(said), "{arguments:?}: {}", ran.err);
    }
    let few = succeed(folder.path(), &["health", "backtest"]).unwrap();
    assert!(few.contains("not enough data"), "{few}");
    let none = succeed(folder.path(), &["health", "risk", "ada"]).unwrap();
    assert!(none.starts_with("no churn model for leaving within 90 days: not enough data: "), "{none}");
}

/// A company of which hardly anybody left, and whose usage names no person: the report says so, and gives no figure.
#[test]
fn a_back_test_says_what_the_data_cannot_support() {
    let Some(data) = public_data() else { return };
    let folder = tempfile::tempdir().unwrap();
    copy_workspace(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/ravenstack"), folder.path()).unwrap();
    let imported = command(folder.path(), &["import"]).unwrap().env("TENURE_DATA", data).output().unwrap();
    assert!(imported.status.success(), "{}", String::from_utf8_lossy(&imported.stderr));
    let told = succeed(folder.path(), &["health", "backtest"]).unwrap();
    for said in [
        "5,115 observations of 500 customers",
        "seat_use has no value anywhere: it supports no score and no finding",
        "payment_failures is the same wherever it has a value: it tells nobody apart",
        "not enough data: 5 of 474 accounts left within the horizon",
    ] {
        assert!(told.contains(said), "{said}\n{told}");
    }
    assert!(!told.contains("AUC"), "{told}");
    let report = json(folder.path(), &["health", "backtest"]);
    for horizon in report["horizons"].as_array().unwrap() {
        assert_eq!(horizon["judged"]["not_enough"]["reason"], "few_blocks");
    }
}
