//! Whether what was given a probability of so much happened that often.

use super::error::{EvaluationError, check_probabilities};
use crate::exact_sum::ExactSum;
use crate::interval::{Interval, wilson};
use crate::multiset::Multiset;
use crate::quantile::quantile;

/// How probabilities are put into bins. Each bin holds its upper edge and not its lower one, `(low, high]`; the first
/// holds 0 too. So equal probabilities are never parted.
#[derive(Debug, Clone, PartialEq)]
pub enum Bins {
    /// So many bins of equal width.
    Uniform(usize),
    /// So many bins of about equally many rows, by quantiles of type 7; edges that fall together make fewer bins.
    Quantile(usize),
    /// Edges from 0 to 1, rising: the bands of a score.
    Edges(Vec<f64>),
}

/// One bin that is not empty.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    /// The lower edge, not in the bin (but for 0).
    pub low: f64,
    /// The upper edge, in the bin.
    pub high: f64,
    /// The rows.
    pub rows: u64,
    /// The mean of their probabilities.
    pub predicted: f64,
    /// The share in which the outcome came.
    pub observed: f64,
    /// Wilson's interval of that share.
    pub interval: Option<Interval>,
}

/// The calibration table, from the lowest bin up; empty bins are left out.
pub fn calibration_table(outcomes: &[bool], probabilities: &[f64], bins: &Bins) -> Result<Vec<Bin>, EvaluationError> {
    check_probabilities(outcomes, probabilities)?;
    let edges = edges(bins, probabilities)?;
    let inner = edges.get(1..edges.len() - 1).unwrap_or_default();
    let mut sums: Vec<(u64, u64, ExactSum)> = vec![Default::default(); edges.len() - 1];
    for (&outcome, &p) in outcomes.iter().zip(probabilities) {
        let bin = &mut sums[inner.partition_point(|&edge| edge < p)];
        bin.0 += 1;
        bin.1 += u64::from(outcome);
        bin.2.add(p);
    }
    let table = edges.windows(2).zip(sums).filter(|(_, bin)| bin.0 > 0).map(|(edge, (rows, positives, sum))| {
        let (n, k) = (rows as f64, positives as f64);
        Bin { low: edge[0], high: edge[1], rows, predicted: sum.value() / n, observed: k / n, interval: wilson(k, n) }
    });
    Ok(table.collect())
}

/// The expected calibration error of a table, `Σ rows/n · |predicted − observed|` (Naeini, Cooper and Hauskrecht 2015).
/// It depends on the bins, and grows by chance alone with their number. `None` of an empty table.
pub fn expected_calibration_error(table: &[Bin]) -> Option<f64> {
    let rows: u64 = table.iter().map(|bin| bin.rows).sum();
    let mut sum = ExactSum::default();
    for bin in table {
        sum.add(bin.rows as f64 * (bin.predicted - bin.observed).abs());
    }
    (rows > 0).then(|| sum.value() / rows as f64)
}

