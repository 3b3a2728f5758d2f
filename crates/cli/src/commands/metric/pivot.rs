//! A metric by attributes over several periods: a segment a row, a period a column, the latest first to stay.

use super::Shown;
use super::show::{attribute, attributes};
use crate::people::{self, Detail};
use crate::table::{Column, Table, Text, Tone};
use tenure_engine::{Cell, Number};

type Segment = Vec<(String, Option<String>)>;

/// The table.
pub(super) fn table(shown: &Shown<'_>) -> Table {
    let cells: Vec<&Cell> = shown.answer.cells.iter().filter(|cell| shown.periods.contains(&cell.period)).collect();
    let names = attributes(&cells);
    let mut columns: Vec<Column> = names.iter().map(|name| Column::words(name).wraps_to(10)).collect();
    columns.push(Column::words("Trend").rank(1));
    // The earlier a period, the sooner it goes.
    let latest = shown.periods.len() - 1;
    columns.extend(shown.periods.iter().enumerate().map(|(at, period)| {
        let age = u8::try_from(latest - at).unwrap_or(u8::MAX - 1);
        Column::numbers(&period.label).rank(if age == 0 { 0 } else { age.saturating_add(1) })
    }));
    let mut table = Table::new(columns).in_full("--format csv");
    for segment in segments(&cells) {
        let of_segment: Vec<Option<&Cell>> = shown
            .periods
            .iter()
            .map(|period| cells.iter().copied().find(|cell| cell.segment == *segment && cell.period == *period))
            .collect();
        let Some(any) = of_segment.iter().flatten().next() else { continue };
        let mut row: Vec<Text> = names.iter().map(|name| attribute(any, name)).collect();
        let trend: Vec<Option<f64>> =
            of_segment.iter().map(|cell| cell.and_then(|cell| cell.value).map(Number::as_f64)).collect();
        row.push(people::spark(&trend).into());
        row.extend(of_segment.iter().map(|cell| cell.map(value).unwrap_or_default()));
        table.row(row);
    }
    table
}

fn value(cell: &Cell) -> Text {
    match cell.value {
        Some(value) => {
            let mark = if cell.complete { "" } else { "*" };
            format!("{}{mark}", people::figure(value, cell.unit, cell.currency.as_deref(), Detail::Brief)).into()
        }
        None => Text::toned(Tone::Faint, "–"),
    }
}

/// The segments, in the answer's order.
fn segments<'a>(cells: &[&'a Cell]) -> Vec<&'a Segment> {
    let mut segments: Vec<&Segment> = Vec::new();
    for cell in cells {
        if !segments.contains(&&cell.segment) {
            segments.push(&cell.segment);
        }
    }
    segments
}
