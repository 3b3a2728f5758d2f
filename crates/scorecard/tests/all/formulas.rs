//! The four formulas.

use crate::support::{card, direct, direct_text, known, number, part, read};
use tenure_scorecard::State;

/// Catalyst: what is left out gives its weight to the others in proportion, within its group.
#[test]
fn left_out_weight_goes_to_the_others_in_proportion() {
    let card = direct("formula = \"weighted_mean\"", "3: a 1 b 2 c 2; 1: d 1");
    let score = card.score(&known("a 90, b 30, d 10"));
    assert_eq!(part(&score, "a").1, number("0.25"), "a third of three quarters");
    assert_eq!(part(&score, "b").1, number("0.5"));
    assert_eq!(part(&score, "c"), (None, number("0"), number("0")));
    assert_eq!(score.value, Some(number("40")), "50 · 3/4 + 10 / 4");
    assert_eq!((score.coverage.share, score.coverage.fresh, score.coverage.signals), (number("0.7"), 3, 4));
    let shares = ["a", "b", "c", "d", "e"].map(|signal| card.weight_of(signal));
    assert_eq!(shares, [Some(number("0.15")), Some(number("0.3")), Some(number("0.3")), Some(number("0.25")), None]);
}

#[test]
fn a_group_without_data_gives_its_weight_to_the_other_groups() {
    let card = direct("formula = \"weighted_mean\"", "3: a 1 b 2; 1: c 1; 2: d 1");
    let score = card.score(&known("c 10, d 40"));
    assert_eq!(score.value, Some(number("30")));
    assert_eq!(score.coverage.share, number("0.5"));
    assert_eq!([part(&score, "c").1, part(&score, "d").1], [number("0.333333"), number("0.666667")]);
}

#[test]
fn weights_add_up_to_one_to_the_last_digit() {
    let card = direct("formula = \"weighted_mean\"", "1: a 1 b 1 c 1");
    let score = card.score(&known("a 1, b 2, c 4"));
    assert_eq!(score.signals.iter().map(|one| one.weight).sum::<rust_decimal::Decimal>(), number("1"));
}

#[test]
fn the_order_of_signals_does_not_decide_a_rounding() {
    // Three of six points of one last digit: exactly half a digit, to the even one.
    let card = direct("formula = \"weighted_mean\"", "1: a 1 b 1 c 1 d 1 e 1 f 1");
    let tie = "0.000001";
    for ones in ["a b c", "d e f", "a c e", "b d f"] {
        let seen: Vec<String> = ["a", "b", "c", "d", "e", "f"]
            .map(|id| format!("{id} {}", if ones.contains(id) { tie } else { "0" }))
            .to_vec();
        assert_eq!(card.score(&known(&seen.join(","))).value, Some(number("0")), "{ones}");
    }
}

#[test]
fn nothing_known_is_no_score_with_a_reason() {
    let score = direct("formula = \"weighted_mean\"", "1: a 1").score(&known(""));
    assert_eq!((score.value, score.colour), (None, None));
    assert_eq!(score.reason, Some("no signal with weight has a value"));
    assert_eq!(score.signals[0].state, State::Missing);
}

const PLANHAT: &str = r#"
    title = "Planhat"
    formula = "points"
    neutral = 50
    [[group]]
    id = "all"
    signal = [
        { id = "a", weight = 2, bands = [{ to = 1, points = -30 }, { from = 1, points = 20 }] },
        { id = "b", ramp = { from = 0, to = 10, points = [-40, 40] } },
        { id = "c", weight = 0, bands = [{ points = 100 }] },
    ]
"#;

/// Planhat: points added to and taken from a neutral start, held within 0 and 100.
#[test]
fn points_from_a_neutral_start_are_held_within_their_limits() {
    let card = card(PLANHAT);
    let scored = |said: &str| {
        let score = card.score(&known(said));
        (score.value.unwrap(), score.held)
    };
    assert_eq!(scored("a 1, b 0"), (number("50"), number("0")), "50 + 40 − 40");
    assert_eq!(scored("a 1, b 10"), (number("100"), number("-30")));
    assert_eq!(scored("a 0, b 0"), (number("0"), number("50")));
    let score = card.score(&known("b 7.5"));
    assert_eq!((score.value, score.base), (Some(number("70")), number("50")));
    assert_eq!(part(&score, "b").2, number("20"));
    assert_eq!(score.coverage.share, number("0.333333"), "weight 1 of 3");
    assert_eq!(card.weight_of("b"), Some(number("0.333333")), "groups have no weight");
}

#[test]
fn a_signal_without_weight_alone_makes_no_points() {
    let score = card(PLANHAT).score(&known("c 1"));
    assert_eq!((score.value, score.reason), (None, Some("no signal with weight has a value")));
}

#[test]
fn neutral_adds_nothing_to_points_and_poor_takes_the_most() {
    let card = card(PLANHAT);
    let value = |missing| card.score_if(&known("b 5"), missing).value.unwrap();
    assert_eq!(value(tenure_scorecard::Missing::Neutral), number("50"));
    assert_eq!(value(tenure_scorecard::Missing::Poor), number("0"), "50 − 60, held at 0");
}

#[test]
fn a_group_of_points_has_no_weight() {
    let told = read(&direct_text("formula = \"points\"", "5: a 1")).unwrap_err().to_string();
    assert!(told.starts_with("health/card.toml: group.g0.weight: "), "{told}");
}

/// Totango: one poor metric makes a poor account.
#[test]
fn the_worst_signal_is_the_score() {
    let card = direct("formula = \"worst_of\"", "9: a 5 b 1; 1: c 1 d 0; 0: e 1");
    let score = card.score(&known("a 80, b 35, c 35, d 1, e 2"));
    assert_eq!(score.value, Some(number("35")), "signals without weight do not count");
    assert_eq!(part(&score, "b"), (Some(number("35")), number("1"), number("35")), "the first of a tie");
    assert_eq!(part(&score, "c").2, number("0"));
    assert_eq!(card.score(&known("d 1, e 2")).reason, Some("no signal has a value"));
}

/// ClientSuccess: what a colleague said, until it expires; other signals are looked at but do not count.
#[test]
fn a_human_rating_expires() {
    let card = card(
        r#"
        title = "Pulse"
        formula = "human_rating"
        [[group]]
        id = "all"
        signal = [
            { id = "a", ramp = { from = 0, to = 100 } },
            { id = "human_rating", max_age = "30 days", ramp = { from = 1, to = 6 } },
        ]
        "#,
    );
    assert_eq!(card.score(&known("a 3, human_rating 5 @30")).value, Some(number("80")));
    let expired = card.score(&known("a 3, human_rating 5 @31"));
    assert_eq!((expired.value, expired.reason), (None, Some("nobody has rated the account")));
    assert_eq!(expired.signals[1].state, State::Stale);
}
