//! The log-rank test: do groups differ in how long they last?

use nalgebra::{DMatrix, DVector, SymmetricEigen};
use std::collections::BTreeSet;

use super::error::SurvivalError;
use super::observation::{self, Observation};
use crate::chi_squared::ChiSquared;

/// What happened in one group, and what would have been expected of it were all groups alike.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Group {
    /// The group's label, as given.
    pub label: usize,
    /// Its cases.
    pub cases: usize,
    /// Its ends.
    pub observed: u64,
    /// `Σ d·nᵍ/n` over the times of ends, summed over strata.
    pub expected: f64,
}

/// The outcome of a log-rank test.
#[derive(Debug, Clone, PartialEq)]
pub struct LogRank {
    /// The groups in the order of their labels.
    pub groups: Vec<Group>,
    /// The test that all groups are alike.
    pub test: ChiSquared,
}

/// The log-rank test of `k` groups (Mantel 1966; Peto and Peto 1972), `χ² = (O−E)ᵀ V⁻ (O−E)` with the hypergeometric
/// variance `V = Σ d(n−d)/(n−1) · (diag(π) − ππᵀ)`, `π = nᵍ/n`. With strata, `O`, `E` and `V` are sums over strata, so only
/// cases of one stratum are compared with each other.
///
/// `groups` and `strata` hold a label a row, of any value. Degrees of freedom are the rank of `V`: `k − 1`, less where a
/// group was never at risk together with another while ends came. Proportional hazards make the test the most powerful;
/// curves that cross can hide from it.
pub fn log_rank(
    observations: &[Observation],
    groups: &[usize],
    strata: Option<&[usize]>,
) -> Result<LogRank, SurvivalError> {
    observation::check(observations.iter().copied())?;
    observation::same_length("group labels", groups.len(), observations.len())?;
    observation::same_length("stratum labels", strata.map_or(observations.len(), <[usize]>::len), observations.len())?;
    let labels: Vec<usize> = groups.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    if labels.len() < 2 {
        return Err(SurvivalError::NothingToCompare);
    }
    let mut cases: Vec<Case> = observations
        .iter()
        .zip(groups)
        .enumerate()
        .map(|(row, (&seen, label))| Case {
            seen,
            group: labels.partition_point(|l| l < label),
            stratum: strata.map_or(0, |strata| strata[row]),
        })
        .collect();
    let mut sums = Sums::new(labels.len());
    cases.sort_by_key(|case| case.stratum);
    for stratum in cases.chunk_by(|a, b| a.stratum == b.stratum) {
        sums.add(stratum);
    }
    let test = sums.test().ok_or(SurvivalError::NothingToCompare)?;
    let groups = labels
        .into_iter()
        .enumerate()
        .map(|(g, label)| Group {
            label,
            cases: cases.iter().filter(|case| case.group == g).count(),
            observed: sums.observed[g],
            expected: sums.expected[g],
        })
        .collect();
    Ok(LogRank { groups, test })
}

struct Case {
    seen: Observation,
    group: usize,
    stratum: usize,
}

struct Sums {
    observed: Vec<u64>,
    expected: DVector<f64>,
    variance: DMatrix<f64>,
}

impl Sums {
    fn new(groups: usize) -> Sums {
        Sums { observed: vec![0; groups], expected: DVector::zeros(groups), variance: DMatrix::zeros(groups, groups) }
    }

    /// Adds what happened at each time of an end in one stratum.
    fn add(&mut self, cases: &[Case]) {
        let mut ends: Vec<(f64, usize)> =
            cases.iter().filter(|case| case.seen.ended).map(|case| (case.seen.time, case.group)).collect();
        ends.sort_by(|a, b| a.0.total_cmp(&b.0));
        let sorted = |key: fn(&Observation) -> f64| {
            let mut moves: Vec<(f64, usize)> = cases.iter().map(|case| (key(&case.seen), case.group)).collect();
            moves.sort_by(|a, b| a.0.total_cmp(&b.0));
            moves.into_iter().peekable()
        };
        let mut entries = sorted(|seen| seen.entry.unwrap_or(f64::NEG_INFINITY));
        let mut exits = sorted(|seen| seen.time);
        let mut at_risk = vec![0u64; self.observed.len()];
        for tied in ends.chunk_by(|a, b| a.0 == b.0) {
            let time = tied[0].0;
            while let Some((_, group)) = entries.next_if(|entry| entry.0 < time) {
                at_risk[group] += 1;
            }
            while let Some((_, group)) = exits.next_if(|exit| exit.0 < time) {
                at_risk[group] -= 1;
            }
            for &(_, group) in tied {
                self.observed[group] += 1;
            }
            self.expect(tied.len() as f64, &at_risk);
        }
    }

