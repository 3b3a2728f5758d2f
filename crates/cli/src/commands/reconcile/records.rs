//! A comparison for programs: one object with all of it, or a line a difference.

use crate::output;
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::value::RawValue;
use tenure_reconcile::{Difference, Reconciliation};

type Amount = Box<RawValue>;

#[derive(Serialize)]
struct Whole<'a> {
    metric: &'a str,
    period: &'a str,
    start: String,
    end: String,
    file: &'a str,
    unit: &'static str,
    currency: Option<&'a str>,
    ours: Amount,
    theirs: Amount,
    difference: Amount,
    sum_of_differences: Amount,
    rounding: Amount,
    groups: Vec<Group>,
    causes: Vec<OfCause>,
    differences: Vec<Record<'a>>,
    notes: &'a [String],
    observed_to: String,
    catalogue: &'a str,
    lake_version: u64,
}

#[derive(Serialize)]
struct Group {
    group: String,
    accounts: usize,
    ours: Amount,
    theirs: Amount,
    difference: Amount,
}

#[derive(Serialize)]
struct OfCause {
    cause: String,
    differences: usize,
    difference: Amount,
}

#[derive(Serialize)]
struct Record<'a> {
    account_id: &'a str,
    name: Option<&'a str>,
    side: String,
    ours: Option<Amount>,
    theirs: Option<Amount>,
    difference: Amount,
    cause: String,
    evidence: &'a str,
    lines: &'a [u64],
}

/// The JSON text.
pub(super) fn json(found: &Reconciliation) -> Result<String, serde_json::Error> {
    let amount = |value: Decimal| RawValue::from_string(text(found, value));
    let groups = found.tallies.iter().map(|tally| {
        Ok(Group {
            group: id(tally.group.name()),
            accounts: tally.accounts,
            ours: amount(tally.ours)?,
            theirs: amount(tally.theirs)?,
            difference: amount(tally.difference())?,
        })
    });
    let causes = found.causes.iter().map(|(cause, differences, sum)| {
        Ok(OfCause { cause: cause.id(), differences: *differences, difference: amount(*sum)? })
    });
    let differences = found.differences.iter().map(|difference| {
        Ok(Record {
            account_id: &difference.account,
            name: difference.name.as_deref(),
            side: id(difference.side.name()),
            ours: difference.ours.map(amount).transpose()?,
            theirs: difference.theirs.map(amount).transpose()?,
            difference: amount(difference.amount())?,
            cause: difference.cause.id(),
            evidence: &difference.evidence,
            lines: &difference.lines,
        })
    });
    let whole = Whole {
        metric: found.measure.metric,
        period: &found.period.label,
        start: found.period.start.to_string(),
        end: found.period.end.to_string(),
        file: &found.file,
        unit: if found.measure.is_money() { "money" } else { "count" },
        currency: found.measure.is_money().then_some(&found.currency),
        ours: amount(found.ours)?,
        theirs: amount(found.theirs)?,
        difference: amount(found.ours - found.theirs)?,
        sum_of_differences: amount(found.sum())?,
        rounding: amount(found.rounding())?,
        groups: groups.collect::<Result<_, serde_json::Error>>()?,
        causes: causes.collect::<Result<_, serde_json::Error>>()?,
        differences: differences.collect::<Result<_, serde_json::Error>>()?,
        notes: &found.notes,
        observed_to: found.observed_to.to_string(),
        catalogue: &found.catalogue,
        lake_version: found.lake_version,
    };
    output::json(&[whole])
}

/// The columns of a difference in CSV.
pub(super) fn columns() -> Vec<String> {
    ["account_id", "name", "side", "ours", "theirs", "difference", "cause", "evidence", "lines"]
        .map(str::to_owned)
        .into()
}

/// A row a difference.
pub(super) fn rows(found: &Reconciliation) -> Vec<Vec<Option<String>>> {
    let row = |difference: &Difference| {
        let lines: Vec<String> = difference.lines.iter().map(u64::to_string).collect();
        vec![
            Some(difference.account.clone()),
            difference.name.clone(),
            Some(id(difference.side.name())),
            difference.ours.map(|value| text(found, value)),
            difference.theirs.map(|value| text(found, value)),
            Some(text(found, difference.amount())),
            Some(difference.cause.id()),
            Some(difference.evidence.clone()),
            Some(lines.join(" ")),
        ]
    };
    found.differences.iter().map(row).collect()
}

fn id(name: &str) -> String {
    name.replace(' ', "_")
}

fn text(found: &Reconciliation, value: Decimal) -> String {
    if found.measure.is_money() { format!("{value:.2}") } else { value.normalize().to_string() }
}
