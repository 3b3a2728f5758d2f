//! Where a command writes: what was asked for to the output, all else to the side.

use crate::args::ColorWhen;
use crate::environment::Environment;
use crate::exit::{Failure, Outcome};
use crate::table::{Palette, Table, Tone};
use std::io::{self, Write};
use std::path::Path;

/// Writes for a command.
pub(crate) struct Printer {
    out: Sink,
    err: Sink,
    /// Colours of the output.
    pub(crate) palette: Palette,
    side: Palette,
    /// Columns to write in.
    pub(crate) width: usize,
    /// Whether somebody watches, so that progress is worth showing.
    pub(crate) watched: bool,
}

enum Sink {
    Out(io::Stdout),
    Err(io::Stderr),
    #[cfg(test)]
    Memory(Vec<u8>),
}

impl Sink {
    fn write(&mut self, text: &str) -> io::Result<()> {
        let bytes = text.as_bytes();
        match self {
            Self::Out(out) => out.write_all(bytes).and_then(|()| out.flush()),
            Self::Err(err) => err.write_all(bytes),
            #[cfg(test)]
            Self::Memory(memory) => memory.write_all(bytes),
        }
    }
}

impl Printer {
    /// Writes to the terminal, or where its output goes.
    pub(crate) fn new(environment: &Environment, color: ColorWhen) -> Self {
        let plain = (environment.variable)("NO_COLOR").is_some_and(|value| !value.is_empty())
            || (environment.variable)("TERM").as_deref() == Some("dumb");
        let color = |terminal: bool| Palette {
            color: match color {
                ColorWhen::Always => true,
                ColorWhen::Never => false,
                ColorWhen::Auto => terminal && !plain,
            },
        };
        Self {
            out: Sink::Out(io::stdout()),
            err: Sink::Err(io::stderr()),
            palette: color(environment.out_is_terminal),
            side: color(environment.err_is_terminal),
            width: environment.width,
            watched: environment.err_is_terminal,
        }
    }

    /// Writes into memory, for tests.
    #[cfg(test)]
    pub(crate) fn memory(width: usize) -> Self {
        let plain = Palette { color: false };
        let memory = || Sink::Memory(Vec::new());
        Self { out: memory(), err: memory(), palette: plain, side: plain, width, watched: false }
    }

    /// What was written to the output and to the side.
    #[cfg(test)]
    pub(crate) fn written(&self) -> (String, String) {
        let text = |sink: &Sink| match sink {
            Sink::Memory(memory) => String::from_utf8_lossy(memory).into_owned(),
            _ => String::new(),
        };
        (text(&self.out), text(&self.err))
    }

    /// Writes a text as it is.
    pub(crate) fn print(&mut self, text: &str) -> io::Result<()> {
        self.out.write(text)
    }

    /// Writes a line.
    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        self.print(&format!("{text}\n"))
    }

    /// Writes a line in a tone.
    pub(crate) fn toned(&mut self, tone: Tone, text: &str) -> io::Result<()> {
        let text = self.palette.paint(tone, text);
        self.line(&text)
    }

    /// Writes a table.
    pub(crate) fn table(&mut self, table: &Table) -> io::Result<()> {
        let text = table.render(self.width, self.palette);
        self.print(&text)
    }

    /// Says something beside the output.
    pub(crate) fn aside(&mut self, text: &str) -> io::Result<()> {
        self.err.write(&format!("{text}\n"))
    }

    /// Says what should be known.
    pub(crate) fn warn(&mut self, text: &str) -> io::Result<()> {
        let mark = self.side.paint(Tone::Warn, "warning:");
        self.aside(&format!("{mark} {text}"))
    }

    /// Says why a command failed.
    pub(crate) fn fail(&mut self, failure: &Failure) -> io::Result<()> {
        let mark = self.side.paint(Tone::Bad, "error:");
        self.aside(&format!("{mark} {}", failure.problem))?;
        for hint in &failure.hints {
            let mark = self.side.paint(Tone::Strong, "hint:");
            self.aside(&format!("{mark} {hint}"))?;
        }
        Ok(())
    }

    /// Writes a whole document: to the output, or to a file.
    pub(crate) fn document(&mut self, text: &str, file: Option<&Path>) -> Outcome<()> {
        let Some(file) = file else { return Ok(self.print(text)?) };
        std::fs::write(file, text).map_err(|error| {
            Failure::new(format!("{} cannot be written: {error}", file.display()))
                .hint("choose another file with -o, or make its folder first")
        })?;
        Ok(self.aside(&format!("wrote {}", file.display()))?)
    }
}

/// A table is for eyes: in a file it has no colours and its full width.
pub(crate) fn rendered(printer: &Printer, table: &Table, file: Option<&Path>) -> String {
    match file {
        None => table.render(printer.width, printer.palette),
        Some(_) => table.render(FILE_WIDTH, Palette { color: false }),
    }
}

const FILE_WIDTH: usize = 160;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_goes_to_the_side() {
        let mut printer = Printer::memory(80);
        printer.fail(&Failure::new("it broke").hint("mend it").hint("or not")).unwrap();
        assert_eq!(printer.written(), (String::new(), "error: it broke\nhint: mend it\nhint: or not\n".to_owned()));
    }

    #[test]
    fn a_file_is_told_beside_the_output() {
        let folder = tempfile::tempdir().unwrap();
        let mut printer = Printer::memory(80);
        printer.document("text", Some(&folder.path().join("a.csv"))).unwrap();
        let (out, err) = printer.written();
        assert!(out.is_empty() && err.starts_with("wrote "));
        let failure = printer.document("text", Some(&folder.path().join("b/a.csv"))).unwrap_err();
        assert!(failure.problem.contains("cannot be written"));
    }
}
