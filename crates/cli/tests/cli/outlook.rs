//! How long it lasts, and what lies ahead: answers to reckon by hand, and companies of which little can be said.

use crate::tiny::{imported, run, workspace};
use serde_json::Value;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn json(folder: &Path, args: &[&str]) -> Value {
    let args: Vec<&str> = args.iter().copied().chain(["--format", "json"]).collect();
    serde_json::from_str(&run(folder, 0, &args).0).unwrap()
}

/// The tiny company with other subscriptions: account, start, end.
fn company(lines: &[(&str, &str, &str)]) -> TempDir {
    let folder = workspace();
    let rows = lines
        .iter()
        .enumerate()
        .map(|(number, (account, start, end))| format!("s{number},1,{account},pro,100,{start},{end}\n"));
    fs::write(
        folder.path().join("subs.csv"),
        format!("id,line,account,plan,price,start,stop\n{}", rows.collect::<String>()),
    )
    .unwrap();
    run(folder.path(), 0, &["import"]);
    folder
}

#[test]
fn three_lives_by_hand() {
    let folder = imported();
    let (curve, _) = run(folder.path(), 0, &["survival", "--format", "csv"]);
    // c is seen for 180 days, a for 546; b left after 425, when a alone was left beside it.
    let days: Vec<Vec<&str>> = curve.lines().skip(1).map(|line| line.split(',').take(6).collect()).collect();
    assert_eq!(
        days,
        [["180", "3", "0", "0", "1", "1"], ["425", "2", "1", "0", "0", "0.5"], ["546", "1", "0", "0", "1", "0.5"]]
    );
    let all = &json(folder.path(), &["survival"])["all"];
    assert_eq!((&all["lives"], &all["ended"], &all["quartiles"][1]["days"]), (&3.into(), &1.into(), &425.0.into()));
    assert_eq!(all["shares"][4]["reason"], "nobody was seen for 24 months yet");
}

#[test]
fn small_groups_have_no_curve_and_say_so() {
    let folder = imported();
    let found = json(folder.path(), &["survival", "--by", "plan", "--cox", "plan"]);
    assert_eq!(found["groups"][1]["segment"]["plan"], "pro");
    assert_eq!(
        (&found["groups"][1]["curve"], &found["groups"][1]["reason"]),
        (&Value::Null, &"fewer than 5 lives".into())
    );
    assert_eq!(found["log_rank"]["reason"], "fewer than two groups of 5 lives or more");
    assert_eq!(found["cox"]["reason"], "plan has one level only among lives that could end");
    let (table, _) = run(folder.path(), 0, &["survival", "--by", "plan"]);
    assert!(table.contains("fewer than 5 lives") && table.contains("the groups cannot be compared"), "{table}");
}

#[test]
fn customers_from_before_are_at_risk_only_once_seen() {
    let folder = imported();
    let found = json(folder.path(), &["survival", "--seen-from", "2025-01-01"]);
    // a and b are seen from their 366th day on: when c is last seen on its 180th, it is alone.
    assert_eq!((&found["all"]["curve"][0]["at_risk"], &found["all"]["curve"][1]["at_risk"]), (&1.into(), &2.into()));
    let (_, said) = run(folder.path(), 2, &["survival", "--of", "time_to_value", "--seen-from", "2025-01-01"]);
    assert!(said.contains("only of customers"), "{said}");
}

#[test]
fn nobody_left_and_all_left() {
    let none = company(&[("a", "2024-01-01", ""), ("b", "2024-01-01", "")]);
    let found = json(none.path(), &["survival", "--cox", "plan"]);
    let reason = found["all"]["quartiles"][0]["reason"].as_str().unwrap();
    assert!(
        reason.starts_with("fewer than a quarter of them so far") && reason.ends_with("100.0 % have not"),
        "{reason}"
    );
    assert_eq!(found["cox"]["reason"], "nothing has ended yet");
    let kept = json(none.path(), &["forecast"]);
    let year = &kept["retention"][4]["grr"];
    assert!(kept["reason"].is_null() && year["median"].as_f64().unwrap() > 0.5, "{kept}");
    assert!(year["low_95"].as_f64().unwrap() < 0.5, "that nobody left yet promises little: {kept}");

    let gone = company(&[("a", "2023-01-01", "2025-02-01"), ("b", "2023-06-01", "2025-03-01")]);
    assert_eq!(json(gone.path(), &["survival"])["all"]["quartiles"][2]["days"], 762.0);
    let found = json(gone.path(), &["forecast"]);
    assert_eq!(
        (&found["customers"], &found["retention"], &found["reason"]),
        (&0.into(), &Value::Null, &"no customers today".into())
    );
    run(gone.path(), 0, &["forecast"]);
}

#[test]
fn one_account_and_no_renewal_ever() {
    let one = company(&[("a", "2022-01-01", "")]);
    assert_eq!(json(one.path(), &["survival"])["all"]["lives"], 1);
    let found = json(one.path(), &["forecast"]);
    assert_eq!((&found["decided_terms"], &found["quarters"][0]["renewals"]["terms"]), (&0.into(), &0.into()));
    assert_eq!(found["quarters"][0]["renewals"]["expected"].to_string(), "0.0");
    assert_eq!(found["quarters"][0]["evergreen"]["subscriptions"], 1);
    assert_eq!(found["due"], Value::Array(Vec::new()));
    // 13 quarters at whose opening it was a customer.
    assert_eq!(found["closed_quarters"], 13);
    let (table, _) = run(one.path(), 0, &["forecast"]);
    assert!(table.contains("next 12 months") && !table.contains("Most to lose"), "{table}");
}

