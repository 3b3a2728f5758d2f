//! Laying a table out in a given width.

use super::palette::{Palette, Tone};
use unicode_width::UnicodeWidthStr;

/// A cell's text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Text {
    /// The text.
    pub(crate) text: String,
    /// Its tone.
    pub(crate) tone: Tone,
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self { text, tone: Tone::Plain }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl Text {
    /// A text in a tone.
    pub(crate) fn toned(tone: Tone, text: impl Into<String>) -> Self {
        Self { text: text.into(), tone }
    }
}

/// On which side a column's texts stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A column.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    title: String,
    align: Align,
    /// 0 stays; of the others, the highest goes first.
    rank: u8,
    /// The least width its texts may be wrapped to; none: never.
    wraps_to: Option<usize>,
}

impl Column {
    /// A column of words.
    pub(crate) fn words(title: &str) -> Self {
        Self { title: title.to_owned(), align: Align::Left, rank: 0, wraps_to: None }
    }

    /// A column of numbers.
    pub(crate) fn numbers(title: &str) -> Self {
        Self { align: Align::Right, ..Self::words(title) }
    }

    /// Left out when the terminal is narrow: the highest rank first.
    pub(crate) fn rank(self, rank: u8) -> Self {
        Self { rank, ..self }
    }

    /// Wrapped when the terminal is narrow, to no less than this.
    pub(crate) fn wraps_to(self, least: usize) -> Self {
        Self { wraps_to: Some(least), ..self }
    }
}

/// A line of a table.
#[derive(Debug, Clone)]
pub(crate) enum Row {
    /// One text a column.
    Cells(Vec<Text>),
    /// A heading over what follows.
    Heading(String),
    /// A whole line below a row.
    Note(Text),
}

/// A table.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    columns: Vec<Column>,
    rows: Vec<Row>,
    in_full: &'static str,
}

const GAP: usize = 2;

impl Table {
    /// A table without rows.
    pub(crate) fn new(columns: Vec<Column>) -> Self {
        Self { columns, rows: Vec::new(), in_full: "" }
    }

    /// What gives the columns that the width has no room for, such as `--format csv`.
    pub(crate) fn in_full(self, by: &'static str) -> Self {
        Self { in_full: by, ..self }
    }

    /// Adds a row of one text a column.
    pub(crate) fn row(&mut self, cells: Vec<Text>) {
        self.rows.push(Row::Cells(cells));
    }

    /// Adds any other line.
    pub(crate) fn line(&mut self, row: Row) {
        self.rows.push(row);
    }

    /// The table within a width, as far as it can be; each line ends in a line break.
    pub(crate) fn render(&self, width: usize, palette: Palette) -> String {
        let plan = self.plan(width);
        let mut out = String::new();
        let titles: Vec<Text> =
            self.columns.iter().map(|column| Text::toned(Tone::Strong, column.title.as_str())).collect();
        if titles.iter().any(|title| !title.text.is_empty()) {
            self.cells(&mut out, &titles, &plan, palette);
            let full = plan.iter().map(|(_, width)| width + GAP).sum::<usize>().saturating_sub(GAP);
            palette.paint_to(&mut out, Tone::Faint, &"─".repeat(full.min(width)));
            out.push('\n');
        }
        for row in &self.rows {
            match row {
                Row::Cells(cells) => self.cells(&mut out, cells, &plan, palette),
                Row::Heading(text) => {
                    out.push('\n');
                    palette.paint_to(&mut out, Tone::Strong, text);
                    out.push('\n');
                }
                Row::Note(note) => {
                    for line in wrap(&note.text, width.saturating_sub(GAP)) {
                        out.push_str("  ");
                        palette.paint_to(&mut out, note.tone, &line);
                        out.push('\n');
                    }
                }
            }
        }
        for line in wrap(&self.not_shown(&plan), width).iter().filter(|line| !line.is_empty()) {
            palette.paint_to(&mut out, Tone::Faint, line);
            out.push('\n');
        }
        out
    }

    /// The columns that the width has no room for, in a sentence; empty where it has.
    fn not_shown(&self, plan: &[(usize, usize)]) -> String {
        let hidden: Vec<&str> = (0..self.columns.len())
            .filter(|place| self.says_something(*place) && !plan.iter().any(|(shown, _)| shown == place))
            .map(|place| self.columns[place].title.as_str())
            .collect();
        match (hidden.is_empty(), self.in_full) {
            (true, _) => String::new(),
            (false, "") => format!("no room for: {}", hidden.join(", ")),
            (false, by) => format!("no room for: {} ({by} has all)", hidden.join(", ")),
        }
    }

    /// Which columns show, and how wide.
    fn plan(&self, width: usize) -> Vec<(usize, usize)> {
        let mut plan: Vec<(usize, usize)> = (0..self.columns.len())
            .map(|place| (place, self.natural(place)))
            // A column that says nothing anywhere is left out.
            .filter(|(place, _)| self.says_something(*place))
            .collect();
        loop {
            let full = plan.iter().map(|(_, width)| width + GAP).sum::<usize>().saturating_sub(GAP);
            let over = full.saturating_sub(width);
            if over == 0 {
                return plan;
            }
            let slack = |&(place, width): &(usize, usize)| {
                self.columns[place].wraps_to.map_or(0, |least| width.saturating_sub(least))
            };
            let total: usize = plan.iter().map(slack).sum();
            let last = plan.iter().map(|(place, _)| self.columns[*place].rank).max().unwrap_or(0);
            if total >= over || last == 0 {
                // The widest gives first.
                for _ in 0..over.min(total) {
                    if let Some(widest) = plan.iter_mut().filter(|entry| slack(entry) > 0).max_by_key(|entry| entry.1) {
                        widest.1 -= 1;
                    }
                }
                return plan;
            }
            plan.retain(|(place, _)| self.columns[*place].rank < last);
        }
    }

