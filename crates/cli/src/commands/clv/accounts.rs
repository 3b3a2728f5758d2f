//! `tenure clv accounts`: single accounts in order of value.

use super::{METRIC, lines, metric, period};
use crate::args::{ClvAccountsArgs, Form};
use crate::exit::{Exit, Outcome};
use crate::output;
use crate::people::{self, Detail};
use crate::printer::{Printer, rendered};
use crate::resolve;
use crate::session::Session;
use crate::table::{Column, Table, Text, Tone};
use std::path::Path;
use tenure_engine::{Answer, Cell, Condition, Number, Question};

/// The attribute that is the account itself.
const ACCOUNT: &str = "account";
/// Parts that a single account has beside its value, where the definition gives them.
const PARTS: [(&str, &str); 4] =
    [("alive", "still buys"), ("purchases", "purchases"), ("spend", "spend each"), ("tail_share", "tail")];

/// Lists the accounts.
pub(super) async fn run(session: &Session, args: &ClvAccountsArgs, printer: &mut Printer) -> Outcome {
    let metric = metric(args.variant.as_deref());
    let observed_to = session.observed_to(std::slice::from_ref(&metric))?;
    let mut filter = resolve::conditions(&args.of.filter)?;
    filter.extend(args.account.iter().map(|id| Condition { name: ACCOUNT.to_owned(), value: Some(id.clone()) }));
    let periods = vec![period(session, args.of.period.as_deref(), observed_to)?];
    let question = Question { metrics: vec![metric], periods, by: vec![ACCOUNT.to_owned()], filter, now: session.now };
    let mut answer = session.engine.answer(&question).await?;
    let worth = |cell: &Cell| cell.value.map_or(f64::NEG_INFINITY, Number::as_f64);
    answer.cells.sort_by(|a, b| worth(b).total_cmp(&worth(a)).then_with(|| a.segment.cmp(&b.segment)));
    let all = answer.cells.len();
    // Who is worth nothing more stands at the end; programs get everybody they asked for.
    answer.cells.truncate(args.limit.limit);
    let file = args.shown.output.output.as_deref();
    let text = match args.shown.output.format {
        Form::Json => output::json(&output::records(&answer))?,
        Form::Csv => output::csv(&output::records(&answer))?,
        Form::Table => told(&answer, all, printer, file),
    };
    printer.document(&text, file)?;
    Ok(Exit::Done)
}

fn told(answer: &Answer, all: usize, printer: &Printer, file: Option<&Path>) -> String {
    let Some(first) = answer.cells.first() else { return "no account has a lifetime value there\n".to_owned() };
    let parts: Vec<(&str, &str)> =
        PARTS.into_iter().filter(|(part, _)| answer.cells.iter().any(|cell| known(cell, part))).collect();
    let mut columns = vec![Column::words("Account"), Column::numbers("Value"), Column::numbers("95% interval").rank(3)];
    columns.extend((4..).zip(&parts).map(|(rank, (_, title))| Column::numbers(title).rank(rank)));
    columns.push(Column::words("Note").wraps_to(18).rank(1));
    let mut table = Table::new(columns).in_full("--format csv");
    for cell in &answer.cells {
        let account = cell.segment.iter().find(|(name, _)| name == ACCOUNT).and_then(|(_, value)| value.as_deref());
        let mut row: Vec<Text> = vec![account.unwrap_or("(none)").into()];
        row.extend(super::page::worth(cell));
        row.extend(parts.iter().map(|(part, _)| super::page::part(cell, part)));
        row.push(Text::toned(Tone::Faint, cell.reason.as_deref().unwrap_or_default()));
        table.row(row);
    }
    let title = printer.palette.paint(Tone::Strong, &format!("{} of single accounts", first.title));
    let shown = answer.cells.len();
    let count =
        if shown < all { format!("{} of {}", people::count(shown), people::count(all)) } else { people::count(all) };
    let accounts = if all == 1 { "account" } else { "accounts" };
    let about = format!(
        "{METRIC} · {} at the end of {}; {count} {accounts}, the most valuable first",
        first.variant, first.period.label
    );
    format!("{title}\n{}\n{}", lines(printer, Tone::Faint, &about), rendered(printer, &table, file))
}

fn known(cell: &Cell, part: &str) -> bool {
    cell.part(part).is_some_and(|part| part.value.is_some())
}

/// Purchases and the like to a place more than a plain number.
pub(super) fn brief(cell: &Cell, value: Number, unit: tenure_catalog::Unit) -> String {
    people::figure(value, unit, cell.currency.as_deref(), Detail::Brief)
}
