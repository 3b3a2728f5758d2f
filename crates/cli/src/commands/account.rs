//! `tenure account`: everything about one account.

mod markdown;
mod page;
mod record;
mod words;

use super::health;
use crate::args::{AccountArgs, AccountForm};
use crate::exit::{Exit, Failure, Outcome};
use crate::output;
use crate::printer::{Printer, rendered};
use crate::session::{Context, Session};
use crate::table::{Column, Row, Table, Text, Tone, wrap};
use jiff::Span;
use page::{Page, page};
use std::path::Path;
use tenure_account::{Account, Found};
use tenure_schema::period::Clock;

/// Tells all there is about an account, as of the last day that is over.
pub(crate) async fn run(context: &Context, args: &AccountArgs, printer: &mut Printer) -> Outcome {
    let (workspace, health) = health::open(context).await?;
    let session = Session::open(context).await?;
    let found = find(&session, &args.account, printer).await?;
    let day = health.last_closed()?;
    let week_before = day.checked_sub(Span::new().days(7)).map_err(|error| Failure::usage(error.to_string()))?;
    let clock = workspace.settings.clock();
    let since = match args.since.as_deref() {
        Some(typed) => Some(clock.day_start(health::day_typed(typed, "--since")?)?),
        None => None,
    };
    let account = Account::read(&session.engine, found, day).await?;
    let standing = health.standing(&account.found.id, week_before, day).await?;
    let scorecards = health.scorecards();
    let told = words::Words { clock: &clock, currency: workspace.settings.currency.code() };
    let events: Vec<_> = account.since(since).collect();
    let more = events.len().saturating_sub(args.limit);
    let events = &events[..events.len() - more];
    let file = args.output.as_deref();
    let text = match args.format {
        AccountForm::Json => {
            let record = record::whole(&account, standing.as_ref(), events, more);
            serde_json::to_string_pretty(&record)? + "\n"
        }
        AccountForm::Csv => csv(events)?,
        AccountForm::Markdown => {
            markdown::markdown(&page(&account, standing.as_ref(), scorecards, &told), &timeline(events, &clock), more)
        }
        AccountForm::Table => {
            let page = page(&account, standing.as_ref(), scorecards, &told);
            table(&page, &timeline(events, &clock), more, printer, file)
        }
    };
    printer.document(&text, file)?;
    Ok(Exit::Done)
}

/// The account that was typed. That another one took it over is said.
pub(super) async fn find(session: &Session, typed: &str, printer: &mut Printer) -> Outcome<Found> {
    let found = tenure_account::find(&session.engine, typed).await?;
    if let Some(old) = &found.asked_as {
        let name = found.name.as_deref().map(|name| format!(" ({name})")).unwrap_or_default();
        printer.aside(&format!("{old} was merged into {}{name}, which answers for it", found.id))?;
    }
    Ok(found)
}

/// A thing that happened, in words.
struct Event {
    day: String,
    kind: String,
    what: String,
    record: String,
}

fn timeline(events: &[&tenure_account::Record], clock: &Clock) -> Vec<Event> {
    let text = |event: &tenure_account::Record, name: &str| event.text(name).unwrap_or_default().to_owned();
    let told = |event: &&tenure_account::Record| Event {
        day: event.at("at").map(|at| clock.local(at).date().to_string()).unwrap_or_default(),
        kind: text(event, "kind"),
        what: text(event, "what"),
        record: text(event, "record"),
    };
    events.iter().map(told).collect()
}

fn table(page: &Page, events: &[Event], more: usize, printer: &Printer, file: Option<&Path>) -> String {
    let mut text = format!("{}\n", printer.palette.paint(Tone::Strong, &page.title));
    for line in page.notes.iter().flat_map(|note| wrap(note, printer.width)) {
        text += &format!("{}\n", printer.palette.paint(Tone::Faint, &line));
    }
    let mut facts = Table::new(vec![Column::words(""), Column::words("").wraps_to(24)]);
    for section in page.sections.iter().filter(|section| !section.facts.is_empty()) {
        facts.line(Row::Heading(section.title.to_owned()));
        for (label, fact) in &section.facts {
            facts.row(vec![Text::toned(Tone::Faint, label.as_str()), fact.clone()]);
        }
    }
    text += &rendered(printer, &facts, file);
    let mut happened = Table::new(vec![
        Column::words("day"),
        Column::words("what happened").wraps_to(12),
        Column::words("").wraps_to(24),
        Column::words("record").rank(1),
    ]);
    for event in events {
        let cells = [&event.day, &event.kind, &event.what, &event.record];
        happened.row(cells.map(|cell| cell.as_str().into()).into());
    }
    text += &format!("\n{}", rendered(printer, &happened, file));
    for line in wrap(&and_more(more), printer.width).iter().filter(|line| !line.is_empty()) {
        text += &format!("{}\n", printer.palette.paint(Tone::Faint, line));
    }
    text
}

/// What the timeline leaves out, in a sentence; empty where it is nothing.
fn and_more(more: usize) -> String {
    match more {
        0 => String::new(),
        more => format!("{} more before these: --limit gives them", crate::people::count(more)),
    }
}

fn csv(events: &[&tenure_account::Record]) -> Outcome<String> {
    let columns = ["at", "kind", "what", "record"].map(str::to_owned);
    let row = |event: &&tenure_account::Record| {
        let text = |name| event.text(name).map(str::to_owned);
        vec![event.at("at").map(|at| at.to_string()), text("kind"), text("what"), text("record")]
    };
    let rows: Vec<Vec<Option<String>>> = events.iter().map(row).collect();
    Ok(output::rows_csv(&columns, &rows)?)
}
