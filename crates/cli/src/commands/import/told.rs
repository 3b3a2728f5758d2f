//! What an import tells: verdicts, warnings, the first rejected rows, what to do.

use crate::exit::Outcome;
use crate::people::{self, count};
use crate::printer::Printer;
use crate::session::Context;
use crate::table::{Column, Row, Table, Text, Tone};
use tenure_ingest::{ImportReport, TableReport};

/// How many rejected records are shown.
const SHOWN: usize = 5;

/// Tells the whole of it.
pub(super) fn tell(context: &Context, report: &ImportReport, printer: &mut Printer) -> Outcome<()> {
    printer.table(&verdicts(report))?;
    for warning in &report.warnings {
        printer.warn(&warning.to_string())?;
    }
    for (source, table) in &report.retired {
        printer.warn(&format!(
            "{source} no longer fills {table}: its rows stay, and it no longer says how far {table} goes"
        ))?;
    }
    for problem in &report.problems {
        printer.warn(&format!("passed over: {problem}"))?;
    }
    if report.rejected > 0 {
        printer.line("")?;
        let shown = report.rejects.len().min(SHOWN);
        let which = if (shown as u64) < report.rejected { format!(" (the first {shown})") } else { String::new() };
        printer.toned(Tone::Strong, &format!("Rejected{which}"))?;
        printer.table(&rejected(report))?;
        printer.toned(Tone::Faint, people::RECORDS_COUNT_FROM)?;
    }
    printer.line("")?;
    printer.line(&in_a_line(report))?;
    let clock = context.workspace()?.settings.clock();
    let mut through: Vec<(String, Vec<&str>)> = Vec::new();
    for source in &report.sources {
        let Some(at) = source.data_through else { continue };
        let how = if source.stated { "as stated" } else { "its latest event" };
        let text = format!("through {}, {how}", people::day_before(at, &clock));
        match through.iter_mut().find(|(found, _)| *found == text) {
            Some((_, names)) => names.push(&source.name),
            None => through.push((text, vec![&source.name])),
        }
    }
    for (text, names) in through {
        printer.toned(Tone::Faint, &format!("{} {text}", names.join(", ")))?;
    }
    if report.rejected > 0 && report.version.is_none() {
        printer.line("without --dry-run the others are committed, and `tenure rejects` lists these")?;
    }
    if report.rejected > 0 && report.version.is_some() {
        printer
            .line("mend the rejected rows at their source and import again, or: tenure rejects --export mend.jsonl")?;
    }
    Ok(())
}

/// What became of the rows, in one line.
pub(in crate::commands) fn in_a_line(report: &ImportReport) -> String {
    let sum = |of: fn(&TableReport) -> u64| count(report.tables.iter().map(of).sum::<u64>());
    let head = match report.version {
        Some(version) => format!("committed as lake version {version}"),
        None => "a dry run, nothing changed".to_owned(),
    };
    let mended = if report.mended > 0 { format!(", {} mended", count(report.mended)) } else { String::new() };
    format!(
        "{head}: {} read, {} accepted, {} updated, {} duplicate, {} rejected{mended}",
        sum(|table| table.read),
        sum(|table| table.accepted),
        sum(|table| table.updated),
        sum(|table| table.duplicate),
        sum(|table| table.rejected),
    )
}

fn verdicts(report: &ImportReport) -> Table {
    let mut table = Table::new(vec![
        Column::words("Source"),
        Column::words("Table"),
        Column::numbers("Read"),
        Column::numbers("Accepted"),
        Column::numbers("Updated"),
        Column::numbers("Duplicate"),
        Column::numbers("Rejected"),
        Column::numbers("Removed"),
    ]);
    for one in &report.tables {
        let rejected = if one.rejected > 0 { Tone::Bad } else { Tone::Plain };
        table.row(vec![
            one.source.as_str().into(),
            one.table.into(),
            count(one.read).into(),
            count(one.accepted).into(),
            count(one.updated).into(),
            count(one.duplicate).into(),
            Text::toned(rejected, count(one.rejected)),
            count(one.removed).into(),
        ]);
    }
    table
}

fn rejected(report: &ImportReport) -> Table {
    let mut table = Table::new(vec![
        Column::words("Record").wraps_to(18),
        Column::words("Column").rank(2),
        Column::words("Value").wraps_to(8).rank(1),
        Column::words("Reason").wraps_to(20),
        Column::words("What to do").wraps_to(20).rank(3),
    ]);
    for one in report.rejects.iter().take(SHOWN) {
        let column = one.column.as_ref().map(|column| format!("{}.{column}", one.table));
        table.line(Row::Cells(vec![
            people::record_of(&one.file, one.row).into(),
            column.unwrap_or_else(|| one.table.clone()).into(),
            one.value.clone().unwrap_or_default().into(),
            one.reason.as_str().into(),
            one.remedy.as_str().into(),
        ]));
    }
    table
}
