//! What every command takes, and at which data those that ask look.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use tenure_schema::as_of::Level;

/// What every command takes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Everywhere")]
pub(crate) struct Global {
    /// The workspace [default: the current folder or the nearest one above it]
    #[arg(short, long, global = true, value_name = "DIR")]
    pub(crate) workspace: Option<PathBuf>,
    /// When to use colours; NO_COLOR is respected
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorWhen,
    /// From the command's own [`Standing`], as far as it takes one.
    #[arg(skip)]
    pub(crate) as_of: Option<String>,
    /// Likewise.
    #[arg(skip)]
    pub(crate) now: Option<String>,
    /// Likewise.
    #[arg(skip)]
    pub(crate) level: Level,
}

impl Global {
    /// With what the command itself takes of it.
    pub(crate) fn standing(self, standing: Standing) -> Self {
        Self { as_of: standing.version.as_of, now: standing.now, level: standing.whom.level, ..self }
    }
}

/// From where a question looks at the data.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "The data")]
pub(crate) struct Standing {
    #[command(flatten)]
    pub(crate) version: AsOf,
    /// World time: what is over, mature or pending by then [default: as far as the data goes]
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<String>,
    #[command(flatten)]
    pub(crate) whom: Whom,
}

/// Which version of the data.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "The data")]
pub(crate) struct AsOf {
    /// Answer from a past version of the data: its number, or a date or time at which it was the last
    #[arg(long, value_name = "VERSION|TIME")]
    pub(crate) as_of: Option<String>,
}

/// Whom the numbers are about.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "The data")]
pub(crate) struct Whom {
    /// Whom the numbers are about: each account, or a parent with its children
    #[arg(long, default_value = "account",
          value_parser = PossibleValuesParser::new(["account", "parent"]).try_map(|text| text.parse::<Level>()))]
    pub(crate) level: Level,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorWhen {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
