//! What a score is computed from.

use crate::exact;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// What is known of a signal on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observation {
    /// Its value, of six places.
    pub value: Decimal,
    /// Whole days since what it rests on happened.
    pub age: u32,
    /// Its percentile rank among those it is compared with, 0 to 100; none where nobody ranked it.
    pub rank: Option<Decimal>,
}

impl Observation {
    /// A value of an age; `None` where it is no finite number below 10¹¹.
    pub fn new(value: f64, age: u32) -> Option<Self> {
        exact::from_f64(value).map(|value| Self { value, age, rank: None })
    }
}

/// A signal's input: nothing where nothing is known.
pub type Input = Option<Observation>;

/// What is known of an account on a day, by signal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inputs(BTreeMap<String, Observation>);

impl Inputs {
    /// What is known of a signal.
    pub fn get(&self, signal: &str) -> Input {
        self.0.get(signal).copied()
    }

    /// Makes something known, or unknown.
    pub fn set(&mut self, signal: &str, input: Input) {
        match input {
            Some(observation) => self.0.insert(signal.to_owned(), observation),
            None => self.0.remove(signal),
        };
    }

    /// All that is known.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Observation)> {
        self.0.iter().map(|(signal, observation)| (signal.as_str(), observation))
    }
}

impl FromIterator<(String, Observation)> for Inputs {
    fn from_iter<I: IntoIterator<Item = (String, Observation)>>(known: I) -> Self {
        Self(known.into_iter().collect())
    }
}
