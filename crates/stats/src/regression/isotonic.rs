//! Isotonic calibration: the rising step function nearest to the outcomes.

use super::error::ModelError;

/// A function that never falls, known at some scores.
#[derive(Debug, Clone, PartialEq)]
pub struct Isotonic {
    /// Scores and their values, both rising.
    knots: Vec<(f64, f64)>,
}

/// Neighbouring scores with one value.
struct Block {
    first: f64,
    last: f64,
    weight: f64,
    mean: f64,
}

impl Isotonic {
    /// The weighted least squares fit that never falls, by pooling adjacent violators (Ayer and others 1955; Zadrozny and
    /// Elkan 2002 for probabilities). Rows of one score are pooled first, so equal scores have one value. `weights` of
    /// `None` are one each.
    ///
    /// The weighted mean of the fitted values is that of the outcomes. It needs more rows than Platt scaling (some
    /// thousands), and like it rows that the score's model has not seen.
    pub fn fit(scores: &[f64], outcomes: &[bool], weights: Option<&[f64]>) -> Result<Isotonic, ModelError> {
        for (what, found) in [("outcomes", outcomes.len()), ("weights", weights.map_or(scores.len(), <[f64]>::len))] {
            if found != scores.len() {
                return Err(ModelError::Length { what, found, wanted: scores.len() });
            }
        }
        let mut cases = Vec::with_capacity(scores.len());
        for (row, (&score, &outcome)) in scores.iter().zip(outcomes).enumerate() {
            let weight = weights.map_or(1.0, |weights| weights[row]);
            if !score.is_finite() {
                return Err(ModelError::Score { row });
            }
            if !(weight >= 0.0 && weight.is_finite()) {
                return Err(ModelError::Weight { row, weight });
            }
            if weight > 0.0 {
                cases.push((score, outcome, weight));
            }
        }
        if cases.is_empty() {
            return Err(ModelError::Empty);
        }
        cases.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.total_cmp(&b.2)));
        let mut blocks: Vec<Block> = Vec::new();
        for tied in cases.chunk_by(|a, b| a.0 == b.0) {
            let weight: f64 = tied.iter().map(|case| case.2).sum();
            let reached: f64 = tied.iter().filter(|case| case.1).map(|case| case.2).sum();
            pool(&mut blocks, Block { first: tied[0].0, last: tied[0].0, weight, mean: reached / weight });
        }
        let mut knots = Vec::with_capacity(2 * blocks.len());
        for block in blocks {
            knots.push((block.first, block.mean));
            if block.last > block.first {
                knots.push((block.last, block.mean));
            }
        }
        Ok(Isotonic { knots })
    }

    /// Scores and their values: the two ends of each flat part.
    pub fn knots(&self) -> &[(f64, f64)] {
        &self.knots
    }

    /// The calibrated probability of a score: on a line between neighbouring knots (as scikit-learn has it), and beyond
    /// the outermost ones theirs. `None` of what is not a number.
    pub fn probability(&self, score: f64) -> Option<f64> {
        if score.is_nan() {
            return None;
        }
        let above = self.knots.partition_point(|knot| knot.0 < score);
        let right = self.knots.get(above);
        let left = above.checked_sub(1).and_then(|i| self.knots.get(i));
        match (left, right) {
            (Some(a), Some(b)) if score < b.0 => Some(a.1 + (score - a.0) / (b.0 - a.0) * (b.1 - a.1)),
            (_, Some(knot)) | (Some(knot), None) => Some(knot.1),
            (None, None) => None,
        }
    }
}

/// Adds a block, merged with those before it while they lie higher.
fn pool(blocks: &mut Vec<Block>, mut block: Block) {
    while let Some(before) = blocks.pop_if(|before| before.mean >= block.mean) {
        let weight = before.weight + block.weight;
        // Equal means stay the very number they are.
        let mean = if before.mean == block.mean {
            block.mean
        } else {
            (before.mean * before.weight + block.mean * block.weight) / weight
        };
        block = Block { first: before.first, last: block.last, weight, mean };
    }
    blocks.push(block);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn violators_are_pooled() {
        let scores = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
        let fit = Isotonic::fit(&scores, &[false, true, false, true, true, true], None).unwrap();
        assert_eq!(fit.knots(), [(0.1, 0.0), (0.2, 0.5), (0.3, 0.5), (0.4, 1.0), (0.6, 1.0)]);
        for (score, wanted) in [(0.0, 0.0), (0.1, 0.0), (0.15, 0.25), (0.25, 0.5), (0.35, 0.75), (0.9, 1.0)] {
            assert!((fit.probability(score).unwrap() - wanted).abs() < 1e-12, "at {score}");
        }
        assert_eq!(fit.probability(f64::NAN), None);
    }

    #[test]
    fn equal_scores_have_one_value() {
        let fit = Isotonic::fit(&[1.0, 1.0, 1.0, 2.0], &[true, false, false, true], None).unwrap();
        assert_eq!(fit.knots(), [(1.0, 1.0 / 3.0), (2.0, 1.0)]);
    }

    #[test]
    fn weights_stand_for_rows() {
        let weighted = Isotonic::fit(&[1.0, 2.0, 3.0], &[true, false, true], Some(&[1.0, 3.0, 1.0])).unwrap();
        let repeated = Isotonic::fit(&[1.0, 2.0, 2.0, 2.0, 3.0], &[true, false, false, false, true], None).unwrap();
        assert_eq!(weighted, repeated);
    }

    #[test]
    fn what_cannot_be_fitted_is_refused() {
        assert_eq!(Isotonic::fit(&[], &[], None), Err(ModelError::Empty));
        assert_eq!(Isotonic::fit(&[f64::NAN], &[true], None), Err(ModelError::Score { row: 0 }));
        assert!(matches!(Isotonic::fit(&[1.0], &[], None), Err(ModelError::Length { .. })));
        assert!(matches!(Isotonic::fit(&[1.0], &[true], Some(&[-1.0])), Err(ModelError::Weight { .. })));
        assert_eq!(Isotonic::fit(&[1.0], &[true], Some(&[0.0])), Err(ModelError::Empty));
    }

    proptest! {
        #[test]
        fn it_never_falls_and_keeps_the_mean(
            rows in prop::collection::vec((0u8..30, any::<bool>(), 1u8..4), 1..80), a in -5.0f64..35.0, b in -5.0f64..35.0,
        ) {
            let scores: Vec<f64> = rows.iter().map(|row| f64::from(row.0)).collect();
            let outcomes: Vec<bool> = rows.iter().map(|row| row.1).collect();
            let weights: Vec<f64> = rows.iter().map(|row| f64::from(row.2)).collect();
            let fit = Isotonic::fit(&scores, &outcomes, Some(&weights)).unwrap();
            prop_assert!(fit.probability(a.min(b)) <= fit.probability(a.max(b)));
            prop_assert!(fit.knots().windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1));
            let fitted: f64 = scores.iter().zip(&weights).map(|(&s, w)| w * fit.probability(s).unwrap()).sum();
            let given: f64 = outcomes.iter().zip(&weights).map(|(&o, w)| if o { *w } else { 0.0 }).sum();
            prop_assert!((fitted - given).abs() < 1e-9);
        }
    }
}
