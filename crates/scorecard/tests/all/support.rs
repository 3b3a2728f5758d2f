//! Scorecards and inputs from a few words.

use rust_decimal::Decimal;
use tenure_schema::problem::Problems;
use tenure_scorecard::{Inputs, Observation, Score, Scorecard, Scorecards, Text};

const SIGNAL: &str = "title = \"Any\"\nbetter = \"up\"\nsql = \"SELECT 1\"\n";

pub fn text(id: &str, text: &str) -> Text {
    Text { id: id.to_owned(), file: format!("health/{id}.toml"), text: text.to_owned() }
}

/// Signals `a` to `f`, and the rating.
pub fn signals() -> Vec<Text> {
    ["a", "b", "c", "d", "e", "f", "human_rating"].map(|id| text(id, SIGNAL)).to_vec()
}

pub fn read(card: &str) -> Result<Scorecards, Problems> {
    Scorecards::of(&[text("card", card)], &signals(), &|metric| metric == "nps")
}

pub fn card(card: &str) -> Scorecard {
    read(card).unwrap().cards()[0].clone()
}

/// A scorecard whose values are their points: groups of signals with weights, such as `7: a 1 b 2; 5: c 1`.
pub fn direct(head: &str, groups: &str) -> Scorecard {
    card(&direct_text(head, groups))
}

pub fn direct_text(head: &str, groups: &str) -> String {
    let mut said = format!("title = \"Direct\"\n{head}\n");
    for (place, group) in groups.split(';').enumerate() {
        let (weight, members) = group.split_once(':').unwrap();
        said += &format!("[[group]]\nid = \"g{place}\"\nweight = {}\n", weight.trim());
        let words: Vec<&str> = members.split_whitespace().collect();
        for member in words.chunks(2) {
            said += &format!(
                "[[group.signal]]\nid = \"{}\"\nweight = {}\nramp = {{ from = 0, to = 100 }}\n",
                member[0], member[1]
            );
        }
    }
    said
}

/// Fresh values: `a 76, b 65`; with an age in days after `@`: `a 76 @40`.
pub fn known(said: &str) -> Inputs {
    let one = |part: &str| {
        let (value, age) = part.split_once('@').unwrap_or((part, "0"));
        let (signal, value) = value.trim().split_once(' ').unwrap();
        let seen = Observation::new(value.trim().parse().unwrap(), age.trim().parse().unwrap()).unwrap();
        (signal.to_owned(), seen)
    };
    said.split(',').filter(|part| !part.trim().is_empty()).map(one).collect()
}

pub fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// Points, weight and contribution of a signal.
pub fn part(score: &Score, signal: &str) -> (Option<Decimal>, Decimal, Decimal) {
    let one = score.signals.iter().find(|one| one.signal == signal).unwrap();
    (one.points, one.weight, one.contribution)
}
