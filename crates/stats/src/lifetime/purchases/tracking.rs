//! What a model expects a cohort to have bought by each week, to set beside what it did buy.

use super::model::PurchaseModel;

/// Repeat purchases expected of a cohort up to a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tracking {
    /// The time.
    pub until: f64,
    /// Expected up to it.
    pub cumulative: f64,
    /// Expected since the time before, or since the start.
    pub incremental: f64,
}

/// `Σ E[X(t − start)]` over the customers who had started by each of the times `t`, ascending: each customer is as old as
/// their own start makes them.
///
/// `starts` are the times of the first purchases with the customers that share each, on the same clock and in the unit of
/// the model. `None` where a number is not finite or the times descend.
pub fn cumulative_purchases(model: &impl PurchaseModel, starts: &[(f64, f64)], times: &[f64]) -> Option<Vec<Tracking>> {
    let known = starts.iter().all(|(start, weight)| start.is_finite() && weight.is_finite());
    if !known || times.windows(2).any(|pair| pair[1] < pair[0]) {
        return None;
    }
    let mut starts = starts.to_vec();
    starts.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    // Customers of one start share one expectation.
    let mut merged: Vec<(f64, f64)> = Vec::new();
    for (start, weight) in starts {
        match merged.last_mut() {
            Some((last, sum)) if *last == start => *sum += weight,
            _ => merged.push((start, weight)),
        }
    }
    let mut before = 0.0;
    times
        .iter()
        .map(|&until| {
            if !until.is_finite() {
                return None;
            }
            let started = merged.iter().take_while(|(start, _)| *start < until);
            let mut cumulative = 0.0;
            for (start, weight) in started {
                cumulative += weight * model.expected_purchases(until - start)?;
            }
            let incremental = cumulative - before;
            before = cumulative;
            Some(Tracking { until, cumulative, incremental })
        })
        .collect()
}
