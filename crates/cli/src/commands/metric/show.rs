//! A metric on a terminal.

use super::{Shown, pivot, variants};
use crate::args::MetricArgs;
use crate::board::{excluded_rows, short_hash, tone};
use crate::people::{self, Change, Detail};
use crate::printer::{Printer, rendered};
use crate::session::Session;
use crate::table::{Column, Table, Text, Tone, wrap};
use std::collections::BTreeMap;
use tenure_engine::{Cell, Number};

/// The whole text: a title, the table, notes.
pub(super) fn text(shown: &Shown<'_>, session: &Session, args: &MetricArgs, printer: &Printer) -> String {
    let table = if shown.by.is_empty() || shown.periods.len() == 1 || shown.variants > 1 {
        list(shown, session.engine.settings().currency.code())
    } else {
        pivot::table(shown)
    };
    let file = args.output.output.as_deref();
    let mut text = head(shown, session, printer) + &rendered(printer, &table, file);
    if shown.variants > 1
        && let Some(metric) = session.engine.catalog().metric(&args.metric)
    {
        let chosen = session.engine.settings().choices.get(&args.metric).map(String::as_str);
        text += &format!("\n{}", rendered(printer, &variants::legend(metric, shown.answer, chosen), file));
    }
    text + &foot(shown, session, printer)
}

fn head(shown: &Shown<'_>, session: &Session, printer: &Printer) -> String {
    let Some(first) = shown.answer.cells.first() else { return String::new() };
    let definition =
        session.engine.catalog().metric(&first.metric).and_then(|metric| metric.definition(Some(&first.variant)));
    let mut text = printer.palette.paint(Tone::Strong, &first.title);
    let name = if shown.variants > 1 || first.variant == "default" {
        format!(" {}", first.metric)
    } else {
        format!(" {} · {}", first.metric, first.variant)
    };
    printer.palette.paint_to(&mut text, Tone::Faint, &name);
    text.push('\n');
    for line in definition.iter().flat_map(|definition| wrap(definition.formula.trim(), printer.width)) {
        printer.palette.paint_to(&mut text, Tone::Faint, &line);
        text.push('\n');
    }
    text.push('\n');
    text
}

/// One row a variant, period and segment.
fn list(shown: &Shown<'_>, currency: &str) -> Table {
    let cells: Vec<&Cell> = shown.answer.cells.iter().filter(|cell| shown.periods.contains(&cell.period)).collect();
    let attributes = attributes(&cells);
    let parts = parts(&cells);
    let mut columns = vec![Column::words(if shown.variants > 1 { "Variant" } else { "" }), Column::words("Period")];
    if shown.variants == 1 {
        columns.remove(0);
    }
    columns.extend(attributes.iter().map(|name| Column::words(name).wraps_to(10)));
    columns.extend([Column::numbers("Value"), Column::numbers("95% interval").rank(2), Column::numbers("n")]);
    if shown.variants > 1 {
        columns.push(Column::numbers("Against default").rank(1));
    }
    columns.push(Column::numbers("Change").rank(if shown.variants > 1 { 2 } else { 1 }));
    columns.extend((10..).zip(&parts).map(|(rank, name)| Column::numbers(&name.replace('_', " ")).rank(rank)));
    columns.extend([Column::numbers("Excluded").rank(4), Column::words("Note").wraps_to(18).rank(3)]);
    let mut table = Table::new(columns).in_full("--format csv");
    for cell in cells {
        let mut row: Vec<Text> = Vec::new();
        if shown.variants > 1 {
            row.push(cell.variant.as_str().into());
        }
        row.push(cell.period.label.as_str().into());
        row.extend(attributes.iter().map(|name| attribute(cell, name)));
        row.extend(figures(cell));
        if shown.variants > 1 {
            row.push(against(variants::own(shown.answer, cell), cell));
        }
        row.push(change(cell, before(shown, cell)));
        row.extend(parts.iter().map(|name| part(cell, name, currency)));
        let excluded = excluded_rows(cell);
        row.push(if excluded > 0 { people::count(excluded).into() } else { Text::default() });
        row.push(note(cell));
        table.row(row);
    }
    table
}

fn figures(cell: &Cell) -> [Text; 3] {
    let currency = cell.currency.as_deref();
    let value =
        cell.value.map_or_else(|| "–".to_owned(), |value| people::figure(value, cell.unit, currency, Detail::Full));
    let interval = cell.low.zip(cell.high).map(|(low, high)| people::range(low, high, cell.unit, currency));
    [
        Text::toned(Tone::Strong, value),
        Text::toned(Tone::Faint, interval.unwrap_or_default()),
        people::count(cell.n).into(),
    ]
}

