//! `tenure health act`: whom to thank, whom to sell more, whom to call back.

use super::open;
use crate::args::{Form, HealthActArgs};
use crate::exit::{Exit, Outcome};
use crate::output;
use crate::people::{self, Detail};
use crate::printer::{Printer, rendered};
use crate::session::{Context, Session};
use crate::table::{Column, Table, Tone};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::json;
use std::collections::HashMap;
use tenure_account::{Act, Record};
use tenure_catalog::Unit;
use tenure_engine::Number;
use tenure_health::CustomerScore;
use tenure_schema::period::Clock;
use tenure_scorecard::Colour;

/// A line of a list.
struct Line {
    account: String,
    name: String,
    product: Option<String>,
    mrr: Option<Decimal>,
    score: Option<Decimal>,
    colour: Option<Colour>,
    because: String,
}

/// Tells the list.
pub(crate) async fn run(context: &Context, args: &HealthActArgs, printer: &mut Printer) -> Outcome {
    let (workspace, health) = open(context).await?;
    let today = health.last_closed()?;
    let scores = health.scores(today).await?.scores;
    let scored: HashMap<&str, &CustomerScore<'_>> =
        scores.iter().map(|one| (one.observed.customer.account.as_str(), one)).collect();
    let session = Session::open(context).await?;
    let act = args.list.act();
    let clock = session.engine.clock();
    let rows = act.rows(&session.engine, today).await?;
    let lines = rows.iter().map(|row| line(act, row, &scored, &clock));
    let healthy = |line: &Line| !act.is_for_healthy() || line.colour == Some(Colour::Green);
    let lines: Vec<Line> = lines.filter(healthy).collect();
    let shown = &lines[..lines.len().min(args.limit.limit)];
    let currency = workspace.settings.currency.code();
    let file = args.output.output.as_deref();
    let text = match args.output.format {
        Form::Json => serde_json::to_string_pretty(&shown.iter().map(record).collect::<Vec<_>>())? + "\n",
        Form::Csv => csv(shown)?,
        Form::Table => {
            let mut text = super::lines(printer, Tone::Strong, &format!("{} at the end of {today}", args.list.title()));
            text += &format!("\n{}", rendered(printer, &table(shown, currency), file));
            text + &super::lines(printer, Tone::Faint, &foot(lines.len() - shown.len(), act))
        }
    };
    printer.document(&text, file)?;
    Ok(Exit::Done)
}

fn line(act: Act, row: &Record, scored: &HashMap<&str, &CustomerScore<'_>>, clock: &Clock) -> Line {
    let account = row.text("account_id").unwrap_or_default().to_owned();
    let score = scored.get(account.as_str()).and_then(|one| one.score.as_ref());
    Line {
        name: row.text("name").unwrap_or(&account).to_owned(),
        product: row.text("product").map(str::to_owned),
        mrr: row.number("mrr"),
        score: score.and_then(|score| score.value),
        colour: score.and_then(|score| score.colour),
        because: because(act, row, clock),
        account,
    }
}

/// What a line rests on.
fn because(act: Act, row: &Record, clock: &Clock) -> String {
    let count = |name: &str| row.number(name).and_then(|number| number.to_u64()).unwrap_or_default();
    let text = |name: &str| row.text(name).unwrap_or_default();
    match act {
        Act::HighValue => {
            let share = row.number("share").unwrap_or_default();
            format!("{} of all recurring revenue", people::percent(Number::Exact(share)))
        }
        Act::Upsell => {
            format!(
                "{} people seen in 30 days, {} seats paid",
                people::count(count("people")),
                people::count(count("seats"))
            )
        }
        Act::CrossSell => {
            format!("{} of {} customers on {} hold it", count("holders"), count("customers"), text("plan"))
        }
        Act::Detractors => {
            let day = row.at("responded_at").map(|at| clock.local(at).date().to_string()).unwrap_or_default();
            let who = row.text("contact").unwrap_or("somebody");
            let said = row.text("comment").map(|comment| format!(": “{comment}”")).unwrap_or_default();
            format!("{who} gave {} on {day}, nobody in touch since{said}", count("score"))
        }
    }
}

fn table(lines: &[Line], currency: &str) -> Table {
    let product = lines.iter().any(|line| line.product.is_some());
    let mut columns = vec![Column::words("Customer")];
    columns.extend(product.then(|| Column::words("Product")));
    columns.extend([Column::numbers("MRR"), Column::numbers("Score"), Column::words("because").wraps_to(24)]);
    let mut table = Table::new(columns);
    for line in lines {
        let money = |mrr: Decimal| people::figure(Number::Exact(mrr), Unit::Money, Some(currency), Detail::Brief);
        let mut row = vec![line.name.as_str().into()];
        row.extend(product.then(|| line.product.as_deref().unwrap_or_default().into()));
        row.push(line.mrr.map(money).unwrap_or_default().into());
        row.push(line.score.map(|score| format!("{:.0}", score.round())).unwrap_or_default().into());
        row.push(line.because.as_str().into());
        table.row(row);
    }
    table
}

fn foot(more: usize, act: Act) -> String {
    let more = if more == 0 { String::new() } else { format!("{} more with --limit. ", people::count(more as u64)) };
    let whom = if act.is_for_healthy() { "customers in green only" } else { "all customers" };
    format!("{more}{whom}")
}

fn record(line: &Line) -> serde_json::Value {
    json!({
        "account_id": line.account, "name": line.name, "product": line.product, "mrr": line.mrr.map(|mrr| mrr.to_string()),
        "score": line.score.map(|score| score.to_string()), "colour": line.colour.map(|colour| colour.word()), "because": line.because,
    })
}

fn csv(lines: &[Line]) -> Outcome<String> {
    let columns = ["account_id", "name", "product", "mrr", "score", "colour", "because"].map(str::to_owned);
    let row = |line: &Line| {
        let number = |number: Option<Decimal>| number.map(|number| number.to_string());
        vec![
            Some(line.account.clone()),
            Some(line.name.clone()),
            line.product.clone(),
            number(line.mrr),
            number(line.score),
            line.colour.map(|colour| colour.word().to_owned()),
            Some(line.because.clone()),
        ]
    };
    Ok(output::rows_csv(&columns, &lines.iter().map(row).collect::<Vec<_>>())?)
}