    fn expect(&mut self, ends: f64, at_risk: &[u64]) {
        let n = at_risk.iter().sum::<u64>() as f64;
        let share = DVector::from_iterator(at_risk.len(), at_risk.iter().map(|&count| count as f64 / n));
        self.expected += &share * ends;
        // A single case at risk has no variance, and would divide by zero.
        if n > 1.0 {
            let spread = DMatrix::from_diagonal(&share) - &share * share.transpose();
            self.variance += spread * (ends * (n - ends) / (n - 1.0));
        }
    }

    /// The quadratic form over the directions in which there is variance, so that no group has to be left out by hand.
    fn test(&self) -> Option<ChiSquared> {
        let observed = DVector::from_iterator(self.observed.len(), self.observed.iter().map(|&count| count as f64));
        let difference = observed - &self.expected;
        let eigen = SymmetricEigen::new(self.variance.clone());
        let negligible = eigen.eigenvalues.max() * 1e-10;
        let mut statistic = 0.0;
        let mut rank = 0;
        for (value, vector) in eigen.eigenvalues.iter().zip(eigen.eigenvectors.column_iter()) {
            if *value > negligible {
                statistic += vector.dot(&difference).powi(2) / value;
                rank += 1;
            }
        }
        ChiSquared::of(statistic, rank)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seen(times: &[f64], ended: &[u8]) -> Vec<Observation> {
        times.iter().zip(ended).map(|(&time, &e)| Observation { entry: None, time, ended: e == 1 }).collect()
    }

    #[test]
    fn small_cases_give_what_r_gives() {
        let times = [10.0, 20.0, 30.0, 10.0, 20.0, 50.0];
        let groups = [1, 1, 1, 0, 0, 0];
        let all = log_rank(&seen(&times, &[1; 6]), &groups, None).unwrap().test;
        assert!((all.statistic - 0.254237).abs() < 5.1e-7 && (all.p - 0.614107).abs() < 5.1e-7, "{all:?}");
        let some = log_rank(&seen(&times, &[1, 0, 1, 1, 0, 1]), &groups, None).unwrap().test;
        assert!((some.statistic - 0.384615).abs() < 5.1e-7 && (some.p - 0.535143).abs() < 5.1e-7, "{some:?}");
        assert_eq!(all.degrees_of_freedom, 1);
    }

    #[test]
    fn gehan_gives_the_published_test() {
        // Freireich, Gehan and others 1963: weeks of remission, ended or not, of 21 children under 6-mercaptopurine and 21
        // under placebo.
        let drug = [
            (6.0, 1),
            (6.0, 1),
            (6.0, 1),
            (6.0, 0),
            (7.0, 1),
            (9.0, 0),
            (10.0, 1),
            (10.0, 0),
            (11.0, 0),
            (13.0, 1),
            (16.0, 1),
            (17.0, 0),
            (19.0, 0),
            (20.0, 0),
            (22.0, 1),
            (23.0, 1),
            (25.0, 0),
            (32.0, 0),
            (32.0, 0),
            (34.0, 0),
            (35.0, 0),
        ];
        let placebo = [
            (1.0, 1),
            (1.0, 1),
            (2.0, 1),
            (2.0, 1),
            (3.0, 1),
            (4.0, 1),
            (4.0, 1),
            (5.0, 1),
            (5.0, 1),
            (8.0, 1),
            (8.0, 1),
            (8.0, 1),
            (8.0, 1),
            (11.0, 1),
            (11.0, 1),
            (12.0, 1),
            (12.0, 1),
            (15.0, 1),
            (17.0, 1),
            (22.0, 1),
            (23.0, 1),
        ];
        let rows = [drug, placebo].concat();
        let (times, ended): (Vec<f64>, Vec<u8>) = rows.into_iter().unzip();
        let groups: Vec<usize> = (0..42).map(|i| i / 21).collect();
        let found = log_rank(&seen(&times, &ended), &groups, None).unwrap();
        assert!((found.test.statistic - 16.792941).abs() < 5.1e-7, "{found:?}");
        assert!((found.test.p - 4.16881e-5).abs() < 5.1e-11, "{found:?}");
        assert_eq!((found.groups[0].observed, found.groups[1].observed), (9, 21));
        // Kleinbaum and Klein 2012, 2.4: expected 19.26 and 10.74.
        assert!((found.groups[0].expected - 19.25).abs() < 0.02 && (found.groups[1].expected - 10.75).abs() < 0.02);
    }

    #[test]
    fn glioma_gives_the_published_test() {
        // lifelines, g3: grade 3 glioma under radioimmunotherapy (group 1) and control (Grana and others 2002).
        let times =
            [53.0, 28.0, 69.0, 58.0, 54.0, 25.0, 51.0, 61.0, 57.0, 57.0, 50.0, 34.0, 32.0, 9.0, 19.0, 50.0, 48.0];
        let ended = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0];
        let groups: Vec<usize> = (0..17).map(|i| usize::from(i < 11)).collect();
        let test = log_rank(&seen(&times, &ended), &groups, None).unwrap().test;
        assert!((test.statistic - 6.062888).abs() < 5.1e-7 && (test.p - 0.0138).abs() < 5.1e-5, "{test:?}");
    }

