//! What can be typed: every command, argument and help text. What was typed is not yet what is meant; the commands resolve it.

mod account;
mod ask;
mod clv;
mod commands;
mod global;
mod health;
mod outlook;

pub(crate) use account::{AccountArgs, AccountForm};
pub(crate) use ask::{Filter, Form, Split, When};
pub(crate) use clv::{ClvAccountsArgs, ClvArgs, ClvCommand, ClvHoldOutArgs, ClvPageArgs};
pub(crate) use commands::{
    CheckArgs, CompletionsArgs, DemoArgs, ExplainArgs, ImportArgs, InitArgs, MetricArgs, ReconcileArgs, RejectsArgs,
    ReportArgs, ReportForm, RowsArgs, SqlArgs,
};
pub(crate) use global::{ColorWhen, Global, Standing};
pub(crate) use health::{
    HealthActArgs, HealthArgs, HealthBacktestArgs, HealthCommand, HealthCompareArgs, HealthExplainArgs, HealthListArgs,
    HealthRateArgs, HealthRiskArgs, HealthShowArgs, HealthUpdateArgs,
};
pub(crate) use outlook::{ForecastArgs, SurvivalArgs};

use clap::{Parser, Subcommand};

/// Customer-success metrics from your own files, each number open to its rows.
#[derive(Debug, Parser)]
#[command(name = "tenure", version, about, long_about = LONG_ABOUT, after_help = AFTER_HELP, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const LONG_ABOUT: &str = "\
Customer-success metrics from your own files, each number open to its rows.

Tenure reads billing, support, survey and usage exports through a short mapping, keeps them in an open lake in the \
workspace folder, and answers every KPI with its interval, its n, its rows and its definition.";

const AFTER_HELP: &str = "\
Examples:
  tenure demo                          see the board of a made-up company
  tenure init acme                     start a workspace of your own
  tenure import                        read every source of this workspace
  tenure report                        the board of the last complete month
  tenure metric nrr --by plan          one metric, twelve months, by plan
  tenure rows nrr --period 2026-06     the rows behind a number

Exit codes:
  0  done
  1  it could not be done: standard error says why and what to do
  2  the command line is not right: a flag, or a name, period, version or query that does not exist
  3  `tenure check` found something that does not hold, or `tenure reconcile` a difference
  4  `tenure import` rejected some rows: the others are committed, or would be without --dry-run";

/// A command.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a workspace: settings, folders and an empty lake.
    #[command(after_help = "Example:\n  tenure init acme")]
    Init(InitArgs),
    /// Make a believable software company, import it and show its board.
    #[command(after_help = "Example:\n  tenure demo\n  tenure -w tenure-demo metric nps --by plan")]
    Demo(DemoArgs),
    /// Read sources into the lake, with a verdict for every row.
    #[command(after_help = "\
Exit code 4 says that some rows were rejected and the others committed, or of a dry run: would be.
`tenure rejects` lists what stands rejected.

Examples:
  tenure import                        every source of the workspace
  tenure import billing --dry-run      what would happen; nothing is changed
  tenure import --keep-good            take what can be read although a file or mapping is broken")]
    Import(ImportArgs),
    /// List rejected rows, write them to a file, read them again when mended.
    #[command(after_help = "\
Examples:
  tenure rejects billing
  tenure rejects billing --export mend.jsonl
  tenure rejects --replay mend.jsonl")]
    Rejects(RejectsArgs),
    /// The board: every metric with value, interval, n, change and target.
    #[command(after_help = "\
Examples:
  tenure report
  tenure report --period 2026-Q2 --by plan
  tenure report --last 6 --grain month --where account.country=DE
  tenure report --format html -o board.html
  tenure report --period 2026-Q2 --format xlsx -o board.xlsx")]
    Report(ReportArgs),
    /// One metric over periods, in any of its definitions, by any attribute.
    #[command(after_help = "\
Examples:
  tenure metric nrr
  tenure metric nps --variant all --period 2026-Q2
  tenure metric logo_churn_rate --diff default stripe --period 2026-Q2
  tenure metric logo_churn_rate --last 8 --grain quarter --by account.plan,account.country
  tenure metric first_response_time --where channel=chat --format csv -o chat.csv")]
    Metric(MetricArgs),
    /// The rows that a number counts, or those it leaves out and why.
    #[command(after_help = "\
Examples:
  tenure rows nrr --period 2026-06
  tenure rows nps --period 2026-Q2 --excluded
  tenure rows churned_mrr --period 2026-06 --where account.plan=Growth --format csv -o churned.csv")]
    Rows(RowsArgs),
    /// What a metric means: words, formula, rows, SQL, source, choices.
    #[command(after_help = "\
Examples:
  tenure explain nrr
  tenure explain nps --variant per_response
  tenure explain nrr --sql | tenure sql -
  tenure explain --all -o definitions.md")]
    Explain(ExplainArgs),
    /// Whether all that must hold of the numbers does, on this data.
    #[command(after_help = "Exit code 3 says that something does not hold.\n\nExample:\n  tenure check")]
    Check(CheckArgs),
    /// An outside file against our figure, account by account, each difference with its likely cause.
    #[command(after_help = "\
Both totals tie out: ours less theirs is the sum of the differences and of rounding to the cent.
A cause is named where ours, read their way, is theirs to the cent.
Exit code 3 says that the sides differ.

