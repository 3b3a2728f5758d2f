//! A sheet that is written from the top down.

use super::content::Content;
use super::style::Styles;
use rust_xlsxwriter::{Format, Worksheet, XlsxError};

/// A sheet and the row that is written next.
pub(super) struct Sheet {
    pub(super) page: Worksheet,
    pub(super) row: u32,
}

/// A column of a table.
pub(super) struct Column {
    title: String,
    /// In letters.
    width: f64,
    numbers: bool,
}

impl Column {
    /// A column of texts or dates.
    pub(super) fn words(title: &str, width: f64) -> Self {
        Self { title: title.to_owned(), width, numbers: false }
    }

    /// A column of numbers.
    pub(super) fn numbers(title: &str, width: f64) -> Self {
        Self { numbers: true, ..Self::words(title, width) }
    }
}

impl Sheet {
    /// An empty one, to be printed as wide as a page.
    pub(super) fn new(name: &str) -> Result<Self, XlsxError> {
        let mut page = Worksheet::new();
        page.set_name(name)?.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
        page.set_footer("&L&A&RPage &P of &N");
        Ok(Self { page, row: 0 })
    }

    /// Writes a cell of the current row.
    pub(super) fn put(&mut self, column: usize, content: &Content, format: &Format) -> Result<(), XlsxError> {
        let column = u16::try_from(column).map_err(|_| XlsxError::RowColumnLimitError)?;
        match content {
            Content::Nothing => self.page.write_blank(self.row, column, format)?,
            // Typed over, it would become a formula; so marked, it stays what it is.
            Content::Text(text) if text.starts_with(FORMULA) => {
                let format = format.clone().set_quote_prefix();
                self.page.write_string_with_format(self.row, column, text, &format)?
            }
            Content::Text(text) => self.page.write_string_with_format(self.row, column, text, format)?,
            Content::Number(value) | Content::Serial(value) => {
                self.page.write_number_with_format(self.row, column, *value, format)?
            }
        };
        Ok(())
    }

    /// Writes a row from the first column on, and goes to the next.
    pub(super) fn line(&mut self, cells: &[(Content, &Format)]) -> Result<(), XlsxError> {
        for (column, (content, format)) in cells.iter().enumerate() {
            self.put(column, content, format)?;
        }
        self.row += 1;
        Ok(())
    }

    /// Writes the titles of columns.
    pub(super) fn heads(&mut self, columns: &[Column], styles: &Styles) -> Result<(), XlsxError> {
        let format = |column: &Column| if column.numbers { &styles.number_head } else { &styles.head };
        let cells: Vec<_> = columns.iter().map(|column| (Content::text(&column.title), format(column))).collect();
        self.tall(columns.iter().map(|column| (column.title.as_str(), column.width)).chain([("\n", 1.0)]))?;
        self.line(&cells)
    }

    /// Makes the current row as high as texts in columns of these widths need: not every program does so by itself.
    pub(super) fn tall<'a>(&mut self, texts: impl Iterator<Item = (&'a str, f64)>) -> Result<(), XlsxError> {
        let lines = texts.map(|(text, width)| lines_of(text, width)).fold(1.0, f64::max);
        self.page.set_row_height(self.row, (lines * LINE_HEIGHT + 2.0).min(HIGHEST))?;
        Ok(())
    }

    /// Ends a table that fills the sheet: its head, `at` that row, stays in sight with so many columns, and rows can be filtered.
    pub(super) fn finish(mut self, columns: &[Column], at: u32, fixed: u16) -> Result<Worksheet, XlsxError> {
        for (at, column) in (0_u16..).zip(columns) {
            self.page.set_column_width(at, column.width)?;
        }
        let last = u16::try_from(columns.len().saturating_sub(1)).map_err(|_| XlsxError::RowColumnLimitError)?;
        self.page.set_freeze_panes(at + 1, fixed)?;
        self.page.set_repeat_rows(at, at)?;
        self.page.autofilter(at, 0, self.row.saturating_sub(1).max(at), last)?;
        Ok(self.page)
    }
}

const A4: u8 = 9;

const LINE_HEIGHT: f64 = 15.0;

/// The most that Excel makes a row.
const HIGHEST: f64 = 409.0;

/// About how many lines a text has in a column of so many letters; a column without a width has one of its own.
#[expect(clippy::cast_precision_loss, reason = "a length of a text")]
fn lines_of(text: &str, width: f64) -> f64 {
    let letters = if width > 0.0 { width * 0.9 } else { f64::INFINITY };
    text.split('\n').map(|line| (line.chars().count() as f64 / letters).ceil().max(1.0)).sum()
}

/// What a formula begins with, or what is taken for one.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];
