//! `tenure clv` and what it can do.

use super::ask::{Filter, Limit, Output, Split};
use super::global::Standing;
use clap::{Args, Subcommand};

/// What is asked about lifetime value.
#[derive(Debug, Clone, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct ClvArgs {
    #[command(subcommand)]
    pub(crate) command: Option<ClvCommand>,
    #[command(flatten)]
    pub(crate) page: ClvPageArgs,
}

/// A part of `tenure clv`.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum ClvCommand {
    /// Every definition beside the others, which model fits, and how each would have done (the default)
    Page(ClvPageArgs),
    /// Each model fitted some months ago, held month by month against what has happened since
    HoldOut(ClvHoldOutArgs),
    /// Single accounts in order of value, with the chance that they still buy and what they are expected to
    Accounts(ClvAccountsArgs),
}

/// What every part takes.
#[derive(Debug, Clone, Args)]
pub(crate) struct ClvShown {
    #[command(flatten)]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) standing: Standing,
}

/// Whose value, and when.
#[derive(Debug, Clone, Args)]
pub(crate) struct ClvOf {
    /// A period: 2026-06, 2026-Q2, … [default: the last complete month]
    #[arg(long, value_name = "P")]
    pub(crate) period: Option<String>,
    #[command(flatten)]
    pub(crate) filter: Filter,
}

/// When the models that are held out were fitted.
#[derive(Debug, Clone, Args)]
pub(crate) struct ClvFitted {
    /// How many months before the last complete one the models are fitted, to be held against what came
    #[arg(long, value_name = "N", default_value = "12", value_parser = clap::value_parser!(u32).range(1..=60))]
    pub(crate) months: u32,
}

/// The page.
#[derive(Debug, Clone, Args)]
pub(crate) struct ClvPageArgs {
    #[command(flatten)]
    pub(crate) of: ClvOf,
    #[command(flatten)]
    pub(crate) split: Split,
    #[command(flatten)]
    pub(crate) fitted: ClvFitted,
    #[command(flatten)]
    pub(crate) shown: ClvShown,
}

/// The hold-out.
#[derive(Debug, Clone, Args)]
pub(crate) struct ClvHoldOutArgs {
    #[command(flatten)]
    pub(crate) fitted: ClvFitted,
    #[command(flatten)]
    pub(crate) shown: ClvShown,
}

/// Single accounts.
#[derive(Debug, Clone, Args)]
pub(crate) struct ClvAccountsArgs {
    /// By which definition [default: the one in force]
    #[arg(long, value_name = "V")]
    pub(crate) variant: Option<String>,
    /// Only this account
    #[arg(long, value_name = "ID")]
    pub(crate) account: Option<String>,
    #[command(flatten)]
    pub(crate) of: ClvOf,
    #[command(flatten)]
    pub(crate) limit: Limit,
    #[command(flatten)]
    pub(crate) shown: ClvShown,
}

impl ClvArgs {
    /// From where it looks at the data.
    pub(crate) fn standing(&self) -> &Standing {
        match &self.command {
            None => &self.page.shown.standing,
            Some(ClvCommand::Page(args)) => &args.shown.standing,
            Some(ClvCommand::HoldOut(args)) => &args.shown.standing,
            Some(ClvCommand::Accounts(args)) => &args.shown.standing,
        }
    }
}
