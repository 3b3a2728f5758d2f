//! The further figures of each metric, such as promoters and detractors or the 90th percentile.

use super::content::Content;
use super::group::{segment, status};
use super::measure::Measure;
use super::sheet::{Column, Sheet};
use super::style::{Styles, number};
use crate::board::{Board, Line};
use crate::exit::Outcome;
use crate::output::Figure;
use rust_xlsxwriter::Worksheet;
use tenure_catalog::Unit;
use tenure_engine::{Cell, Number, Part};

/// A row a part, over every period of the board's trend.
pub(super) fn sheet(board: &Board, name: &str, styles: &Styles) -> Outcome<Worksheet> {
    let columns = [
        Column::words("Metric", 34.0),
        Column::words("Segment", 18.0),
        Column::words("Period", 12.0),
        Column::words("Part", 24.0),
        Column::numbers("Value", 16.0),
        Column::words("Unit", 9.0),
        Column::words("Status", 14.0),
        Column::words("Id", 26.0),
    ];
    // A part may be money where its metric is not.
    let currency = board.lines().find_map(|line| line.currency.as_deref());
    let mut sheet = Sheet::new(name)?;
    sheet.heads(&columns, styles)?;
    for line in board.lines() {
        for cell in line.cells.iter().flatten() {
            for part in &cell.parts {
                row(&mut sheet, line, cell, part, currency, styles)?;
            }
        }
    }
    Ok(sheet.finish(&columns, 0, 4)?)
}

fn row(
    sheet: &mut Sheet,
    line: &Line,
    cell: &Cell,
    part: &Part,
    currency: Option<&str>,
    styles: &Styles,
) -> Outcome<()> {
    let whole = part.unit == Unit::Count && part.value.is_none_or(|value: Number| value.as_f64().fract() == 0.0);
    let measure = Measure::of(part.unit, currency, whole);
    let value = part.value.map_or(Content::Nothing, |value| Content::figure(Figure::new(value, part.unit), part.unit));
    Ok(sheet.line(&[
        (Content::text(&line.title), &styles.strong),
        (Content::text(segment(line)), &styles.text),
        (Content::text(&cell.period.label), &styles.text),
        (Content::text(&part.name), &styles.text),
        (value, &number(&measure.form, !cell.complete)),
        (Content::text(&measure.name), &styles.faint),
        (Content::text(status(cell)), if cell.complete { &styles.text } else { &styles.open }),
        (Content::text(&cell.metric), &styles.faint),
    ])?)
}
