//! How well a score foretold whose end would come first.

use super::error::SurvivalError;
use super::observation::{self, Observation};

/// Pairs of cases, and how a score ordered them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Concordance {
    /// Pairs of which it is known whose end came first.
    pub pairs: u64,
    /// Pairs in which the case with the higher risk ended first.
    pub concordant: u64,
    /// Pairs of equal risk.
    pub tied: u64,
}

impl Concordance {
    /// Harrell's C: `(concordant + tied/2) / pairs`; ½ is chance, 1 a perfect order.
    pub fn index(&self) -> f64 {
        (self.concordant as f64 + self.tied as f64 / 2.0) / self.pairs as f64
    }
}

/// Harrell's concordance (Harrell, Lee and Mark 1996) of a risk score, the higher the sooner, with what happened.
///
/// A pair counts where the earlier time is an end and the other case was under observation then: it was seen later, or was
/// censored at that same time. Two ends at one time are no pair. With strata only pairs within a stratum count. The index
/// depends on how much is censored; it says nothing of calibration.
pub fn concordance(
    observations: &[Observation],
    risk: &[f64],
    strata: Option<&[usize]>,
) -> Result<Concordance, SurvivalError> {
    observation::check(observations.iter().copied())?;
    observation::same_length("risk scores", risk.len(), observations.len())?;
    observation::same_length("stratum labels", strata.map_or(risk.len(), <[usize]>::len), observations.len())?;
    if let Some(row) = risk.iter().position(|score| score.is_nan()) {
        return Err(SurvivalError::Score { row });
    }
    let levels = levels(risk);
    let mut rows: Vec<usize> = (0..risk.len()).collect();
    let stratum = |row: usize| strata.map_or(0, |strata| strata[row]);
    rows.sort_by_key(|&row| stratum(row));
    let mut total = Concordance::default();
    for members in rows.chunk_by(|&a, &b| stratum(a) == stratum(b)) {
        count(observations, &levels, members, &mut total);
    }
    if total.pairs == 0 { Err(SurvivalError::NoPairs) } else { Ok(total) }
}

/// The rank of each score among the distinct ones, from zero.
fn levels(risk: &[f64]) -> Vec<usize> {
    let mut distinct: Vec<f64> = risk.iter().map(|score| score + 0.0).collect();
    distinct.sort_by(f64::total_cmp);
    distinct.dedup();
    risk.iter().map(|score| distinct.partition_point(|other| other < score)).collect()
}

/// Goes back in time: whoever is in the tree was seen after the time looked at.
fn count(observations: &[Observation], levels: &[usize], members: &[usize], total: &mut Concordance) {
    let mut by_time = members.to_vec();
    by_time.sort_by(|&a, &b| observations[b].time.total_cmp(&observations[a].time));
    let entry = |row: usize| observations[row].entry.unwrap_or(f64::NEG_INFINITY);
    let mut by_entry = members.to_vec();
    by_entry.sort_by(|&a, &b| entry(b).total_cmp(&entry(a)));
    let mut by_entry = by_entry.into_iter().peekable();
    let mut later = Tree::new(levels.iter().max().map_or(0, |top| top + 1));
    for tied in by_time.chunk_by(|&a, &b| observations[a].time == observations[b].time) {
        let time = observations[tied[0]].time;
        let (ended, open): (Vec<usize>, Vec<usize>) = tied.iter().partition(|&&row| observations[row].ended);
        for row in open {
            later.add(levels[row], 1);
        }
        // Whoever had not entered by now left the tree's span: it entered after all ends still to come.
        while let Some(row) = by_entry.next_if(|&row| !observations[row].entered_before(time)) {
            later.add(levels[row], -1);
        }
        for &row in &ended {
            let level = levels[row];
            let (below, upto, all) = (later.below(level), later.below(level + 1), later.count);
            total.pairs += all;
            total.concordant += below;
            total.tied += upto - below;
        }
        for row in ended {
            later.add(levels[row], 1);
        }
    }
}

/// A Fenwick tree of how many cases have each level of risk.
struct Tree {
    nodes: Vec<i64>,
    count: u64,
}

impl Tree {
    fn new(levels: usize) -> Tree {
        Tree { nodes: vec![0; levels + 1], count: 0 }
    }

    fn add(&mut self, level: usize, change: i64) {
        self.count = self.count.saturating_add_signed(change);
        let mut node = level + 1;
        while node < self.nodes.len() {
            self.nodes[node] += change;
            node += node & node.wrapping_neg();
        }
    }

