//! The area under the ROC curve, with its variance.

use super::error::{EvaluationError, check_classes, same_length};
use crate::chi_squared::two_sided;
use crate::exact_sum::ExactSum;
use crate::interval::{Interval, Z};
use std::collections::BTreeMap;

/// An area under the ROC curve and how far it may be off.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Auc {
    /// The area.
    pub area: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Its interval on the logit scale, `logit(A) ± z·se / (A·(1−A))` brought back: within 0 and 1, and nearer its level
    /// than the plain one when the area is large (Pepe 2003, chapter 5). `None` at an area of 0 or 1, where the variance is zero
    /// for want of data, not of doubt.
    pub interval: Option<Interval>,
}

/// How much larger the first of two areas is, on the same rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AucDifference {
    /// The area of the first score.
    pub first: f64,
    /// The area of the second score.
    pub second: f64,
    /// `first − second`.
    pub difference: f64,
    /// The standard error of the difference, which knows that both were measured on the same rows.
    pub standard_error: f64,
    /// The plain interval `difference ± z·standard error`, within −1 and 1.
    pub interval: Interval,
    /// The two-sided p-value of no difference; `None` where the standard error is zero.
    pub p: Option<f64>,
}

/// The area under the ROC curve, `P(s₊ > s₋) + ½·P(s₊ = s₋)`: how often a case with the outcome was scored above one
/// without (Mann and Whitney 1947; Hanley and McNeil 1982).
pub fn auc(outcomes: &[bool], scores: &[f64]) -> Result<f64, EvaluationError> {
    check_classes(outcomes, scores)?;
    Ok(Placements::of(outcomes, scores).area)
}

/// The area with its variance, `S₁₀/m + S₀₁/n` of the placements (DeLong, DeLong and Clarke-Pearson 1988).
///
/// `clusters` labels a row with its account: rows of one account, scored at several dates, are not independent, and the
/// variance is then Obuchowski's (1997), `S₁₀/m + S₀₁/n + 2·S₁₁/(m·n)` of the placements' sums over clusters. With a cluster
/// a row the two are the same. Errors where fewer than two rows, or clusters, have an outcome.
pub fn auc_interval(outcomes: &[bool], scores: &[f64], clusters: Option<&[usize]>) -> Result<Auc, EvaluationError> {
    check_classes(outcomes, scores)?;
    let placements = Placements::of(outcomes, scores);
    let area = placements.area;
    let standard_error = variance(outcomes, &placements.each, area, clusters)?.sqrt();
    let spread = area * (1.0 - area);
    let interval = (spread > 0.0).then(|| {
        let (centre, half) = ((area / (1.0 - area)).ln(), Z * standard_error / spread);
        let back = |logit: f64| 1.0 / (1.0 + (-logit).exp());
        Interval { low: back(centre - half), high: back(centre + half) }
    });
    Ok(Auc { area, standard_error, interval })
}

/// The difference of two scores' areas on the same rows, paired; `clusters` as in [`auc_interval`].
pub fn auc_difference(
    outcomes: &[bool],
    first: &[f64],
    second: &[f64],
    clusters: Option<&[usize]>,
) -> Result<AucDifference, EvaluationError> {
    check_classes(outcomes, first)?;
    check_classes(outcomes, second)?;
    let (a, b) = (Placements::of(outcomes, first), Placements::of(outcomes, second));
    let difference = a.area - b.area;
    let each: Vec<f64> = a.each.iter().zip(&b.each).map(|(a, b)| a - b).collect();
    let standard_error = variance(outcomes, &each, difference, clusters)?.sqrt();
    let half = Z * standard_error;
    Ok(AucDifference {
        first: a.area,
        second: b.area,
        difference,
        standard_error,
        interval: Interval { low: difference - half, high: difference + half }.clamp(-1.0, 1.0),
        p: (standard_error > 0.0).then(|| two_sided(difference / standard_error)),
    })
}

/// Where each row's score stands among those of the other outcome.
struct Placements {
    /// Of a positive row, the share of negatives below it; of a negative row, the share of positives above it; ties half.
    each: Vec<f64>,
    area: f64,
}

