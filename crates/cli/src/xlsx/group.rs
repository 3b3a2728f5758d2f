//! A group of the catalogue: a row a metric, segment and period, its figures as numbers.

use super::content::Content;
use super::measure::Measure;
use super::sheet::{Column, Sheet};
use super::style::{Styles, number};
use crate::board::{Board, Group, Line, excluded_rows};
use crate::exit::Outcome;
use crate::output::{Compared, Figure};
use rust_xlsxwriter::{Format, Worksheet};
use tenure_catalog::Unit;
use tenure_engine::{Cell, Number};

/// The sheet of a group, over every period of the board's trend.
pub(super) fn sheet(board: &Board, group: &Group, name: &str, styles: &Styles) -> Outcome<Worksheet> {
    let table = Table { board, styles, wide: Wide::of(group) };
    let columns = columns(&table.wide);
    let mut sheet = Sheet::new(name)?;
    sheet.heads(&columns, styles)?;
    for line in &group.lines {
        let looks = Looks::of(line);
        for (at, cell) in line.cells.iter().enumerate() {
            let Some(cell) = cell else { continue };
            let before = at.checked_sub(1).and_then(|before| line.cells[before].as_ref()?.value);
            let compared = Compared::new(cell, before, line.target);
            sheet.line(&table.row(line, cell, &compared, &looks))?;
        }
    }
    Ok(sheet.finish(&columns, 0, 3)?)
}

/// What the rows of a sheet share.
struct Table<'a> {
    board: &'a Board,
    styles: &'a Styles,
    wide: Wide<'a>,
}

/// The columns that depend on what the group holds.
struct Wide<'a> {
    /// The attributes, where one column for the segment would not do to filter by.
    attributes: Vec<&'a str>,
    reasons: Vec<&'a str>,
}

impl<'a> Wide<'a> {
    fn of(group: &'a Group) -> Self {
        let segments = group.lines.iter().flat_map(|line| &line.segment).map(|(name, _)| name.as_str());
        let cells = group.lines.iter().flat_map(|line| &line.cells).flatten();
        let reasons = cells.flat_map(|cell| &cell.excluded).map(|(reason, _)| reason.as_str());
        let (attributes, reasons) = (once(segments), once(reasons));
        Self { attributes: if attributes.len() > 1 { attributes } else { Vec::new() }, reasons }
    }
}

