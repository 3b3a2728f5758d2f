//! What holds of every scorecard and every input.

use crate::arbitrary::{ScalePlan, fresh_days, inputs, name, plan, plan_of};
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use tenure_scorecard::{Formula, Inputs, Missing, Moment, Observation, Score, Scorecard, explain};

fn in_parts(score: &Score) -> Decimal {
    score.base + score.signals.iter().map(|one| one.contribution).sum::<Decimal>() + score.held
}

fn check_score(card: &Scorecard, score: &Score) -> Result<(), TestCaseError> {
    let digits = |number: Decimal| number == number.round_dp(6);
    let range = Decimal::ZERO..=Decimal::ONE_HUNDRED;
    prop_assert!((Decimal::ZERO..=Decimal::ONE).contains(&score.coverage.share), "{:?}", score.coverage);
    prop_assert_eq!(score.value.is_some(), score.reason.is_none());
    prop_assert_eq!(score.value.is_some(), score.colour.is_some());
    let Some(value) = score.value else {
        prop_assert!(score.signals.iter().all(|one| one.contribution.is_zero()));
        return Ok(());
    };
    prop_assert_eq!(in_parts(score), value);
    prop_assert!(range.contains(&value) && digits(value), "{}", value);
    prop_assert!(score.signals.iter().all(|one| digits(one.contribution) && digits(one.weight)));
    let weight = score.signals.iter().map(|one| one.weight).sum::<Decimal>();
    match card.formula {
        Formula::WeightedMean => {
            prop_assert_eq!(weight, Decimal::ONE);
            prop_assert!(score.held.is_zero());
            for one in &score.signals {
                prop_assert!(one.contribution >= Decimal::ZERO);
                // Both are rounded: a digit of the weight is worth up to 100 of the contribution.
                let exact = one.points.unwrap_or_default() * one.weight;
                prop_assert!((exact - one.contribution).abs() <= Decimal::new(102, 6), "{:?}", one);
            }
        }
        Formula::Points => {}
        Formula::WorstOf | Formula::HumanRating => prop_assert_eq!(weight, Decimal::ONE),
    }
    Ok(())
}

fn check_change(before: Moment<'_>, restated: &Inputs, after: Moment<'_>) -> Result<(), TestCaseError> {
    let said = explain(before, restated, after);
    prop_assert_eq!(&said.before, &before.card.score(before.inputs));
    prop_assert_eq!(&said.after, &after.card.score(after.inputs));
    prop_assert_eq!(said.change, said.before.value.zip(said.after.value).map(|(from, to)| to - from));
    let sum = said.causes.iter().map(|cause| cause.effect).sum::<Decimal>();
    prop_assert_eq!(sum, said.change.unwrap_or_default());
    prop_assert!(said.causes.iter().all(|cause| !cause.effect.is_zero() && cause.effect == cause.effect.round_dp(6)));
    prop_assert!(said.causes.is_sorted_by_key(|cause| std::cmp::Reverse(cause.effect.abs())));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_score_is_the_sum_of_its_parts(plan in plan(), inputs in inputs()) {
        let card = plan.card();
        let score = card.score(&inputs);
        check_score(&card, &score)?;
        prop_assert_eq!(&card.score(&inputs), &score, "scored again");
        let turned: Inputs = inputs.iter().map(|(signal, seen)| (signal.to_owned(), *seen)).collect::<Vec<_>>().into_iter().rev().collect();
        prop_assert_eq!(&card.score(&turned), &score, "given the other way round");
        for missing in Missing::ALL {
            let other = card.score_if(&inputs, missing);
            check_score(&card, &other)?;
            prop_assert_eq!(card.value_if(&score, missing), other.value, "by {:?}, from the score", missing);
        }
    }

    #[test]
    fn more_on_a_rising_ramp_never_lowers_the_score(plan in plan(), inputs in inputs(), raise in 0..40_000_000_i64) {
        let (card, raise) = (plan.card(), Decimal::new(raise, 6));
        let members = plan.groups.iter().flat_map(|(_, members)| members).enumerate();
        for (place, member) in members {
            let ScalePlan::Ramp { from, to, points: (worst, best) } = &member.scale else { continue };
            let Some(seen) = inputs.get(&name(&plan, place)) else { continue };
            let rising = (from < to) == (worst <= best);
            let mut raised = inputs.clone();
            let value = if rising { seen.value + raise } else { seen.value - raise };
            raised.set(&name(&plan, place), Some(Observation { value, ..seen }));
            prop_assert!(card.score(&raised).value >= card.score(&inputs).value);
        }
    }

    #[test]
    fn a_signal_without_weight_has_no_effect(plan in plan_of(vec!["weighted_mean", "points", "worst_of"], 5, 6), one in inputs(), two in inputs()) {
        let card = plan.card();
        let mut mixed = one.clone();
        for (_, member) in card.members().filter(|(_, member)| member.weight.is_zero()) {
            mixed.set(&member.signal, two.get(&member.signal));
        }
        prop_assert_eq!(card.score(&one).value, card.score(&mixed).value);
        prop_assert_eq!(card.score(&one).coverage.share, card.score(&mixed).coverage.share);
    }

    #[test]
    fn the_order_of_signals_on_a_mean_does_not_matter(plan in plan_of(vec!["weighted_mean"], 5, 6), inputs in inputs()) {
        let card = plan.card();
        let mut turned = card.clone();
        turned.groups.reverse();
        turned.groups.iter_mut().for_each(|group| group.members.reverse());
        prop_assert_eq!(card.score(&inputs).value, turned.score(&inputs).value);
        prop_assert_eq!(card.score(&inputs).coverage, turned.score(&inputs).coverage);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn causes_add_up_to_the_change(plan in plan_of(vec!["weighted_mean", "points", "worst_of"], 4, 3), one in inputs(), two in inputs()) {
        let card = plan.card();
        check_change(Moment { card: &card, inputs: &one }, &one, Moment { card: &card, inputs: &two })?;
    }

    #[test]
    fn an_edit_or_another_scorecard_is_a_cause_that_adds_up(
        old in plan_of(vec!["weighted_mean", "points", "worst_of", "human_rating"], 3, 3), new in plan_of(vec!["weighted_mean", "points", "worst_of", "human_rating"], 3, 3),
        same in any::<bool>(), one in inputs(), restated in inputs(), two in inputs(),
    ) {
        let (old, new) = (old.card(), new.card_named(if same { "random" } else { "other" }));
        check_change(Moment { card: &old, inputs: &one }, &restated, Moment { card: &new, inputs: &two })?;
    }

    #[test]
    fn many_signals_that_change_at_once_add_up(plan in plan_of(vec!["weighted_mean", "points", "worst_of"], 5, 6), days in fresh_days()) {
        let card = plan.card();
        check_change(Moment { card: &card, inputs: &days.0 }, &days.0, Moment { card: &card, inputs: &days.1 })?;
    }

    #[test]
    fn the_way_back_is_the_negative(plan in plan_of(vec!["weighted_mean", "points", "worst_of"], 4, 3), days in fresh_days()) {
        let card = plan.card();
        let effects = |from: &Inputs, to: &Inputs| -> BTreeMap<Option<String>, Decimal> {
            let said = explain(Moment { card: &card, inputs: from }, from, Moment { card: &card, inputs: to });
            said.causes.into_iter().map(|cause| (cause.signal, cause.effect)).collect()
        };
        let back: BTreeMap<_, _> = effects(&days.1, &days.0).into_iter().map(|(signal, effect)| (signal, -effect)).collect();
        prop_assert_eq!(effects(&days.0, &days.1), back);
    }
}
