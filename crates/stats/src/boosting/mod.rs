//! Gradient boosted trees: an outcome by features whose effects have thresholds and depend on each other.
//!
//! Each tree is a Newton step of the logistic loss (Friedman 2001; in the form of Chen and Guestrin 2016, equations 5 to 7):
//! with `g = w·(p − y)` and `h = w·p·(1 − p)` summed over a leaf's rows, its value is a tenth of `−G / (H + λ)`, and a split is worth
//! `GL²/(HL + λ) + GR²/(HR + λ) − G²/(H + λ)`, with `λ = 1` and `H` of 5 at least on either side. Values are taken by bins of about equal weight. A missing value needs no
//! filling in: each split sends it where it fits best.
//!
//! It is written out here because the crates that do it ask for other features of crates under Arrow, or for a nightly
//! compiler.

mod bins;
mod shapley;
mod split;
mod tree;

use crate::regression::{Contributions, ModelError};
use bins::Binned;
use std::cmp::Ordering;
use tree::{Case, Tree};

/// The share of a Newton step that a tree takes: small, so that many trees agree before much is believed.
const RATE: f64 = 0.1;
/// The ridge penalty `λ` of leaf values.
const RIDGE: f64 = 1.0;
/// The least sum of `h` in a leaf: of rare outcomes, about how many of them it must hold on average.
const LEAST: f64 = 5.0;

/// How trees are grown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options<'a> {
    /// At most so many trees; fewer where there is nothing left to split.
    pub trees: usize,
    /// At most so many splits from the root to a leaf: so many features can depend on each other.
    pub depth: usize,
    /// How many cases each row stands for; `None`: one each.
    pub weights: Option<&'a [f64]>,
}

impl Default for Options<'_> {
    /// 100 trees of depth 3.
    fn default() -> Self {
        Options { trees: 100, depth: 3, weights: None }
    }
}

/// Trees whose values add up to log-odds.
#[derive(Debug, Clone, PartialEq)]
pub struct Boosted {
    names: Vec<String>,
    /// The log-odds of the rows fitted, all alike.
    start: f64,
    trees: Vec<Tree>,
}

impl Boosted {
    /// Grows trees on rows of features, `None` where a value is missing. The same rows give the same trees, in whatever order
    /// they come; nothing is drawn by chance.
    ///
    /// Refused: no rows, no features, another number of values than of names, a number that is not finite, a weight below zero,
    /// outcomes that are all the same, and features by which no split leaves enough on either side.
    pub fn fit(
        names: &[String],
        rows: &[&[Option<f64>]],
        outcomes: &[bool],
        options: Options,
    ) -> Result<Boosted, ModelError> {
        check(names, rows, outcomes, options)?;
        let order = in_order(rows, outcomes, options.weights);
        let weight = |row: usize| options.weights.map_or(1.0, |weights| weights[row]);
        let total: f64 = order.iter().map(|&row| weight(row)).sum();
        let share = order.iter().filter(|&&row| outcomes[row]).map(|&row| weight(row)).sum::<f64>() / total;
        if !(share > 0.0 && share < 1.0) {
            return Err(if order.is_empty() { ModelError::Empty } else { ModelError::OneClass });
        }
        let start = (share / (1.0 - share)).ln();
        let case = |&row: &usize| Case::new(weight(row), outcomes[row], start);
        let mut cases: Vec<Case> = order.iter().map(case).collect();
        let binned = Binned::of(names.len(), &order.iter().map(|&row| rows[row]).collect::<Vec<_>>(), &cases);
        let mut trees = Vec::new();
        while trees.len() < options.trees {
            let Some(tree) = Tree::grow(&binned, &mut cases, options.depth) else { break };
            trees.push(tree);
        }
        if trees.is_empty() {
            return Err(ModelError::NoSplit);
        }
        Ok(Boosted { names: names.to_vec(), start, trees })
    }

