//! What each feature adds to a tree's answer.

use super::tree::{Kind, Tree, goes_left};

/// A feature on the way to a leaf.
#[derive(Debug, Clone, Copy)]
struct Step {
    column: usize,
    /// The share of rows that go this way where the feature is not known.
    unknown: f64,
    /// 1 where the case goes this way, else 0.
    known: f64,
}

/// Adds to `parts` what each column adds to the tree's answer for a case, and gives the mean answer.
///
/// The answer of which only some columns are known is a sum over leaves, of the leaf's value times a factor a column on its way:
/// `known` or `unknown`. So Shapley's sum over sets of columns can be taken leaf by leaf, over the few columns on its way.
pub(super) fn add(tree: &Tree, x: &[Option<f64>], parts: &mut [f64]) -> f64 {
    walk(tree, 0, x, &[], parts)
}

fn walk(tree: &Tree, place: usize, x: &[Option<f64>], way: &[Step], parts: &mut [f64]) -> f64 {
    let node = tree.node(place);
    match node.kind {
        Kind::Leaf { value } => {
            for (own, step) in way.iter().enumerate() {
                parts[step.column] += value * (step.known - step.unknown) * others(way, own);
            }
            way.iter().fold(value, |mean, step| mean * step.unknown)
        }
        Kind::Fork { column, below, missing_left, left, right } => {
            let goes_left = goes_left(x[column], below, missing_left);
            let child = |child: usize, taken: bool| {
                let step =
                    Step { column, unknown: tree.node(child).cover / node.cover, known: f64::from(u8::from(taken)) };
                joined(way, step)
            };
            walk(tree, left, x, &child(left, goes_left), parts) + walk(tree, right, x, &child(right, !goes_left), parts)
        }
    }
}

/// A way with one step more; a column asked for again stays one.
fn joined(way: &[Step], step: Step) -> Vec<Step> {
    let mut way = way.to_vec();
    match way.iter_mut().find(|known| known.column == step.column) {
        Some(again) => {
            again.unknown *= step.unknown;
            again.known *= step.known;
        }
        None => way.push(step),
    }
    way
}

/// The mean over all orders in which columns become known of the other columns' factors, when this one's turn comes.
///
/// Of `n` columns, sets of `s` others come before with the weight `s!·(n − s − 1)!/n! = 1 / (n · C(n − 1, s))`.
fn others(way: &[Step], own: usize) -> f64 {
    // By how many others are known, the sum over those sets of the product of factors.
    let mut by_size = vec![1.0];
    for (_, step) in way.iter().enumerate().filter(|(place, _)| *place != own) {
        by_size.push(0.0);
        for size in (0..by_size.len()).rev() {
            let one_less = if size == 0 { 0.0 } else { by_size[size - 1] };
            by_size[size] = by_size[size] * step.unknown + one_less * step.known;
        }
    }
    let n = way.len() as f64;
    let (mut sum, mut choices) = (0.0, 1.0);
    for (size, product) in by_size.iter().enumerate() {
        sum += product / (n * choices);
        choices *= (n - 1.0 - size as f64) / (size as f64 + 1.0);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::super::{Boosted, Options};
    use super::*;

    /// The mean answer where only some columns are known: algorithm 1 of Lundberg, Erion and Lee.
    fn expected(tree: &Tree, place: usize, x: &[Option<f64>], known: usize) -> f64 {
        let node = tree.node(place);
        match node.kind {
            Kind::Leaf { value } => value,
            Kind::Fork { column, below, missing_left, left, right } if known >> column & 1 == 1 => {
                expected(tree, if goes_left(x[column], below, missing_left) { left } else { right }, x, known)
            }
            Kind::Fork { left, right, .. } => {
                let of = |child: usize| tree.node(child).cover / node.cover * expected(tree, child, x, known);
                of(left) + of(right)
            }
        }
    }

    /// Shapley's value by its definition, over all sets of the other columns.
    fn by_definition(tree: &Tree, x: &[Option<f64>], column: usize) -> f64 {
        let n = x.len();
        let factorial = |n: usize| (1..=n).product::<usize>() as f64;
        let sets = (0..1_usize << n).filter(|set| set >> column & 1 == 0);
        sets.map(|set| {
            let size = set.count_ones() as usize;
            let weight = factorial(size) * factorial(n - size - 1) / factorial(n);
            weight * (expected(tree, 0, x, set | 1 << column) - expected(tree, 0, x, set))
        })
        .sum()
    }

    #[test]
    fn parts_are_shapley_s_by_his_definition() {
        // Five columns of small numbers with gaps; the outcome hangs on three of them together.
        let mut state = 7_u32;
        let mut next = |below: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) % below
        };
        let rows: Vec<Vec<Option<f64>>> =
            (0..800).map(|_| (0..5).map(|_| (next(8) > 0).then(|| f64::from(next(9)))).collect()).collect();
        let sum = |row: &[Option<f64>]| row[0].unwrap_or(9.0) * row[1].unwrap_or(0.0) - row[2].unwrap_or(3.0);
        let outcomes: Vec<bool> = rows.iter().map(|row| sum(row) + f64::from(next(12)) > 20.0).collect();
        let slices: Vec<&[Option<f64>]> = rows.iter().map(Vec::as_slice).collect();
        let names = ["a", "b", "c", "d", "e"].map(str::to_owned);
        // Deep enough that a column is asked for again on one way.
        let options = Options { trees: 12, depth: 5, weights: None };
        let model = Boosted::fit(&names, &slices, &outcomes, options).unwrap();
        for row in rows.iter().step_by(97) {
            for tree in &model.trees {
                let mut parts = vec![0.0; 5];
                let base = add(tree, row, &mut parts);
                assert!((base - expected(tree, 0, row, 0)).abs() < 1e-12);
                for (column, part) in parts.iter().enumerate() {
                    let wanted = by_definition(tree, row, column);
                    assert!((part - wanted).abs() < 1e-12, "{column}: {part} is not {wanted}");
                }
            }
        }
    }
}