/// Each name once, where it first stands.
fn once<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut all: Vec<&str> = Vec::new();
    for name in names {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

fn columns(wide: &Wide<'_>) -> Vec<Column> {
    let mut columns = vec![
        Column::words("Metric", 34.0),
        Column::words("Segment", 18.0),
        Column::words("Period", 12.0),
        Column::numbers("Value", 16.0),
        Column::words("Status", 14.0),
        Column::words("Note", 34.0),
        Column::words("Unit", 9.0),
        Column::numbers("95% low", 14.0),
        Column::numbers("95% high", 14.0),
        Column::numbers("n", 10.0),
        Column::numbers("Excluded", 10.0),
        Column::numbers("Period before", 16.0),
        Column::numbers("Change", 14.0),
        Column::numbers("Target", 14.0),
        Column::words("From", 11.0),
        Column::words("Through", 11.0),
        Column::words("Rows from", 11.0),
        Column::words("Rows through", 11.0),
        Column::numbers("Assumed attributes", 11.0),
        Column::words("Id", 26.0),
        Column::words("Variant", 14.0),
    ];
    columns.extend(wide.attributes.iter().map(|name| Column::words(name, 16.0)));
    columns.extend(wide.reasons.iter().map(|reason| Column::numbers(&format!("excluded: {reason}"), 14.0)));
    columns
}

/// How a line's numbers look.
pub(super) struct Looks {
    pub(super) measure: Measure,
    value: [Format; 2],
    change: Format,
}

impl Looks {
    pub(super) fn of(line: &Line) -> Self {
        let whole = |cell: &Cell| {
            [cell.value, cell.low, cell.high].into_iter().flatten().all(|value| value.as_f64().fract() == 0.0)
        };
        let whole = line.unit == Unit::Count && line.cells.iter().flatten().all(whole);
        let measure = Measure::of(line.unit, line.currency.as_deref(), whole);
        let value = [number(&measure.form, false), number(&measure.form, true)];
        let change = number(&measure.change(), false);
        Self { measure, value, change }
    }

    /// Of a value, a bound or a target.
    pub(super) fn value(&self, open: bool) -> &Format {
        &self.value[usize::from(open)]
    }

    /// Of a value less another.
    pub(super) fn change(&self) -> &Format {
        &self.change
    }
}

impl Table<'_> {
    /// All that is known of a cell.
    fn row<'b>(
        &'b self,
        line: &Line,
        cell: &Cell,
        compared: &Compared,
        looks: &'b Looks,
    ) -> Vec<(Content, &'b Format)> {
        let (clock, styles) = (&self.board.clock, self.styles);
        let open = !cell.complete;
        let figure = |number: Option<Number>| {
            number.map_or(Content::Nothing, |number| Content::figure(Figure::new(number, line.unit), line.unit))
        };
        let (value, low, high) = (figure(cell.value), figure(cell.low), figure(cell.high));
        let told_as_text = [&value, &low, &high].iter().any(|content| matches!(content, Content::Text(_)));
        let [from, through] = Content::span(&cell.period, clock);
        let window = [
            Content::local_day(cell.window_start, clock),
            Content::day_before(cell.window_end.max(cell.window_start), clock),
        ];
        let counted = |count: i64| if cell.withheld { Content::Nothing } else { Content::count(count) };
        let text = if open { &styles.open } else { &styles.text };
        let [rows_from, rows_through] = window;
        let mut cells = vec![
            (Content::text(&line.title), &styles.strong),
            (Content::text(segment(line)), &styles.text),
            (Content::text(&cell.period.label), &styles.text),
            (value, looks.value(open)),
            (Content::text(status(cell)), text),
            (Content::text(note(cell, told_as_text)), &styles.text),
            (Content::text(&looks.measure.name), &styles.faint),
            (low, looks.value(open)),
            (high, looks.value(open)),
            (counted(cell.n), if open { &styles.open_count } else { &styles.count }),
            (counted(excluded_rows(cell)), &styles.count),
            (
                compared.previous.map_or(Content::Nothing, |before| Content::figure(before, line.unit)),
                looks.value(false),
            ),
            (Content::number(compared.change, line.unit), looks.change()),
            (Content::number(compared.target, line.unit), looks.value(false)),
            (from, &styles.day),
            (through, &styles.day),
            (rows_from, &styles.day),
            (rows_through, &styles.day),
            (cell.assumed.map_or(Content::Nothing, Content::Number), &styles.share),
            (Content::text(&cell.metric), &styles.faint),
            (Content::text(&cell.variant), &styles.faint),
        ];
        for name in &self.wide.attributes {
            let value = line.segment.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_deref());
            cells.push((value.map_or(Content::Nothing, |value| Content::text(value.unwrap_or(NONE))), &styles.text));
        }
        for reason in &self.wide.reasons {
            let count = cell.excluded.iter().find(|(found, _)| found == reason);
            cells.push((count.map_or(Content::Nothing, |(_, count)| Content::count(*count)), &styles.count));
        }
        cells
    }
}

/// What an attribute says of an account that has none.
const NONE: &str = "(none)";

/// A line's segment; the whole has a name of its own, so that it can be picked in a filter.
pub(super) fn segment(line: &Line) -> String {
    if line.segment.is_empty() { "(whole)".to_owned() } else { line.segment_name() }
}

/// Whether a figure stands, and whether it can still move.
pub(super) fn status(cell: &Cell) -> String {
    let standing = match (cell.withheld, cell.value) {
        (true, _) => Some("withheld"),
        (false, None) => Some("no value"),
        (false, Some(_)) => None,
    };
    match (standing, cell.complete) {
        (None, true) => "complete".to_owned(),
        (None, false) => "not complete".to_owned(),
        (Some(standing), true) => standing.to_owned(),
        (Some(standing), false) => format!("{standing}, not complete"),
    }
}

/// Why there is no value, or what is to be known of the one there is.
pub(super) fn note(cell: &Cell, told_as_text: bool) -> String {
    let long = told_as_text.then(|| "told as text: it has more digits than Excel keeps, or is no number".to_owned());
    cell.reason.clone().into_iter().chain(long).collect::<Vec<_>>().join("; ")
}
