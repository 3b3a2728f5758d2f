//! One customer's risk, and all it is made of.

use super::super::lines;
use super::told::{chance, judged, money, title, value};
use super::{AtRisk, Risks, warnings};
use crate::args::Form;
use crate::exit::Outcome;
use crate::output;
use crate::printer::{Printer, rendered};
use crate::table::{Column, Table, Text, Tone};
use serde_json::json;
use std::path::Path;
use tenure_backtest::Contribution;

/// All that speaks for and against one customer's leaving.
pub(super) fn told(
    one: &AtRisk<'_>,
    risks: &Risks<'_>,
    form: Form,
    printer: &Printer,
    file: Option<&Path>,
) -> Outcome<String> {
    Ok(match form {
        Form::Json => {
            let record = json!({
                "day": risks.day.to_string(),
                "horizon": risks.horizon,
                "model": risks.model.kind(),
                "chosen": risks.chosen,
                "leaks": risks.leaks,
                "account_id": one.of.observed.customer.account,
                "name": one.of.observed.customer.name,
                "risk": one.risk,
            });
            serde_json::to_string_pretty(&record)? + "\n"
        }
        Form::Csv => csv(one)?,
        Form::Table => {
            let mut text = lines(printer, Tone::Strong, &heading(one, risks));
            text += &lines(printer, Tone::Faint, &judged(risks));
            text += &warnings(risks.leaks, printer);
            text += &format!("\n{}", rendered(printer, &table(one, risks), file));
            let said = "adds: log-odds, from the average customer on; the probability is that of the sum so far. Signals that \
                        add nothing are left out.";
            text + &format!("\n{}", lines(printer, Tone::Faint, said))
        }
    })
}

fn heading(one: &AtRisk<'_>, risks: &Risks<'_>) -> String {
    format!(
        "{} ({}) leaves within {} days of the end of {} with a probability of {}: {} of {} MRR at risk",
        one.name(),
        one.of.observed.customer.account,
        risks.horizon,
        risks.day,
        chance(one.risk.probability),
        money(one.at_risk, risks.currency),
        money(one.of.observed.customer.mrr, risks.currency),
    )
}

fn table(one: &AtRisk<'_>, risks: &Risks<'_>) -> Table {
    let mut table = Table::new(vec![
        Column::words("Signal").wraps_to(14),
        Column::numbers("value"),
        Column::numbers("adds"),
        Column::numbers("probability"),
    ]);
    let mut sum = one.risk.base;
    table.row(vec!["the average customer".into(), "".into(), signed(sum).into(), so_far(sum).into()]);
    for part in heaviest(one) {
        sum += part.part;
        let tone = if part.part > 0.0 { Tone::Bad } else { Tone::Good };
        table.row(vec![
            title(part, risks).into(),
            value(part, risks).into(),
            Text::toned(tone, signed(part.part)),
            so_far(sum).into(),
        ]);
    }
    let strong = |text: String| Text::toned(Tone::Strong, text);
    table.row(vec![
        strong("together".to_owned()),
        "".into(),
        strong(signed(one.risk.log_odds)),
        strong(chance(one.risk.probability)),
    ]);
    table
}

/// What adds anything, the most first.
fn heaviest<'a>(one: &'a AtRisk<'_>) -> Vec<&'a Contribution> {
    let mut parts: Vec<&Contribution> = one.risk.contributions.iter().filter(|part| part.part != 0.0).collect();
    parts.sort_by(|a, b| b.part.abs().total_cmp(&a.part.abs()));
    parts
}

fn signed(log_odds: f64) -> String {
    format!("{}{:.3}", if log_odds < 0.0 { "−" } else { "+" }, log_odds.abs())
}

fn so_far(log_odds: f64) -> String {
    chance(1.0 / (1.0 + (-log_odds).exp()))
}

fn csv(one: &AtRisk<'_>) -> Outcome<String> {
    let row = |name: &str, value: Option<f64>, adds: f64| {
        vec![Some(name.to_owned()), value.map(|value| value.to_string()), Some(adds.to_string())]
    };
    let mut rows = vec![row("base", None, one.risk.base)];
    rows.extend(one.risk.contributions.iter().map(|part| row(&part.signal, part.value, part.part)));
    rows.push(row("log_odds", None, one.risk.log_odds));
    rows.push(row("probability", None, one.risk.probability));
    Ok(output::rows_csv(&["signal", "value", "adds"].map(str::to_owned), &rows)?)
}
