//! The table of who was still at risk when something ended: the common ground of both survival estimators.

use super::observation::Observation;
use crate::exact_sum::ExactSum;
use crate::multiset::Multiset;

/// What happened at one time.
pub(crate) struct Step {
    pub time: f64,
    /// Cases not ended and not censored just before this time.
    pub at_risk: f64,
    /// Cases that reached the end asked about.
    pub reached: f64,
    /// Cases that ended otherwise.
    pub lost: f64,
}

/// One row a time at which a case ended. Cases censored at the same time are still at risk then: ends come first.
pub(crate) fn table(reached: &Multiset, open: &Multiset, lost: &Multiset) -> Vec<Step> {
    let (reached, open, lost) = (reached.pairs(), open.pairs(), lost.pairs());
    let total = |pairs: &[(f64, u64)]| pairs.iter().map(|pair| pair.1).sum::<u64>();
    let mut at_risk = total(reached) + total(open) + total(lost);
    let (mut r, mut o, mut l) = (0, 0, 0);
    let mut steps = Vec::with_capacity(reached.len() + lost.len());
    loop {
        let next = [reached.get(r), lost.get(l)].into_iter().flatten().map(|pair| pair.0).min_by(f64::total_cmp);
        let Some(time) = next else { return steps };
        while let Some(&(_, count)) = open.get(o).filter(|pair| pair.0 < time) {
            at_risk -= count;
            o += 1;
        }
        let at = |pairs: &[(f64, u64)], i: &mut usize| match pairs.get(*i) {
            Some(&(t, count)) if t == time => {
                *i += 1;
                count
            }
            _ => 0,
        };
        let (d, c) = (at(reached, &mut r), at(lost, &mut l));
        steps.push(Step { time, at_risk: at_risk as f64, reached: d as f64, lost: c as f64 });
        at_risk -= d + c;
    }
}

/// The same of cases one by one, each with a weight, some of them first seen late.
pub(crate) fn table_of(cases: &[(Observation, f64)]) -> Vec<Step> {
    let mut entries: Vec<(f64, f64)> =
        cases.iter().map(|&(seen, weight)| (seen.entry.unwrap_or(f64::NEG_INFINITY), weight)).collect();
    entries.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut exits: Vec<(f64, bool, f64)> =
        cases.iter().map(|&(seen, weight)| (seen.time, seen.ended, weight)).collect();
    exits.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.total_cmp(&b.2)));
    let mut at_risk = ExactSum::default();
    let mut entries = entries.into_iter().peekable();
    let mut steps = Vec::new();
    for tied in exits.chunk_by(|a, b| a.0 == b.0) {
        let time = tied[0].0;
        while let Some(entry) = entries.next_if(|entry| entry.0 < time) {
            at_risk.add(entry.1);
        }
        let reached: f64 = tied.iter().filter(|exit| exit.1).map(|exit| exit.2).sum();
        if reached > 0.0 {
            steps.push(Step { time, at_risk: at_risk.value(), reached, lost: 0.0 });
        }
        for exit in tied {
            at_risk.add(-exit.2);
        }
    }
    steps
}

/// Products of fractions miss their exact value by some units in the last place; a probability this near counts as met.
/// (R's `quantile.survfit` allows 1.5e-8.)
pub(crate) const TOLERANCE: f64 = 1e-9;

/// The log-log interval of a survival probability with its standard error (Kalbfleisch and Prentice 1980):
/// `S^exp(±z·se / (S·|ln S|))`. `None` where the curve is still at 1 or already at 0, for there it says nothing.
pub(crate) fn log_log(survival: f64, variance: f64) -> Option<crate::interval::Interval> {
    if !(survival > TOLERANCE && survival < 1.0 - TOLERANCE && variance.is_finite()) {
        return None;
    }
    let half = crate::interval::Z * variance.max(0.0).sqrt() / (survival * -survival.ln());
    Some(crate::interval::Interval { low: survival.powf(half.exp()), high: survival.powf((-half).exp()) })
}
