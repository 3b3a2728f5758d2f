//! Any text at all is read or refused, never a panic; what was read reads again as the same.

use crate::support::text;
use proptest::prelude::*;
use proptest::sample::select;
use tenure_scorecard::{Inputs, Observation, Scorecards};

const WORDS: [&str; 62] = [
    "title",
    "formula",
    "missing",
    "neutral",
    "order",
    "when",
    "colours",
    "amber",
    "green",
    "group",
    "signal",
    "id",
    "weight",
    "ramp",
    "bands",
    "percentile",
    "from",
    "to",
    "points",
    "within",
    "better",
    "max_age",
    "up_to",
    "metric",
    "sql",
    "window",
    "variant",
    "part",
    "looks_back",
    "unit",
    "about",
    "[[group]]\n",
    "[[group.signal]]\n",
    "[colours]\n",
    " = ",
    " = ",
    " = ",
    ", ",
    "{ ",
    " }",
    "[",
    "]",
    "\n",
    "\n",
    "\"nps\"",
    "\"30 days\"",
    "\"weighted_mean\"",
    "\"points\"",
    "\"last_value\"",
    "\"up\"",
    "\"é\"",
    "0",
    "1",
    "-1",
    "1e11",
    "nan",
    "-inf",
    "9223372036854775807",
    "99999999999999999999",
    "0.0000001",
    "1979-05-27",
    "# ü\n",
];

const CARD: &str = include_str!("../../scorecards/default.toml");
const SIGNAL: &str = include_str!("../../signals/nps.toml");

/// What a fuzz target does: a text as scorecard and as signal.
fn check(said: &str) {
    let one = [text("fuzzed", said)];
    for (cards, signals) in [(&one[..], &[][..]), (&[][..], &one[..])] {
        match Scorecards::read(cards, signals, &|metric| metric.len() % 2 == 1) {
            Ok(read) => again(&read),
            Err(error) => {
                assert!(!error.problems.is_empty());
                for problem in &error.problems {
                    assert!(!problem.what.is_empty() && !problem.remedy.is_empty(), "{problem:?}");
                }
            }
        }
    }
}

fn again(read: &Scorecards) {
    let cards: Vec<_> = read.cards().iter().map(|card| text(&card.id, &card.text)).collect();
    let signals: Vec<_> = read.used().filter_map(|signal| Some(text(&signal.id, signal.text.as_ref()?))).collect();
    let twice = Scorecards::of(&cards, &signals, &|_| true).unwrap();
    assert_eq!(twice.line(), read.line());
    for card in read.cards() {
        let known = card.members().filter_map(|(_, one)| Some((one.signal.clone(), Observation::new(1e11, 3)?)));
        let score = card.score(&known.collect::<Inputs>());
        assert!(score.value.is_some() || score.reason.is_some());
    }
}

#[test]
fn what_ships_reads_and_reads_again() {
    check("");
    check(SIGNAL);
    check(CARD);
    again(&Scorecards::read(&[], &[], &|_| false).unwrap());
}

proptest! {
    #[test]
    fn words_of_a_scorecard_in_any_order(words in prop::collection::vec(select(WORDS.to_vec()), 0..60)) {
        check(&words.concat());
    }

    #[test]
    fn any_characters(said in "\\PC{0,80}") {
        check(&said);
    }

    #[test]
    fn a_scorecard_with_a_piece_replaced(start in 0..CARD.len(), length in 0..40_usize, word in select(WORDS.to_vec())) {
        let end = (start + length).min(CARD.len());
        if let (Some(head), Some(tail)) = (CARD.get(..start), CARD.get(end..)) {
            check(&format!("{head}{word}{tail}"));
        }
    }

    #[test]
    fn a_signal_with_a_piece_replaced(start in 0..SIGNAL.len(), length in 0..40_usize, word in select(WORDS.to_vec())) {
        let end = (start + length).min(SIGNAL.len());
        if let (Some(head), Some(tail)) = (SIGNAL.get(..start), SIGNAL.get(end..)) {
            check(&format!("{head}{word}{tail}"));
        }
    }
}
