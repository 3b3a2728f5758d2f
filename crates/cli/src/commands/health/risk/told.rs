//! All customers by what is at risk.

use super::super::{figures, lines};
use super::{AtRisk, Risks, warnings};
use crate::args::{Form, HealthRiskArgs};
use crate::exit::Outcome;
use crate::output;
use crate::people::{self, Detail};
use crate::printer::{Printer, rendered};
use crate::table::{Column, Table, Tone};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use tenure_backtest::{Contribution, words};
use tenure_catalog::Unit;
use tenure_engine::Number;

/// How many signals are told of each customer.
const REASONS: usize = 3;

/// Customers in order of what is at risk.
pub(super) fn all(risks: &Risks<'_>, args: &HealthRiskArgs, printer: &Printer, file: Option<&Path>) -> Outcome<String> {
    let shown = &risks.customers[..args.limit.limit.min(risks.customers.len())];
    Ok(match args.output.format {
        Form::Json => serde_json::to_string_pretty(&record(risks, shown, args.by.as_deref()))? + "\n",
        Form::Csv => csv(risks, shown)?,
        Form::Table => {
            let mut text = lines(printer, Tone::Strong, &heading(risks)) + &lines(printer, Tone::Faint, &judged(risks));
            text += &warnings(risks.leaks, printer);
            text += &format!("\n{}", rendered(printer, &table(risks, shown), file));
            if let Some(by) = &args.by {
                text += &format!("\n{}", rendered(printer, &segments(risks, by), file));
            }
            text + &foot(risks, shown.len(), printer)
        }
    })
}

fn heading(risks: &Risks<'_>) -> String {
    let expected: f64 = risks.customers.iter().map(|one| one.risk.probability).sum();
    let sum = |pick: fn(&AtRisk<'_>) -> Option<Decimal>| risks.customers.iter().filter_map(pick).sum::<Decimal>();
    format!(
        "Leaving within {} days of the end of {}: {expected:.1} of {} customers expected, {} of {} MRR",
        risks.horizon,
        risks.day,
        people::count(risks.customers.len()),
        money(Some(sum(|one| one.at_risk)), risks.currency),
        money(Some(sum(|one| one.of.observed.customer.mrr)), risks.currency),
    )
}

/// What the numbers come from, and how good they were.
pub(super) fn judged(risks: &Risks<'_>) -> String {
    let chosen = risks.chosen.as_ref().map(words::chosen).unwrap_or_default();
    let (rows, accounts) = risks.model.size();
    let (rows, accounts) = (people::count(rows), people::count(accounts));
    format!("model: {chosen}. In the past: {}. Fitted on {rows} observations of {accounts} customers.", risks.auc)
}

fn table(risks: &Risks<'_>, shown: &[AtRisk<'_>]) -> Table {
    let mut table = Table::new(vec![
        Column::words("Customer").wraps_to(12),
        Column::numbers("leaves"),
        Column::numbers("MRR").rank(1),
        Column::numbers("at risk"),
        Column::words("because").wraps_to(24),
    ]);
    for one in shown {
        table.row(vec![
            one.name().into(),
            chance(one.risk.probability).into(),
            money(one.of.observed.customer.mrr, risks.currency).into(),
            money(one.at_risk, risks.currency).into(),
            reasons(one, risks).join("; ").into(),
        ]);
    }
    table.in_full("--format csv")
}

/// What is at risk by an attribute, the most first.
fn segments(risks: &Risks<'_>, by: &str) -> Table {
    let mut sums: BTreeMap<Option<&str>, (usize, f64, Decimal, Decimal)> = BTreeMap::new();
    for one in &risks.customers {
        let sum = sums.entry(segment(one, by)).or_default();
        sum.0 += 1;
        sum.1 += one.risk.probability;
        sum.2 += one.of.observed.customer.mrr.unwrap_or_default();
        sum.3 += one.at_risk.unwrap_or_default();
    }
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_by_key(|(_, sum)| std::cmp::Reverse(sum.3));
    let mut table = Table::new(vec![
        Column::words(by),
        Column::numbers("customers"),
        Column::numbers("leave"),
        Column::numbers("MRR"),
        Column::numbers("at risk"),
    ]);
    for (name, (customers, leave, mrr, at_risk)) in sums {
        table.row(vec![
            name.unwrap_or("(none)").into(),
            people::count(customers).into(),
            format!("{leave:.1}").into(),
            money(Some(mrr), risks.currency).into(),
            money(Some(at_risk), risks.currency).into(),
        ]);
    }
    table
}

fn segment<'a>(one: &AtRisk<'a>, by: &str) -> Option<&'a str> {
    one.of.observed.traits.get(by).map(String::as_str)
}