/// The edges, outermost ones included: at least two.
fn edges(bins: &Bins, probabilities: &[f64]) -> Result<Vec<f64>, EvaluationError> {
    match bins {
        Bins::Uniform(0) | Bins::Quantile(0) => Err(EvaluationError::Bins),
        Bins::Uniform(count) => Ok((0..=*count).map(|i| i as f64 / *count as f64).collect()),
        Bins::Quantile(count) => {
            let values: Multiset = probabilities.iter().copied().collect();
            let mut edges: Vec<f64> =
                (0..=*count).filter_map(|i| quantile(&values, i as f64 / *count as f64)).collect();
            edges.dedup();
            // All are equal: one bin that ends there.
            if let [only] = edges[..] {
                edges.push(only);
            }
            Ok(edges)
        }
        Bins::Edges(edges) => {
            let rising = edges.len() >= 2 && edges.windows(2).all(|pair| pair[0] < pair[1]);
            let whole = edges.first() == Some(&0.0) && edges.last() == Some(&1.0);
            if rising && whole { Ok(edges.clone()) } else { Err(EvaluationError::Bins) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const OUTCOMES: [bool; 9] = [false, false, false, false, true, true, true, true, true];
    const SCORES: [f64; 9] = [0.1, 0.2, 0.3, 0.4, 0.65, 0.7, 0.8, 0.9, 1.0];

    #[test]
    fn three_uniform_bins_give_the_published_table() {
        let table = calibration_table(&OUTCOMES, &SCORES, &Bins::Uniform(3)).unwrap();
        let wanted = [(3, 0.2, 0.0), (2, 0.525, 0.5), (4, 0.85, 1.0)];
        assert_eq!(table.len(), 3);
        for (bin, (rows, predicted, observed)) in table.iter().zip(wanted) {
            assert!(
                bin.rows == rows && (bin.predicted - predicted).abs() < 1e-15 && bin.observed == observed,
                "{bin:?}"
            );
        }
        let error = expected_calibration_error(&table).unwrap();
        assert!((error - (3.0 * 0.2 + 2.0 * 0.025 + 4.0 * 0.15) / 9.0).abs() < 1e-15);
    }

    #[test]
    fn an_edge_belongs_to_the_bin_below() {
        let table = calibration_table(&[true, false, true], &[0.5, 0.500_001, 0.0], &Bins::Uniform(2)).unwrap();
        assert_eq!((table[0].rows, table[0].high, table[1].rows), (2, 0.5, 1));
        let bands = Bins::Edges(vec![0.0, 0.4, 0.7, 1.0]);
        let table = calibration_table(&OUTCOMES, &SCORES, &bands).unwrap();
        assert_eq!(table.iter().map(|bin| bin.rows).collect::<Vec<_>>(), [4, 2, 3]);
    }

    #[test]
    fn quantile_bins_hold_about_as_many() {
        let table = calibration_table(&OUTCOMES, &SCORES, &Bins::Quantile(3)).unwrap();
        assert_eq!(table.iter().map(|bin| bin.rows).collect::<Vec<_>>(), [3, 3, 3]);
        let equal = calibration_table(&OUTCOMES, &[0.3; 9], &Bins::Quantile(10)).unwrap();
        assert_eq!((equal.len(), equal[0].rows, equal[0].low, equal[0].high), (1, 9, 0.3, 0.3));
    }

    #[test]
    fn what_cannot_be_binned_is_refused() {
        let table = |bins| calibration_table(&OUTCOMES, &SCORES, &bins);
        for bins in [
            Bins::Uniform(0),
            Bins::Quantile(0),
            Bins::Edges(vec![]),
            Bins::Edges(vec![0.0, 0.5]),
            Bins::Edges(vec![0.0, 0.5, 0.5, 1.0]),
            Bins::Edges(vec![0.0, f64::NAN, 1.0]),
        ] {
            assert_eq!(table(bins), Err(EvaluationError::Bins));
        }
        let empty = calibration_table(&[], &[], &Bins::Uniform(3));
        assert_eq!(empty, Err(EvaluationError::Empty));
        assert_eq!(expected_calibration_error(&[]), None);
        let outside = calibration_table(&[true], &[-0.1], &Bins::Uniform(3));
        assert_eq!(outside, Err(EvaluationError::NotAProbability { row: 0, value: -0.1 }));
    }

    proptest! {
        #[test]
        fn every_row_is_in_one_bin(
            rows in prop::collection::vec((any::<bool>(), 0u8..=20), 1..60), count in 1usize..12, quantiles in any::<bool>(),
        ) {
            let outcomes: Vec<bool> = rows.iter().map(|row| row.0).collect();
            let scores: Vec<f64> = rows.iter().map(|row| f64::from(row.1) / 20.0).collect();
            let bins = if quantiles { Bins::Quantile(count) } else { Bins::Uniform(count) };
            let table = calibration_table(&outcomes, &scores, &bins).unwrap();
            prop_assert_eq!(table.iter().map(|bin| bin.rows).sum::<u64>(), rows.len() as u64);
            let happened: f64 = table.iter().map(|bin| bin.observed * bin.rows as f64).sum();
            prop_assert!((happened - outcomes.iter().filter(|&&o| o).count() as f64).abs() < 1e-9);
            prop_assert!(expected_calibration_error(&table).unwrap() <= 1.0);
            for bin in &table {
                let holds = bin.low - 1e-12 <= bin.predicted && bin.predicted <= bin.high + 1e-12;
                prop_assert!(holds && bin.interval.unwrap().contains(bin.observed));
            }
        }
    }
}
