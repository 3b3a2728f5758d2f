//! Past forecasts against what came.

use super::records::spread;
use super::show::range;
use crate::people;
use crate::printer::{Printer, rendered};
use crate::table::{Column, Table, Text, Tone, wrap};
use serde_json::{Value, json};
use std::path::Path;
use tenure_engine::Number;
use tenure_outlook::forecast::{Held, Record, Span, Tried};

/// For people.
pub(super) fn text(found: &Record, printer: &Printer, file: Option<&Path>) -> String {
    let heading = "Past forecasts, each made again from what was known when its quarter began";
    let mut text = said(printer, Tone::Strong, heading) + "\n";
    text += &rendered(printer, &summary(found), file);
    for span in [Span::Quarter, Span::Year] {
        let over = found.tried.iter().filter(|one| one.span == span && one.actual.is_some());
        let own: Vec<&Tried> = over.filter(|one| one.forecast.is_ok()).collect();
        if !own.is_empty() {
            text += &format!("\n{}", rendered(printer, &each(&own, span), file));
        }
    }
    let note = "held: the outcome lay within the range. bias: forecast less outcome, on average; above zero, forecasts were too high. \
                Forecasts of twelve months overlap: few of them say little.";
    let notes = not_told(found).into_iter().chain([note.to_owned()]);
    text + "\n" + &notes.map(|note| said(printer, Tone::Faint, &note)).collect::<String>()
}

/// The starts at which nothing could be foretold, by reason.
fn not_told(found: &Record) -> Vec<String> {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for one in found.tried.iter().filter(|one| one.span == Span::Quarter) {
        let Err(reason) = &one.forecast else { continue };
        let label = one.period.label.as_str();
        match reasons.iter_mut().find(|(known, _)| known == reason) {
            Some((_, periods)) if periods.contains(&label) => {}
            Some((_, periods)) => periods.push(label),
            None => reasons.push((reason, vec![label])),
        }
    }
    reasons
        .into_iter()
        .map(|(reason, periods)| format!("none at the start of {}: {reason}", periods.join(", ")))
        .collect()
}

fn summary(found: &Record) -> Table {
    let mut table = Table::new(vec![
        Column::words("Foretold"),
        Column::words(""),
        Column::numbers("forecasts"),
        Column::numbers("80% held"),
        Column::numbers("95% held"),
        Column::numbers("bias"),
        Column::numbers("off by").rank(1),
    ]);
    for held in &found.held {
        let of = |count: usize| if held.n == 0 { "–".to_owned() } else { format!("{count} of {}", held.n) };
        let points =
            |points: Option<f64>| points.map_or("–".to_owned(), |points| format!("{:+.1} pp", 100.0 * points));
        table.row(vec![
            held.span.words().into(),
            held.measure.metric().to_uppercase().into(),
            people::count(held.n).into(),
            Text::toned(Tone::Strong, of(held.within80)),
            of(held.within95).into(),
            points(held.bias).into(),
            points(held.error).trim_start_matches('+').into(),
        ]);
    }
    table
}

fn each(tried: &[&Tried], span: Span) -> Table {
    let mut table = Table::new(vec![
        Column::words(span.words()),
        Column::words(""),
        Column::numbers("forecast"),
        Column::numbers("80%"),
        Column::numbers("95%").rank(2),
        Column::numbers("came"),
        Column::words("held").rank(1),
    ]);
    for one in tried {
        let from = match span {
            Span::Quarter => one.period.label.clone(),
            Span::Year => format!("from {}", one.period.label.split("..").next().unwrap_or_default()),
        };
        let name = [from.into(), one.measure.metric().to_uppercase().into()];
        let came = match &one.actual {
            Some(Ok(actual)) => people::percent(Number::Float(*actual)),
            _ => "–".to_owned(),
        };
        let Ok(forecast) = &one.forecast else { continue };
        let verdict = one.both().map(|(forecast, actual)| {
            if forecast.range80.contains(actual) {
                Text::toned(Tone::Good, "held")
            } else if forecast.range95.contains(actual) {
                Text::toned(Tone::Warn, "outside 80 %")
            } else {
                Text::toned(Tone::Bad, "outside 95 %")
            }
        });
        let figures = [
            Text::toned(Tone::Strong, people::percent(Number::Float(forecast.median))),
            range(forecast.range80).into(),
            Text::toned(Tone::Faint, range(forecast.range95)),
            came.into(),
            verdict.unwrap_or_default(),
        ];
        table.row(name.into_iter().chain(figures).collect());
    }
    table
}

fn said(printer: &Printer, tone: Tone, text: &str) -> String {
    wrap(text, printer.width).iter().map(|line| format!("{}\n", printer.palette.paint(tone, line))).collect()
}

/// For programs: the summary and every forecast.
pub(super) fn json(found: &Record) -> Value {
    let held = |held: &Held| {
        json!({ "metric": held.measure.metric(), "span": held.span.words(), "forecasts": held.n, "within_80": held.within80, "within_95": held.within95,
                "bias": held.bias, "mean_error": held.error })
    };
    let tried = |one: &Tried| {
        let both = one.both();
        json!({
            "metric": one.measure.metric(),
            "span": one.span.words(),
            "period": one.period.label,
            "forecast": one.forecast.as_ref().ok().map(spread),
            "reason": one.forecast.as_ref().err(),
            "actual": one.actual.as_ref().and_then(|actual| actual.as_ref().ok()),
            "over": one.actual.is_some(),
            "within_80": both.map(|(forecast, actual)| forecast.range80.contains(actual)),
            "within_95": both.map(|(forecast, actual)| forecast.range95.contains(actual)),
        })
    };
    json!({ "held": found.held.iter().map(held).collect::<Vec<_>>(), "forecasts": found.tried.iter().map(tried).collect::<Vec<_>>() })
}

/// The columns of a forecast in CSV.
pub(super) fn columns() -> Vec<String> {
    let own = [
        "metric",
        "span",
        "period",
        "median",
        "mean",
        "low_80",
        "high_80",
        "low_95",
        "high_95",
        "actual",
        "within_80",
        "within_95",
        "reason",
    ];
    own.map(str::to_owned).into()
}

/// A row a forecast.
pub(super) fn rows(found: &Record) -> Vec<Vec<Option<String>>> {
    let row = |one: &Tried| {
        let forecast = one.forecast.as_ref().ok();
        let both = one.both();
        let figures = [
            forecast.map(|spread| spread.median),
            forecast.map(|spread| spread.mean),
            forecast.map(|spread| spread.range80.low),
            forecast.map(|spread| spread.range80.high),
            forecast.map(|spread| spread.range95.low),
            forecast.map(|spread| spread.range95.high),
            one.actual.as_ref().and_then(|actual| actual.as_ref().ok().copied()),
        ];
        let mut row = vec![
            Some(one.measure.metric().to_owned()),
            Some(one.span.words().to_owned()),
            Some(one.period.label.clone()),
        ];
        row.extend(figures.map(|figure| figure.map(|figure| figure.to_string())));
        row.push(both.map(|(forecast, actual)| forecast.range80.contains(actual).to_string()));
        row.push(both.map(|(forecast, actual)| forecast.range95.contains(actual).to_string()));
        row.push(one.forecast.as_ref().err().cloned());
        row
    };
    found.tried.iter().map(row).collect()
}
