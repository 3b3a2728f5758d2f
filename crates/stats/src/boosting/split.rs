//! The best split of a node's rows.

use super::bins::{Binned, MISSING};
use super::tree::Case;
use super::{LEAST, RIDGE};

/// A split that gains no more than this is rounding.
const LEAST_GAIN: f64 = 1e-9;

/// `g` and `h`, summed.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Sum {
    pub g: f64,
    pub h: f64,
}

impl Sum {
    pub fn add(&mut self, case: &Case) {
        self.g += case.g;
        self.h += case.h;
    }

    fn plus(self, other: Sum) -> Sum {
        Sum { g: self.g + other.g, h: self.h + other.h }
    }

    fn less(self, other: Sum) -> Sum {
        Sum { g: self.g - other.g, h: self.h - other.h }
    }

    /// What a leaf of these rows gains.
    fn gain(self) -> f64 {
        self.g * self.g / (self.h + RIDGE)
    }
}

/// A question that parts rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Split {
    pub column: usize,
    /// Bins up to this one go left.
    pub last_left: u8,
    pub missing_left: bool,
    gain: f64,
}

impl Split {
    pub fn goes_left(&self, bins: &[u8]) -> bool {
        match bins[self.column] {
            MISSING => self.missing_left,
            bin => bin <= self.last_left,
        }
    }
}

/// Sums by column and bin.
pub(super) struct Histogram {
    sums: Vec<Sum>,
    /// Where each column's bins begin.
    begins: Vec<usize>,
}

impl Histogram {
    pub fn new(binned: &Binned) -> Histogram {
        let mut begins = vec![0];
        for column in 0..binned.cuts.len() {
            begins.push(begins[column] + binned.count(column));
        }
        Histogram { sums: vec![Sum::default(); begins[binned.cuts.len()]], begins }
    }

    pub fn add(&mut self, bins: &[u8], case: &Case) {
        for (begin, bin) in self.begins.iter().zip(bins) {
            self.sums[begin + usize::from(*bin)].add(case);
        }
    }

    /// The split that gains most and leaves [`LEAST`] on either side; of equals the first. `None`: there is none.
    pub fn best(&self) -> Option<Split> {
        let mut best: Option<Split> = None;
        for (column, ends) in self.begins.windows(2).enumerate() {
            let sums = &self.sums[ends[0]..ends[1]];
            let (missing, known) = (sums[usize::from(MISSING)], &sums[1..]);
            let whole = sums.iter().fold(Sum::default(), |sum, &bin| sum.plus(bin));
            let mut left = Sum::default();
            for (last_left, &bin) in (1..).zip(known) {
                left = left.plus(bin);
                for split in sides(left, missing, whole) {
                    let (one, other) = (split.0, whole.less(split.0));
                    if one.h < LEAST || other.h < LEAST {
                        continue;
                    }
                    let gain = one.gain() + other.gain() - whole.gain();
                    if gain > best.map_or(LEAST_GAIN, |best| best.gain) {
                        best = Some(Split { column, last_left, missing_left: split.1, gain });
                    }
                }
            }
        }
        best
    }
}

/// The left side without and with what is missing; where nothing is missing, what may be so later goes to the heavier side.
fn sides(left: Sum, missing: Sum, whole: Sum) -> impl Iterator<Item = (Sum, bool)> {
    let heavier = left.h > whole.h - left.h;
    let both = [(left, false), (left.plus(missing), true)];
    both.into_iter().filter(move |(_, missing_left)| missing.h > 0.0 || *missing_left == heavier)
}