    fn says_something(&self, place: usize) -> bool {
        self.rows.is_empty()
            || self.columns[place].rank == 0
            || self.texts(place).any(|text| !text.text.trim().is_empty())
    }

    fn texts(&self, place: usize) -> impl Iterator<Item = &Text> {
        self.rows.iter().filter_map(move |row| match row {
            Row::Cells(cells) => cells.get(place),
            _ => None,
        })
    }

    fn natural(&self, place: usize) -> usize {
        self.texts(place).map(|text| text.text.width()).chain([self.columns[place].title.width()]).max().unwrap_or(0)
    }

    fn cells(&self, out: &mut String, cells: &[Text], plan: &[(usize, usize)], palette: Palette) {
        let empty = Text::default();
        let wrapped: Vec<(Vec<String>, &Text)> = plan
            .iter()
            .map(|&(place, width)| {
                let cell = cells.get(place).unwrap_or(&empty);
                (wrap(&cell.text, width), cell)
            })
            .collect();
        let height = wrapped.iter().map(|(lines, _)| lines.len()).max().unwrap_or(1);
        for at in 0..height {
            let mut line = String::new();
            let mut pad = 0;
            for ((lines, cell), &(place, width)) in wrapped.iter().zip(plan) {
                let text = lines.get(at).map_or("", String::as_str);
                let rest = width.saturating_sub(text.width());
                let (before, after) = match self.columns[place].align {
                    Align::Left => (0, rest),
                    Align::Right => (rest, 0),
                };
                if !text.is_empty() {
                    line.extend(std::iter::repeat_n(' ', pad + before));
                    palette.paint_to(&mut line, cell.tone, text);
                    pad = after + GAP;
                } else {
                    pad += width + GAP;
                }
            }
            out.push_str(&line);
            out.push('\n');
        }
    }
}

/// Breaks a text at spaces; a word longer than the width is cut.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        if paragraph.width() <= width {
            lines.push(paragraph.to_owned());
            continue;
        }
        // What is indented stays so on every line.
        let words = paragraph.trim_start_matches(' ');
        let indent = " ".repeat((paragraph.len() - words.len()).min(width / 2));
        let mut line = indent.clone();
        for word in words.split(' ') {
            let begun = line.len() > indent.len();
            if begun && line.width() + 1 + word.width() > width {
                lines.push(std::mem::replace(&mut line, indent.clone()));
            } else if begun {
                line.push(' ');
            }
            for letter in word.chars() {
                if line.width() + letter.to_string().width() > width && line.len() > indent.len() {
                    lines.push(std::mem::replace(&mut line, indent.clone()));
                }
                line.push(letter);
            }
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Table {
        let columns = vec![
            Column::words("Metric").wraps_to(10),
            Column::numbers("Value"),
            Column::numbers("n").rank(1),
            Column::words("Trend").rank(2),
        ];
        let mut table = Table::new(columns);
        table.line(Row::Heading("Retention".into()));
        table.row(vec!["Net revenue retention".into(), "104.2%".into(), "512".into(), "▁▅█".into()]);
        table.line(Row::Note(Text::toned(Tone::Faint, "not complete")));
        table
    }

    #[test]
    fn wide() {
        insta::assert_snapshot!(example().render(80, Palette { color: false }), @r"
        Metric                  Value    n  Trend
        ─────────────────────────────────────────

        Retention
        Net revenue retention  104.2%  512  ▁▅█
          not complete
        ");
    }

    #[test]
    fn narrow_drops_then_wraps() {
        insta::assert_snapshot!(example().render(24, Palette { color: false }), @r"
        Metric        Value    n
        ────────────────────────

        Retention
        Net revenue  104.2%  512
        retention
          not complete
        no room for: Trend
        ");
        let all = example().in_full("--format csv").render(60, Palette { color: false });
        assert!(!all.contains("no room"), "{all}");
        let some = example().in_full("--format csv").render(26, Palette { color: false });
        assert!(some.ends_with("no room for: Trend\n(--format csv has all)\n"), "{some}");
    }

    #[test]
    fn no_line_is_wider_than_asked() {
        for width in 18..60 {
            let text = example().render(width, Palette { color: false });
            assert!(text.lines().all(|line| line.width() <= width), "{width}:\n{text}");
        }
    }

    #[test]
    fn colours_do_not_count() {
        let plain = example().render(40, Palette { color: false });
        let color = example().render(40, Palette { color: true });
        assert!(color.contains("\x1b[1mRetention\x1b[0m"));
        assert_eq!(plain.lines().count(), color.lines().count());
    }

    #[test]
    fn long_words_are_cut() {
        assert_eq!(wrap("ab cdefgh", 4), ["ab", "cdef", "gh"]);
        assert_eq!(wrap("", 4), [""]);
        assert_eq!(wrap("  ab cd ef", 7), ["  ab cd", "  ef"]);
    }
}
