//! Lists to act on: every line rests on what the lake says.

use crate::company::company;
use serde_json::Value;
use std::collections::BTreeSet;
use tenure_tests::succeed;

fn list(name: &str) -> Vec<Value> {
    let told = succeed(&company().folder, &["health", "act", name, "--limit", "10000", "--format", "json"]).unwrap();
    serde_json::from_str(&told).unwrap()
}

fn accounts(sql: &str) -> BTreeSet<String> {
    let told = succeed(&company().folder, &["sql", sql, "--format", "csv"]).unwrap();
    told.lines().skip(1).map(str::to_owned).collect()
}

fn text<'a>(line: &'a Value, key: &str) -> &'a str {
    line[key].as_str().unwrap()
}

#[test]
fn who_is_sold_more_is_healthy_and_lacks_what_is_offered() {
    let (upsell, cross_sell) = (list("upsell"), list("cross-sell"));
    assert!(!upsell.is_empty() && !cross_sell.is_empty());
    assert!(upsell.iter().chain(&cross_sell).all(|line| line["colour"] == "green"));
    let held = accounts("SELECT DISTINCT account_id || ' ' || product FROM mrr_lines WHERE ends_at IS NULL");
    for line in &cross_sell {
        assert!(!held.contains(&format!("{} {}", text(line, "account_id"), text(line, "product"))), "{line}");
    }
    for line in &upsell {
        let numbers: Vec<f64> = text(line, "because").split(' ').filter_map(|word| word.parse().ok()).collect();
        let [people, _, seats] = numbers[..] else { panic!("{line}") };
        assert!(people >= 0.8 * seats, "{line}");
    }
}

#[test]
fn who_was_called_since_is_no_longer_on_the_list() {
    let detractors = list("detractors");
    assert!(!detractors.is_empty());
    let called = accounts(
        "SELECT DISTINCT said.account_id FROM survey_responses said JOIN interactions talk ON talk.account_id = said.account_id
         WHERE said.survey_kind = 'nps' AND said.responded_at > '2026-04-02' AND talk.happened_at > said.responded_at
         EXCEPT SELECT account_id FROM survey_responses said WHERE said.survey_kind = 'nps' AND NOT EXISTS
         (SELECT 1 FROM interactions talk WHERE talk.account_id = said.account_id AND talk.happened_at > said.responded_at)",
    );
    assert!(!called.is_empty());
    assert!(detractors.iter().all(|line| !called.contains(text(line, "account_id"))));
}

#[test]
fn the_most_valuable_stand_first() {
    let mrr: Vec<f64> = list("high-value").iter().map(|line| text(line, "mrr").parse().unwrap()).collect();
    assert!(mrr.len() > 100 && mrr.windows(2).all(|pair| pair[0] >= pair[1]));
}

#[test]
fn csv_says_what_json_says() {
    let columns = ["account_id", "name", "product", "mrr", "score", "colour", "because"];
    for name in ["high-value", "upsell", "cross-sell", "detractors"] {
        let told = succeed(&company().folder, &["health", "act", name, "--limit", "10000", "--format", "csv"]).unwrap();
        let mut reader = csv::Reader::from_reader(told.as_bytes());
        assert_eq!(reader.headers().unwrap(), &columns[..], "{name}");
        let rows: Vec<Vec<String>> = reader.deserialize().map(|row| row.unwrap()).collect();
        let cell = |line: &Value, column: &str| line[column].as_str().unwrap_or_default().to_owned();
        let lines = list(name);
        let wanted: Vec<Vec<String>> =
            lines.iter().map(|line| columns.iter().map(|column| cell(line, column)).collect()).collect();
        assert!(rows == wanted && rows.len() > 1, "{name}: {told}");
        assert_eq!(rows.iter().any(|row| !row[2].is_empty()), name == "cross-sell", "products: {name}");
    }
    let limited =
        succeed(&company().folder, &["health", "act", "high-value", "--limit", "3", "--format", "csv"]).unwrap();
    assert_eq!(limited.lines().count(), 4, "{limited}");
}