fn change(cell: &Cell, before: Option<Number>) -> Text {
    let change = cell.value.zip(before).map(|(now, before)| Change::between(before, now, cell.unit, cell.better));
    change.map(|change| Text::toned(tone(change.drift), change.text)).unwrap_or_default()
}

/// How far a definition is from the metric's own: neither better nor worse.
fn against(own: Option<&Cell>, cell: &Cell) -> Text {
    let apart = own.filter(|own| own.variant != cell.variant).and_then(|own| own.value).zip(cell.value);
    apart.map(|(own, value)| Change::between(own, value, cell.unit, cell.better).text.into()).unwrap_or_default()
}

/// Why there is no value, or that it may still change.
fn note(cell: &Cell) -> Text {
    match (&cell.reason, cell.complete) {
        (Some(reason), _) => Text::toned(Tone::Faint, reason.as_str()),
        (None, false) => Text::toned(Tone::Warn, "not complete"),
        (None, true) => Text::default(),
    }
}

fn part(cell: &Cell, name: &str, currency: &str) -> Text {
    let part = cell.part(name).and_then(|part| Some((part.value?, part.unit)));
    part.map(|(value, unit)| people::figure(value, unit, Some(currency), Detail::Brief).into()).unwrap_or_default()
}

/// The same metric, variant and segment in the period before.
fn before(shown: &Shown<'_>, cell: &Cell) -> Option<Number> {
    let cells = &shown.answer.cells;
    let earlier = cells.iter().filter(|other| other.period.end == cell.period.start && other.period != cell.period);
    let same =
        |other: &&Cell| (&other.metric, &other.variant, &other.segment) == (&cell.metric, &cell.variant, &cell.segment);
    earlier.into_iter().find(same)?.value
}

/// The names of what splits the cells.
pub(super) fn attributes(cells: &[&Cell]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (name, _) in cells.iter().flat_map(|cell| &cell.segment) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// A cell's attribute, or that it is of the whole.
pub(super) fn attribute(cell: &Cell, name: &str) -> Text {
    match cell.segment.iter().find(|(found, _)| found == name) {
        Some((_, Some(value))) => value.as_str().into(),
        Some((_, None)) => Text::toned(Tone::Faint, "(none)"),
        None => Text::toned(Tone::Faint, "all"),
    }
}

fn parts(cells: &[&Cell]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in cells.iter().flat_map(|cell| &cell.parts) {
        if !names.contains(&part.name) {
            names.push(part.name.clone());
        }
    }
    names
}

/// The reasons of the last period that was asked for, a line a variant: over several, the same row would count twice.
fn why_excluded(shown: &Shown<'_>) -> Vec<String> {
    let Some(last) = shown.periods.last() else { return Vec::new() };
    let mut variants: Vec<(&str, BTreeMap<&str, i64>)> = Vec::new();
    for cell in shown.answer.cells.iter().filter(|cell| cell.period == *last) {
        if variants.last().is_none_or(|(variant, _)| *variant != cell.variant) {
            variants.push((&cell.variant, BTreeMap::new()));
        }
        for (reason, count) in cell.excluded.iter().filter(|(_, count)| *count > 0) {
            let reasons = variants.last_mut().map(|(_, reasons)| reasons.entry(reason.as_str()).or_default());
            reasons.into_iter().for_each(|sum| *sum += count);
        }
    }
    let line = |(variant, reasons): &(&str, BTreeMap<&str, i64>)| {
        let of = if shown.variants > 1 { format!(" from {variant}") } else { String::new() };
        let reasons: Vec<String> =
            reasons.iter().map(|(reason, count)| format!("{reason} {}", people::count(*count))).collect();
        format!("excluded{of} in {}: {}", last.label, reasons.join(", "))
    };
    variants.iter().filter(|(_, reasons)| !reasons.is_empty()).map(line).collect()
}

fn foot(shown: &Shown<'_>, session: &Session, printer: &Printer) -> String {
    let mut notes: Vec<String> = shown.left_out.iter().map(variants::LeftOut::told).collect();
    notes.extend(why_excluded(shown));
    let observed = shown.answer.cells.iter().map(|cell| cell.observed_to).min();
    let through = observed.map(|at| format!("data through {} · ", people::day_before(at, &session.engine.clock())));
    notes.push(format!(
        "{}lake version {} · catalogue {}",
        through.unwrap_or_default(),
        shown.answer.lake_version,
        short_hash(&shown.answer.catalogue)
    ));
    let lines = notes.iter().flat_map(|note| wrap(note, printer.width));
    let painted: Vec<String> = lines.map(|line| printer.palette.paint(Tone::Faint, &line)).collect();
    format!("\n{}\n", painted.join("\n"))
}
