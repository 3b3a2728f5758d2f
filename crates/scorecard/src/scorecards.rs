//! All scorecards and signals of a workspace, checked together.

use crate::builtin;
use crate::card::Scorecard;
use crate::choose::Traits;
use crate::exact::rounded;
use crate::file::{CardRead, read_card, read_signal};
use crate::input::Inputs;
use crate::scale::{Scale, percentile_ranks};
use crate::signal::{Measure, Signal};
use crate::version::{line, version};
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use tenure_schema::problem::{Problem, Problems};

/// A file's text.
#[derive(Debug, Clone)]
pub struct Text {
    /// The file's name without its ending.
    pub id: String,
    /// The file, as the user knows it.
    pub file: String,
    /// What it says.
    pub text: String,
}

/// The scorecards and signals in force: those that ship with Tenure, and the workspace's, which replace those of the same name.
#[derive(Debug, Clone)]
pub struct Scorecards {
    cards: Vec<Scorecard>,
    signals: BTreeMap<String, Signal>,
    line: String,
}

impl Scorecards {
    /// Reads and checks a workspace's scorecards and signals, over those that ship with Tenure. `has_metric` says whether the catalogue has a
    /// metric.
    pub fn read(cards: &[Text], signals: &[Text], has_metric: &dyn Fn(&str) -> bool) -> Result<Self, Problems> {
        let all = |shipped: Vec<Text>, own: &[Text]| [shipped, own.to_vec()].concat();
        Self::of(&all(builtin::scorecards(), cards), &all(builtin::signals(), signals), has_metric)
    }

    /// Reads and checks one scorecard and lets it apply to everybody, over the signals that ship with Tenure and the workspace's.
    pub fn alone(card: Text, signals: &[Text], has_metric: &dyn Fn(&str) -> bool) -> Result<Self, Problems> {
        let signals = [builtin::signals(), signals.to_vec()].concat();
        let mut read = Self::of(&[card], &signals, has_metric)?;
        read.cards.iter_mut().for_each(|card| card.when.clear());
        Ok(read)
    }

    /// Reads and checks these scorecards and signals alone, such as those of an earlier line. Of two with one name the
    /// later stands. A signal that a scorecard defines is that scorecard's own: no other can name it.
    pub fn of(cards: &[Text], signals: &[Text], has_metric: &dyn Fn(&str) -> bool) -> Result<Self, Problems> {
        let mut problems = Vec::new();
        let mut known: BTreeMap<String, Option<Signal>> = BTreeMap::new();
        for (id, text) in latest(signals) {
            let signal = read_signal(text, &mut problems);
            problems.extend(signal.as_ref().and_then(|signal| unknown_metric(signal, "metric", has_metric)));
            known.insert(id.to_owned(), signal);
        }
        let read: Vec<CardRead> =
            latest(cards).values().filter_map(|text| read_card(text, &known, &mut problems)).collect();
        let mut known: BTreeMap<String, Signal> =
            known.into_iter().filter_map(|(id, signal)| Some((id, signal?))).collect();
        let mut cards = Vec::new();
        for (card, own) in read {
            for (key, signal) in own {
                problems.extend(known.get(&signal.id).map(|other| defined_twice(&signal, &key, other)));
                problems.extend(unknown_metric(&signal, &format!("{key}.metric"), has_metric));
                known.insert(signal.id.clone(), signal);
            }
            cards.push(card);
        }
        if !problems.is_empty() {
            return Err(Problems { problems });
        }
        cards.iter_mut().for_each(|card| card.version = version(card, &known));
        cards.sort_by_key(|card| (card.order, card.id.clone()));
        let line = line(&cards);
        Ok(Self { cards, signals: known, line })
    }

    /// The scorecards, in the order in which they are tried.
    pub fn cards(&self) -> &[Scorecard] {
        &self.cards
    }

    /// A scorecard by id.
    pub fn card(&self, id: &str) -> Option<&Scorecard> {
        self.cards.iter().find(|card| card.id == id)
    }

    /// A signal by id.
    pub fn signal(&self, id: &str) -> Option<&Signal> {
        self.signals.get(id)
    }

    /// Every signal that some scorecard uses.
    pub fn used(&self) -> impl Iterator<Item = &Signal> {
        self.signals.values().filter(|signal| self.cards.iter().any(|card| card.member(&signal.id).is_some()))
    }

    /// Hash of all scorecards, their ids included: what scores of one line have in common.
    pub fn line(&self) -> &str {
        &self.line
    }

    /// Ranks accounts of one day and scorecard: fills in the percentile rank of every signal that is scored by rank. Each account
    /// comes with its attributes.
    pub fn rank(card: &Scorecard, accounts: &mut [(&Traits, &mut Inputs)]) {
        for (_, member) in card.members() {
            let Scale::Percentile { within, .. } = &member.scale else { continue };
            let mut peers: BTreeMap<Option<&String>, Vec<usize>> = BTreeMap::new();
            for (index, (traits, inputs)) in accounts.iter().enumerate() {
                if inputs.get(&member.signal).is_some() {
                    let peer = within.as_ref().and_then(|name| traits.get(name));
                    peers.entry(peer).or_default().push(index);
                }
            }
            let ranked: Vec<(usize, Decimal)> = peers
                .into_values()
                .flat_map(|peers| {
                    let value = |index: &usize| accounts[*index].1.get(&member.signal).map(|seen| seen.value);
                    let ranks = percentile_ranks(&peers.iter().filter_map(value).collect::<Vec<_>>());
                    peers.into_iter().zip(ranks)
                })
                .collect();
            for (index, rank) in ranked {
                let inputs = &mut accounts[index].1;
                let seen =
                    inputs.get(&member.signal).map(|seen| crate::Observation { rank: Some(rounded(rank)), ..seen });
                inputs.set(&member.signal, seen);
            }
        }
    }
}

/// Texts by id: of two with one id the later.
fn latest(texts: &[Text]) -> BTreeMap<&str, &Text> {
    texts.iter().map(|text| (text.id.as_str(), text)).collect()
}

fn defined_twice(signal: &Signal, key: &str, other: &Signal) -> Problem {
    let what = format!("the signal is defined in {} too", other.file);
    let remedy = "give it another id, or define it once in health/signals and name it here";
    Problem::new(&signal.file, key, what, remedy)
}

fn unknown_metric(signal: &Signal, key: &str, has_metric: &dyn Fn(&str) -> bool) -> Option<Problem> {
    match &signal.measure {
        Measure::Metric { id, .. } if !has_metric(id) => Some(Problem::new(
            &signal.file,
            key,
            format!("there is no metric `{id}`"),
            "name a metric of the catalogue (`tenure explain` lists them), or give `sql`",
        )),
        _ => None,
    }
}