fn foot(risks: &Risks<'_>, shown: usize, printer: &Printer) -> String {
    let all = risks.customers.len();
    let more = if shown < all { format!("{} more with --limit. ", people::count(all - shown)) } else { String::new() };
    let said = format!("{more}at risk: MRR × probability. A reason speaks for leaving; it need not be the cause.");
    format!("\n{}", lines(printer, Tone::Faint, &said))
}

/// The signals that speak most for leaving.
fn most(one: &AtRisk<'_>) -> Vec<Contribution> {
    let mut parts: Vec<Contribution> = one.risk.contributions.iter().filter(|part| part.part > 0.0).cloned().collect();
    parts.sort_by(|a, b| b.part.total_cmp(&a.part));
    parts.truncate(REASONS);
    parts
}

fn reasons(one: &AtRisk<'_>, risks: &Risks<'_>) -> Vec<String> {
    let told = |part: &Contribution| format!("{} {}", title(part, risks).to_lowercase(), value(part, risks));
    most(one).iter().map(told).collect()
}

/// A signal's name for people.
pub(super) fn title(part: &Contribution, risks: &Risks<'_>) -> String {
    risks.scorecards.signal(&part.signal).map_or_else(|| part.signal.clone(), |signal| signal.title.clone())
}

/// A signal's value in its unit.
pub(super) fn value(part: &Contribution, risks: &Risks<'_>) -> String {
    let unit = risks.scorecards.signal(&part.signal).map_or("", |signal| signal.unit.as_str());
    let seen = part.value.and_then(Decimal::from_f64);
    seen.map_or_else(|| "not known".to_owned(), |seen| figures::value(seen, unit))
}

/// A probability for people: never a bare 0 % or 100 %.
pub(super) fn chance(probability: f64) -> String {
    match probability {
        ..0.001 => "<0.1%".to_owned(),
        probability if probability > 0.999 => ">99.9%".to_owned(),
        probability => people::percent(Number::Float(probability)),
    }
}

pub(super) fn money(amount: Option<Decimal>, currency: &str) -> String {
    let told = |amount| people::figure(Number::Exact(amount), Unit::Money, Some(currency), Detail::Brief);
    amount.map_or_else(|| "–".to_owned(), told)
}

fn record(risks: &Risks<'_>, shown: &[AtRisk<'_>], by: Option<&str>) -> Value {
    let customers: Vec<Value> = shown
        .iter()
        .map(|one| {
            let customer = &one.of.observed.customer;
            let reasons: Vec<Value> = most(one).iter().map(|part| json!(part)).collect();
            let mut record = json!({
                "account_id": customer.account,
                "name": customer.name,
                "probability": one.risk.probability,
                "mrr": figures::exact(customer.mrr.map(|mrr| mrr.round_dp(2))),
                "at_risk": figures::exact(one.at_risk.map(|amount| amount.round_dp(2))),
                "currency": risks.currency,
                "because": reasons,
            });
            if let Some(by) = by {
                record[by] = json!(segment(one, by));
            }
            record
        })
        .collect();
    json!({
        "day": risks.day.to_string(),
        "horizon": risks.horizon,
        "model": risks.model.kind(),
        "chosen": risks.chosen,
        "leaks": risks.leaks,
        "customers": customers,
    })
}

const COLUMNS: [&str; 9] =
    ["day", "horizon", "account_id", "name", "probability", "mrr", "at_risk", "because", "not_enough"];

fn csv(risks: &Risks<'_>, shown: &[AtRisk<'_>]) -> Outcome<String> {
    let row = |one: &AtRisk<'_>| {
        let customer = &one.of.observed.customer;
        vec![
            Some(risks.day.to_string()),
            Some(risks.horizon.to_string()),
            Some(customer.account.clone()),
            customer.name.clone(),
            Some(one.risk.probability.to_string()),
            customer.mrr.map(|mrr| mrr.round_dp(2).to_string()),
            one.at_risk.map(|amount| amount.round_dp(2).to_string()),
            Some(reasons(one, risks).join("; ")),
            None,
        ]
    };
    let rows: Vec<Vec<Option<String>>> = shown.iter().map(row).collect();
    Ok(output::rows_csv(&COLUMNS.map(str::to_owned), &rows)?)
}

/// One row that says why there are none.
pub(super) fn csv_without(why: &str) -> Outcome<String> {
    let mut row = vec![None; COLUMNS.len()];
    row[COLUMNS.len() - 1] = Some(why.to_owned());
    Ok(output::rows_csv(&COLUMNS.map(str::to_owned), &[row])?)
}

#[cfg(test)]
mod tests {
    use super::chance;

    #[test]
    fn a_chance_is_never_none_or_all() {
        let told = [0.0, 0.0009, 0.001, 0.0125, 0.25, 0.999, 0.9991, 1.0].map(chance);
        assert_eq!(told, ["<0.1%", "<0.1%", "0.10%", "1.25%", "25.0%", "99.9%", ">99.9%", ">99.9%"]);
    }
}
