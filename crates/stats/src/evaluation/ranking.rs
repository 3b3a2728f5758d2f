//! What the highest scores catch.

use super::error::{EvaluationError, check_classes};
use crate::exact_sum::ExactSum;

/// Rows in the order of their scores, equal scores together.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    /// From the highest score down: rows of that score, and positives among them.
    levels: Vec<(u64, u64)>,
    rows: u64,
    positives: u64,
}

impl Ranking {
    /// Of a score a row. Errors: no rows, one class only, a score that is not a number.
    pub fn new(outcomes: &[bool], scores: &[f64]) -> Result<Ranking, EvaluationError> {
        check_classes(outcomes, scores)?;
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
        let positives = |rows: &[usize]| rows.iter().filter(|&&row| outcomes[row]).count() as u64;
        let levels =
            order.chunk_by(|&a, &b| scores[a] == scores[b]).map(|tied| (tied.len() as u64, positives(tied))).collect();
        Ok(Ranking { levels, rows: order.len() as u64, positives: positives(&order) })
    }

    /// The share of positives: what a random choice would hit.
    pub fn base_rate(&self) -> f64 {
        self.positives as f64 / self.rows as f64
    }

    /// How many rows a share of them is, rounded to the nearest (halves up), at least one.
    pub fn top(&self, share: f64) -> Result<usize, EvaluationError> {
        if !(share > 0.0 && share <= 1.0) {
            return Err(EvaluationError::Share(share));
        }
        Ok(((share * self.rows as f64).round() as usize).max(1))
    }

    /// The share of all positives among the top `k` rows: recall. Of rows tied at the last place a random choice is taken,
    /// and this is its expected value.
    pub fn capture(&self, k: usize) -> Result<f64, EvaluationError> {
        Ok(self.expected_positives(k)? / self.positives as f64)
    }

    /// How many times the base rate the share of positives among the top `k` rows is; ties as in [`Ranking::capture`]. A
    /// score that is the same for all has a lift of 1.
    pub fn lift(&self, k: usize) -> Result<f64, EvaluationError> {
        Ok(self.expected_positives(k)? / k as f64 / self.base_rate())
    }

    /// The average precision `Σ (Rₙ − Rₙ₋₁)·Pₙ` over the distinct scores from the highest down (as in scikit-learn): rows
    /// of one score enter together, and nothing is interpolated. Its chance level is the base rate.
    pub fn average_precision(&self) -> f64 {
        let (mut rows, mut positives) = (0, 0);
        let mut sum = ExactSum::default();
        for &(tied, here) in &self.levels {
            rows += tied;
            positives += here;
            sum.add(here as f64 * positives as f64 / rows as f64);
        }
        sum.value() / self.positives as f64
    }