    #[test]
    fn a_group_never_at_risk_costs_its_degree_of_freedom() {
        let cases = seen(&[1.0, 2.0, 3.0, 4.0, 0.5, 0.5], &[1, 1, 1, 0, 0, 0]);
        let test = log_rank(&cases, &[0, 1, 0, 1, 2, 2], None).unwrap();
        let without = log_rank(&cases[..4], &[0, 1, 0, 1], None).unwrap();
        assert_eq!(test.test.degrees_of_freedom, 1);
        assert!((test.test.statistic - without.test.statistic).abs() < 1e-12);
        assert_eq!((test.groups[2].cases, test.groups[2].observed, test.groups[2].expected), (2, 0, 0.0));
    }

    #[test]
    fn strata_are_compared_only_within() {
        // Each stratum holds one group only: there is nothing to compare, though the pooled test would be large.
        let cases = seen(&[1.0, 1.5, 2.0, 10.0, 11.0, 12.0], &[1; 6]);
        let groups = [0, 0, 0, 1, 1, 1];
        assert!(log_rank(&cases, &groups, None).unwrap().test.p < 0.05);
        assert_eq!(log_rank(&cases, &groups, Some(&groups)), Err(SurvivalError::NothingToCompare));
    }

    #[test]
    fn late_entries_are_not_at_risk_before() {
        // Group 1 enters after both ends of group 0: nothing was comparable.
        let late = [
            Observation::ended(1.0),
            Observation::ended(2.0),
            Observation::ended(5.0).entering(3.0),
            Observation::ended(6.0).entering(3.0),
        ];
        assert_eq!(log_rank(&late, &[0, 0, 1, 1], None), Err(SurvivalError::NothingToCompare));
    }

    #[test]
    fn what_cannot_be_tested_is_refused() {
        let cases = seen(&[1.0, 2.0], &[1, 1]);
        assert_eq!(log_rank(&cases, &[0, 0], None), Err(SurvivalError::NothingToCompare));
        assert_eq!(log_rank(&[], &[], None), Err(SurvivalError::NothingToCompare));
        assert_eq!(log_rank(&seen(&[1.0, 2.0], &[0, 0]), &[0, 1], None), Err(SurvivalError::NothingToCompare));
        assert!(matches!(log_rank(&cases, &[0], None), Err(SurvivalError::Length { .. })));
        assert!(matches!(log_rank(&cases, &[0, 1], Some(&[0])), Err(SurvivalError::Length { .. })));
        let bad = [Observation::ended(f64::NAN), Observation::open(1.0)];
        assert!(matches!(log_rank(&bad, &[0, 1], None), Err(SurvivalError::Time { row: 0, .. })));
        let never = [Observation::ended(1.0), Observation::open(1.0).entering(1.0)];
        assert!(matches!(log_rank(&never, &[0, 1], None), Err(SurvivalError::Entry { row: 1, .. })));
    }

    proptest! {
        #[test]
        fn names_and_order_of_groups_do_not_matter(
            rows in prop::collection::vec((1u8..20, any::<bool>(), 0usize..4), 1..60), turn in 1usize..4,
        ) {
            let cases: Vec<Observation> =
                rows.iter().map(|r| Observation { entry: None, time: f64::from(r.0), ended: r.1 }).collect();
            let groups: Vec<usize> = rows.iter().map(|r| r.2).collect();
            let turned: Vec<usize> = groups.iter().map(|g| 10 * ((g + turn) % 4)).collect();
            match (log_rank(&cases, &groups, None), log_rank(&cases, &turned, None)) {
                (Ok(ours), Ok(theirs)) => {
                    prop_assert!((ours.test.statistic - theirs.test.statistic).abs() < 1e-8 * (1.0 + ours.test.statistic));
                    prop_assert_eq!(ours.test.degrees_of_freedom, theirs.test.degrees_of_freedom);
                    let observed: u64 = ours.groups.iter().map(|g| g.observed).sum();
                    let expected: f64 = ours.groups.iter().map(|g| g.expected).sum();
                    prop_assert!((observed as f64 - expected).abs() < 1e-9, "as many ends expected as observed");
                }
                (ours, theirs) => prop_assert_eq!(ours, theirs),
            }
        }

        #[test]
        fn the_order_of_rows_does_not_matter(
            mut rows in prop::collection::vec((1u8..20, any::<bool>(), 0usize..3), 1..40),
        ) {
            let test = |rows: &[(u8, bool, usize)]| {
                let cases: Vec<Observation> =
                    rows.iter().map(|r| Observation { entry: None, time: f64::from(r.0), ended: r.1 }).collect();
                log_rank(&cases, &rows.iter().map(|r| r.2).collect::<Vec<_>>(), None)
            };
            let before = test(&rows);
            rows.reverse();
            prop_assert_eq!(before, test(&rows));
        }
    }
}
