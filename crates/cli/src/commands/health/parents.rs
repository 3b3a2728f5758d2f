//! `tenure health list --level parent`: scores of parents, from those of their accounts.

use super::{figures, list};
use crate::args::{Form, HealthListArgs};
use crate::exit::{Exit, Outcome};
use crate::output;
use crate::people::{self, Detail};
use crate::printer::{Printer, rendered};
use crate::session::{Context, Session};
use crate::table::{Column, Table, Tone};
use crate::workspace::Workspace;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use std::collections::HashMap;
use tenure_account::Parents;
use tenure_catalog::Unit;
use tenure_engine::Number;
use tenure_health::{CustomerScore, ParentScore, roll_up};

/// What the columns say.
const COLUMNS: &str = "Score: the mean of its accounts' by MRR. at stake: Σ MRR × (100 − score) / 100 of its accounts.";

/// What is told: of the day before and of the day itself.
pub(super) struct Told<'a> {
    pub days: [Date; 2],
    pub scores: [&'a [&'a CustomerScore<'a>]; 2],
    /// Whether all scores are those that are kept.
    pub kept: bool,
}

/// A parent on the list.
struct Line<'a> {
    now: ParentScore<'a>,
    name: Option<String>,
    at_stake: Option<Decimal>,
    change: Option<Decimal>,
}

/// Lists parents in order of what is at stake; an account without a parent stands for itself.
pub(super) async fn run(
    context: &Context,
    workspace: &Workspace,
    args: &HealthListArgs,
    told: &Told<'_>,
    printer: &mut Printer,
) -> Outcome {
    let session = Session::open(context).await?;
    let lines = lines(told, &Parents::read(&session.engine).await?);
    let currency = workspace.settings.currency.code();
    let shown = &lines[..lines.len().min(args.limit.limit)];
    let file = args.output.output.as_deref();
    let text = match args.output.format {
        Form::Json => {
            let all: Vec<Value> = shown.iter().map(|line| record(line, told.days, currency)).collect();
            serde_json::to_string_pretty(&all)? + "\n"
        }
        Form::Csv => csv(shown, told.days)?,
        Form::Table => {
            let many = people::count(lines.len());
            let heading =
                format!("Health at the end of {}: {many} parents, accounts without one among them", told.days[1]);
            let mut text = super::lines(printer, Tone::Strong, &heading) + "\n";
            text += &rendered(printer, &table(shown, told.days[0], currency), file);
            text + &list::foot(shown.len(), lines.len(), COLUMNS, told.kept, printer)
        }
    };
    printer.document(&text, file)?;
    Ok(Exit::Done)
}

fn lines<'a>(told: &Told<'a>, parents: &Parents) -> Vec<Line<'a>> {
    let parent_of = |account: &str| parents.top(account).to_owned();
    let [earlier, scores] = told.scores;
    let before = roll_up(earlier, &parent_of).into_iter().map(|one| (one.account, one.score));
    let before: HashMap<String, Option<Decimal>> = before.collect();
    let line = |now: ParentScore<'a>| {
        let then = before.get(&now.account).copied().flatten();
        Line {
            name: parents.name(&now.account).map(str::to_owned),
            at_stake: now.customers.iter().map(|one| list::at_stake(one)).sum(),
            change: now.score.zip(then).map(|(now, then)| now - then),
            now,
        }
    };
    let mut lines: Vec<Line<'a>> = roll_up(scores, &parent_of).into_iter().map(line).collect();
    lines.sort_by(|one, two| two.at_stake.cmp(&one.at_stake).then_with(|| one.now.account.cmp(&two.now.account)));
    lines
}

fn table(lines: &[Line<'_>], before: Date, currency: &str) -> Table {
    let mut table = Table::new(vec![
        Column::words("Parent").wraps_to(12),
        Column::numbers("accounts"),
        Column::words("Score"),
        Column::numbers(&format!("since {}", before.strftime("%b %-d"))),
        Column::words("worst").wraps_to(16),
        Column::numbers("MRR"),
        Column::numbers("at stake").rank(1),
    ]);
    let money = |amount: Option<Decimal>| {
        amount.map_or_else(
            || "–".to_owned(),
            |amount| people::figure(Number::Exact(amount), Unit::Money, Some(currency), Detail::Brief),
        )
    };
    for line in lines {
        table.row(vec![
            line.name.as_deref().unwrap_or(&line.now.account).into(),
            people::count(line.now.customers.len()).into(),
            figures::in_colour(line.now.score, line.now.colour),
            line.change.map_or_else(|| "new".to_owned(), figures::change).into(),
            worst(&line.now).into(),
            money(line.now.mrr).into(),
            money(line.at_stake).into(),
        ]);
    }
    table.in_full("--format csv")
}

/// The account with the least score, of several.
fn worst(parent: &ParentScore<'_>) -> String {
    match parent.customers.as_slice() {
        [worst, _, ..] => {
            let customer = &worst.observed.customer;
            let score = worst.score.as_ref().map(figures::coloured).unwrap_or_default();
            format!("{} {}", customer.name.as_deref().unwrap_or(&customer.account), score.text)
        }
        _ => String::new(),
    }
}

fn record(line: &Line<'_>, [before, day]: [Date; 2], currency: &str) -> Value {
    let account = |one: &&CustomerScore<'_>| {
        let score = one.score.as_ref();
        json!({
            "account_id": one.observed.customer.account,
            "name": one.observed.customer.name,
            "score": figures::exact(score.and_then(|score| score.value)),
            "colour": score.and_then(|score| score.colour).map(|colour| colour.word()),
            "mrr": figures::exact(one.observed.customer.mrr.map(|mrr| mrr.round_dp(2))),
        })
    };
    json!({
        "day": day.to_string(),
        "account_id": line.now.account,
        "name": line.name,
        "score": figures::exact(line.now.score),
        "colour": line.now.colour.map(|colour| colour.word()),
        "since": before.to_string(),
        "change": figures::exact(line.change),
        "mrr": figures::exact(line.now.mrr.map(|mrr| mrr.round_dp(2))),
        "at_stake": figures::exact(line.at_stake.map(|amount| amount.round_dp(2))),
        "currency": currency,
        "accounts": line.now.customers.iter().map(account).collect::<Vec<_>>(),
    })
}

fn csv(lines: &[Line<'_>], [_, day]: [Date; 2]) -> Outcome<String> {
    let columns = ["day", "account_id", "name", "accounts", "score", "colour", "change", "worst", "mrr", "at_stake"];
    let row = |line: &Line<'_>| {
        vec![
            Some(day.to_string()),
            Some(line.now.account.clone()),
            line.name.clone(),
            Some(line.now.customers.len().to_string()),
            line.now.score.map(|score| score.to_string()),
            line.now.colour.map(|colour| colour.word().to_owned()),
            line.change.map(|change| change.to_string()),
            line.now.customers.first().map(|one| one.observed.customer.account.clone()),
            line.now.mrr.map(|mrr| mrr.round_dp(2).to_string()),
            line.at_stake.map(|amount| amount.round_dp(2).to_string()),
        ]
    };
    let rows: Vec<Vec<Option<String>>> = lines.iter().map(row).collect();
    Ok(output::rows_csv(&columns.map(str::to_owned), &rows)?)
}
