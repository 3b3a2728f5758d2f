//! The rows that do not count: how many for which reason, and the rows themselves as far as they may be shown.

use super::content::Content;
use super::group::segment;
use super::sheet::{Column, Sheet};
use super::style::Styles;
use crate::board::{Board, Line};
use crate::exit::Outcome;
use crate::people;
use jiff::Timestamp;
use rust_xlsxwriter::Worksheet;
use tenure_engine::RowsAnswer;

/// How many excluded rows of a metric a workbook lists.
pub(crate) const MOST_ROWS: usize = 100;

/// The rows that a metric leaves out of the board's own period.
pub(crate) struct Opened {
    /// Its id.
    pub(crate) metric: String,
    /// Its title.
    pub(crate) title: String,
    /// They, [`MOST_ROWS`] at most; none: it is about staff, whose answers are never opened.
    pub(crate) rows: Option<RowsAnswer>,
}

/// How many rows do not count, by metric, period asked for and reason.
pub(super) fn counts(board: &Board, opened: &[Opened], name: &str, styles: &Styles) -> Outcome<Worksheet> {
    let columns = [
        Column::words("Metric", 34.0),
        Column::words("Segment", 18.0),
        Column::words("Period", 12.0),
        Column::words("Reason", 40.0),
        Column::numbers("Rows", 10.0),
        Column::numbers("Counted (n)", 12.0),
        Column::words("Listed in Excluded rows", 46.0),
        Column::words("Id", 26.0),
    ];
    let mut sheet = Sheet::new(name)?;
    sheet.heads(&columns, styles)?;
    let first = board.periods.len().saturating_sub(board.asked);
    for line in board.lines() {
        for (at, cell) in line.cells.iter().enumerate().skip(first).filter_map(|(at, cell)| Some((at, cell.as_ref()?)))
        {
            let own = at + 1 == board.periods.len();
            for (reason, count) in cell.excluded.iter().filter(|(_, count)| *count > 0) {
                sheet.line(&[
                    (Content::text(&line.title), &styles.strong),
                    (Content::text(segment(line)), &styles.text),
                    (Content::text(&cell.period.label), &styles.text),
                    (Content::text(reason), &styles.text),
                    (Content::count(*count), &styles.count),
                    (Content::count(cell.n), &styles.count),
                    (Content::text(listed(board, line, own, opened)), &styles.faint),
                    (Content::text(&cell.metric), &styles.faint),
                ])?;
            }
        }
    }
    Ok(sheet.finish(&columns, 0, 1)?)
}

/// What the other sheet has of a line's excluded rows.
fn listed(board: &Board, line: &Line, own: bool, opened: &[Opened]) -> String {
    let rows = opened.iter().find(|opened| opened.metric == line.metric).map(|opened| opened.rows.as_ref());
    match (own, rows) {
        (false, _) => {
            let period = board.period().map(|period| period.label.as_str()).unwrap_or_default();
            format!("no: those of {period} alone are")
        }
        (true, Some(None)) => "no: staff answers are never opened to rows".to_owned(),
        (true, None) => "no".to_owned(),
        (true, Some(Some(rows))) if rows.rows.len() < rows.total => {
            format!("the first {} of the metric's {}", people::count(rows.rows.len()), people::count(rows.total))
        }
        (true, Some(Some(_))) => "all".to_owned(),
    }
}

/// The columns of opened rows that every metric has.
const KEYS: [&str; 5] = ["role", "account_id", "at", "row_id", "excluded"];

/// The rows that the board's own period leaves out.
pub(super) fn rows(board: &Board, opened: &[Opened], name: &str, styles: &Styles) -> Outcome<Worksheet> {
    let zone = board.clock.zone.name();
    let columns = [
        Column::words("Metric", 34.0),
        Column::words("Input", 14.0),
        Column::words("Account", 18.0),
        Column::words(&format!("At ({zone})"), 22.0),
        Column::words("Row", 26.0),
        Column::words("Reason", 34.0),
        Column::words("What the row says", 70.0),
        Column::words("Id", 26.0),
    ];
    let mut sheet = Sheet::new(name)?;
    let period = board.period().map(|period| people::period_title(period, &board.clock)).unwrap_or_default();
    let told = format!(
        "{period}, the first {MOST_ROWS} rows of each metric in the order of time. `tenure rows ID --period P --excluded` lists all. \
         Answers of staff are never opened to rows."
    );
    sheet.line(&[(Content::text(told), &styles.faint)])?;
    let head = sheet.row;
    sheet.heads(&columns, styles)?;
    for opened in opened {
        let Some(answer) = &opened.rows else { continue };
        for row in &answer.rows {
            let named = |name: &str| {
                let place = answer.columns.iter().position(|column| column == name)?;
                row.get(place)?.as_deref()
            };
            let text = |name: &str| Content::text(named(name).unwrap_or_default());
            let at = named("at").map_or(Content::Nothing, |text| match text.parse::<Timestamp>() {
                Ok(at) => Content::moment(at, &board.clock),
                Err(_) => Content::text(text),
            });
            sheet.line(&[
                (Content::text(&opened.title), &styles.strong),
                (text("role"), &styles.text),
                (text("account_id"), &styles.text),
                (at, &styles.minute),
                (text("row_id"), &styles.text),
                (text("excluded"), &styles.text),
                (Content::text(details(answer, row)), &styles.text),
                (Content::text(&opened.metric), &styles.faint),
            ])?;
        }
    }
    Ok(sheet.finish(&columns, head, 1)?)
}

/// What a row says beyond what every row does: `plan: pro · amount: 12`.
fn details(answer: &RowsAnswer, row: &[Option<String>]) -> String {
    let own = answer.columns.iter().zip(row).filter(|(name, _)| !KEYS.contains(&name.as_str()));
    let told = own.filter_map(|(name, value)| Some(format!("{name}: {}", value.as_deref()?)));
    told.collect::<Vec<_>>().join(" · ")
}
