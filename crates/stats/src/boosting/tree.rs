//! One tree.

use super::bins::Binned;
use super::split::{Histogram, Split, Sum};
use super::{RATE, RIDGE};
use std::ops::Range;

/// A row while trees are grown.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Case {
    pub weight: f64,
    left: f64,
    log_odds: f64,
    /// The first derivative of the loss.
    pub g: f64,
    /// The second.
    pub h: f64,
}

impl Case {
    pub fn new(weight: f64, outcome: bool, log_odds: f64) -> Case {
        let mut case = Case { weight, left: f64::from(u8::from(outcome)), log_odds, g: 0.0, h: 0.0 };
        case.move_by(0.0);
        case
    }

    fn move_by(&mut self, step: f64) {
        self.log_odds += step;
        let p = 1.0 / (1.0 + libm::exp(-self.log_odds));
        self.g = self.weight * (p - self.left);
        self.h = self.weight * p * (1.0 - p);
    }
}

/// Questions and what they lead to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tree {
    /// The root first, children after their parents.
    nodes: Vec<Node>,
}

/// A question or an answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    /// The weight of the rows that came here.
    pub cover: f64,
    pub kind: Kind,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    Leaf { value: f64 },
    Fork { column: usize, below: f64, missing_left: bool, left: usize, right: usize },
}

impl Tree {
    /// Grows a tree level by level and moves the rows by it; `None` where the root cannot be split.
    pub fn grow(binned: &Binned, cases: &mut [Case], depth: usize) -> Option<Tree> {
        let mut nodes = vec![Node::leaf()];
        let mut places = vec![0; cases.len()];
        let mut open = 0..1;
        for _ in 0..depth {
            let splits = best_splits(binned, cases, &places, open.clone());
            let next = nodes.len();
            for (node, split) in open.clone().zip(&splits) {
                let Some(split) = split else { continue };
                nodes[node].kind = Kind::fork(split, binned, nodes.len());
                nodes.extend([Node::leaf(), Node::leaf()]);
            }
            for (row, place) in places.iter_mut().enumerate().filter(|(_, place)| open.contains(*place)) {
                let (Some(split), Kind::Fork { left, right, .. }) = (&splits[*place - open.start], &nodes[*place].kind)
                else {
                    continue;
                };
                *place = if split.goes_left(binned.row(row)) { *left } else { *right };
            }
            open = next..nodes.len();
        }
        if nodes.len() == 1 {
            return None;
        }
        let mut tree = Tree { nodes };
        tree.fill(cases, &places);
        Some(tree)
    }

    /// Gives leaves their values and all nodes their cover, and moves the rows.
    fn fill(&mut self, cases: &mut [Case], places: &[usize]) {
        let mut sums = vec![Sum::default(); self.nodes.len()];
        for (case, &place) in cases.iter().zip(places) {
            sums[place].add(case);
            self.nodes[place].cover += case.weight;
        }
        for place in (0..self.nodes.len()).rev() {
            match self.nodes[place].kind {
                Kind::Leaf { ref mut value } => {
                    *value = -RATE * sums[place].g / (sums[place].h + RIDGE);
                }
                Kind::Fork { left, right, .. } => {
                    self.nodes[place].cover = self.nodes[left].cover + self.nodes[right].cover;
                }
            }
        }
        for (case, &place) in cases.iter_mut().zip(places) {
            if let Kind::Leaf { value } = self.nodes[place].kind {
                case.move_by(value);
            }
        }
    }

    /// The value of the leaf that a case comes to.
    pub fn value(&self, x: &[Option<f64>]) -> f64 {
        let mut place = 0;
        loop {
            match self.nodes[place].kind {
                Kind::Leaf { value } => return value,
                Kind::Fork { column, below, missing_left, left, right } => {
                    place = if goes_left(x[column], below, missing_left) { left } else { right };
                }
            }
        }
    }

    pub fn node(&self, place: usize) -> &Node {
        &self.nodes[place]
    }
}

/// Which way a value goes.
pub(super) fn goes_left(value: Option<f64>, below: f64, missing_left: bool) -> bool {
    value.map_or(missing_left, |value| value < below)
}

fn best_splits(binned: &Binned, cases: &[Case], places: &[usize], open: Range<usize>) -> Vec<Option<Split>> {
    let mut histograms: Vec<Histogram> = open.clone().map(|_| Histogram::new(binned)).collect();
    for (row, (case, place)) in cases.iter().zip(places).enumerate() {
        if open.contains(place) {
            histograms[place - open.start].add(binned.row(row), case);
        }
    }
    histograms.iter().map(Histogram::best).collect()
}

impl Node {
    fn leaf() -> Node {
        Node { cover: 0.0, kind: Kind::Leaf { value: 0.0 } }
    }
}

impl Kind {
    /// A split whose children come next.
    fn fork(split: &Split, binned: &Binned, left: usize) -> Kind {
        let cuts = &binned.cuts[split.column];
        // Past the last cut everything known goes left: only what is missing is told apart.
        let below = cuts.get(usize::from(split.last_left) - 1).copied().unwrap_or(f64::INFINITY);
        Kind::Fork { column: split.column, below, missing_left: split.missing_left, left, right: left + 1 }
    }
}
