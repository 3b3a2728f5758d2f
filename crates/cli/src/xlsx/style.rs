//! How cells look.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

/// What is not complete stands on this.
const AMBER: Color = Color::RGB(0xFF_E6_B3);
const HEAD: Color = Color::RGB(0x1F_3A_5F);
const RULE: Color = Color::RGB(0xD0_D7_DE);
const FAINT: Color = Color::RGB(0x5B_65_70);

/// The looks of cells.
pub(super) struct Styles {
    /// The company's name.
    pub(super) title: Format,
    /// A heading above a table.
    pub(super) heading: Format,
    /// A column's title.
    pub(super) head: Format,
    /// One of a column of numbers.
    pub(super) number_head: Format,
    pub(super) text: Format,
    /// A text over several lines.
    pub(super) wrapped: Format,
    pub(super) strong: Format,
    pub(super) faint: Format,
    /// A text of what is not complete.
    pub(super) open: Format,
    pub(super) day: Format,
    pub(super) minute: Format,
    pub(super) count: Format,
    pub(super) open_count: Format,
    pub(super) share: Format,
    pub(super) good: Format,
    pub(super) bad: Format,
}

impl Styles {
    pub(super) fn new() -> Self {
        let text = || Format::new().set_align(FormatAlign::Top);
        let left = || text().set_align(FormatAlign::Left);
        let head = || {
            Format::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::VerticalCenter)
                .set_font_color(Color::White)
                .set_background_color(HEAD)
                .set_border_bottom(FormatBorder::Thin)
                .set_border_bottom_color(RULE)
        };
        Self {
            title: left().set_bold().set_font_size(18),
            heading: left().set_bold().set_font_size(13).set_font_color(HEAD),
            head: head(),
            number_head: head().set_align(FormatAlign::Right).set_indent(1),
            text: text(),
            wrapped: text().set_text_wrap(),
            strong: text().set_bold(),
            faint: text().set_font_color(FAINT),
            open: text().set_background_color(AMBER),
            day: left().set_num_format("yyyy-mm-dd"),
            minute: left().set_num_format("yyyy-mm-dd hh:mm"),
            count: number("#,##0", false),
            open_count: number("#,##0", true),
            share: number("0.0%", false),
            good: left().set_indent(1).set_font_color(Color::RGB(0x1A_7F_37)),
            bad: left().set_indent(1).set_font_color(Color::RGB(0xB4_23_18)).set_bold(),
        }
    }
}

/// A number in a form; what is not complete is marked.
pub(super) fn number(form: &str, open: bool) -> Format {
    // A number that is told as text stands where numbers do; a text in the next column keeps its distance.
    let format = Format::new().set_align(FormatAlign::Top).set_align(FormatAlign::Right).set_num_format(form);
    let format = format.set_indent(1);
    if open { format.set_background_color(AMBER) } else { format }
}
