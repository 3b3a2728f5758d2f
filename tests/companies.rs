//! Scores held against what became of the customers of generated companies, out of time: the scorecard that ships against the recency
//! of use, the churn models against the scorecard, and a scorecard of noise against chance.
//!
//! `make companies` judges twenty companies of 3,000 accounts; `make test` one small one, on which less can be shown. The companies'
//! customers leave for the generator's reasons (`crates/demo/src/contracts.rs`), which know of no scorecard.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use tenure_tests::{company, succeed};

/// A signal that knows nothing: a number made of the account's and the month's.
const NOISE: &str = r#"
title = "Noise"
formula = "weighted_mean"
[[group]]
id = "noise"
[[group.signal]]
id = "dice"
unit = "points"
better = "up"
ramp = { from = 0, to = 1000003 }
sql = """
SELECT scored.account_id, scored.period,
       CAST((CAST(substr(scored.account_id, 3) AS BIGINT) * 7368787 + asked_days.closing_day * 15485863) % 1000003 AS DOUBLE) AS value,
       CAST(NULL AS TIMESTAMP) AS observed_at
FROM scored_accounts AS scored
JOIN asked_days ON asked_days.period = scored.period
"""
"#;

const SCORECARD: &str = "scorecard";
const RECENCY: &str = "recency of use";
const TREES: &str = "boosted trees";

/// What a back-test says of a company: by horizon in days.
type Findings = BTreeMap<i64, Finding>;

#[derive(Debug)]
struct Finding {
    areas: BTreeMap<String, f64>,
    /// How much better the first of two ranks, with its paired 95 % interval.
    scorecard_less_recency: [f64; 3],
    trees_less_scorecard: [f64; 3],
    /// What is said of noise against chance.
    noise: String,
}

/// Makes a company, imports it and judges.
fn judged(seed: u64, accounts: usize) -> Findings {
    let folder = company(seed, accounts, 200).unwrap();
    std::fs::write(folder.path().join("noise.toml"), NOISE).unwrap();
    findings(folder.path())
}

fn findings(folder: &Path) -> Findings {
    let told = succeed(folder, &["health", "backtest", "noise.toml", "--format", "json"]).unwrap();
    let report: Value = serde_json::from_str(&told).unwrap();
    let horizons = report["horizons"].as_array().unwrap();
    horizons.iter().map(|one| (one["horizon"].as_i64().unwrap(), finding(&one["judged"]["enough"]))).collect()
}

fn finding(judged: &Value) -> Finding {
    let scorers = judged["scorers"].as_array().unwrap_or_else(|| panic!("not judged: {judged}"));
    let of = |name: &str| {
        let found = scorers.iter().find(|one| one["scorer"] == name);
        &found.unwrap_or_else(|| panic!("{name} was not judged"))["judgement"]["enough"]
    };
    let areas = [SCORECARD, RECENCY, TREES, "churn model", "noise.toml"];
    Finding {
        areas: areas.map(|name| (name.to_owned(), of(name)["auc"]["value"].as_f64().unwrap())).into_iter().collect(),
        scorecard_less_recency: difference(judged, SCORECARD, RECENCY),
        trees_less_scorecard: difference(judged, TREES, SCORECARD),
        noise: of("noise.toml")["verdict"]["against_chance"].as_str().unwrap().to_owned(),
    }
}

fn difference(judged: &Value, one: &str, other: &str) -> [f64; 3] {
    let number = |found: &Value, end: &str| found["auc"][end].as_f64().unwrap();
    let all = judged["differences"].as_array().unwrap();
    if let Some(found) = all.iter().find(|found| found["first"] == one && found["second"] == other) {
        return ["value", "low", "high"].map(|end| number(found, end));
    }
    let turned = all.iter().find(|found| found["first"] == other && found["second"] == one).unwrap();
    ["value", "high", "low"].map(|end| -number(turned, end))
}

#[test]
fn a_small_company_is_judged_and_noise_is_no_better_than_chance() {
    let found = judged(7, 600);
    assert_eq!(found.keys().copied().collect::<Vec<_>>(), [30, 90, 180]);
    for (days, one) in &found {
        assert_ne!(one.noise, "better", "{days} days: {one:?}");
        assert!((one.areas["noise.toml"] - 0.5).abs() < 0.07, "{days} days: {one:?}");
        assert!(one.areas[SCORECARD] > one.areas[RECENCY], "{days} days: {one:?}");
    }
}

/// Of `companies`, so many must show it: sixteen of twenty.
fn enough(shown: usize, companies: usize) -> bool {
    shown * 20 >= companies * 16
}

#[test]
#[ignore = "half an hour: make companies"]
fn scorecards_beat_recency_models_beat_scorecards_and_noise_beats_nothing() {
    let asked = |name: &str, usual: usize| std::env::var(name).map_or(usual, |text| text.parse().unwrap());
    let (companies, accounts) = (asked("COMPANIES", 20), asked("COMPANY_ACCOUNTS", 3_000));
    let mut all = Vec::new();
    println!(
        "| company | horizon | recency | scorecard | churn model | trees | scorecard − recency | trees − scorecard | noise |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for seed in 1..=companies {
        let found = judged(seed as u64, accounts);
        for (days, one) in &found {
            let area = |name: &str| format!("{:.3}", one.areas[name]);
            let range = |[value, low, high]: [f64; 3]| format!("{value:+.3} ({low:+.3} to {high:+.3})");
            let (recency, scorecard) = (area(RECENCY), area(SCORECARD));
            let (model, trees, noise) = (area("churn model"), area(TREES), area("noise.toml"));
            let (first, second) = (range(one.scorecard_less_recency), range(one.trees_less_scorecard));
            println!(
                "| {seed} | {days} | {recency} | {scorecard} | {model} | {trees} | {first} | {second} | {noise} |"
            );
        }
        all.push(found);
    }
    for days in [30, 90, 180] {
        let shown = |holds: &dyn Fn(&Finding) -> bool| all.iter().filter(|found| holds(&found[&days])).count();
        let scorecards = shown(&|one| one.scorecard_less_recency[1] > 0.0);
        let trees = shown(&|one| one.trees_less_scorecard[1] > 0.0);
        let noise = shown(&|one| one.noise != "better");
        println!(
            "{days} days: the scorecard beats recency in {scorecards}, trees beat the scorecard in {trees}, noise beats nothing in {noise} of {companies}"
        );
        assert!(
            enough(scorecards, companies),
            "{days} days: the scorecard beats recency in {scorecards} of {companies}"
        );
        assert!(enough(trees, companies), "{days} days: trees beat the scorecard in {trees} of {companies}");
        // A 95 % interval says better of one noise in forty.
        assert!(
            noise * 20 >= companies * 18,
            "{days} days: noise is better than chance in {} of {companies}",
            companies - noise
        );
    }
}
