//! What questions share: when, split how, which rows, shown how.

use clap::{Args, ValueEnum};
use std::path::PathBuf;
use tenure_schema::period::Grain;

/// Which periods.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct When {
    /// A period: 2026, 2026-Q2, 2026-06, 2026-W07, 2026-06-15, 2026-01-01..2026-07-01, last-12-months, FY2026-Q3, @2026-07-01
    #[arg(long, value_name = "P", conflicts_with_all = ["last", "grain"])]
    pub(crate) period: Option<String>,
    /// So many complete periods up to where the data goes
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=600))]
    pub(crate) last: Option<u32>,
    /// What these periods are: day, week, month, quarter, year, fiscal-quarter, fiscal-year
    #[arg(long, value_name = "G", value_parser = grain)]
    pub(crate) grain: Option<Grain>,
}

/// By which attributes.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Split {
    /// Split by attributes of the account or dimensions of the rows, such as plan or account.country; `account` gives each account
    #[arg(long, value_name = "ATTR[,ATTR]", value_delimiter = ',')]
    pub(crate) by: Vec<String>,
}

/// Which rows.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Filter {
    /// Only rows with this value; `ATTR=` for those without one; may be given several times
    #[arg(long = "where", value_name = "ATTR=VALUE")]
    pub(crate) conditions: Vec<String>,
}

/// How many.
#[derive(Debug, Clone, Args)]
pub(crate) struct Limit {
    /// How many are listed
    #[arg(long, value_name = "N", default_value = "20")]
    pub(crate) limit: usize,
}

/// In which form, and where to.
#[derive(Debug, Clone, Args)]
pub(crate) struct Output {
    /// Table for people, json and csv for programs
    #[arg(long, value_name = "FORM", default_value = "table")]
    pub(crate) format: Form,
    /// Write to this file instead of the terminal
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// In which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// For people
    Table,
    /// An array of objects
    Json,
    /// A header and a line each
    Csv,
}

fn grain(text: &str) -> Result<Grain, String> {
    let known = || Grain::ALL.map(Grain::name).join(", ");
    Grain::named(text).ok_or_else(|| format!("write one of {}", known()))
}
