//! `tenure health` and what it can do.

use super::ask::{Filter, Limit, Output};
use super::global::Whom;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;
use tenure_account::Act;

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
    /// What you say of a customer, with a reason and an end; scorecards read it as the signal human_rating
    #[command(after_help = "\
It counts from the day on which it is given: days that are scored stay as they are.

Examples:
  tenure health rate A-0100 30 --reason \"sponsor left\" --until 2027-03-31 --by S-02
  tenure health rate --list A-0100
  tenure health rate --withdraw said-hq3k9x2m1p")]
    Rate(HealthRateArgs),
    /// Two scorecards on the same days: scores, colours, and who changes colour
    Compare(HealthCompareArgs),
    /// How often scores were right: walked through history, on what was known at the time
    Backtest(HealthBacktestArgs),
    /// Lists to act on: whom to thank, whom to sell more, whom to call back
    Act(HealthActArgs),
    /// How likely each customer is to leave, by a churn model that history has judged, and why
    Risk(HealthRiskArgs),
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
    #[command(flatten)]
    pub(crate) limit: Limit,
    #[command(flatten)]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) whom: Whom,
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
    /// Both days by the scorecards as they are now, not by those that were in force on them
    #[arg(long)]
    pub(crate) restate: bool,
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

/// A rating: given, listed or withdrawn.
#[derive(Debug, Clone, Args)]
pub(crate) struct HealthRateArgs {
    /// The customer's id or name
    #[arg(value_name = "ACCOUNT", required_unless_present_any = ["list", "withdraw"])]
    pub(crate) account: Option<String>,
    /// From 0 (worst) to 100 (best)
    #[arg(value_name = "SCORE", required_unless_present_any = ["list", "withdraw"])]
    pub(crate) score: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT", required_unless_present_any = ["list", "withdraw"])]
    pub(crate) reason: Option<String>,
    /// The last day on which it counts, at most a year away
    #[arg(long, value_name = "DAY", required_unless_present_any = ["list", "withdraw"])]
    pub(crate) until: Option<String>,
    /// Who says so: a colleague's id or name
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
    /// List ratings, the newest first; of ACCOUNT alone, where it is given
    #[arg(long, conflicts_with_all = ["withdraw", "score", "reason", "until", "by"])]
    pub(crate) list: bool,
    /// End a rating now, that was given so
    #[arg(long, value_name = "ID", conflicts_with_all = ["account", "score", "reason", "until", "by"])]
    pub(crate) withdraw: Option<String>,
    /// How many are listed
    #[arg(long, value_name = "N", default_value = "50")]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) output: Output,
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

/// Who is likely to leave.
#[derive(Debug, Clone, Args)]
pub(crate) struct HealthRiskArgs {
    /// One customer, by id or name, with all that speaks for and against its leaving
    #[arg(value_name = "ACCOUNT")]
    pub(crate) account: Option<String>,
    /// Within how many days
    #[arg(long, value_name = "DAYS", default_value = "90", value_parser = clap::value_parser!(i32).range(1..))]
    pub(crate) horizon: i32,
    /// Add what is at risk by an attribute, such as plan
    #[arg(long, value_name = "ATTR", conflicts_with = "account")]
    pub(crate) by: Option<String>,
    #[command(flatten)]
    pub(crate) limit: Limit,
    /// How many month's ends to learn from [default: all there are, at most 60]
    #[arg(long, value_name = "N", default_value = "60", value_parser = clap::value_parser!(u32).range(2..=240))]
    pub(crate) last: u32,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// A list to act on.
#[derive(Debug, Clone, Args)]
pub(crate) struct HealthActArgs {
    /// Which list
    #[arg(value_name = "LIST")]
    pub(crate) list: ActList,
    #[command(flatten)]
    pub(crate) limit: Limit,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// Which list to act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ActList {
    /// Customers by what they pay
    HighValue,
    /// Healthy customers that use at least four fifths of their paid seats
    Upsell,
    /// Healthy customers without a product that at least three in ten of their plan hold
    CrossSell,
    /// People who would not recommend, in the last ninety days, and whom nobody has called since
    Detractors,
}

impl ActList {
    /// The list itself.
    pub(crate) fn act(self) -> Act {
        match self {
            Self::HighValue => Act::HighValue,
            Self::Upsell => Act::Upsell,
            Self::CrossSell => Act::CrossSell,
            Self::Detractors => Act::Detractors,
        }
    }

    /// What stands above it.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::HighValue => "Customers by what they pay",
            Self::Upsell => "Healthy customers near the limit of their seats",
            Self::CrossSell => "Products that customers of the same plan hold",
            Self::Detractors => "Detractors whom nobody has called back",
        }
    }
}
