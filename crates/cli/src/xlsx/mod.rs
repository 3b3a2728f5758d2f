//! The board as an Excel workbook: the same figures as numbers, each with its interval, its n, what it leaves out and what it means.
//!
//! Texts from the data are written as texts, never as formulas; nothing in the file comes from the clock.

mod content;
mod definitions;
mod excluded;
mod front;
mod group;
mod measure;
mod names;
mod parts;
mod sheet;
mod style;

pub(crate) use excluded::{MOST_ROWS, Opened};

use crate::board::Board;
use crate::exit::Outcome;
use crate::html::{Facts, Meaning};
use names::Names;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};
use style::Styles;

/// What stands around the figures of a workbook.
pub(crate) struct Around {
    /// What each metric means.
    pub(crate) meanings: Vec<Meaning>,
    /// What the figures rest on, beside the days they are of.
    pub(crate) facts: Facts,
    /// The rows left out of the board's own period.
    pub(crate) opened: Vec<Opened>,
}

/// The workbook's bytes: the same for the same board.
pub(crate) fn workbook(board: &Board, around: &Around) -> Outcome<Vec<u8>> {
    let styles = Styles::new();
    let mut names = Names::default();
    let mut book = Workbook::new();
    book.set_properties(&properties(board)?);
    book.push_worksheet(front::sheet(board, &around.facts, &names.take("Board"), &styles)?);
    // What is always there keeps its name, whatever the groups are called.
    let (parts, definitions) = (names.take("Parts"), names.take("Definitions"));
    let (excluded, rows) = (names.take("Excluded"), names.take("Excluded rows"));
    for group in &board.groups {
        book.push_worksheet(group::sheet(board, group, &names.take(&group.title), &styles)?);
    }
    book.push_worksheet(parts::sheet(board, &parts, &styles)?);
    book.push_worksheet(definitions::sheet(board, &around.meanings, &definitions, &styles)?);
    book.push_worksheet(excluded::counts(board, &around.opened, &excluded, &styles)?);
    book.push_worksheet(excluded::rows(board, &around.opened, &rows, &styles)?);
    Ok(book.save_to_buffer()?)
}

/// How many UTF-16 units of a document's title are kept.
const LONGEST_TITLE: usize = 255;

/// The time a workbook says it was made is that of its data.
fn properties(board: &Board) -> Outcome<DocProperties> {
    let made = ExcelDateTime::from_timestamp(board.observed_to.as_second())?;
    Ok(DocProperties::new()
        .set_title(names::shortened(&board.company, LONGEST_TITLE))
        .set_author(concat!("Tenure ", env!("CARGO_PKG_VERSION")))
        .set_creation_datetime(&made))
}

#[cfg(test)]
mod tests;
