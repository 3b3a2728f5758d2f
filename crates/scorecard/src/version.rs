//! What a scorecard means, as text of its own making: the same for ever, so that stored scores can name it.

use crate::card::{Formula, Scorecard};
use crate::scale::{Better, Scale};
use crate::signal::{Measure, Signal};
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Hash of what a scorecard and its signals say; not of their wording, nor of where their files are.
pub(crate) fn version(card: &Scorecard, signals: &BTreeMap<String, Signal>) -> String {
    let mut said = Said::default();
    said.word("scorecard 1");
    said.word(&card.order.to_string());
    for (name, values) in &card.when {
        said.word("when");
        said.word(name);
        values.iter().for_each(|value| said.word(value));
    }
    said.word(formula(card.formula));
    said.word(card.missing.word());
    said.numbers(&[card.neutral, card.colours.amber, card.colours.green]);
    for group in &card.groups {
        said.word("group");
        said.word(&group.id);
        said.numbers(&[group.weight]);
        for member in &group.members {
            said.word("signal");
            said.word(&member.signal);
            said.numbers(&[member.weight]);
            said.scale(&member.scale);
            said.maybe("max_age", member.max_age.map(|days| days.0.to_string()).as_deref());
            said.word(member.missing.word());
            said.maybe("up_to", member.up_to.map(|days| days.0.to_string()).as_deref());
            if let Some(signal) = signals.get(&member.signal) {
                said.maybe("looks_back", signal.looks_back.map(|days| days.0.to_string()).as_deref());
                said.measure(&signal.measure);
            }
        }
    }
    said.hash()
}

/// Hash of all scorecards: their names and versions.
pub(crate) fn line(cards: &[Scorecard]) -> String {
    let mut said = Said::default();
    for card in cards {
        said.word(&card.id);
        said.word(&card.version);
    }
    said.hash()
}

fn formula(formula: Formula) -> &'static str {
    match formula {
        Formula::WeightedMean => "weighted_mean",
        Formula::Points => "points",
        Formula::WorstOf => "worst_of",
        Formula::HumanRating => "human_rating",
    }
}

/// Words, each with its length before it, so that no two lists of words are one text.
#[derive(Default)]
struct Said(Sha256);

impl Said {
    fn word(&mut self, word: &str) {
        self.0.update(u64::try_from(word.len()).unwrap_or_default().to_le_bytes());
        self.0.update(word);
    }

    fn numbers(&mut self, numbers: &[Decimal]) {
        numbers.iter().for_each(|number| self.word(&number.normalize().to_string()));
    }

    fn maybe(&mut self, key: &str, word: Option<&str>) {
        self.word(if word.is_some() { key } else { "" });
        word.into_iter().for_each(|word| self.word(word));
    }

    fn scale(&mut self, scale: &Scale) {
        match scale {
            Scale::Bands(bands) => {
                for band in bands {
                    self.word("band");
                    self.maybe("from", band.from.map(|from| from.normalize().to_string()).as_deref());
                    self.maybe("to", band.to.map(|to| to.normalize().to_string()).as_deref());
                    self.numbers(&[band.points]);
                }
            }
            Scale::Ramp { from, to, points: (worst, best) } => {
                self.word("ramp");
                self.numbers(&[*from, *to, *worst, *best]);
            }
            Scale::Percentile { within, better } => {
                self.word("percentile");
                self.maybe("within", within.as_deref());
                self.word(if *better == Better::Up { "up" } else { "down" });
            }
        }
    }

    fn measure(&mut self, measure: &Measure) {
        match measure {
            Measure::Metric { id, variant, part, window } => {
                self.word("metric");
                self.word(id);
                self.maybe("variant", variant.as_deref());
                self.maybe("part", part.as_deref());
                self.word(&window.0.to_string());
            }
            Measure::Sql(query) => {
                self.word("sql");
                self.word(query);
            }
        }
    }

    /// Twelve hexadecimal digits.
    fn hash(self) -> String {
        self.0.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    }
}