impl Placements {
    fn of(outcomes: &[bool], scores: &[f64]) -> Placements {
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|&a, &b| scores[a].total_cmp(&scores[b]));
        let positives = outcomes.iter().filter(|&&outcome| outcome).count() as u64;
        let negatives = outcomes.len() as u64 - positives;
        let (mut below, mut positives_below) = (0, 0);
        // Doubled, so that a tie counts one and all sums are whole.
        let mut doubled = 0u128;
        let mut each = vec![0.0; scores.len()];
        for tied in order.chunk_by(|&a, &b| scores[a] == scores[b]) {
            let here = tied.iter().filter(|&&row| outcomes[row]).count() as u64;
            let others = tied.len() as u64 - here;
            let negatives_below = 2 * below + others;
            let positives_above = 2 * (positives - positives_below - here) + here;
            for &row in tied {
                each[row] = if outcomes[row] {
                    negatives_below as f64 / (2 * negatives) as f64
                } else {
                    positives_above as f64 / (2 * positives) as f64
                };
            }
            doubled += u128::from(here) * u128::from(negatives_below);
            below += others;
            positives_below += here;
        }
        let pairs = 2 * u128::from(positives) * u128::from(negatives);
        Placements { each, area: doubled as f64 / pairs as f64 }
    }
}

/// What one cluster's placements differ from their mean, positives and negatives apart.
#[derive(Default)]
struct Cluster {
    positive: ExactSum,
    negative: ExactSum,
    positives: u64,
    negatives: u64,
}

