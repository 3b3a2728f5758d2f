//! A forecast for programs: one object with all of it, or a line a term due.

use super::Told;
use serde_json::{Value, json};
use tenure_outlook::OrReason;
use tenure_outlook::forecast::{Due, Quarter, Retention, Share, Spread};

/// The whole answer.
pub(super) fn json(told: &Told<'_>) -> Value {
    let found = told.found;
    let retention = found.retention.as_ref();
    json!({
        "today": found.today.to_string(),
        "customers": found.customers,
        "mrr": figure(&found.mrr),
        "currency": told.currency(),
        "retention": retention.ok().map(|all| all.iter().map(stretch).collect::<Vec<_>>()),
        "reason": retention.err(),
        "quarters": found.renewals.quarters.iter().map(quarter).collect::<Vec<_>>(),
        "due": found.renewals.due.iter().map(|one| due(one, told)).collect::<Vec<_>>(),
        "closed_quarters": found.closed_quarters,
        "decided_terms": found.decided_terms,
        "observed_to": told.observed_to.to_string(),
        "catalogue": told.session.engine.catalogue_hash(),
        "lake_version": told.session.engine.lake_version(),
    })
}

fn stretch(one: &Retention) -> Value {
    json!({ "period": one.period.label, "start": one.period.start.to_string(), "end": one.period.end.to_string(),
            "nrr": spread(&one.nrr), "grr": spread(&one.grr) })
}

/// A figure in many futures.
pub(super) fn spread(found: &Spread) -> Value {
    json!({ "median": found.median, "mean": found.mean, "low_80": found.range80.low, "high_80": found.range80.high,
            "low_95": found.range95.low, "high_95": found.range95.high })
}

fn quarter(one: &Quarter) -> Value {
    let evergreen = one.evergreen.as_ref();
    let segments = one.segments.iter().map(|(value, share)| {
        let mut told = sums(share);
        told["segment"] = json!(value);
        told
    });
    json!({
        "period": one.period.label,
        "renewals": sums(&one.all),
        "spread": one.spread.as_ref().map(spread),
        "segments": segments.collect::<Vec<_>>(),
        "evergreen": match evergreen {
            Ok(found) => json!({ "subscriptions": found.units, "opening": money(found.opening), "expected": money(found.expected), "reason": null }),
            Err(reason) => json!({ "subscriptions": null, "opening": null, "expected": null, "reason": reason }),
        },
    })
}

fn sums(share: &Share) -> Value {
    json!({ "terms": share.terms, "mrr": figure(&share.mrr), "expected": figure(&share.expected),
            "reason": share.mrr.as_ref().err().or(share.expected.as_ref().err()) })
}

fn due(one: &Due, told: &Told<'_>) -> Value {
    let chance = one.chance.as_ref().ok();
    json!({
        "account_id": one.account,
        "name": one.name,
        "product": one.product,
        "plan": one.plan,
        "segment": told.by.map(|name| json!({ name: one.segment })),
        "due": one.due.to_string(),
        "overdue": one.overdue,
        "quarter": told.found.renewals.quarters.get(one.quarter).map(|quarter| &quarter.period.label),
        "term_months": one.term_months,
        "mrr": figure(&one.mrr),
        "chance": chance.map(|chance| chance.chance),
        "low": chance.map(|chance| chance.low),
        "high": chance.map(|chance| chance.high),
        "expected": figure(&one.expected()),
        "alike": one.alike,
        "reason": one.chance.as_ref().err().or(one.mrr.as_ref().err()),
    })
}

/// The columns of a term due in CSV.
pub(super) fn columns(by: Option<&str>) -> Vec<String> {
    let own = [
        "account_id",
        "name",
        "product",
        "plan",
        "due",
        "overdue",
        "quarter",
        "term_months",
        "mrr",
        "currency",
        "chance",
        "low",
        "high",
        "expected",
        "alike",
        "reason",
    ];
    own.iter().map(|name| (*name).to_owned()).chain(by.map(|name| format!("segment.{name}"))).collect()
}

/// A row a term due.
pub(super) fn rows(told: &Told<'_>) -> Vec<Vec<Option<String>>> {
    let row = |one: &Due| {
        let chance = one.chance.as_ref().ok();
        let figure = |figure: &OrReason<f64>| figure.as_ref().ok().map(|value| format!("{value:.2}"));
        let quarter = told.found.renewals.quarters.get(one.quarter).map(|quarter| quarter.period.label.clone());
        let reason = one.chance.as_ref().err().or(one.mrr.as_ref().err()).cloned();
        let mut row = vec![
            Some(one.account.clone()),
            one.name.clone(),
            one.product.clone(),
            one.plan.clone(),
            Some(one.due.to_string()),
            Some(one.overdue.to_string()),
            quarter,
            Some(one.term_months.to_string()),
            figure(&one.mrr),
            Some(told.currency().to_owned()),
            chance.map(|chance| chance.chance.to_string()),
            chance.map(|chance| chance.low.to_string()),
            chance.map(|chance| chance.high.to_string()),
            figure(&one.expected()),
            Some(one.alike.to_string()),
            reason,
        ];
        row.extend(told.by.map(|_| one.segment.clone()));
        row
    };
    told.found.renewals.due.iter().map(row).collect()
}

fn figure(figure: &OrReason<f64>) -> Option<f64> {
    figure.as_ref().ok().map(|value| money(*value))
}

/// Money to the cent.
fn money(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
