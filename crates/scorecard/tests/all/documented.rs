//! The scorecard in the documentation is one that can be used as it stands.

use tenure_scorecard::{Scorecards, Text, Traits};

const DOCUMENT: &str = include_str!("../../../../docs/health.md");

#[test]
fn the_scorecard_of_the_documentation_is_sound() {
    let (_, after) = DOCUMENT.split_once("```toml\n").unwrap();
    let (text, _) = after.split_once("```").unwrap();
    let text = Text { id: "young".to_owned(), file: "health/young.toml".to_owned(), text: text.to_owned() };
    let known = |metric: &str| metric == "ticket_volume";
    let cards = Scorecards::read(&[text], &[], &known).unwrap_or_else(|error| panic!("{error}"));
    let young = Traits::from([("stage".to_owned(), "onboarding".to_owned())]);
    assert_eq!(cards.choose(&young).map(|card| card.id.as_str()), Some("young"));
    assert_eq!(cards.choose(&Traits::new()).map(|card| card.id.as_str()), Some("default"));
}