    /// The same of the first trees alone: what fitting with so many would have given.
    pub fn first(&self, trees: usize) -> Boosted {
        let trees = self.trees.iter().take(trees).cloned().collect();
        Boosted { names: self.names.clone(), start: self.start, trees }
    }

    /// How many trees there are.
    pub fn trees(&self) -> usize {
        self.trees.len()
    }

    /// The log-odds of a case, `None` where a value is missing. Refused: another number of values, and one that is not finite.
    pub fn log_odds(&self, x: &[Option<f64>]) -> Result<f64, ModelError> {
        self.check_case(x)?;
        Ok(self.trees.iter().fold(self.start, |sum, tree| sum + tree.value(x)))
    }

    /// What each feature adds to the log-odds against the mean over the rows fitted: Shapley's values, where what is not known of a
    /// case is averaged over the rows that came the same way (Lundberg, Erion and Lee 2018, algorithm 1). They add up to
    /// [`Boosted::log_odds`] but for rounding. A feature that no tree asks for adds exactly zero.
    pub fn contributions(&self, x: &[Option<f64>]) -> Result<Contributions, ModelError> {
        self.check_case(x)?;
        let mut parts = vec![0.0; self.names.len()];
        let base = self.trees.iter().fold(self.start, |base, tree| base + shapley::add(tree, x, &mut parts));
        Ok(Contributions { base, parts })
    }

    fn check_case(&self, x: &[Option<f64>]) -> Result<(), ModelError> {
        check_row(&self.names, 0, x)
    }
}

fn check(names: &[String], rows: &[&[Option<f64>]], outcomes: &[bool], options: Options) -> Result<(), ModelError> {
    let length = |what, found: usize| {
        if found == rows.len() { Ok(()) } else { Err(ModelError::Length { what, found, wanted: rows.len() }) }
    };
    if rows.is_empty() {
        return Err(ModelError::Empty);
    }
    if names.is_empty() {
        return Err(ModelError::NoFeatures);
    }
    length("outcomes", outcomes.len())?;
    let weights = options.weights.unwrap_or_default();
    if options.weights.is_some() {
        length("weights", weights.len())?;
    }
    if let Some(row) = weights.iter().position(|weight| !(weight.is_finite() && *weight >= 0.0)) {
        return Err(ModelError::Weight { row, weight: weights[row] });
    }
    rows.iter().enumerate().try_for_each(|(row, x)| check_row(names, row, x))
}

fn check_row(names: &[String], row: usize, x: &[Option<f64>]) -> Result<(), ModelError> {
    if x.len() != names.len() {
        return Err(ModelError::Length { what: "features", found: x.len(), wanted: names.len() });
    }
    match x.iter().position(|value| value.is_some_and(|value| !value.is_finite())) {
        Some(column) => Err(ModelError::NotFinite { row, feature: names[column].clone() }),
        None => Ok(()),
    }
}

/// The rows that have a weight, in an order that is theirs and not the caller's, so that sums run in one order.
fn in_order(rows: &[&[Option<f64>]], outcomes: &[bool], weights: Option<&[f64]>) -> Vec<usize> {
    let weight = |row: usize| weights.map_or(1.0, |weights| weights[row]);
    let mut order: Vec<usize> = (0..rows.len()).filter(|&row| weight(row) > 0.0).collect();
    order.sort_by(|&a, &b| {
        compare(rows[a], rows[b])
            .then_with(|| outcomes[a].cmp(&outcomes[b]))
            .then_with(|| weight(a).total_cmp(&weight(b)))
    });
    order
}

fn compare(a: &[Option<f64>], b: &[Option<f64>]) -> Ordering {
    let one = |(a, b): (&Option<f64>, &Option<f64>)| match (a, b) {
        (Some(a), Some(b)) => a.total_cmp(b),
        _ => a.is_some().cmp(&b.is_some()),
    };
    a.iter().zip(b).map(one).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}