/// The variance of a mean placement, or difference of two, by clusters; a row each where none are given.
fn variance(outcomes: &[bool], each: &[f64], mean: f64, clusters: Option<&[usize]>) -> Result<f64, EvaluationError> {
    if let Some(clusters) = clusters {
        same_length("cluster labels", clusters.len(), outcomes.len())?;
    }
    let mut sums: BTreeMap<usize, Cluster> = BTreeMap::new();
    for (row, (&outcome, placement)) in outcomes.iter().zip(each).enumerate() {
        let cluster = sums.entry(clusters.map_or(row, |clusters| clusters[row])).or_default();
        if outcome {
            cluster.positive.add(placement - mean);
            cluster.positives += 1;
        } else {
            cluster.negative.add(placement - mean);
            cluster.negatives += 1;
        }
    }
    let (mut with, mut without) = (0usize, 0usize);
    let (mut m, mut n) = (0, 0);
    let (mut s10, mut s01, mut s11) = (ExactSum::default(), ExactSum::default(), ExactSum::default());
    for cluster in sums.values() {
        let (positive, negative) = (cluster.positive.value(), cluster.negative.value());
        with += usize::from(cluster.positives > 0);
        without += usize::from(cluster.negatives > 0);
        m += cluster.positives;
        n += cluster.negatives;
        s10.add(positive * positive);
        s01.add(negative * negative);
        s11.add(positive * negative);
    }
    for (outcome, found) in [(true, with), (false, without)] {
        if found < 2 {
            return Err(EvaluationError::TooFew { outcome, found });
        }
    }
    let unbiased = |clusters: usize| clusters as f64 / (clusters as f64 - 1.0);
    let (m, n) = (m as f64, n as f64);
    let variance = unbiased(with) * s10.value() / (m * m)
        + unbiased(without) * s01.value() / (n * n)
        + 2.0 * unbiased(sums.len()) * s11.value() / (m * n);
    // Few clusters of both outcomes can make the last term outweigh the others.
    Ok(variance.max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const OUTCOMES: [bool; 4] = [false, false, true, true];
    const SCORES: [f64; 4] = [0.1, 0.4, 0.35, 0.8];

    #[test]
    fn the_small_case_gives_the_published_area() {
        assert_eq!(auc(&OUTCOMES, &SCORES), Ok(0.75));
    }

    #[test]
    fn ties_count_one_half() {
        assert_eq!(auc(&[true, false, true, false], &[0.5; 4]), Ok(0.5));
        assert_eq!(auc(&[true, false, true], &[0.5, 0.5, 0.9]), Ok(0.75));
    }

    #[test]
    fn the_variance_is_delong_s() {
        // Placements: positives ½ and 1, negatives 1 and ½; S₁₀ = S₀₁ = 1/8, so 1/16 + 1/16.
        let found = auc_interval(&OUTCOMES, &SCORES, None).unwrap();
        assert!((found.standard_error.powi(2) - 0.125).abs() < 1e-15);
        let interval = found.interval.unwrap();
        let logit = |p: f64| (p / (1.0 - p)).ln();
        assert!(
            (logit(interval.high) + logit(interval.low) - 2.0 * 3f64.ln()).abs() < 1e-12,
            "even on the logit scale"
        );
    }

    #[test]
    fn rows_seen_twice_do_not_narrow_the_interval() {
        let outcomes = [true, false, true, false, true, false, false, true, false];
        let scores = [0.9, 0.2, 0.6, 0.7, 0.4, 0.4, 0.1, 0.8, 0.5];
        let once = auc_interval(&outcomes, &scores, None).unwrap();
        let (outcomes2, scores2) = ([outcomes, outcomes].concat(), [scores, scores].concat());
        let accounts: Vec<usize> = (0..9).chain(0..9).collect();
        let twice = auc_interval(&outcomes2, &scores2, Some(&accounts)).unwrap();
        assert!((twice.area - once.area).abs() < 1e-15);
        assert!((twice.standard_error - once.standard_error).abs() < 1e-12);
        let naive = auc_interval(&outcomes2, &scores2, None).unwrap();
        assert!(naive.standard_error < 0.75 * once.standard_error, "as if there were twice as many accounts");
    }

    #[test]
    fn accounts_of_both_outcomes_share_their_luck() {
        let outcomes = [true, true, false, true, true, false];
        let scores = [0.9, 0.8, 0.1, 0.3, 0.7, 0.4];
        let accounts = [7, 7, 7, 9, 9, 9];
        // Placements of the positives: 1, 1, ½, 1 (mean 7/8); of the negatives: 1, ¾ (mean 7/8).
        // Deviations by cluster: positives +¼, −¼; negatives +⅛, −⅛.
        let (s10, s01, s11) = (2.0 * 2.0 / 16.0, 2.0 * 2.0 / 64.0, 2.0 * 2.0 / 32.0);
        let wanted: f64 = s10 / 16.0 + s01 / 4.0 + 2.0 * s11 / 8.0;
        let found = auc_interval(&outcomes, &scores, Some(&accounts)).unwrap();
        assert_eq!(found.area, 0.875);
        assert!((found.standard_error.powi(2) - wanted).abs() < 1e-15, "{found:?}");
    }

    #[test]
    fn two_areas_are_compared_on_the_same_rows() {
        let outcomes = [true, false, true, false, true, false, false, true, false, true];
        let good = [0.9, 0.2, 0.6, 0.7, 0.45, 0.4, 0.1, 0.8, 0.5, 0.55];
        let same = auc_difference(&outcomes, &good, &good.map(|s| 10.0 * s), None).unwrap();
        assert_eq!((same.difference, same.standard_error, same.p), (0.0, 0.0, None));
        let worse = [0.8, 0.3, 0.5, 0.75, 0.4, 0.45, 0.2, 0.85, 0.5, 0.6];
        let found = auc_difference(&outcomes, &good, &worse, None).unwrap();
        let alone = |scores: &[f64]| auc_interval(&outcomes, scores, None).unwrap().standard_error;
        assert!(found.standard_error < alone(&good).hypot(alone(&worse)), "the pairing tells");
        assert!(found.interval.contains(found.difference) && found.p.is_some());
        let turned = auc_difference(&outcomes, &worse, &good, None).unwrap();
        assert_eq!(turned.difference, -found.difference);
        assert!((turned.standard_error - found.standard_error).abs() < 1e-15);
    }

    #[test]
    fn a_perfect_order_has_no_interval() {
        let found = auc_interval(&OUTCOMES, &[0.1, 0.2, 0.3, 0.4], None).unwrap();
        assert_eq!((found.area, found.standard_error, found.interval), (1.0, 0.0, None));
    }

    #[test]
    fn what_has_no_area_is_refused() {
        assert_eq!(auc(&[], &[]), Err(EvaluationError::Empty));
        assert_eq!(auc(&[true, true], &[0.1, 0.2]), Err(EvaluationError::OneClass { outcome: true }));
        assert_eq!(auc(&[false], &[0.1]), Err(EvaluationError::OneClass { outcome: false }));
        assert_eq!(auc(&[true, false], &[0.1, f64::NAN]), Err(EvaluationError::NotANumber { row: 1 }));
        assert!(matches!(auc(&[true], &[]), Err(EvaluationError::Length { .. })));
        let few = auc_interval(&[true, false, false], &[0.3, 0.2, 0.1], None);
        assert_eq!(few, Err(EvaluationError::TooFew { outcome: true, found: 1 }));
        let one = auc_interval(&[true, true, false, false], &[0.3, 0.2, 0.1, 0.5], Some(&[1, 1, 2, 3]));
        assert_eq!(one, Err(EvaluationError::TooFew { outcome: true, found: 1 }), "one account is no sample");
        assert!(matches!(auc_interval(&OUTCOMES, &SCORES, Some(&[1])), Err(EvaluationError::Length { .. })));
    }

    fn cases() -> impl Strategy<Value = Vec<(bool, u8, u8, usize)>> {
        prop::collection::vec((any::<bool>(), 0u8..12, 0u8..12, 0usize..8), 4..60)
    }

    proptest! {
        #[test]
        fn a_monotone_change_of_scores_changes_nothing(rows in cases()) {
            let outcomes: Vec<bool> = rows.iter().map(|row| row.0).collect();
            let scores: Vec<f64> = rows.iter().map(|row| f64::from(row.1)).collect();
            let changed: Vec<f64> = scores.iter().map(|score| (score / 3.0).exp() - 5.0).collect();
            prop_assert_eq!(auc_interval(&outcomes, &scores, None), auc_interval(&outcomes, &changed, None));
            let turned: Vec<f64> = scores.iter().map(|score| -score).collect();
            if let (Ok(area), Ok(other)) = (auc(&outcomes, &scores), auc(&outcomes, &turned)) {
                prop_assert!((area + other - 1.0).abs() < 1e-12);
            }
        }

        #[test]
        fn a_cluster_a_row_is_delong(rows in cases()) {
            let outcomes: Vec<bool> = rows.iter().map(|row| row.0).collect();
            let scores: Vec<f64> = rows.iter().map(|row| f64::from(row.1)).collect();
            let labels: Vec<usize> = (0..rows.len()).map(|row| 1000 - row).collect();
            prop_assert_eq!(auc_interval(&outcomes, &scores, None), auc_interval(&outcomes, &scores, Some(&labels)));
        }

        #[test]
        fn sums_over_pairs_give_the_same_variance(rows in cases(), clustered in any::<bool>()) {
            let outcomes: Vec<bool> = rows.iter().map(|row| row.0).collect();
            let first: Vec<f64> = rows.iter().map(|row| f64::from(row.1)).collect();
            let second: Vec<f64> = rows.iter().map(|row| f64::from(row.2)).collect();
            let clusters: Vec<usize> = rows.iter().map(|row| row.3).collect();
            if let Ok(found) = auc_difference(&outcomes, &first, &second, clustered.then_some(&clusters[..])) {
                let wanted = over_pairs(&outcomes, &first, &second, clustered.then_some(&clusters[..]));
                prop_assert!((found.difference - wanted.0).abs() < 1e-12);
                prop_assert!((found.standard_error.powi(2) - wanted.1.max(0.0)).abs() < 1e-12);
            }
        }
    }

    /// The definition by all pairs, cluster by cluster.
    fn over_pairs(outcomes: &[bool], first: &[f64], second: &[f64], clusters: Option<&[usize]>) -> (f64, f64) {
        let rows = outcomes.len();
        let label = |row: usize| clusters.map_or(row, |clusters| clusters[row]);
        let kernel = |s: &[f64], i: usize, j: usize| {
            if s[i] > s[j] {
                1.0
            } else if s[i] == s[j] {
                0.5
            } else {
                0.0
            }
        };
        let of = |wanted: bool| (0..rows).filter(|&row| outcomes[row] == wanted).collect::<Vec<_>>();
        let (positives, negatives) = (of(true), of(false));
        let (m, n) = (positives.len() as f64, negatives.len() as f64);
        let psi = |i: usize, j: usize| kernel(first, i, j) - kernel(second, i, j);
        let theta = positives.iter().flat_map(|&i| negatives.iter().map(move |&j| psi(i, j))).sum::<f64>() / (m * n);
        let mut labels: Vec<usize> = (0..rows).map(label).collect();
        labels.sort_unstable();
        labels.dedup();
        let (mut s10, mut s01, mut s11, mut i10, mut i01) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for &l in &labels {
            let mine: Vec<usize> = positives.iter().copied().filter(|&i| label(i) == l).collect();
            let others: Vec<usize> = negatives.iter().copied().filter(|&j| label(j) == l).collect();
            let v10: f64 = mine.iter().map(|&i| negatives.iter().map(|&j| psi(i, j)).sum::<f64>() / n).sum();
            let v01: f64 = others.iter().map(|&j| positives.iter().map(|&i| psi(i, j)).sum::<f64>() / m).sum();
            let (a, b) = (v10 - mine.len() as f64 * theta, v01 - others.len() as f64 * theta);
            i10 += f64::from(u8::from(!mine.is_empty()));
            i01 += f64::from(u8::from(!others.is_empty()));
            s10 += a * a;
            s01 += b * b;
            s11 += a * b;
        }
        let i = labels.len() as f64;
        let variance =
            i10 / ((i10 - 1.0) * m) * s10 / m + i01 / ((i01 - 1.0) * n) * s01 / n + 2.0 * i / (i - 1.0) * s11 / (m * n);
        (theta, variance)
    }
}
