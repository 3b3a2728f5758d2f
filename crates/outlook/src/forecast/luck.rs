//! Good and bad quarters: how much more or less was left in a past quarter than its chances say.

use super::book::Unit;
use super::chances::Chances;
use tenure_schema::period::Period;
use tenure_stats::poisson_gamma::{Counted, relative_risks};

/// The factor of each past quarter with customers at its opening by which leaving was likelier in it than at other times, in their order.
/// Leavings are counted, and drawn towards what was to be expected as far as they are few (`tenure_stats::poisson_gamma`). Their mean is 1: quarters
/// are drawn alike, and must not add to what chances say.
pub(super) fn luck(past: &[(Period, Vec<Unit>)], chances: &Chances, large_from: f64) -> Vec<f64> {
    let counted = |(quarter, units): &(Period, Vec<Unit>)| {
        let held: Vec<&Unit> = units.iter().filter(|unit| unit.held).collect();
        let left = held.iter().filter(|unit| !unit.kept).count() as u64;
        let expected = held.iter().map(|unit| 1.0 - chances.held(unit, quarter, large_from)).sum();
        (!held.is_empty()).then_some(Counted { cases: left, expected })
    };
    let risks = relative_risks(&past.iter().filter_map(counted).collect::<Vec<_>>());
    let mean = risks.iter().sum::<f64>() / risks.len() as f64;
    risks.into_iter().map(|risk| risk / mean).collect()
}