Examples:
  tenure reconcile finance.csv --metric mrr --period 2026-05
  tenure reconcile arr.csv --metric arr --period 2026-Q2 --on Customer --amount \"ARR (USD)\"
  tenure reconcile customers.csv --metric active_customers --period 2026-05 --format csv -o differences.csv")]
    Reconcile(ReconcileArgs),
    /// Whom to call today and why: scores of customers, what moved them, what they rest on.
    #[command(after_help = "\
Scorecards are files in health/*.toml; without one, the scorecard that ships with Tenure applies.

Examples:
  tenure health                                  customers in order of what is at stake
  tenure health --where csm=S-02 --limit 10      one CSM's morning
  tenure health show A-0100                      what a score rests on
  tenure health explain A-0100 --from 2026-05-31 why it changed, exactly
  tenure health compare default health/new.toml  last year under another scorecard
  tenure health backtest health/new.toml         how often each would have been right
  tenure health risk --limit 10                  who is likely to leave within 90 days, and why
  tenure health update                           score the days that are over, and keep them")]
    Health(HealthArgs),
    /// How long customers stay, or onboarding takes: curves by attribute, with those still on their way.
    #[command(after_help = "\
Examples:
  tenure survival                                customers until they leave
  tenure survival --by plan --cox plan,country   by plan, and by how much each hastens the end
  tenure survival --of time_to_value --period 2026-Q1
  tenure survival --by plan --format csv -o curves.csv")]
    Survival(SurvivalArgs),
    /// The next quarters: renewals due, net and gross retention with ranges, and how often such forecasts held.
    #[command(after_help = "\
Of today's customers, without new business; from what was known when the day began.

Examples:
  tenure forecast                                four quarters from where the data end
  tenure forecast --by segment                   renewals by an attribute of the account
  tenure forecast --record                       past forecasts, from what was known then, against what came
  tenure forecast --format csv -o renewals.csv   a line a term due")]
    Forecast(ForecastArgs),
    /// Everything about one account: who, what it pays, uses and says, its health and why, and what happened to it.
    #[command(after_help = "\
After a merge the old id answers with the account that took it over. Nothing that colleagues answered is shown.

Examples:
  tenure account A-0100
  tenure account \"Cinderbrook Grocers\" --since 2026-01-01 --limit 100
  tenure account A-0100 --format markdown -o A-0100.md
  tenure account A-0100 --format csv")]
    Account(AccountArgs),
    /// What customers are worth by every definition, which model to believe, and single accounts.
    #[command(after_help = "\
Examples:
  tenure clv                                     every definition, the models' fit, the hold-out
  tenure clv --by plan                           by an attribute
  tenure clv hold-out --months 6 --format csv    fitted six months ago, against what came
  tenure clv accounts --variant bg_nbd           the most valuable accounts, and whether they still buy
  tenure clv accounts --account A-0100           one of them")]
    Clv(ClvArgs),
    /// Ask the lake's tables and the derived tables in SQL; nothing can be changed.
    #[command(after_help = "\
Examples:
  tenure sql \"SELECT plan, count(*) FROM subscriptions GROUP BY plan\"
  tenure sql \"SELECT * FROM mrr_movements LIMIT 20\" --format csv
  tenure explain nrr --sql | tenure sql -")]
    Sql(SqlArgs),
    /// Rewrite the lake's files so that they are few and sorted; no number changes.
    #[command(after_help = "Example:\n  tenure compact")]
    Compact,
    /// Print completions for a shell.
    #[command(after_help = "Example:\n  tenure completions bash > ~/.local/share/bash-completion/completions/tenure")]
    Completions(CompletionsArgs),
}

impl Command {
    /// From where it looks at the data, as far as it was told; a command that does not ask takes none.
    pub(crate) fn standing(&self) -> Standing {
        match self {
            Self::Report(ReportArgs { standing, .. })
            | Self::Metric(MetricArgs { standing, .. })
            | Self::Rows(RowsArgs { standing, .. })
            | Self::Survival(SurvivalArgs { standing, .. })
            | Self::Forecast(ForecastArgs { standing, .. })
            | Self::Check(CheckArgs { standing, .. }) => standing.clone(),
            Self::Clv(args) => args.standing().clone(),
            Self::Rejects(RejectsArgs { version, .. }) => Standing { version: version.clone(), ..Standing::default() },
            Self::Reconcile(ReconcileArgs { version, now, .. }) => {
                Standing { version: version.clone(), now: now.clone(), ..Standing::default() }
            }
            Self::Sql(SqlArgs { version, whom, .. }) => {
                Standing { version: version.clone(), whom: whom.clone(), now: None }
            }
            Self::Init(_)
            | Self::Demo(_)
            | Self::Health(_)
            | Self::Account(_)
            | Self::Import(_)
            | Self::Explain(_)
            | Self::Compact
            | Self::Completions(_) => Standing::default(),
        }
    }

    /// Whether the workspace that is named for every command means anything to this one.
    pub(crate) fn has_workspace(&self) -> bool {
        !matches!(self, Self::Init(_) | Self::Demo(_) | Self::Completions(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn arguments_agree_with_each_other() {
        Cli::command().debug_assert();
    }

    #[test]
    fn help() {
        let mut cli = Cli::command().term_width(100);
        cli.build();
        let mut all = cli.render_long_help().to_string();
        for command in cli.get_subcommands_mut().filter(|command| command.get_name() != "help") {
            let help = command.render_long_help();
            all += &format!("\n──── {} ────\n\n{help}", command.get_name());
        }
        insta::assert_snapshot!(all);
    }
}