    fn expected_positives(&self, k: usize) -> Result<f64, EvaluationError> {
        let mut wanted = k as u64;
        if wanted == 0 || wanted > self.rows {
            return Err(EvaluationError::Top { wanted: k, rows: self.rows as usize });
        }
        let mut sure = 0;
        for &(tied, here) in &self.levels {
            if wanted < tied {
                return Ok(sure as f64 + wanted as f64 * here as f64 / tied as f64);
            }
            sure += here;
            wanted -= tied;
        }
        Ok(sure as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_small_case_gives_the_published_average_precision() {
        let ranking = Ranking::new(&[false, false, true, true], &[0.1, 0.4, 0.35, 0.8]).unwrap();
        assert!((ranking.average_precision() - 5.0 / 6.0).abs() < 1e-15);
    }

    #[test]
    fn ties_do_not_inflate_lift() {
        // Ten rows of one score, three of them positive. Sorting (score, outcome) pairs would put all three on top: 10/3.
        let outcomes: Vec<bool> = (0..10).map(|i| i >= 7).collect();
        let ranking = Ranking::new(&outcomes, &[0.5; 10]).unwrap();
        for k in 1..=10 {
            assert!((ranking.lift(k).unwrap() - 1.0).abs() < 1e-15, "top {k}");
            assert!((ranking.capture(k).unwrap() - k as f64 / 10.0).abs() < 1e-15);
        }
        assert!((ranking.average_precision() - 0.3).abs() < 1e-15);
    }

    #[test]
    fn fewer_than_ten_distinct_scores_have_a_lift_too() {
        // Two levels: the upper holds 4 rows with 3 positives of the 4 there are.
        let outcomes = [true, true, true, false, true, false, false, false, false, false];
        let scores = [0.9, 0.9, 0.9, 0.9, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1];
        let ranking = Ranking::new(&outcomes, &scores).unwrap();
        assert!((ranking.lift(1).unwrap() - 0.75 / 0.4).abs() < 1e-15);
        assert!((ranking.lift(4).unwrap() - 0.75 / 0.4).abs() < 1e-15);
        assert!((ranking.capture(4).unwrap() - 0.75).abs() < 1e-15);
        // Two of the lower six: one third of a positive expected.
        assert!((ranking.capture(6).unwrap() - (3.0 + 1.0 / 3.0) / 4.0).abs() < 1e-15);
        assert_eq!(ranking.capture(10), Ok(1.0));
    }

    #[test]
    fn shares_round_to_the_nearest_row() {
        let outcomes: Vec<bool> = (0..25).map(|i| i % 2 == 0).collect();
        let ranking = Ranking::new(&outcomes, &(0..25).map(f64::from).collect::<Vec<_>>()).unwrap();
        assert_eq!((ranking.top(0.1), ranking.top(0.2), ranking.top(0.001)), (Ok(3), Ok(5), Ok(1)));
        assert_eq!((ranking.top(1.0), ranking.top(0.0)), (Ok(25), Err(EvaluationError::Share(0.0))));
        assert_eq!(ranking.lift(0), Err(EvaluationError::Top { wanted: 0, rows: 25 }));
        assert_eq!(ranking.capture(26), Err(EvaluationError::Top { wanted: 26, rows: 25 }));
    }

    #[test]
    fn what_cannot_be_ranked_is_refused() {
        assert_eq!(Ranking::new(&[], &[]), Err(EvaluationError::Empty));
        assert_eq!(Ranking::new(&[false], &[1.0]), Err(EvaluationError::OneClass { outcome: false }));
        assert_eq!(Ranking::new(&[true, false], &[f64::NAN, 1.0]), Err(EvaluationError::NotANumber { row: 0 }));
    }

    proptest! {
        #[test]
        fn capture_is_the_mean_over_all_orders_of_the_tied(
            rows in prop::collection::vec((any::<bool>(), 0u8..3), 2..7), k in 1usize..7,
        ) {
            let outcomes: Vec<bool> = rows.iter().map(|row| row.0).collect();
            let scores: Vec<f64> = rows.iter().map(|row| f64::from(row.1)).collect();
            if let Ok(ranking) = Ranking::new(&outcomes, &scores) && k <= rows.len() {
                let (mut sum, mut orders) = (0usize, 0usize);
                orders_of(rows.len(), &mut Vec::new(), &mut |order| {
                    if order.windows(2).all(|pair| scores[pair[0]] >= scores[pair[1]]) {
                        orders += 1;
                        sum += order[..k].iter().filter(|&&row| outcomes[row]).count();
                    }
                });
                let positives = outcomes.iter().filter(|&&o| o).count();
                let wanted = sum as f64 / orders as f64 / positives as f64;
                prop_assert!((ranking.capture(k).unwrap() - wanted).abs() < 1e-12);
            }
        }
    }

    fn orders_of(n: usize, order: &mut Vec<usize>, visit: &mut impl FnMut(&[usize])) {
        if order.len() == n {
            return visit(order);
        }
        for next in 0..n {
            if !order.contains(&next) {
                order.push(next);
                orders_of(n, order, visit);
                order.pop();
            }
        }
    }
}
