//! What every command takes.

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
    /// Answer from a past version of the data: its number, or a date or time at which it was the last
    #[arg(long, global = true, value_name = "VERSION|TIME")]
    pub(crate) as_of: Option<String>,
    /// World time: what is over, mature or pending by then [default: as far as the data goes]
    #[arg(long, global = true, value_name = "TIME")]
    pub(crate) now: Option<String>,
    /// Whom the numbers are about: each account, or a parent with its children
    #[arg(long, global = true, default_value = "account",
          value_parser = PossibleValuesParser::new(["account", "parent"]).try_map(|text| text.parse::<Level>()))]
    pub(crate) level: Level,
    /// When to use colours; NO_COLOR is respected
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorWhen,
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