    /// How many have a level below this one.
    fn below(&self, level: usize) -> u64 {
        let (mut node, mut sum) = (level, 0);
        while node > 0 {
            sum += self.nodes[node];
            node &= node - 1;
        }
        sum.unsigned_abs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ends(times: &[f64]) -> Vec<Observation> {
        times.iter().map(|&time| Observation::ended(time)).collect()
    }

    /// Predicted times as risks: the sooner, the higher.
    fn of(times: &[f64]) -> Vec<f64> {
        times.iter().map(|time| -time).collect()
    }

    #[test]
    fn small_cases_give_the_published_values() {
        let constant = concordance(&ends(&[1.0, 2.0, 3.0]), &[7.0; 3], None).unwrap();
        assert_eq!((constant.index(), constant.tied), (0.5, 3));
        // Two ends at one time are no pair: were they one, the index would be 5/6.
        let tied = concordance(&ends(&[1.0, 1.0, 2.0]), &of(&[1.0, 2.0, 3.0]), None).unwrap();
        assert_eq!((tied.index(), tied.pairs), (1.0, 2));
        let perfect = concordance(&ends(&[1.0, 2.0, 3.0]), &of(&[1.0, 2.0, 3.0]), None).unwrap();
        assert_eq!(perfect.index(), 1.0);
        let reversed = concordance(&ends(&[1.0, 2.0, 3.0]), &of(&[3.0, 2.0, 1.0]), None).unwrap();
        assert_eq!(reversed.index(), 0.0);
    }

    #[test]
    fn a_case_censored_at_the_time_of_an_end_outlived_it() {
        let cases = [Observation::ended(2.0), Observation::open(2.0)];
        assert_eq!(concordance(&cases, &[1.0, 0.0], None).unwrap().index(), 1.0);
    }

    #[test]
    fn no_pair_is_an_error() {
        assert_eq!(concordance(&ends(&[1.0, 1.0]), &[0.0, 1.0], None), Err(SurvivalError::NoPairs));
        assert_eq!(concordance(&[], &[], None), Err(SurvivalError::NoPairs));
        let censored = [Observation::open(1.0), Observation::open(2.0)];
        assert_eq!(concordance(&censored, &[0.0, 1.0], None), Err(SurvivalError::NoPairs));
        assert_eq!(concordance(&ends(&[1.0, 2.0]), &[0.0, 1.0], Some(&[0, 1])), Err(SurvivalError::NoPairs));
        assert_eq!(concordance(&ends(&[1.0, 2.0]), &[0.0, f64::NAN], None), Err(SurvivalError::Score { row: 1 }));
    }

    fn rows() -> impl Strategy<Value = Vec<(u8, u8, bool, u8, usize)>> {
        prop::collection::vec((0u8..9, 1u8..9, any::<bool>(), 0u8..6, 0usize..2), 0..40)
    }

    proptest! {
        #[test]
        fn it_counts_the_pairs_that_a_double_loop_counts(rows in rows()) {
            let cases: Vec<Observation> = rows
                .iter()
                .map(|r| {
                    let (entry, time) = (f64::from(r.0), f64::from(r.0 + r.1));
                    Observation { entry: (r.0 > 2).then_some(entry), time, ended: r.2 }
                })
                .collect();
            let risk: Vec<f64> = rows.iter().map(|r| f64::from(r.3)).collect();
            let strata: Vec<usize> = rows.iter().map(|r| r.4).collect();
            let mut wanted = Concordance::default();
            for i in 0..cases.len() {
                for j in 0..cases.len() {
                    let (a, b) = (cases[i], cases[j]);
                    let outlived = b.time > a.time || (b.time == a.time && !b.ended);
                    if i != j && strata[i] == strata[j] && a.ended && outlived && b.entry.is_none_or(|e| e < a.time) {
                        wanted.pairs += 1;
                        wanted.concordant += u64::from(risk[i] > risk[j]);
                        wanted.tied += u64::from(risk[i] == risk[j]);
                    }
                }
            }
            match concordance(&cases, &risk, Some(&strata)) {
                Ok(found) => prop_assert_eq!(found, wanted),
                Err(error) => prop_assert!(error == SurvivalError::NoPairs && wanted.pairs == 0),
            }
        }
    }
}
