//! The churn model of boosted trees: signals with thresholds, and signals that only tell together.

use super::prepare::Preparation;
use super::sample::Sample;
use crate::label::Labels;
use crate::panel::Panel;
use serde::Serialize;
use std::collections::BTreeSet;
use tenure_stats::boosting::{Boosted, Options};
use tenure_stats::regression::{Contributions, ModelError};

/// How deep trees may be, and how many of them, in the order tried: the simpler first.
const DEPTHS: [usize; 2] = [2, 3];
const COUNTS: [usize; 3] = [25, 50, 100];

/// Trees of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Trees {
    /// How many.
    pub count: usize,
    /// The most questions from the root to a leaf.
    pub depth: usize,
}

/// A fitted model of boosted trees.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BoostedFit {
    /// The signals asked, by their places: those that vary.
    signals: Vec<usize>,
    model: Boosted,
    pub trees: Trees,
}

impl BoostedFit {
    /// Fitted on rows with as many trees as another.
    pub fn on(panel: &Panel, labels: &Labels, rows: &[usize], trees: Trees) -> Result<BoostedFit, ModelError> {
        Table::of(panel, labels, rows)?.fit(trees)
    }

    /// Fitted on rows with each depth and number of trees; fewer trees are the first of more.
    pub fn tried(panel: &Panel, labels: &Labels, rows: &[usize]) -> Result<Vec<BoostedFit>, ModelError> {
        let table = Table::of(panel, labels, rows)?;
        let most = COUNTS[COUNTS.len() - 1];
        let mut tried = Vec::new();
        for depth in DEPTHS {
            let whole = table.fit(Trees { count: most, depth })?;
            tried.extend(COUNTS.map(|count| whole.first(count)));
        }
        Ok(tried)
    }

    fn first(&self, count: usize) -> BoostedFit {
        let model = self.model.first(count);
        let trees = Trees { count: model.trees(), ..self.trees };
        BoostedFit { signals: self.signals.clone(), model, trees }
    }

    pub fn log_odds(&self, values: &[Option<f64>]) -> Result<f64, ModelError> {
        self.model.log_odds(&picked(&self.signals, values))
    }

    /// A part a signal.
    pub fn contributions(&self, values: &[Option<f64>]) -> Result<Contributions, ModelError> {
        let found = self.model.contributions(&picked(&self.signals, values))?;
        let mut parts = vec![0.0; values.len()];
        for (&signal, part) in self.signals.iter().zip(&found.parts) {
            parts[signal] = *part;
        }
        Ok(Contributions { base: found.base, parts })
    }
}

/// What trees are grown on.
struct Table {
    signals: Vec<usize>,
    names: Vec<String>,
    rows: Vec<Vec<Option<f64>>>,
    outcomes: Vec<bool>,
    weights: Vec<f64>,
}

impl Table {
    fn of(panel: &Panel, labels: &Labels, rows: &[usize]) -> Result<Table, ModelError> {
        let sample = Sample::of(panel, labels, rows);
        let varying: BTreeSet<usize> =
            Preparation::learn(panel, rows, &sample.rows).features.iter().map(|feature| feature.signal).collect();
        let signals: Vec<usize> = varying.into_iter().collect();
        Ok(Table {
            names: signals.iter().map(|&signal| panel.signals()[signal].clone()).collect(),
            rows: sample.rows.iter().map(|&row| picked(&signals, &panel.rows()[row].values)).collect(),
            outcomes: labels.outcomes(&sample.rows),
            weights: sample.weights,
            signals,
        })
    }

    fn fit(&self, trees: Trees) -> Result<BoostedFit, ModelError> {
        let rows: Vec<&[Option<f64>]> = self.rows.iter().map(Vec::as_slice).collect();
        let options = Options { trees: trees.count, depth: trees.depth, weights: Some(&self.weights) };
        let model = Boosted::fit(&self.names, &rows, &self.outcomes, options)?;
        let trees = Trees { count: model.trees(), ..trees };
        Ok(BoostedFit { signals: self.signals.clone(), model, trees })
    }
}

fn picked(signals: &[usize], values: &[Option<f64>]) -> Vec<Option<f64>> {
    signals.iter().map(|&signal| values[signal]).collect()
}
