//! What stands around a board.

use crate::board::{Board, footnotes};
use crate::html::Facts;
use crate::people;
use crate::printer::Printer;
use crate::session::{Context, Session};
use crate::table::{Tone, wrap};

/// The lines above the table.
pub(super) fn head(board: &Board, printer: &Printer) -> String {
    let company = if board.company.is_empty() { "Board" } else { &board.company };
    let period = board.period().map(|period| people::period_title(period, &board.clock)).unwrap_or_default();
    let mut facts = vec![format!("{period}")];
    if let Some(before) = board.periods.iter().rev().nth(1) {
        facts.push(format!("change on {}", people::period_title(before, &board.clock)));
    }
    if board.periods.len() > 2 {
        facts.push(format!("trend of {} periods", board.periods.len()));
    }
    facts.extend(board.filter.iter().map(|filter| format!("only {filter}")));
    let palette = printer.palette;
    format!(
        "{} {}\n\n",
        palette.paint(Tone::Strong, company),
        palette.paint(Tone::Faint, &format!("· {}", facts.join(" · ")))
    )
}

/// The lines below it.
pub(super) fn foot(board: &Board, printer: &Printer) -> String {
    let notes = footnotes(board);
    let lines = notes.iter().flat_map(|note| wrap(note, printer.width));
    let painted: Vec<String> = lines.map(|line| printer.palette.paint(Tone::Faint, &line)).collect();
    format!("\n{}\n", painted.join("\n"))
}

/// What the page's figures rest on.
pub(super) fn facts(context: &Context, session: &Session, board: &Board) -> Facts {
    let through = ("Data through".to_owned(), people::day_before(board.observed_to, &board.clock));
    [through].into_iter().chain(origin(context, session, board)).collect()
}

/// The same without the day that the data goes through, where that stands as a date.
pub(super) fn origin(context: &Context, session: &Session, board: &Board) -> Facts {
    let settings = &session.workspace.settings;
    let clock = &board.clock;
    let mut facts = vec![
        (
            "Lake version",
            format!("{}, of {}", board.lake_version, people::minute(session.snapshot.committed_at(), clock)),
        ),
        ("Definitions and settings", board.catalogue.clone()),
        ("Currency", settings.currency.to_string()),
        ("Time zone", settings.zone.name().to_owned()),
        ("Level", context.global.level.name().to_owned()),
    ];
    if settings.fiscal_year_start != 1 {
        facts.push(("Fiscal year begins with month", settings.fiscal_year_start.to_string()));
    }
    facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
