//! Why a score changed, in cases that can be followed by hand.

use crate::support::{card, direct, known, number};
use rust_decimal::Decimal;
use tenure_scorecard::{CauseKind, Inputs, Moment, Scorecard, explain};

fn causes(before: (&Scorecard, &Inputs), after: (&Scorecard, &Inputs)) -> Vec<(CauseKind, Option<String>, Decimal)> {
    let moment = |(card, inputs)| Moment { card, inputs };
    let said = explain(moment(before), before.1, moment(after));
    assert_eq!(said.causes.iter().map(|cause| cause.effect).sum::<Decimal>(), said.change.unwrap_or_default());
    said.causes.into_iter().map(|cause| (cause.kind, cause.signal, cause.effect)).collect()
}

fn cause(kind: CauseKind, signal: &str, effect: &str) -> (CauseKind, Option<String>, Decimal) {
    (kind, (!signal.is_empty()).then(|| signal.to_owned()), number(effect))
}

const MEAN: &str = "formula = \"weighted_mean\"";

#[test]
fn a_value_moves_a_mean_by_its_weight() {
    let card = direct(MEAN, "3: a 1 b 2; 1: c 1");
    let said = causes((&card, &known("a 80, b 50, c 20")), (&card, &known("a 40, b 80, c 20 @9")));
    assert_eq!(said, [cause(CauseKind::Value, "b", "15"), cause(CauseKind::Value, "a", "-10")]);
}

#[test]
fn what_goes_missing_is_told_apart_from_what_moved() {
    let card = direct(MEAN, "1: a 1 b 1");
    // Without a, b alone stands at 20: −30; then b rises by 40.
    let said = causes((&card, &known("a 80, b 20")), (&card, &known("b 60")));
    assert_eq!(said, [cause(CauseKind::Value, "b", "40"), cause(CauseKind::WentMissing, "a", "-30")]);
    let back = causes((&card, &known("b 60")), (&card, &known("a 80, b 60")));
    assert_eq!(back, [cause(CauseKind::CameBack, "a", "10")]);
}

fn last_value() -> Scorecard {
    card(
        r#"
        title = "Last value"
        formula = "weighted_mean"
        missing = "last_value"
        [[group]]
        id = "all"
        signal = [
            { id = "a", max_age = "10 days", up_to = "20 days", ramp = { from = 0, to = 100 } },
            { id = "b", ramp = { from = 0, to = 100 } },
        ]
        "#,
    )
}

#[test]
fn a_last_value_that_ages_out_went_stale() {
    let card = last_value();
    assert_eq!(causes((&card, &known("a 80 @5, b 20")), (&card, &known("a 80 @15, b 20"))), []);
    let said = causes((&card, &known("a 80 @15, b 20")), (&card, &known("a 80 @25, b 20")));
    assert_eq!(said, [cause(CauseKind::WentStale, "a", "-30")]);
}

#[test]
fn another_last_value_is_a_change_of_value() {
    let card = last_value();
    let said = causes((&card, &known("a 80 @15, b 20")), (&card, &known("a 60 @12, b 20")));
    assert_eq!(said, [cause(CauseKind::Value, "a", "-10")]);
}

#[test]
fn an_old_value_that_counts_came_back() {
    let card = last_value();
    let said = causes((&card, &known("b 20")), (&card, &known("a 60 @12, b 20")));
    assert_eq!(said, [cause(CauseKind::CameBack, "a", "20")]);
    let newer = causes((&card, &known("a 10 @40, b 20")), (&card, &known("a 60 @12, b 20")));
    assert_eq!(newer, [cause(CauseKind::CameBack, "a", "20")]);
}

#[test]
fn an_edit_is_told_by_signal() {
    let (old, new) = (direct(MEAN, "1: a 1 b 1"), direct(MEAN, "1: a 1 c 1"));
    let seen = known("a 80, b 20, c 60");
    let said = causes((&old, &seen), (&new, &seen));
    assert_eq!(said, [cause(CauseKind::Definition, "c", "30"), cause(CauseKind::Definition, "b", "-10")]);
}

#[test]
fn an_edit_of_what_a_signal_measures_is_told_apart_from_what_happened() {
    // `a` was 80 as it was measured then, is 30 of the same day as it is measured now, and 50 of the later day.
    let (old, new) = (direct(MEAN, "1: a 1 b 1"), direct(MEAN, "2: a 1 b 1"));
    let (then, restated, now) = (known("a 80, b 20"), known("a 30, b 20"), known("a 50, b 20"));
    let moment = |card, inputs| Moment { card, inputs };
    let said = explain(moment(&old, &then), &restated, moment(&new, &now));
    let told: Vec<_> = said.causes.iter().map(|one| (one.kind, one.signal.as_deref(), one.effect)).collect();
    assert_eq!(told, [(CauseKind::Definition, Some("a"), number("-25")), (CauseKind::Value, Some("a"), number("10"))]);
    let values = |one: usize| (said.causes[one].before, said.causes[one].after);
    assert_eq!(values(0), (then.get("a"), restated.get("a")));
    assert_eq!(values(1), (restated.get("a"), now.get("a")));
}

#[test]
fn another_scorecard_is_one_cause_and_what_happened_under_it_the_rest() {
    let old = direct(MEAN, "1: a 1 b 1");
    let new = Scorecard { id: "other".to_owned(), ..direct("formula = \"worst_of\"", "1: c 1 d 1") };
    let said = causes((&old, &known("a 80, b 20, c 60, d 90")), (&new, &known("c 60, d 30")));
    assert_eq!(said, [cause(CauseKind::Value, "d", "-30"), cause(CauseKind::Switch, "", "10")]);
    // Nothing that the other scorecard looks at was known before: it stood at neutral.
    let blind = causes((&old, &known("a 80, b 20")), (&new, &known("c 60, d 70")));
    assert_eq!(blind, [cause(CauseKind::CameBack, "d", "10")], "c at 60 came first to 60, or took 70 down to it: 0");
}

#[test]
fn without_a_score_on_a_day_there_is_no_change_to_explain() {
    let card = direct(MEAN, "1: a 1");
    let (nothing, some) = (known(""), known("a 7"));
    for (from, to) in [(&nothing, &some), (&some, &nothing), (&nothing, &nothing)] {
        let said = explain(Moment { card: &card, inputs: from }, from, Moment { card: &card, inputs: to });
        assert_eq!((said.change, said.causes), (None, Vec::new()));
    }
}

#[test]
fn the_worst_of_two_shares_a_fall_among_them() {
    let card = direct("formula = \"worst_of\"", "1: a 1 b 1");
    let said = causes((&card, &known("a 80, b 80")), (&card, &known("a 30, b 30")));
    assert_eq!(said, [cause(CauseKind::Value, "a", "-25"), cause(CauseKind::Value, "b", "-25")]);
}

#[test]
fn age_alone_moves_nothing_and_takes_no_share() {
    // Six signals grow older, one falls: it is the only cause, whatever the formula.
    let card = direct("formula = \"worst_of\"", "1: a 1 b 1 c 1 d 1 e 1 f 1 human_rating 1");
    let before = known("a 80, b 80, c 80, d 80, e 80, f 80, human_rating 80");
    let after = known("a 30, b 80 @1, c 80 @1, d 80 @1, e 80 @1, f 80 @1, human_rating 80 @1");
    assert_eq!(causes((&card, &before), (&card, &after)), [cause(CauseKind::Value, "a", "-50")]);
}
