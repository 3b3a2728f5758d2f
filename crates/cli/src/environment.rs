//! The world outside: the only place that reads the wall clock, the environment and the terminal.

use jiff::Timestamp;
use std::io::{IsTerminal, stderr, stdout};
use std::path::PathBuf;

/// What a command knows of the world.
#[derive(Debug, Clone)]
pub(crate) struct Environment {
    /// When it runs.
    pub(crate) now: Timestamp,
    /// Where it runs.
    pub(crate) folder: PathBuf,
    /// Looks an environment variable up.
    pub(crate) variable: fn(&str) -> Option<String>,
    /// How many columns there are to write in.
    pub(crate) width: usize,
    /// Whether standard output is a terminal.
    pub(crate) out_is_terminal: bool,
    /// Whether standard error is one.
    pub(crate) err_is_terminal: bool,
}

/// Where there is no terminal to fit, as in a pipe.
const WIDTH: usize = 120;

impl Environment {
    /// As it is now.
    pub(crate) fn read() -> std::io::Result<Self> {
        let columns = variable("COLUMNS").and_then(|text| text.parse().ok()).filter(|columns| *columns > 0);
        let terminal = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        Ok(Self {
            now: now(),
            folder: std::env::current_dir()?,
            variable,
            width: columns.or_else(terminal).unwrap_or(WIDTH).max(40),
            out_is_terminal: stdout().is_terminal(),
            err_is_terminal: stderr().is_terminal(),
        })
    }
}

/// The wall clock.
#[allow(clippy::disallowed_methods, reason = "here alone the wall clock is read, and handed on")]
fn now() -> Timestamp {
    Timestamp::now()
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
