//! Opening and movements make the close, in money and in customers, for every period and segment.

use crate::harness::{Case, none_wrong};
use crate::look::{SPLITS, default_of, near, value, variant_of};
use std::collections::BTreeSet;
use tenure_engine::MetricRef;

/// The lines between opening and close, with their signs.
const LINES: [(&str, f64); 8] = [
    ("new_mrr", 1.0),
    ("reactivation_mrr", 1.0),
    ("expansion_mrr", 1.0),
    ("contraction_mrr", -1.0),
    ("churned_mrr", -1.0),
    ("fx_mrr", 1.0),
    ("moved_in_mrr", 1.0),
    ("moved_out_mrr", -1.0),
];

/// A line in one of the three bridges: variants that a metric does not have leave its default.
fn in_bridge(id: &str, variant: &str) -> MetricRef {
    match (id, variant) {
        (_, "endpoint") | ("new_mrr" | "reactivation_mrr", "within_90_days") => variant_of(id, variant),
        _ => default_of(id),
    }
}

/// Opening + new + reactivation + expansion − contraction − churn + exchange rates + moved in − moved out = closing.
pub async fn mrr_ties_out(case: &Case<'_>) -> Result<(), String> {
    let look = case.look().await?;
    let by = case.pick_after(2, &SPLITS);
    let periods = look.periods();
    let opening = look.cells(&default_of("mrr"), &look.previous(&periods), by).await?;
    let closing = look.cells(&default_of("mrr"), &periods, by).await?;
    let mut wrong = Vec::new();
    for bridge in ["default", "endpoint", "within_90_days"] {
        let mut sums = vec![(-1.0, closing.clone()), (1.0, opening.clone())];
        for (id, sign) in LINES {
            sums.push((sign, look.cells(&in_bridge(id, bridge), &periods, by).await?));
        }
        let places: BTreeSet<_> = sums.iter().flat_map(|(_, cells)| cells.keys()).collect();
        for place in places {
            // A segment without rows has none of it; one that is unknown cannot be added up.
            let figures = sums.iter().map(|(sign, cells)| cells.get(place).map_or(Some(0.0), value).map(|v| sign * v));
            let Some(figures) = figures.collect::<Option<Vec<f64>>>() else { continue };
            let apart: f64 = figures.iter().sum();
            if apart.abs() > 1e-4 {
                let period = &periods[place.0].label;
                wrong
                    .push(format!("{bridge} {period} {:?}: {apart} apart: close, opening, lines {figures:?}", place.1));
            }
        }
    }
    none_wrong(wrong)
}

/// What moves out of one segment moves into another: over all of them it is nothing.
pub async fn moves_cancel_out(case: &Case<'_>) -> Result<(), String> {
    let look = case.look().await?;
    let by = case.pick_after(2, &SPLITS);
    let periods = look.periods();
    let mut wrong = Vec::new();
    for variant in ["default", "endpoint"] {
        let moved_in = look.cells(&variant_of("moved_in_mrr", variant), &periods, by).await?;
        let moved_out = look.cells(&variant_of("moved_out_mrr", variant), &periods, by).await?;
        for (place, period) in periods.iter().enumerate() {
            let signed = moved_in.iter().map(|cell| (1.0, cell)).chain(moved_out.iter().map(|cell| (-1.0, cell)));
            let of_period =
                signed.filter(|(_, ((of, _), _))| *of == place).map(|(sign, (_, cell))| Some(sign * value(cell)?));
            let Some(all) = of_period.collect::<Option<Vec<f64>>>() else { continue };
            let sum: f64 = all.iter().sum();
            if sum.abs() > 1e-4 {
                wrong.push(format!("{variant} {}: {sum} over {by:?}", period.label));
            }
        }
    }
    none_wrong(wrong)
}

/// Customers at the opening, who came and who left make those at the close: of the whole and of each account, which nothing leaves.
pub async fn customers_tie_out(case: &Case<'_>) -> Result<(), String> {
    let look = case.look().await?;
    let by: &[&str] = case.pick_after(2, &[&[] as &[&str], &["account"]]);
    let periods = look.periods();
    let customers = default_of("active_customers");
    let opening = look.cells(&customers, &look.previous(&periods), by).await?;
    let closing = look.cells(&customers, &periods, by).await?;
    let mut wrong = Vec::new();
    for bridge in ["default", "endpoint"] {
        let mut sums = vec![(-1, &closing), (1, &opening)];
        let won = look.cells(&variant_of("new_mrr", bridge), &periods, by).await?;
        let returned = look.cells(&variant_of("reactivation_mrr", bridge), &periods, by).await?;
        let lost = look.cells(&variant_of("churned_mrr", bridge), &periods, by).await?;
        sums.extend([(1, &won), (1, &returned), (-1, &lost)]);
        let places: BTreeSet<_> = sums.iter().flat_map(|(_, cells)| cells.keys()).collect();
        for place in places {
            let counts: Vec<i64> =
                sums.iter().map(|(sign, cells)| sign * cells.get(place).map_or(0, |cell| cell.n)).collect();
            if counts.iter().sum::<i64>() != 0 {
                let period = &periods[place.0].label;
                wrong.push(format!("{bridge} {period} {:?}: close, opening, new, back, lost {counts:?}", place.1));
            }
        }
        if bridge == "default" {
            for (place, cell) in &closing {
                if let Some(customers) = value(cell).filter(|customers| !near(*customers, cell.n as f64)) {
                    wrong.push(format!("{place:?}: {customers} customers, {} rows", cell.n));
                }
            }
        }
    }
    none_wrong(wrong)
}

#[test]
fn mrr_ties_out_for_every_period_and_segment() {
    crate::harness::hold("mrr ties out", 12);
}

#[test]
fn moves_between_segments_cancel_out() {
    crate::harness::hold("moves cancel out", 8);
}

#[test]
fn customers_tie_out_for_every_period() {
    crate::harness::hold("customers tie out", 4);
}
