//! `tenure health show`: one customer's score and all that it rests on.

use super::figures;
use super::{day, lines, open};
use crate::args::{Form, HealthShowArgs};
use crate::exit::{Exit, Outcome};
use crate::output;
use crate::printer::{Printer, rendered};
use crate::session::Context;
use crate::table::{Column, Row, Table, Text, Tone};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use tenure_health::{CustomerScore, Health};
use tenure_scorecard::{Missing, Score, Scorecard, ScoredSignal, State};

/// Shows a customer's score.
pub(crate) async fn run(context: &Context, args: &HealthShowArgs, printer: &mut Printer) -> Outcome {
    let (_, health) = open(context).await?;
    let day = day(&health, args.day.as_deref(), "--day")?;
    let (one, kept) = health.score_of(&args.account, day).await?;
    let file = args.output.output.as_deref();
    let text = match (args.output.format, one.card.zip(one.score.as_ref())) {
        (Form::Json, _) => serde_json::to_string_pretty(&record(&one, kept))? + "\n",
        (Form::Csv, scored) => csv(scored.map(|(_, score)| score))?,
        (Form::Table, None) => heading(&one, printer),
        (Form::Table, Some((card, score))) => {
            let mut text = heading(&one, printer) + &sure(&one, card, score, printer) + "\n";
            text += &rendered(printer, &signals(card, score, &health), file);
            text + &what_if(&one, card, kept, printer)
        }
    };
    printer.document(&text, file)?;
    Ok(Exit::Done)
}

fn heading(one: &CustomerScore<'_>, printer: &Printer) -> String {
    let customer = &one.observed.customer;
    let name = customer.name.as_deref().unwrap_or(&customer.account);
    let told = match (figures::unscored(one), &one.score) {
        (Some(why), _) => Text::toned(Tone::Faint, format!("no score: {why}")),
        (None, score) => score.as_ref().map(figures::coloured).unwrap_or_default(),
    };
    let palette = printer.palette;
    let title =
        palette.paint(Tone::Strong, &format!("{name} ({}) at the end of {}", customer.account, one.observed.day));
    format!("{title}\n{}\n", palette.paint(told.tone, &told.text))
}

/// How far the score can be relied on, and what it is by.
fn sure(one: &CustomerScore<'_>, card: &Scorecard, score: &Score, printer: &Printer) -> String {
    let stage = one.observed.traits.get("stage").map_or("", String::as_str);
    let sure = format!(
        "{} of {} signals fresh, {} of the weight; scorecard “{}” ({})",
        score.coverage.fresh,
        score.coverage.signals,
        figures::weight(score.coverage.share),
        card.title,
        stage,
    );
    format!("{}\n", printer.palette.paint(Tone::Faint, &sure))
}

fn signals(card: &Scorecard, score: &Score, health: &Health) -> Table {
    let mut table = Table::new(vec![
        Column::words("Signal").wraps_to(14),
        Column::numbers("value"),
        Column::numbers("points"),
        Column::numbers("weight"),
        Column::numbers("puts in"),
        Column::words("data").rank(1),
    ]);
    for group in &card.groups {
        table.line(Row::Heading(group.title.clone()));
        for member in &group.members {
            let Some(one) = score.signals.iter().find(|one| one.signal == member.signal) else { continue };
            let unit = health.scorecards().signal(&member.signal).map_or("", |signal| signal.unit.as_str());
            let value = one.input.map_or_else(|| "–".to_owned(), |seen| figures::value(seen.value, unit));
            table.row(vec![
                member.title.as_str().into(),
                value.into(),
                one.points
                    .map_or_else(|| Text::toned(Tone::Faint, "left out"), |points| figures::score(Some(points)).into()),
                figures::weight(one.weight).into(),
                figures::score(Some(one.contribution)).into(),
                data(one).into(),
            ]);
        }
    }
    table
}

fn data(one: &ScoredSignal) -> String {
    let age = one.input.map_or(0, |seen| seen.age);
    match (one.state, age) {
        (State::Missing, _) => "none".to_owned(),
        (State::Stale, age) => format!("stale: {age} days old"),
        (State::Fresh, 0) => "of the day".to_owned(),
        (State::Fresh, 1) => "1 day old".to_owned(),
        (State::Fresh, age) => format!("{age} days old"),
    }
}

/// What the score would be under the other rules for missing data.
fn what_if(one: &CustomerScore<'_>, card: &Scorecard, kept: bool, printer: &Printer) -> String {
    let told = Missing::ALL.map(|rule| {
        let rule_told = match rule {
            Missing::LeaveOut => "left out",
            Missing::Neutral => "neutral",
            Missing::Poor => "poor",
            Missing::LastValue => "at their last value",
        };
        format!("{} {rule_told}", figures::score(card.score_if(&one.observed.inputs, rule).value))
    });
    let text =
        format!("Were signals without fresh data all treated alike: {}. {}", told.join(", "), figures::origin(kept));
    format!("\n{}", lines(printer, Tone::Faint, &text))
}

fn record(one: &CustomerScore<'_>, kept: bool) -> Value {
    let customer = &one.observed.customer;
    let signals = one.score.iter().flat_map(|score| &score.signals).map(|signal| {
        json!({
            "signal": signal.signal,
            "state": signal.state.word(),
            "value": figures::exact(signal.input.map(|seen| seen.value)),
            "age_days": signal.input.map(|seen| seen.age),
            "points": figures::exact(signal.points),
            "weight": figures::exact(Some(signal.weight)),
            "contribution": figures::exact(Some(signal.contribution)),
        })
    });
    let signals: Vec<Value> = signals.collect();
    let alternative = |rule| figures::exact(one.card.and_then(|card| card.score_if(&one.observed.inputs, rule).value));
    let score = one.score.as_ref();
    json!({
        "day": one.observed.day.to_string(),
        "account_id": customer.account,
        "name": customer.name,
        "scorecard": one.card.map(|card| &card.id),
        "version": one.card.map(|card| &card.version),
        "score": figures::exact(score.and_then(|score| score.value)),
        "reason": figures::unscored(one),
        "colour": score.and_then(|score| score.colour).map(|colour| colour.word()),
        "coverage": figures::exact(score.map(|score| score.coverage.share)),
        "base": figures::exact(score.map(|score| score.base)),
        "held": figures::exact(score.map(|score| score.held)),
        "signals": signals,
        "if_missing": {
            "left_out": alternative(Missing::LeaveOut),
            "neutral": alternative(Missing::Neutral),
            "poor": alternative(Missing::Poor),
            "last_value": alternative(Missing::LastValue),
        },
        "attributes": one.observed.traits,
        "kept": kept,
    })
}

fn csv(score: Option<&Score>) -> Outcome<String> {
    let columns = ["signal", "state", "value", "age_days", "points", "weight", "contribution"].map(str::to_owned);
    let text = |value: Option<Decimal>| value.map(|value| value.to_string());
    let row = |one: &ScoredSignal| {
        vec![
            Some(one.signal.clone()),
            Some(one.state.word().to_owned()),
            text(one.input.map(|seen| seen.value)),
            one.input.map(|seen| seen.age.to_string()),
            text(one.points),
            text(Some(one.weight)),
            text(Some(one.contribution)),
        ]
    };
    let rows: Vec<Vec<Option<String>>> = score.iter().flat_map(|score| &score.signals).map(row).collect();
    Ok(output::rows_csv(&columns, &rows)?)
}
