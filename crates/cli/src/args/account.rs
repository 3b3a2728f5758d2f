//! `tenure account`.

use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Arguments of `tenure account`.
#[derive(Debug, Clone, Args)]
pub(crate) struct AccountArgs {
    /// The account's id or name
    #[arg(value_name = "ACCOUNT")]
    pub(crate) account: String,
    /// What happened from this day on [default: all there is, as far as --limit goes]
    #[arg(long, value_name = "DAY")]
    pub(crate) since: Option<String>,
    /// How many of the things that happened
    #[arg(long, value_name = "N", default_value = "25")]
    pub(crate) limit: usize,
    /// Table for people, json for programs, csv of what happened, markdown for notes and wikis
    #[arg(long, value_name = "FORM", default_value = "table")]
    pub(crate) format: AccountForm,
    /// Write to this file instead of the terminal
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// In which form an account is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AccountForm {
    /// For people
    Table,
    /// One object
    Json,
    /// What happened: a header and a line each
    Csv,
    /// Headings, lists and a table as text
    Markdown,
}
