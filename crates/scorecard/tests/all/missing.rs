//! What a signal without a fresh value does: as a signal's own rule, and as a what-if.

use crate::support::{card, known, number};
use rust_decimal::Decimal;
use tenure_scorecard::{Missing, Scorecard};

/// `a` is fresh for 30 days; `b` always counts.
fn with(rule: &str) -> Scorecard {
    card(&format!(
        r#"
        title = "Missing"
        formula = "weighted_mean"
        neutral = 40
        [[group]]
        id = "all"
        signal = [
            {{ id = "a", max_age = "30 days", {rule} bands = [{{ to = 5, points = 20 }}, {{ from = 5, points = 90 }}] }},
            {{ id = "b", ramp = {{ from = 0, to = 100 }} }},
        ]
        "#
    ))
}

/// Scores with `b` at 60: `a` fresh, at the edge, stale, older still, missing.
fn scores(card: &Scorecard, rule: Option<Missing>) -> [Decimal; 5] {
    ["a 7, b 60", "a 7 @30, b 60", "a 7 @31, b 60", "a 7 @61, b 60", "b 60"].map(|said| {
        let inputs = known(said);
        rule.map_or_else(|| card.score(&inputs), |rule| card.score_if(&inputs, rule)).value.unwrap()
    })
}

const RULES: [(&str, Missing, [i64; 5]); 4] = [
    ("missing = \"leave_out\",", Missing::LeaveOut, [75, 75, 60, 60, 60]),
    ("missing = \"neutral\",", Missing::Neutral, [75, 75, 50, 50, 50]),
    ("missing = \"poor\",", Missing::Poor, [75, 75, 40, 40, 40]),
    ("missing = \"last_value\", up_to = \"60 days\",", Missing::LastValue, [75, 75, 75, 60, 60]),
];

#[test]
fn every_rule_of_a_signal() {
    for (rule, _, expected) in RULES {
        assert_eq!(scores(&with(rule), None), expected.map(Decimal::from), "{rule}");
    }
}

#[test]
fn every_rule_as_a_what_if() {
    for (own, _, _) in RULES {
        for (_, rule, mut expected) in RULES {
            // Without a limit of its own the last value counts at any age.
            if rule == Missing::LastValue && !own.contains("up_to") {
                expected[3] = 75;
            }
            assert_eq!(scores(&with(own), Some(rule)), expected.map(Decimal::from), "{own} as {rule:?}");
        }
    }
}

#[test]
fn leaving_out_is_the_rule_without_one() {
    assert_eq!(scores(&with(""), None), scores(&with(RULES[0].0), None));
}

#[test]
fn coverage_tells_fresh_from_counted() {
    let covered = |rule: &str| with(rule).score(&known("a 7 @31, b 60")).coverage.share;
    for (rule, ..) in RULES {
        assert_eq!(covered(rule), number("0.5"), "{rule}");
    }
}
