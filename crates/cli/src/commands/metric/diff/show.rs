//! Two definitions for people: both values, who counts how many rows, then every row in which they differ.

use super::Found;
use crate::board::short_hash;
use crate::people::{self, Change, Detail};
use crate::printer::{Printer, rendered};
use crate::session::Session;
use crate::table::{Column, Row, Table, Text, Tone, wrap};
use jiff::Timestamp;
use std::path::Path;
use tenure_catalog::Unit;
use tenure_engine::{Cell, CountedBy, DifferingRow, Number};
use tenure_schema::period::Clock;

/// As many rows as a screen is good for.
const ON_SCREEN: usize = 100;

/// The whole text.
pub(super) fn text(found: &Found<'_>, session: &Session, printer: &Printer, file: Option<&Path>) -> String {
    let clock = session.engine.clock();
    let mut text = head(found, session, printer);
    text += &rendered(printer, &answers(found), file);
    text += &format!("\n{}", rendered(printer, &totals(found), file));
    if found.answer.rows.is_empty() {
        let same = "Both count the same rows alike: what differs is how the value is made of them.";
        let none = "Neither counts a row.";
        let any = found.answer.totals.iter().any(|total| total.rows > 0);
        let lines = wrap(if any { same } else { none }, printer.width);
        text += &format!("\n{}\n", lines.join("\n"));
    } else {
        text += &format!("\n{}", rendered(printer, &rows(found, &clock), file));
    }
    text + &foot(found, &clock, printer)
}

fn head(found: &Found<'_>, session: &Session, printer: &Printer) -> String {
    let metric = session.engine.catalog().metric(found.metric);
    let title = metric.map_or(found.metric, |metric| metric.default.title.as_str());
    let [first, second] = found.variants;
    let heading = format!("{title} in {}: {first} against {second}", found.period.label);
    let mut lines: Vec<String> =
        wrap(&heading, printer.width).iter().map(|line| printer.palette.paint(Tone::Strong, line)).collect();
    for variant in found.variants {
        let Some(definition) = metric.and_then(|metric| metric.definition(Some(variant))) else { continue };
        let words = if variant == "default" { &definition.formula } else { &definition.difference };
        let told = format!("{variant}: {}", words.trim());
        lines.extend(wrap(&told, printer.width).iter().map(|line| printer.palette.paint(Tone::Faint, line)));
    }
    format!("{}\n\n", lines.join("\n"))
}

/// Both values and what they rest on, a line a side.
pub(super) fn values(found: &Found<'_>) -> Vec<String> {
    let line = |side: usize| {
        let cell = found.cell(side)?;
        Some(format!("{}: {}, n {}", found.variants[side], value(cell), people::count(cell.n)))
    };
    [0, 1].into_iter().filter_map(line).collect()
}

fn value(cell: &Cell) -> String {
    let figure = |value| people::figure(value, cell.unit, cell.currency.as_deref(), Detail::Full);
    cell.value.map_or_else(|| format!("no value ({})", cell.reason.as_deref().unwrap_or("no reason")), figure)
}

fn answers(found: &Found<'_>) -> Table {
    let mut table = Table::new(vec![
        Column::words("Definition"),
        Column::numbers("Value").wraps_to(12),
        Column::numbers("95% interval").rank(1),
        Column::numbers("n"),
        Column::numbers("Apart"),
        Column::words("").rank(2),
    ]);
    for side in [0, 1] {
        let Some(cell) = found.cell(side) else { continue };
        let interval = cell.low.zip(cell.high);
        let interval = interval.map(|(low, high)| people::range(low, high, cell.unit, cell.currency.as_deref()));
        let first = found.cell(0).filter(|first| side == 1 && first.unit == cell.unit);
        let apart =
            first.and_then(|first| Some(Change::between(first.value?, cell.value?, cell.unit, cell.better).text));
        table.row(vec![
            found.variants[side].into(),
            Text::toned(Tone::Strong, value(cell)),
            Text::toned(Tone::Faint, interval.unwrap_or_default()),
            people::count(cell.n).into(),
            apart.unwrap_or_default().into(),
            Text::toned(Tone::Warn, if cell.complete { "" } else { "not complete" }),
        ]);
    }
    table
}

