//! Cohorts: who was there is kept or lost, and what was paid is not kept more than once.

use crate::harness::{Case, none_wrong};
use crate::look::{Cells, SPLITS, default_of, near, part, value, variant_of};

/// Retention + logo churn = 1, over the same customers.
pub async fn retention_and_churn_make_one(case: &Case<'_>) -> Result<(), String> {
    let look = case.look().await?;
    let by = case.pick_after(2, &SPLITS);
    let periods = look.periods();
    let mut wrong = Vec::new();
    for variant in ["default", "by_usage", "by_purchase"] {
        let kept = look.cells(&variant_of("retention_rate", variant), &periods, by).await?;
        let lost = look.cells(&variant_of("logo_churn_rate", variant), &periods, by).await?;
        if kept.keys().ne(lost.keys()) {
            wrong.push(format!("{variant}: kept in {:?}, lost in {:?}", kept.keys(), lost.keys()));
            continue;
        }
        for ((place, kept), lost) in kept.iter().zip(lost.values()) {
            let one = match (value(kept), value(lost)) {
                (Some(kept), Some(lost)) => near(kept + lost, 1.0),
                (kept, lost) => kept.is_none() && lost.is_none(),
            };
            if !one || kept.n != lost.n {
                let figures = (value(kept), kept.n, value(lost), lost.n);
                wrong.push(format!("{variant} {} {:?}: kept, lost {figures:?}", periods[place.0].label, place.1));
            }
        }
    }
    none_wrong(wrong)
}

/// Cohort = retained + lost: those at the opening are the customers of the close before, and as many as are left and lost; a monthly cohort is
/// as large at every age.
pub async fn a_cohort_is_kept_or_lost(case: &Case<'_>) -> Result<(), String> {
    let look = case.look().await?;
    let by = case.pick_after(2, &SPLITS);
    let periods = look.periods();
    let mut wrong = Vec::new();
    let before = look.cells(&default_of("active_customers"), &look.previous(&periods), by).await?;
    let kept = look.cells(&default_of("retention_rate"), &periods, by).await?;
    for (place, customers) in &before {
        let cohort = kept.get(place).map_or(0, |cell| cell.n);
        if cohort != customers.n {
            let period = &periods[place.0].label;
            wrong.push(format!(
                "{period} {:?}: {} customers at the close before, a cohort of {cohort}",
                place.1, customers.n
            ));
        }
    }
    let opening: i64 = before.values().map(|cell| cell.n).sum();
    let cohorts: i64 = kept.values().map(|cell| cell.n).sum();
    if opening != cohorts {
        wrong.push(format!("{opening} customers at the closes before, cohorts of {cohorts}"));
    }
    // The same MRR opens a period as closed the one before.
    let mrr = look.cells(&default_of("mrr"), &look.previous(&periods), by).await?;
    for metric in ["nrr", "grr"] {
        for (place, cell) in look.cells(&variant_of(metric, "in_period"), &periods, by).await? {
            let closed = mrr.get(&place).map_or(Some(0.0), value);
            if let (Some(opening), Some(closed)) = (part(&cell, "opening_mrr"), closed)
                && !near(opening, closed)
            {
                wrong.push(format!(
                    "{metric} {} {:?}: opens with {opening}, closed with {closed}",
                    periods[place.0].label, place.1
                ));
            }
        }
    }
    wrong.extend(ages(&look.cells(&default_of("cohort_retention"), &periods[..15], by).await?));
    none_wrong(wrong)
}

/// Of a cohort by age: as many accounts at each age, no more kept than there are, at the first age all but those gone within the month.
fn ages(cells: &Cells) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut cohorts = std::collections::BTreeMap::new();
    for ((period, segment), cell) in cells {
        let candidates = cell.n + cell.excluded.iter().map(|(_, count)| count).sum::<i64>();
        let of = segment.iter().filter(|(name, _)| name != "age").cloned().collect::<Vec<_>>();
        let size = *cohorts.entry((*period, of)).or_insert(candidates);
        let share = value(cell);
        let kept = share.map_or(0.0, |share| share * cell.n as f64);
        let whole = near(kept, kept.round()) && share.is_none_or(|share| (0.0..=1.0).contains(&share));
        let (gross, net) = (part(cell, "gross_mrr"), part(cell, "net_mrr"));
        let bounded = gross.zip(net).is_none_or(|(gross, net)| gross <= 1.0 + 1e-9 && gross <= net + 1e-9);
        if candidates != size || !whole || !bounded {
            wrong.push(format!(
                "cohort {period} {segment:?}: {candidates} of {size}, share {share:?}, money {gross:?} {net:?}"
            ));
        }
    }
    wrong
}

/// GRR ≤ 1 and GRR ≤ NRR, in every variant and window; revenue churn is its complement.
pub async fn grr_is_bounded(case: &Case<'_>) -> Result<(), String> {
    let look = case.look().await?;
    let by = case.pick_after(2, &SPLITS);
    let periods = look.periods();
    let mut wrong = Vec::new();
    for variant in ["default", "in_period", "1_month", "3_months", "flow", "due_only", "reactivation_in"] {
        let gross = look.cells(&variant_of("grr", variant), &periods, by).await?;
        let net = look.cells(&variant_of("nrr", variant), &periods, by).await?;
        if gross.keys().ne(net.keys()) {
            wrong.push(format!("{variant}: gross in {:?}, net in {:?}", gross.keys(), net.keys()));
        }
        for (place, cell) in &gross {
            let (gross, net) = (value(cell), net.get(place).and_then(value));
            let bounded = gross.is_none_or(|gross| gross <= 1.0 + 1e-9);
            let below = gross.zip(net).is_none_or(|(gross, net)| gross <= net + 1e-9);
            if !bounded || !below || gross.is_some() != net.is_some() {
                wrong.push(format!("{variant} {} {:?}: gross {gross:?}, net {net:?}", periods[place.0].label, place.1));
            }
        }
    }
    for (id, variant, retained) in [("revenue_churn_rate", "default", "grr"), ("revenue_churn_rate", "net", "nrr")] {
        let lost = look.cells(&variant_of(id, variant), &periods, by).await?;
        let kept = look.cells(&variant_of(retained, "in_period"), &periods, by).await?;
        for (place, cell) in &lost {
            let both = value(cell).zip(kept.get(place).and_then(value));
            if both.is_some_and(|(lost, kept)| !near(lost + kept, 1.0)) {
                wrong.push(format!("{id}/{variant} {} {:?}: lost, kept {both:?}", periods[place.0].label, place.1));
            }
        }
    }
    none_wrong(wrong)
}

#[test]
fn retention_and_logo_churn_make_one() {
    crate::harness::hold("retention and churn make one", 8);
}

#[test]
fn every_cohort_is_retained_and_lost() {
    crate::harness::hold("a cohort is kept or lost", 6);
}

#[test]
fn grr_is_at_most_one_and_at_most_nrr() {
    crate::harness::hold("GRR is bounded", 6);
}
