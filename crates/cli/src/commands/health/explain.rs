//! `tenure health explain`: a change of score, split exactly.

use super::figures;
use super::{day, open};
use crate::args::{Form, HealthExplainArgs};
use crate::exit::{Exit, Failure, Outcome};
use crate::output;
use crate::printer::{Printer, rendered};
use crate::session::Context;
use crate::table::{Column, Table, Text, Tone};
use jiff::Span;
use serde_json::{Value, json};
use tenure_health::{Explained, Health, explained};
use tenure_scorecard::{Cause, Explanation};

/// Explains a change.
pub(crate) async fn run(context: &Context, args: &HealthExplainArgs, printer: &mut Printer) -> Outcome {
    let (_, health) = open(context).await?;
    let to = day(&health, args.to.as_deref(), "--to")?;
    let from = match &args.from {
        Some(typed) => day(&health, Some(typed), "--from")?,
        None => to.checked_sub(Span::new().days(28)).map_err(|error| Failure::usage(error.to_string()))?,
    };
    let [then, now] = match args.restate {
        true => [health.clone(), health],
        false => [health.as_on(from).await?, health.as_on(to).await?],
    };
    let explained = explained(&then, &now, &args.account, from, to).await?;
    let file = args.output.output.as_deref();
    let text = match args.output.format {
        Form::Json => serde_json::to_string_pretty(&record(&explained))? + "\n",
        Form::Csv => csv(explained.explanation.as_ref())?,
        Form::Table => told(&explained, &now, printer, file),
    };
    printer.document(&text, file)?;
    Ok(Exit::Done)
}

fn told(of: &Explained<'_>, health: &Health, printer: &Printer, file: Option<&std::path::Path>) -> String {
    let customer = &of.after.observed.customer;
    let name = customer.name.as_deref().unwrap_or(&customer.account);
    let (from, to) = (of.before.observed.day, of.after.observed.day);
    let Some(explanation) = &of.explanation else {
        return format!("{name}: no scorecard is for this customer on one of the days\n");
    };
    let Some(change) = explanation.change else {
        let reason = explanation.before.reason.or(explanation.after.reason).unwrap_or_default();
        return format!("{name}: there is no score on one of the days: {reason}\n");
    };
    let title = format!(
        "{name} ({}): {} at the end of {from}, {} at the end of {to}: {}",
        customer.account,
        figures::score(explanation.before.value),
        figures::score(explanation.after.value),
        figures::change(change),
    );
    let mut table = Table::new(vec![
        Column::numbers("effect"),
        Column::words("what happened").wraps_to(24),
        Column::words("kind").rank(1),
    ]);
    for cause in &explanation.causes {
        let tone = if cause.effect.is_sign_negative() { Tone::Bad } else { Tone::Good };
        table.row(vec![
            Text::toned(tone, exactly(cause)),
            figures::cause(cause, health.scorecards()).into(),
            cause.kind.word().into(),
        ]);
    }
    table.row(vec![
        Text::toned(Tone::Strong, signed(change)),
        Text::toned(Tone::Strong, "the change, exactly"),
        "".into(),
    ]);
    let edited = of.edited.then(|| {
        let said = format!("The scorecards were edited between the two days. By those of {to} alone: --restate.");
        super::lines(printer, Tone::Faint, &said) + "\n"
    });
    let title = super::lines(printer, Tone::Strong, &title);
    format!("{title}\n{}{}", edited.unwrap_or_default(), rendered(printer, &table, file))
}

fn exactly(cause: &Cause) -> String {
    signed(cause.effect)
}

/// With all its digits: the causes are to be added up.
fn signed(value: rust_decimal::Decimal) -> String {
    let sign = if value.is_sign_negative() && !value.is_zero() { "−" } else { "+" };
    format!("{sign}{:.6}", value.abs())
}

fn record(of: &Explained<'_>) -> Value {
    let explanation = of.explanation.as_ref();
    let causes: Vec<Value> = explanation
        .iter()
        .flat_map(|explanation| &explanation.causes)
        .map(|cause| {
            json!({
                "kind": cause.kind.word(),
                "signal": cause.signal,
                "before": figures::exact(cause.before.map(|seen| seen.value)),
                "after": figures::exact(cause.after.map(|seen| seen.value)),
                "effect": figures::exact(Some(cause.effect)),
            })
        })
        .collect();
    json!({
        "account_id": of.after.observed.customer.account,
        "from": of.before.observed.day.to_string(),
        "to": of.after.observed.day.to_string(),
        "scorecard_from": of.before.card.map(|card| &card.id),
        "scorecard_to": of.after.card.map(|card| &card.id),
        "version_from": of.before.card.map(|card| &card.version),
        "version_to": of.after.card.map(|card| &card.version),
        "before": figures::exact(explanation.and_then(|explanation| explanation.before.value)),
        "after": figures::exact(explanation.and_then(|explanation| explanation.after.value)),
        "change": figures::exact(explanation.and_then(|explanation| explanation.change)),
        "causes": causes,
    })
}

fn csv(explanation: Option<&Explanation>) -> Outcome<String> {
    let columns = ["kind", "signal", "before", "after", "effect"].map(str::to_owned);
    let row = |cause: &Cause| {
        vec![
            Some(cause.kind.word().to_owned()),
            cause.signal.clone(),
            cause.before.map(|seen| seen.value.to_string()),
            cause.after.map(|seen| seen.value.to_string()),
            Some(cause.effect.to_string()),
        ]
    };
    let rows: Vec<Vec<Option<String>>> = explanation.iter().flat_map(|one| &one.causes).map(row).collect();
    Ok(output::rows_csv(&columns, &rows)?)
}
