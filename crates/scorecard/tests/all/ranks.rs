//! Percentile ranks among the accounts of a day.

use crate::support::{card, known};
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use tenure_scorecard::{Inputs, Observation, Scorecard, Scorecards, Traits};

fn ranked(card: &Scorecard, accounts: &[(&str, Option<f64>)]) -> Vec<Option<Decimal>> {
    let mut all: Vec<(Traits, Inputs)> = accounts
        .iter()
        .map(|(plan, value)| {
            let traits = BTreeMap::from([("plan".to_owned(), (*plan).to_owned())]);
            let seen = value.and_then(|value| Observation::new(value, 0));
            (traits, seen.map(|seen| ("a".to_owned(), seen)).into_iter().collect())
        })
        .collect();
    let mut rows: Vec<(&Traits, &mut Inputs)> = all.iter_mut().map(|(traits, inputs)| (&*traits, inputs)).collect();
    Scorecards::rank(card, &mut rows);
    all.iter().map(|(_, inputs)| inputs.get("a").and_then(|seen| seen.rank)).collect()
}

fn percentile(scale: &str) -> Scorecard {
    card(&format!(
        "title = \"Ranked\"\nformula = \"weighted_mean\"\n[[group]]\nid = \"all\"\n[[group.signal]]\nid = \"a\"\npercentile = {{ {scale} }}\n"
    ))
}

#[test]
fn accounts_are_ranked_among_their_own() {
    let ranks = ranked(
        &percentile("within = \"plan\", better = \"up\""),
        &[("gold", Some(1.0)), ("gold", Some(9.0)), ("free", Some(5.0)), ("gold", None), ("gold", Some(9.0))],
    );
    let whole: Vec<Option<Decimal>> =
        [Some(0), Some(75), Some(50), None, Some(75)].map(|rank| rank.map(Decimal::from)).to_vec();
    assert_eq!(ranks, whole);
}

#[test]
fn less_may_be_better() {
    let mut inputs = known("a 3");
    let seen = inputs.get("a").map(|seen| Observation { rank: Some(Decimal::from(80)), ..seen });
    inputs.set("a", seen);
    assert_eq!(percentile("better = \"down\"").score(&inputs).value, Some(Decimal::from(20)));
    assert_eq!(percentile("better = \"up\"").score(&known("a 3")).value, None, "nobody ranked it");
}

#[test]
fn a_rank_from_outside_its_range_is_held() {
    let mut inputs = known("a 3");
    let seen = inputs.get("a").map(|seen| Observation { rank: Some(Decimal::from(1_000_000_000)), ..seen });
    inputs.set("a", seen);
    assert_eq!(percentile("better = \"up\"").score(&inputs).value, Some(Decimal::ONE_HUNDRED));
    assert_eq!(percentile("better = \"down\"").score(&inputs).value, Some(Decimal::ZERO));
}

proptest! {
    #[test]
    fn ranks_lie_within_0_and_100_and_average_50(values in prop::collection::vec(-20_i32..20, 1..60)) {
        let accounts: Vec<(&str, Option<f64>)> = values.iter().map(|value| ("any", Some(f64::from(*value)))).collect();
        let ranks: Vec<Decimal> = ranked(&percentile("better = \"up\""), &accounts).into_iter().flatten().collect();
        prop_assert_eq!(ranks.len(), values.len());
        prop_assert!(ranks.iter().all(|rank| (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(rank)));
        let mean = ranks.iter().sum::<Decimal>() / Decimal::from(ranks.len());
        prop_assert!((mean - Decimal::from(50)).abs() <= Decimal::new(1, 6), "{}", mean);
        for (one, two) in values.iter().zip(&ranks).zip(values.iter().zip(&ranks).skip(1)) {
            prop_assert_eq!(one.0.cmp(two.0), one.1.cmp(two.1));
        }
    }
}
