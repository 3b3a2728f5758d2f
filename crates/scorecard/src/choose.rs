//! Which scorecard an account has: by lifecycle stage or attribute.

use crate::card::Scorecard;
use crate::scorecards::Scorecards;
use std::collections::BTreeMap;

/// What chooses an account's scorecard: its attributes on the day, `stage` among them.
pub type Traits = BTreeMap<String, String>;

impl Scorecards {
    /// The scorecard of an account: of those whose conditions all hold, the lowest order, then the first by id.
    pub fn choose(&self, traits: &Traits) -> Option<&Scorecard> {
        self.cards().iter().find(|card| card.applies(traits))
    }
}

impl Scorecard {
    fn applies(&self, traits: &Traits) -> bool {
        self.when.iter().all(|(name, values)| traits.get(name).is_some_and(|value| values.contains(value)))
    }
}
