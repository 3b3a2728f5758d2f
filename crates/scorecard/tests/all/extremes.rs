//! Scorecards far larger, and weights and values further apart, than anybody's.

use crate::support::{known, text};
use rust_decimal::Decimal;
use std::fmt::Write;
use tenure_scorecard::{Inputs, Moment, Observation, Scorecard, Scorecards, explain};

fn large(formula: &str, signals: usize) -> Scorecard {
    let mut said = format!("title = \"Large\"\nformula = \"{formula}\"\n[[group]]\nid = \"all\"\n");
    for place in 0..signals {
        let weight = ["0.000001", "1000000", "0.333333"][place % 3];
        let ramp = "{ from = -100_000_000_000, to = 100_000_000_000 }";
        write!(said, "[[group.signal]]\nid = \"s{place}\"\nsql = \"SELECT 1\"\nweight = {weight}\nramp = {ramp}\n")
            .unwrap();
    }
    Scorecards::of(&[text("card", &said)], &[], &|_| true).unwrap().cards()[0].clone()
}

fn all_at(signals: usize, value: f64) -> Inputs {
    (0..signals).map(|place| (format!("s{place}"), Observation::new(value, u32::MAX).unwrap())).collect()
}

#[test]
fn a_thousand_signals_at_the_ends_of_what_is_a_number() {
    for (value, score) in [(-1e11, 0), (0.0, 50), (1e11, 100)] {
        let mean = large("weighted_mean", 1000).score(&all_at(1000, value));
        assert_eq!(mean.value, Some(Decimal::from(score)));
        assert_eq!(mean.signals.iter().map(|one| one.weight).sum::<Decimal>(), Decimal::ONE);
        let points = large("points", 1000).score(&all_at(1000, value));
        let sum = points.base + points.held + points.signals.iter().map(|one| one.contribution).sum::<Decimal>();
        assert_eq!(points.value, Some(sum));
    }
    assert_eq!(Observation::new(1.0001e11, 0), None);
}

#[test]
fn a_change_of_a_hundred_signals_adds_up() {
    for formula in ["weighted_mean", "points", "worst_of"] {
        let card = large(formula, 100);
        let (before, after) = (all_at(100, -12_345.678_9), all_at(100, 98_765_432_109.8));
        let said = explain(Moment { card: &card, inputs: &before }, &before, Moment { card: &card, inputs: &after });
        assert_eq!(Some(said.causes.iter().map(|cause| cause.effect).sum::<Decimal>()), said.change, "{formula}");
    }
}

#[test]
fn the_smallest_weight_against_the_largest_is_still_counted() {
    let said = "title = \"Apart\"\nformula = \"weighted_mean\"\n[[group]]\nid = \"all\"\n\
        signal = [{ id = \"a\", weight = 0.000001, ramp = { from = 0, to = 100 } },\n\
        { id = \"b\", weight = 1_000_000, ramp = { from = 0, to = 100 } }]\n";
    let card = crate::support::card(said);
    assert_eq!(card.score(&known("a 73")).value, Some(Decimal::from(73)), "alone it is the whole score");
    assert_eq!(card.score(&known("a 73, b 12")).value, Some(Decimal::from(12)));
}
