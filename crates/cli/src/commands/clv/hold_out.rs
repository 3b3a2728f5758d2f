//! `tenure clv hold-out`: each model fitted to the past, against what has come since.

use super::{lines, metric};
use crate::args::{ClvHoldOutArgs, Form};
use crate::exit::{Exit, Outcome};
use crate::output;
use crate::people;
use crate::printer::{Printer, rendered};
use crate::session::Session;
use crate::table::{Column, Row, Table, Text, Tone};
use serde_json::{Value, json};
use std::path::Path;
use tenure_outlook::lifetime_value::{self, HoldOut, Model};
use tenure_schema::period::{Grain, Period};

/// What the steps of a model count.
fn counted(model: Model) -> &'static str {
    if model.of_contracts() { "customers still there" } else { "months with purchases since" }
}

/// Holds the models against what came.
pub(super) async fn run(session: &Session, args: &ClvHoldOutArgs, printer: &mut Printer) -> Outcome {
    let found = ask(session, args.fitted.months).await?;
    let file = args.shown.output.output.as_deref();
    let text = match args.shown.output.format {
        Form::Json => serde_json::to_string_pretty(&record(&found))? + "\n",
        Form::Csv => csv(&found)?,
        Form::Table => told(&found, printer, file),
    };
    printer.document(&text, file)?;
    Ok(Exit::Done)
}

/// The models fitted so many months before the last complete one; none of a family of which there was nobody.
pub(in crate::commands) async fn ask(session: &Session, months: u32) -> Outcome<Vec<HoldOut>> {
    let mut found = Vec::new();
    // Lives and purchases may be known until different days: each family of models is held out up to its own.
    for of_contracts in [true, false] {
        let variant = if of_contracts { Model::Sbg } else { Model::BgNbd };
        let now = session.observed_to(&[metric(Some(variant.id()))])?;
        let months = Period::last(months + 1, Grain::Month, now, &session.engine.clock())?;
        let all = lifetime_value::hold_out(&session.engine, &months, now).await?;
        found.extend(all.into_iter().filter(|one| one.customers > 0 && one.model.of_contracts() == of_contracts));
    }
    Ok(found)
}

fn told(found: &[HoldOut], printer: &Printer, file: Option<&Path>) -> String {
    let mut table = Table::new(vec![
        Column::words("Month"),
        Column::numbers("expected"),
        Column::numbers("came"),
        Column::numbers("off"),
    ]);
    let mut without = String::new();
    for one in found {
        if let Some(reason) = &one.reason {
            without += &lines(
                printer,
                Tone::Faint,
                &format!("{}: no fit at the end of {}: {reason}", one.model.id(), one.known.label),
            );
            continue;
        }
        let of = format!("{}: {}, of {}", one.model.id(), counted(one.model), people::count(one.customers));
        table.line(Row::Heading(of));
        for step in &one.steps {
            let off = if step.actual > 0.0 { off(step.expected / step.actual - 1.0) } else { "–".into() };
            table.row(vec![
                step.month.label.as_str().into(),
                format!("{:.1}", step.expected).into(),
                format!("{:.0}", step.actual).into(),
                off,
            ]);
        }
    }
    let title = printer.palette.paint(Tone::Strong, "Lifetime value: the models held against what came");
    let Some(first) = found.first() else { return format!("{title}\n\nthere was nobody to fit a model to\n") };
    let about =
        format!("fitted to what had happened by the end of {}; figures are counted up from there", first.known.label);
    let shown = if found.iter().any(|one| one.reason.is_none()) {
        rendered(printer, &table, file) + "\n"
    } else {
        String::new()
    };
    format!("{title}\n{}\n{shown}{without}", lines(printer, Tone::Faint, &about))
}

/// How far off an expectation was: above a tenth it is worth a look.
pub(super) fn off(share: f64) -> Text {
    let text = format!("{:+.1}%", share * 100.0);
    let text = if text == "-0.0%" { "+0.0%".to_owned() } else { text.replace('-', "−") };
    if share.abs() > 0.1 { Text::toned(Tone::Warn, text) } else { text.into() }
}

/// The comparison as an object a model, its steps within.
pub(super) fn record(found: &[HoldOut]) -> Value {
    let one = |one: &HoldOut| {
        let steps = one
            .steps
            .iter()
            .map(|step| json!({ "month": step.month.label, "expected": step.expected, "actual": step.actual }));
        json!({ "variant": one.model.id(), "fitted_at": one.known.label, "customers": one.customers, "counts": counted(one.model),
                "off": one.off(), "reason": one.reason, "steps": steps.collect::<Vec<_>>() })
    };
    found.iter().map(one).collect()
}

fn csv(found: &[HoldOut]) -> Outcome<String> {
    let columns =
        ["variant", "fitted_at", "customers", "counts", "month", "expected", "actual", "reason"].map(str::to_owned);
    let mut rows: Vec<Vec<Option<String>>> = Vec::new();
    for one in found {
        let head = [one.model.id(), &one.known.label, &one.customers.to_string(), counted(one.model)]
            .map(|text| Some(text.to_owned()));
        if one.steps.is_empty() {
            rows.push(head.iter().cloned().chain([None, None, None, one.reason.clone()]).collect());
        }
        for step in &one.steps {
            let figures = [step.month.label.clone(), step.expected.to_string(), step.actual.to_string()].map(Some);
            rows.push(head.iter().cloned().chain(figures).chain([None]).collect());
        }
    }
    Ok(output::rows_csv(&columns, &rows)?)
}
