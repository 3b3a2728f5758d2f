//! Who is likely to leave: the demo company's risks are in order, add up, and are what the back-test chose.

use crate::company::company;
use serde_json::Value;
use std::collections::BTreeSet;
use tenure_tests::{copy_folder, succeed};

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&succeed(&company().folder, &[arguments, &["--format", "json"]].concat()).unwrap()).unwrap()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

#[test]
fn risks_are_in_order_and_one_adds_up() {
    let all = json(&["health", "risk", "--limit", "10000", "--by", "plan"]);
    let customers = all["customers"].as_array().unwrap();
    assert!(customers.len() > 100, "{}", customers.len());
    let at_risk: Vec<f64> = customers.iter().filter_map(|one| one["at_risk"].as_f64()).collect();
    assert!(at_risk.windows(2).all(|pair| pair[0] >= pair[1]), "the most first");
    for one in customers {
        let (probability, because) = (number(&one["probability"]), one["because"].as_array().unwrap());
        assert!((0.0..=1.0).contains(&probability) && because.len() <= 3);
        assert!(because.iter().all(|reason| number(&reason["part"]) > 0.0), "reasons speak for leaving: {one}");
        if let Some(mrr) = one["mrr"].as_f64() {
            assert!((number(&one["at_risk"]) - mrr * probability).abs() < 0.01 + mrr * 1e-9, "{one}");
        }
        assert!(one["plan"].is_string(), "{one}");
    }

    let first = &customers[0];
    let one = json(&["health", "risk", first["account_id"].as_str().unwrap()]);
    assert_eq!(one["risk"]["probability"], first["probability"]);
    let parts = one["risk"]["contributions"].as_array().unwrap();
    let sum = parts.iter().fold(number(&one["risk"]["base"]), |sum, part| sum + number(&part["part"]));
    assert!((sum - number(&one["risk"]["log_odds"])).abs() < 1e-12, "{sum} is not {}", one["risk"]["log_odds"]);
    let probability = 1.0 / (1.0 + (-sum).exp());
    assert!((probability - number(&one["risk"]["probability"])).abs() < 1e-12);

    // As the back-test chose: the interval of the difference decides.
    let judged = &json(&["health", "backtest", "--horizon", "90"])["horizons"][0]["judged"]["enough"];
    assert_eq!(judged["chosen"], all["chosen"]);
    let better = number(&judged["chosen"]["difference"]["low"]) > 0.0;
    assert_eq!(all["model"], if better { "boosted" } else { "logistic" });
    let page = succeed(&company().folder, &["report", "--format", "html", "--backtest"]).unwrap();
    let lift = page.split("<figure").find(|figure| figure.contains("Lift: how many who left")).unwrap();
    let lines: BTreeSet<&str> =
        lift.split("class=\"name\"").skip(1).filter_map(|rest| rest.split(['<', '>']).nth(1)).collect();
    let chosen = if better { "boosted trees" } else { "churn model" };
    assert_eq!(lines, BTreeSet::from(["scorecard", chosen, "recency of use"]));
    let report = &judged["model"]["enough"];
    assert_eq!((&report["kind"], report["trees"].is_object()), (&all["model"], better));
}

#[test]
fn risks_are_told_within_the_width() {
    let told = succeed(&company().folder, &["health", "risk", "--limit", "5", "--by", "plan"]).unwrap();
    assert!(told.lines().all(|line| line.chars().count() <= 100), "{told}");
    assert!(told.contains("Leaving within 90 days of the end of ") && told.contains(" more with --limit"), "{told}");
    let plans = told.lines().skip_while(|line| !line.starts_with("plan ")).take_while(|line| !line.is_empty());
    assert!(plans.count() > 3, "a line a plan: {told}");
    let none = succeed(&company().folder, &["health", "risk", "--horizon", "5000"]).unwrap();
    let said = "no churn model for leaving within 5000 days: not enough data: no observation is 5000 days old yet";
    assert!(none.starts_with(said), "{none}");
}

/// A count that somebody writes down once a customer has left, sixty days late.
const GOODBYE: &str = r#"
[[group]]
id = "late"
[[group.signal]]
id = "goodbye"
sql = """
SELECT scored.account_id, scored.period, 1 AS value, CAST(NULL AS TIMESTAMP) AS observed_at
FROM scored_accounts AS scored
JOIN customer_spans AS span ON span.account_id = scored.account_id
JOIN asked ON asked.period = scored.period
WHERE span.ends_at > asked.closing AND span.ends_at < asked.closing + INTERVAL '60 days'
"""
ramp = { from = 1, to = 0 }
"#;

#[test]
fn a_signal_that_exists_after_the_fact_is_named_beside_the_risks_it_makes() {
    let sound = json(&["health", "risk", "--limit", "1"]);
    assert_eq!(
        (&sound["leaks"]["too_good"], &sound["leaks"]["presence"]),
        (&Value::from(vec![0; 0]), &Value::from(vec![0; 0]))
    );
    let folder = tempfile::tempdir().unwrap();
    copy_folder(&company().folder, folder.path()).unwrap();
    std::fs::create_dir(folder.path().join("health")).unwrap();
    let shipped = include_str!("../../crates/scorecard/scorecards/default.toml");
    std::fs::write(folder.path().join("health/default.toml"), format!("{shipped}{GOODBYE}")).unwrap();
    let told = succeed(folder.path(), &["health", "risk", "--limit", "1"]).unwrap();
    assert!(told.contains("\n! goodbye exists only for those who left ("), "{told}");
    let one = told.lines().skip_while(|line| !line.starts_with("Customer ")).nth(2).unwrap();
    let name = one.split("  ").next().unwrap().to_owned();
    let told = succeed(folder.path(), &["health", "risk", &name, "--format", "json"]).unwrap();
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["leaks"]["presence"][0]["signal"], "goodbye", "{told}");
}