#[test]
fn too_little_history_is_a_reason_and_no_number() {
    let folder = imported();
    let early = json(folder.path(), &["forecast", "--now", "2024-09-01"]);
    assert_eq!(early["retention"], Value::Null);
    assert_eq!(early["reason"], "too few closed quarters with customers at their opening: 2 of the 4 needed");
    let few = json(folder.path(), &["forecast", "--now", "2025-04-01"]);
    let reason = few["reason"].as_str().unwrap();
    assert!(
        reason.starts_with("too few past quarters of accounts that can end any month, as 2 of today's"),
        "{reason}"
    );
    let record = json(folder.path(), &["forecast", "--record"]);
    let first = &record["forecasts"][0];
    assert_eq!((&first["period"], &first["forecast"]), (&"2024-Q2".into(), &Value::Null));
    assert_eq!(first["actual"], 1.0);
    let (table, _) = run(folder.path(), 0, &["forecast"]);
    assert!(table.contains("Of every 100 they pay now"), "{table}");
}

#[test]
fn the_same_question_has_the_same_bytes() {
    let folder = imported();
    for args in
        [["forecast", "--format", "json"], ["forecast", "--record", "--format=csv"], ["survival", "--format", "json"]]
    {
        assert_eq!(run(folder.path(), 0, &args).0, run(folder.path(), 0, &args).0, "{args:?}");
    }
}

#[test]
fn what_does_not_exist_is_told() {
    let folder = imported();
    for args in [["survival", "--by", "nope"], ["survival", "--cox", "nope"], ["forecast", "--by", "nope"]] {
        let (_, said) = run(folder.path(), 2, &args);
        assert!(
            said.contains("cannot be split or filtered by `nope`") && said.contains("it can by name, parent_id, plan"),
            "{said}"
        );
    }
    let (_, said) = run(folder.path(), 2, &["survival", "--of", "joy"]);
    assert!(said.contains("possible values: churn"), "{said}");
    run(folder.path(), 2, &["forecast", "--record", "--now", "2025-01-01"]);
}

#[test]
fn an_empty_lake_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), 0, &["init", "acme"]);
    let acme = folder.path().join("acme");
    for args in [&["survival"][..], &["forecast"], &["forecast", "--record"]] {
        let (_, said) = run(&acme, 1, args);
        assert!(said.contains("the lake holds no data yet") && said.contains("tenure import"), "{said}");
    }
    // World time given, there is still nobody.
    assert_eq!(json(&acme, &["survival", "--now", "2025-01-01"])["all"]["reason"], "no lives");
    assert_eq!(json(&acme, &["forecast", "--now", "2025-01-01"])["reason"], "no customers today");
}

const CONTRACTS: &str = r#"
[files.terms]
path = "terms.csv"
"#;

const CONTRACT_TABLES: &str = r#"
contracts = "SELECT id AS contract_id, account AS account_id, product, 12 AS term_months, start AS started_at, stop AS ends_at FROM terms"
"#;

#[test]
fn a_term_due_has_the_share_of_past_terms_of_its_plan() {
    // 24 accounts on a plan that their lines alone name; 20 renewed at the start of 2024.
    let folder = workspace();
    let (mut accounts, mut lines, mut terms) = (
        "id,name,plan,country,since\n".to_owned(),
        "id,line,account,plan,price,start,stop\n".to_owned(),
        String::new(),
    );
    for number in 0..24 {
        let stays = number < 20;
        accounts += &format!("a{number},,,,2023-01-01\n");
        lines += &format!("s{number},1,a{number},basic,100,2023-01-01,{}\n", if stays { "" } else { "2024-01-01" });
        terms += &format!("t{number},a{number},basic,2023-01-01,2024-01-01\n");
        if stays {
            terms += &format!("u{number},a{number},basic,2024-01-01,2025-01-01\n");
        }
    }
    let source = fs::read_to_string(folder.path().join("sources/billing.toml")).unwrap();
    let source = source.replace("[tables]", &format!("{CONTRACTS}[tables]{CONTRACT_TABLES}"));
    for (name, text) in [
        ("accounts.csv", accounts),
        ("subs.csv", lines),
        ("terms.csv", format!("id,account,product,start,stop\n{terms}")),
        ("sources/billing.toml", source),
    ] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    run(folder.path(), 0, &["import"]);
    let found = json(folder.path(), &["forecast", "--now", "2024-07-01"]);
    assert_eq!((&found["decided_terms"], &found["due"].as_array().unwrap().len()), (&24.into(), &20));
    let (due, quarter) = (&found["due"][0], &found["quarters"][2]);
    assert_eq!((&due["plan"], &due["alike"], &due["quarter"]), (&"basic".into(), &24.into(), &"2025-Q1".into()));
    // 20.5 of 25 under Jeffreys' prior, times six months in which no term was ever broken off: nearly one.
    let chance = due["chance"].as_f64().unwrap();
    assert!(chance > 0.80 && chance < 0.82, "{chance}");
    assert_eq!((&quarter["renewals"]["terms"], &quarter["renewals"]["mrr"]), (&20.into(), &2000.0.into()));
    assert!((quarter["renewals"]["expected"].as_f64().unwrap() - 2000.0 * chance).abs() < 0.01);
    let kept = found["retention"][2]["grr"]["mean"].as_f64().unwrap();
    assert!((kept - 0.82).abs() < 0.06, "{kept}");
}
