//! Colours, where they are wanted.

use std::fmt::Write;

/// What a piece of text means, and so how it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Tone {
    /// As it comes.
    #[default]
    Plain,
    /// A heading.
    Strong,
    /// Beside the point.
    Faint,
    /// As wished.
    Good,
    /// Not as wished.
    Bad,
    /// Worth a look.
    Warn,
}

/// Whether tones show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Palette {
    /// Escape codes are written.
    pub(crate) color: bool,
}

impl Palette {
    /// The text in its tone.
    pub(crate) fn paint(self, tone: Tone, text: &str) -> String {
        let mut painted = String::with_capacity(text.len() + 8);
        self.paint_to(&mut painted, tone, text);
        painted
    }

    /// The same, behind what is already there.
    pub(crate) fn paint_to(self, out: &mut String, tone: Tone, text: &str) {
        let code = match tone {
            Tone::Plain => None,
            Tone::Strong => Some("1"),
            Tone::Faint => Some("2"),
            Tone::Good => Some("32"),
            Tone::Bad => Some("31"),
            Tone::Warn => Some("33"),
        };
        match code.filter(|_| self.color && !text.trim().is_empty()) {
            // Writing to a string cannot fail.
            Some(code) => drop(write!(out, "\x1b[{code}m{text}\x1b[0m")),
            None => out.push_str(text),
        }
    }
}