/// Who counts how many rows, and what these add; the last line is both numbers' rows.
fn totals(found: &Found<'_>) -> Table {
    let answer = found.answer;
    let adding: Vec<usize> = (0..answer.figures.len()).filter(|place| answer.figures[*place].adds).collect();
    let mut columns = vec![Column::words("Counted by"), Column::numbers("Rows")];
    columns.extend(
        (1..).zip(&adding).map(|(rank, place)| Column::numbers(&named(&answer.figures[*place].name)).rank(rank)),
    );
    let mut table = Table::new(columns).in_full("--format json");
    for total in &answer.totals {
        let mut row = vec![kind(found, total.counted_by).into(), people::count(total.rows).into()];
        row.extend(adding.iter().map(|place| sides(total.figures[*place])));
        table.row(row);
    }
    table
}

fn kind(found: &Found<'_>, counted_by: CountedBy) -> String {
    match counted_by {
        CountedBy::First => format!("{} alone", found.variants[0]),
        CountedBy::Second => format!("{} alone", found.variants[1]),
        CountedBy::Differently => "both, differently".to_owned(),
        CountedBy::Alike => "both alike".to_owned(),
    }
}

fn rows(found: &Found<'_>, clock: &Clock) -> Table {
    let answer = found.answer;
    let shown = || answer.rows.iter().take(ON_SCREEN);
    let roles = shown().any(|row| row.role.is_some());
    let ids = shown().any(|row| row.row_id != row.account_id);
    let mut columns = vec![Column::words("Account").wraps_to(10)];
    if roles {
        columns.push(Column::words("Role"));
    }
    if ids {
        columns.push(Column::words("Row").wraps_to(12).rank(u8::MAX));
    }
    columns.push(Column::words("Date").rank(1));
    columns.extend((2..).zip(&answer.figures).map(|(rank, figure)| Column::numbers(&named(&figure.name)).rank(rank)));
    columns.push(Column::words("Why not by the other").wraps_to(28));
    let mut table = Table::new(columns).in_full("--format csv");
    let mut last = None;
    for row in shown() {
        if last != Some(row.counted_by) {
            table.line(Row::Heading(heading(found, row.counted_by)));
            last = Some(row.counted_by);
        }
        table.row(line(row, roles, ids, clock));
    }
    table
}

fn heading(found: &Found<'_>, counted_by: CountedBy) -> String {
    let [first, second] = found.variants;
    match counted_by {
        CountedBy::First => format!("Counted by {first} and not by {second}"),
        CountedBy::Second => format!("Counted by {second} and not by {first}"),
        CountedBy::Differently | CountedBy::Alike => format!("Counted by both, differently: {first} → {second}"),
    }
}

fn line(row: &DifferingRow, roles: bool, ids: bool, clock: &Clock) -> Vec<Text> {
    let text = |text: &Option<String>| match text {
        Some(text) => Text::from(text.as_str()),
        None => Text::toned(Tone::Faint, "–"),
    };
    let date = row.at.as_deref().and_then(|at| at.parse::<Timestamp>().ok());
    let mut cells = vec![text(&row.account_id)];
    cells.extend(roles.then(|| text(&row.role)));
    cells.extend(ids.then(|| text(&row.row_id)));
    cells.push(date.map(|at| clock.local(at).date().to_string()).unwrap_or_default().into());
    cells.extend(row.figures.iter().map(|figures| sides(*figures)));
    cells.push(row.reason.as_deref().unwrap_or_default().into());
    cells
}

/// What is said by either: once where both say the same.
fn sides(figures: [Option<Number>; 2]) -> Text {
    let figure = |number: Number| people::figure(number, Unit::Number, None, Detail::Full);
    match figures.map(|number| number.map(figure)) {
        [Some(first), Some(second)] if first != second => format!("{first} → {second}").into(),
        [Some(one), _] | [None, Some(one)] => one.into(),
        [None, None] => Text::default(),
    }
}

fn named(figure: &str) -> String {
    figure.replace('_', " ")
}

fn foot(found: &Found<'_>, clock: &Clock, printer: &Printer) -> String {
    let answer = found.answer;
    let mut notes = Vec::new();
    let unshown = answer.rows.len().saturating_sub(ON_SCREEN);
    if unshown > 0 {
        notes.push(format!("{} more rows: --format csv gives all", people::count(unshown)));
    }
    let observed = answer.cells.iter().flatten().map(|cell| cell.observed_to).min();
    let through = observed.map(|at| format!("data through {} · ", people::day_before(at, clock)));
    notes.push(format!(
        "{}lake version {} · catalogue {}",
        through.unwrap_or_default(),
        answer.lake_version,
        short_hash(&answer.catalogue)
    ));
    let lines = notes.iter().flat_map(|note| wrap(note, printer.width));
    let painted: Vec<String> = lines.map(|line| printer.palette.paint(Tone::Faint, &line)).collect();
    format!("\n{}\n", painted.join("\n"))
}
