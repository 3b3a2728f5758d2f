//! Where a command writes: what was asked for to the output, all else to the side.

use crate::args::ColorWhen;
use crate::environment::Environment;
use crate::exit::{Failure, Outcome};
use crate::table::{Palette, Table, Tone, wrap};
use std::io::{self, Write};
use std::path::Path;
use tempfile::NamedTempFile;

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
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
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
        self.out.write(text.as_bytes())
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
        self.err.write(format!("{text}\n").as_bytes())
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
        self.bytes(text.as_bytes(), file)
    }

    /// The same of what is no text.
    pub(crate) fn bytes(&mut self, bytes: &[u8], file: Option<&Path>) -> Outcome<()> {
        let Some(file) = file else { return Ok(self.out.write(bytes)?) };
        replace(file, bytes).map_err(|error| {
            Failure::new(format!("{} cannot be written: {error}", file.display()))
                .hint("choose another file with -o, or make its folder first")
        })?;
        Ok(self.aside(&format!("wrote {}", file.display()))?)
    }
}

/// Writes a file whole: whoever reads it meanwhile, or after a fault, finds the old one or the new one.
fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    // Where a link leads is what is replaced; a pipe or a device is written to.
    let place = match std::fs::metadata(file) {
        Ok(known) if !known.is_file() => return std::fs::write(file, bytes),
        Ok(known) if known.permissions().readonly() => return Err(io::ErrorKind::PermissionDenied.into()),
        Ok(_) => std::fs::canonicalize(file)?,
        Err(_) => file.to_path_buf(),
    };
    let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut building = building(folder, &place)?;
    building.write_all(bytes)?;
    building.as_file().sync_all()?;
    building.persist(&place)?;
    Ok(())
}

/// A file beside the one it will be, that may be read by the same people.
fn building(folder: &Path, place: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".tenure-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The umask takes from it what a new file is not to have.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let building = builder.tempfile_in(folder)?;
    if let Ok(known) = std::fs::metadata(place) {
        building.as_file().set_permissions(known.permissions())?;
    }
    Ok(building)
}

/// A text within the width, in a tone; each line ends in a line break.
pub(crate) fn lines(printer: &Printer, tone: Tone, text: &str) -> String {
    wrap(text, printer.width).iter().map(|line| format!("{}\n", printer.palette.paint(tone, line))).collect()
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

    #[test]
    fn a_file_is_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.xlsx");
        std::fs::write(&file, "the old one, which is longer").unwrap();
        let mut open = std::fs::File::open(&file).unwrap();
        Printer::memory(80).bytes(b"new", Some(&file)).unwrap();
        assert_eq!(std::fs::read(&file).unwrap(), b"new");
        let mut old = String::new();
        io::Read::read_to_string(&mut open, &mut old).unwrap();
        assert_eq!(old, "the old one, which is longer");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_one_and_rights_stay_what_they_are() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("a.csv"), folder.path().join("b.csv"));
        std::fs::write(&file, "old").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&file, &link).unwrap();
        let mut printer = Printer::memory(80);
        printer.document("new", Some(&link)).unwrap();
        assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o440)).unwrap();
        assert!(printer.document("newer", Some(&file)).unwrap_err().problem.contains("permission denied"));
    }
}
