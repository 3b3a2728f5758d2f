//! The arguments of each command.

use super::ask::{Filter, Output, Split, When};
use super::global::{AsOf, Standing, Whom};
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use tenure_reconcile::Measure;

/// Arguments of `tenure init`.
#[derive(Debug, Clone, Args)]
pub(crate) struct InitArgs {
    /// The folder, which may exist
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
}

/// Arguments of `tenure demo`.
#[derive(Debug, Clone, Args)]
pub(crate) struct DemoArgs {
    /// The folder to make
    #[arg(value_name = "DIR", default_value = "tenure-demo")]
    pub(crate) folder: PathBuf,
}

/// Arguments of `tenure import`.
#[derive(Debug, Clone, Args)]
pub(crate) struct ImportArgs {
    /// The sources, by the names of their files in sources/ [default: all]
    #[arg(value_name = "SOURCE")]
    pub(crate) sources: Vec<String>,
    /// Show the verdicts and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Commit what can be read although a file or mapping is broken
    #[arg(long)]
    pub(crate) keep_good: bool,
}

/// Arguments of `tenure rejects`.
#[derive(Debug, Clone, Args)]
pub(crate) struct RejectsArgs {
    /// Only those of this source
    #[arg(value_name = "SOURCE", conflicts_with = "replay")]
    pub(crate) source: Option<String>,
    /// Write them to a file of JSON lines, to be mended there
    #[arg(long, value_name = "FILE", conflicts_with_all = ["replay", "limit"])]
    pub(crate) export: Option<PathBuf>,
    /// Import the mended records of such a file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["as_of", "limit"])]
    pub(crate) replay: Option<PathBuf>,
    /// List no more than so many
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) version: AsOf,
}

/// Arguments of `tenure report`.
#[derive(Debug, Clone, Args)]
pub(crate) struct ReportArgs {
    #[command(flatten)]
    pub(crate) when: When,
    #[command(flatten)]
    pub(crate) split: Split,
    #[command(flatten)]
    pub(crate) filter: Filter,
    /// Table for people, json and csv for programs, html for a page to print or send, markdown for notes and wikis, xlsx for
    /// spreadsheets
    #[arg(long, value_name = "FORM", default_value = "table")]
    pub(crate) format: ReportForm,
    /// Draw on the page how often health scores and models of lifetime value were right (html only; it walks through the whole
    /// history, so it takes a while)
    #[arg(long)]
    pub(crate) backtest: bool,
    /// Write to this file instead of the terminal
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) standing: Standing,
}

/// In which form a report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportForm {
    /// For people
    Table,
    /// An array of objects
    Json,
    /// A header and a line each
    Csv,
    /// One self-contained page
    Html,
    /// Tables, excluded rows and definitions as text
    Markdown,
    /// An Excel workbook: figures as numbers, excluded rows, definitions
    Xlsx,
}

/// Arguments of `tenure metric`.
#[derive(Debug, Clone, Args)]
pub(crate) struct MetricArgs {
    /// The metric's id, such as nrr
    #[arg(value_name = "ID")]
    pub(crate) metric: String,
    /// One of its other definitions, or `all` of them side by side
    #[arg(long, value_name = "V")]
    pub(crate) variant: Option<String>,
    /// Two of its definitions row by row: what one counts and the other does not, and why
    #[arg(long, num_args = 2, value_names = ["A", "B"], conflicts_with_all = ["variant", "by", "last", "grain"])]
    pub(crate) diff: Option<Vec<String>>,
    #[command(flatten)]
    pub(crate) when: When,
    #[command(flatten)]
    pub(crate) split: Split,
    #[command(flatten)]
    pub(crate) filter: Filter,
    #[command(flatten)]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) standing: Standing,
}

/// Arguments of `tenure rows`.
#[derive(Debug, Clone, Args)]
pub(crate) struct RowsArgs {
    /// The metric's id, such as nrr
    #[arg(value_name = "ID")]
    pub(crate) metric: String,
    /// One of its other definitions
    #[arg(long, value_name = "V")]
    pub(crate) variant: Option<String>,
    /// The period, written as for `tenure metric`
    #[arg(long, value_name = "P")]
    pub(crate) period: String,
    /// The rows that do not count, with the reason of each
    #[arg(long)]
    pub(crate) excluded: bool,
    #[command(flatten)]
    pub(crate) filter: Filter,
    /// No more than so many rows [default: 100 in a table, else all]
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,
    #[command(flatten)]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) standing: Standing,
}

/// Arguments of `tenure explain`.
#[derive(Debug, Clone, Args)]
pub(crate) struct ExplainArgs {
    /// The metric's id; without one, every metric is listed
    #[arg(value_name = "ID")]
    pub(crate) metric: Option<String>,
    /// One of its other definitions
    #[arg(long, value_name = "V", requires = "metric")]
    pub(crate) variant: Option<String>,
    /// Only the SQL, for `tenure sql -`
    #[arg(long, requires = "metric")]
    pub(crate) sql: bool,
    /// Every metric and variant as one Markdown document; without a workspace, those that are built in
    #[arg(long, conflicts_with = "metric")]
    pub(crate) all: bool,
    /// Write that document to this file instead of the terminal
    #[arg(short, long, value_name = "FILE", requires = "all")]
    pub(crate) output: Option<PathBuf>,
}

/// Arguments of `tenure check`.
#[derive(Debug, Clone, Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) standing: Standing,
}

/// Arguments of `tenure reconcile`.
#[derive(Debug, Clone, Args)]
pub(crate) struct ReconcileArgs {
    /// The outside file: CSV, an amount per account
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The figure it is about: mrr, arr or active_customers
    #[arg(long, value_name = "ID", value_parser = measure)]
    pub(crate) metric: Measure,
    /// The period at whose close it was taken, written as for `tenure metric`
    #[arg(long, value_name = "P")]
    pub(crate) period: String,
    /// Its column of account ids [default: one named account_id, customer and the like]
    #[arg(long, value_name = "COLUMN")]
    pub(crate) on: Option<String>,
    /// Its column of amounts [default: one named as the metric, amount and the like]
    #[arg(long, value_name = "COLUMN")]
    pub(crate) amount: Option<String>,
    /// Its column of the amounts' currencies [default: one named currency, ccy and the like]
    #[arg(long, value_name = "COLUMN")]
    pub(crate) currency: Option<String>,
    #[command(flatten)]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) version: AsOf,
    /// World time: which renewals are still within their grace by then [default: as far as the data goes]
    #[arg(long, value_name = "TIME", help_heading = "The data")]
    pub(crate) now: Option<String>,
}

fn measure(text: &str) -> Result<Measure, String> {
    Measure::of(text).ok_or_else(|| format!("write one of {}", Measure::metrics().join(", ")))
}

/// Arguments of `tenure sql`.
#[derive(Debug, Clone, Args)]
pub(crate) struct SqlArgs {
    /// One query; `-` reads it from standard input
    #[arg(value_name = "QUERY")]
    pub(crate) query: String,
    #[command(flatten)]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) version: AsOf,
    #[command(flatten)]
    pub(crate) whom: Whom,
}

/// Arguments of `tenure completions`.
#[derive(Debug, Clone, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}
