//! `tenure health` and what it can do.

use super::ask::{Filter, Output};
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// What is asked about health.
#[derive(Debug, Clone, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct HealthArgs {
    #[command(subcommand)]
    pub(crate) command: Option<HealthCommand>,
    #[command(flatten)]
    pub(crate) list: HealthListArgs,
}

/// A part of `tenure health`.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum HealthCommand {
    /// Whom to call: customers in order of what is at stake, with what moved their score (the default)
    List(HealthListArgs),
    /// One customer's score: every signal, its age, its points and what it put in
    Show(HealthShowArgs),
    /// Why a customer's score changed between two days, split exactly
    Explain(HealthExplainArgs),
    /// Score the days that are over and not scored yet, and keep them
    Update(HealthUpdateArgs),
    /// Two scorecards on the same days: scores, colours, and who changes colour
    Compare(HealthCompareArgs),
    /// How often scores were right: walked through history, on what was known at the time
    Backtest(HealthBacktestArgs),
    /// Check scorecards and signals without scoring anybody
    EditCheck,
}

/// The list.
#[derive(Debug, Clone, Args)]
pub(crate) struct HealthListArgs {
    /// The day [default: the last that is over in the data]
    #[arg(long, value_name = "DAY")]
    pub(crate) day: Option<String>,
    /// The day to compare with [default: a week before]
    #[arg(long, value_name = "DAY")]
    pub(crate) since: Option<String>,
    #[command(flatten)]
    pub(crate) filter: Filter,
    /// How many customers
    #[arg(long, value_name = "N", default_value = "20")]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// One customer.
#[derive(Debug, Clone, Args)]
pub(crate) struct HealthShowArgs {
    /// The customer's id or name
    #[arg(value_name = "ACCOUNT")]
    pub(crate) account: String,
    /// The day [default: the last that is over in the data]
    #[arg(long, value_name = "DAY")]
    pub(crate) day: Option<String>,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// A change of score.
#[derive(Debug, Clone, Args)]
pub(crate) struct HealthExplainArgs {
    /// The customer's id or name
    #[arg(value_name = "ACCOUNT")]
    pub(crate) account: String,
    /// The earlier day [default: four weeks before the later one]
    #[arg(long, value_name = "DAY")]
    pub(crate) from: Option<String>,
    /// The later day [default: the last that is over in the data]
    #[arg(long, value_name = "DAY")]
    pub(crate) to: Option<String>,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// Extending the history.
#[derive(Debug, Clone, Args)]
pub(crate) struct HealthUpdateArgs {
    /// Score the past too by the scorecards as they are now, beside what was scored then
    #[arg(long)]
    pub(crate) backfill: bool,
    /// The day with which history begins [default: that of the first customer]
    #[arg(long, value_name = "DAY")]
    pub(crate) from: Option<String>,
}

/// Two scorecards.
#[derive(Debug, Clone, Args)]
pub(crate) struct HealthCompareArgs {
    /// A scorecard: its id, or a file
    #[arg(value_name = "A")]
    pub(crate) one: PathBuf,
    /// Another one
    #[arg(value_name = "B")]
    pub(crate) two: PathBuf,
    /// How many month's ends to look at
    #[arg(long, value_name = "N", default_value = "12", value_parser = clap::value_parser!(u32).range(1..=120))]
    pub(crate) last: u32,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// A back-test.
#[derive(Debug, Clone, Args)]
pub(crate) struct HealthBacktestArgs {
    /// Scorecards to judge beside those in force: ids or files
    #[arg(value_name = "SCORECARD")]
    pub(crate) scorecards: Vec<PathBuf>,
    /// Within how many days leaving counts
    #[arg(long, value_name = "DAYS", value_delimiter = ',', default_value = "30,90,180")]
    pub(crate) horizon: Vec<i32>,
    /// How many month's ends to look back [default: all there are, at most 60]
    #[arg(long, value_name = "N", default_value = "60", value_parser = clap::value_parser!(u32).range(2..=240))]
    pub(crate) last: u32,
    /// The attribute by which customers are told apart
    #[arg(long, value_name = "ATTR", default_value = "plan")]
    pub(crate) by: String,
    #[command(flatten)]
    pub(crate) output: Output,
}
