//! Which scorecard an account has.

use crate::support::{direct_text, signals, text};
use tenure_scorecard::{Scorecards, Traits};

fn chosen(traits: &[(&str, &str)]) -> Option<String> {
    let said = |id: &str, head: &str| text(id, &direct_text(&format!("formula = \"weighted_mean\"\n{head}"), "1: a 1"));
    let cards = [
        said("zeta", "order = 1\nwhen = { stage = [\"onboarding\", \"trial\"] }"),
        said("gold", "order = 5\nwhen = { plan = [\"gold\"], stage = [\"live\"] }"),
        said("beta", "order = 9\nwhen = { plan = [\"gold\"] }"),
        said("alpha", "order = 9\nwhen = { plan = [\"gold\"] }"),
    ];
    let all = Scorecards::of(&cards, &signals(), &|_| true).unwrap();
    let traits: Traits = traits.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    all.choose(&traits).map(|card| card.id.clone())
}

#[test]
fn the_lowest_order_whose_conditions_all_hold_then_the_first_by_id() {
    assert_eq!(chosen(&[("stage", "trial"), ("plan", "gold")]).as_deref(), Some("zeta"));
    assert_eq!(chosen(&[("stage", "live"), ("plan", "gold")]).as_deref(), Some("gold"));
    assert_eq!(chosen(&[("plan", "gold")]).as_deref(), Some("alpha"));
    assert_eq!(chosen(&[("stage", "live")]), None);
    assert_eq!(chosen(&[("plan", "Gold")]), None, "values are compared as they are");
}

#[test]
fn what_ships_suits_every_account() {
    let shipped = Scorecards::read(&[], &[], &|_| true).unwrap();
    assert_eq!(shipped.choose(&Traits::new()).map(|card| card.id.as_str()), Some("default"));
    assert!(shipped.used().count() == 15 && shipped.signal("time_to_renewal").is_some());
}
