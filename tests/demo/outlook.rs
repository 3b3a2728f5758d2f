//! How long the demo company's customers stay, reckoned again, and what its forecasts say and said.

use crate::company::company;
use serde_json::Value;
use std::collections::BTreeMap;
use tenure_tests::succeed;

fn json(arguments: &[&str]) -> Value {
    let arguments: Vec<&str> = arguments.iter().copied().chain(["--format", "json"]).collect();
    serde_json::from_str(&succeed(&company().folder, &arguments).unwrap()).unwrap()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

fn near(found: f64, wanted: f64) -> bool {
    (found - wanted).abs() <= 1e-9 * wanted.abs().max(1.0)
}

#[test]
fn the_median_to_value_is_the_metrics() {
    let company = company();
    for metric in ["onboarding_time", "time_to_first_value", "time_to_value"] {
        for period in ["2023", "2024", "2025-Q3"] {
            let cell = company.totals(metric, &[period.to_owned()]).remove(period).unwrap();
            let all = &json(&["survival", "--of", metric, "--period", period])["all"];
            let median = &all["quartiles"][1];
            assert_eq!(all["lives"], cell.n, "{metric} {period}");
            let told = [&median["days"], &median["low"], &median["high"]].map(Value::as_f64);
            let wanted = [cell.value, cell.low, cell.high].map(|number| number.map(|number| number.as_f64()));
            assert_eq!(told, wanted, "{metric} {period}");
            assert!(wanted[0].is_some_and(|days| days > 10.0), "{metric} {period}");
        }
    }
}

#[test]
fn the_curve_of_customers_is_the_product_over_their_days() {
    let sql = "SELECT CAST(CAST(local_day(starts_at) AS int) AS BIGINT) AS first, CAST(CAST(local_day(ends_at) AS int) AS BIGINT) AS last FROM customer_spans
               WHERE account_id IS NOT NULL AND starts_at < CAST('2026-07-01T12:00:00Z' AS TIMESTAMP)";
    let text = succeed(&company().folder, &["sql", sql, "--format", "csv"]).unwrap();
    // The last day seen is 1 July 2026, 20,635 days after 1970 began.
    let lives: Vec<(i64, bool)> = text
        .lines()
        .skip(1)
        .map(|line| {
            let (first, last) = line.split_once(',').unwrap();
            let first: i64 = first.parse().unwrap();
            last.parse::<i64>().map_or((20_635 - first, false), |last| (last - first, true))
        })
        .collect();
    let found = json(&["survival"]);
    let curve = found["all"]["curve"].as_array().unwrap();
    let (mut share, mut ends) = (1.0, 0);
    for point in curve {
        let day = number(&point["days"]) as i64;
        let at_risk = lives.iter().filter(|(days, _)| *days >= day).count();
        let ended = lives.iter().filter(|(days, ended)| *days == day && *ended).count();
        share *= 1.0 - ended as f64 / at_risk as f64;
        ends += ended;
        assert_eq!((&point["at_risk"], &point["ended"]), (&at_risk.into(), &ended.into()), "day {day}");
        assert!(near(number(&point["share"]), share), "day {day}: {} is not {share}", point["share"]);
    }
    assert!(ends > 100 && ends == lives.iter().filter(|(_, ended)| *ended).count());
}

#[test]
fn plans_differ_and_a_model_says_by_how_much() {
    let found = json(&["survival", "--by", "plan", "--cox", "plan,country"]);
    let lives: u64 = found["groups"].as_array().unwrap().iter().map(|group| group["lives"].as_u64().unwrap()).sum();
    assert_eq!(found["all"]["lives"], lives);
    assert!(number(&found["log_rank"]["p"]) < 0.001 && found["log_rank"]["degrees_of_freedom"] == 2);
    let ratios = found["cox"]["ratios"].as_array().unwrap();
    let enterprise = ratios.iter().find(|ratio| ratio["level"] == "Enterprise").unwrap();
    assert!(number(&enterprise["high"]) < 1.0, "{enterprise}");
    assert!(number(&found["cox"]["concordance"]) > 0.55);
}

#[test]
fn what_is_expected_is_the_sum_of_its_terms() {
    let found = json(&["forecast", "--by", "plan"]);
    let mut sums: BTreeMap<String, (u64, f64, f64)> = BTreeMap::new();
    for due in found["due"].as_array().unwrap() {
        let (low, chance, high) = (number(&due["low"]), number(&due["chance"]), number(&due["high"]));
        assert!(0.0 < low && low <= chance && chance <= high && high < 1.0, "{due}");
        let sum = sums.entry(due["quarter"].as_str().unwrap().to_owned()).or_default();
        *sum = (sum.0 + 1, sum.1 + number(&due["mrr"]), sum.2 + number(&due["mrr"]) * chance);
    }
    for quarter in found["quarters"].as_array().unwrap() {
        let (terms, mrr, expected) = sums[quarter["period"].as_str().unwrap()];
        let told = &quarter["renewals"];
        assert_eq!(told["terms"], terms);
        // Each term is told to the cent.
        let cents = 0.01 * terms as f64;
        assert!((number(&told["mrr"]) - mrr).abs() < cents && (number(&told["expected"]) - expected).abs() < cents);
        let segments: u64 =
            quarter["segments"].as_array().unwrap().iter().map(|one| one["terms"].as_u64().unwrap()).sum();
        assert_eq!(segments, terms);
        assert!(number(&quarter["spread"]["low_80"]) < expected && expected < number(&quarter["spread"]["high_80"]));
    }
    let mrr = company().totals("mrr", &["2026-06".to_owned()]).remove("2026-06").unwrap().value.unwrap().as_f64();
    assert!((number(&found["mrr"]) - mrr).abs() < 0.01, "what is held today is the metric's");
}

#[test]
fn the_record_is_of_every_quarter_and_holds_forecasts_against_the_metric() {
    let found = json(&["forecast", "--record"]);
    let all = found["forecasts"].as_array().unwrap();
    let told: Vec<&Value> = all.iter().filter(|one| !one["forecast"].is_null()).collect();
    for one in &told {
        let spread = &one["forecast"];
        let at = |name: &str| number(&spread[name]);
        assert!(at("low_95") <= at("low_80") && at("low_80") <= at("median") && at("median") <= at("high_80"), "{one}");
        assert!(at("high_80") <= at("high_95") && (one["metric"] == "nrr" || at("high_95") <= 1.0), "{one}");
    }
    // From the second quarter of 2024: before it there were fewer than four closed quarters, or twenty decided terms.
    let quarters: Vec<&str> = told
        .iter()
        .filter(|one| one["span"] == "next quarter" && one["metric"] == "grr")
        .map(|one| one["period"].as_str().unwrap())
        .collect();
    assert_eq!(quarters.first(), Some(&"2024-Q2"));
    assert_eq!(quarters.len(), 9);
    for one in all.iter().filter(|one| one["span"] == "next quarter") {
        let (metric, period) = (one["metric"].as_str().unwrap(), one["period"].as_str().unwrap());
        let answer: Value = serde_json::from_str(
            &succeed(
                &company().folder,
                &["metric", metric, "--variant", "in_period", "--period", period, "--format", "json"],
            )
            .unwrap(),
        )
        .unwrap();
        assert!(near(number(&one["actual"]), number(&answer[0]["value"])), "{one}");
    }
}
