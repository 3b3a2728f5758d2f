//! `tenure health`: whom to call today and why, and how each score came about.

mod act;
mod backtest;
mod compare;
mod explain;
pub(super) mod figures;
mod leaks;
mod list;
mod parents;
mod rate;
mod risk;
mod show;
pub(super) mod update;

use crate::args::{HealthArgs, HealthCommand};
use crate::exit::{Exit, Failure, Outcome};
use crate::printer::{Printer, lines};
use crate::session::Context;
use crate::workspace::Workspace;
use jiff::civil::Date;
use std::path::Path;
use tenure_health::{Health, HealthError};
use tenure_lake::Lake;
use tenure_scorecard::{Scorecards, Text};

/// Answers about health.
pub(crate) async fn run(context: &Context, args: &HealthArgs, printer: &mut Printer) -> Outcome {
    match &args.command {
        None => list::run(context, &args.list, printer).await,
        Some(HealthCommand::List(args)) => list::run(context, args, printer).await,
        Some(HealthCommand::Show(args)) => show::run(context, args, printer).await,
        Some(HealthCommand::Explain(args)) => explain::run(context, args, printer).await,
        Some(HealthCommand::Update(args)) => update::run(context, args, printer).await,
        Some(HealthCommand::Rate(args)) => rate::run(context, args, printer).await,
        Some(HealthCommand::Compare(args)) => compare::run(context, args, printer).await,
        Some(HealthCommand::Backtest(args)) => backtest::run(context, args, printer).await,
        Some(HealthCommand::Risk(args)) => risk::run(context, args, printer).await,
        Some(HealthCommand::Act(args)) => act::run(context, args, printer).await,
        Some(HealthCommand::EditCheck) => edit_check(context, printer).await,
    }
}

/// The workspace's health, by its scorecards.
pub(super) async fn open(context: &Context) -> Outcome<(Workspace, Health)> {
    let workspace = context.workspace()?;
    let catalog = workspace.catalog()?;
    let scorecards = workspace.scorecards(&catalog)?;
    let lake = Lake::open(&workspace.root).await?;
    let health = Health::open(lake, catalog, workspace.settings.clone(), scorecards).await?;
    Ok((workspace, health))
}

/// A day that was typed, else the last that is over.
pub(super) fn day(health: &Health, typed: Option<&str>, flag: &str) -> Outcome<Date> {
    match typed {
        None => Ok(health.last_closed()?),
        Some(text) => day_typed(text, flag),
    }
}

/// A day as it was typed.
pub(super) fn day_typed(text: &str, flag: &str) -> Outcome<Date> {
    text.parse().map_err(|_| Failure::usage(format!("{flag}: `{text}` is no day")).hint("write it like 2026-06-30"))
}

/// A scorecard by id or file, applied to every customer.
pub(super) fn scorecard(
    context: &Context,
    workspace: &Workspace,
    health: &Health,
    named: &Path,
) -> Outcome<Scorecards> {
    let id = named.to_string_lossy();
    let text = match health.scorecards().card(&id) {
        Some(card) => Text { id: card.id.clone(), file: card.file.clone(), text: card.text.clone() },
        None => {
            let path = context.environment.folder.join(named);
            let path = if path.exists() { path } else { workspace.root.join(named) };
            let text = std::fs::read_to_string(&path).map_err(|error| {
                let known: Vec<&str> = health.scorecards().cards().iter().map(|card| card.id.as_str()).collect();
                Failure::usage(format!("{id} is no scorecard, and cannot be read as a file: {error}"))
                    .hint(format!("the scorecards are {}", known.join(", ")))
            })?;
            Text { id: id.clone().into_owned(), file: id.into_owned(), text }
        }
    };
    let catalog = workspace.catalog()?;
    workspace.scorecard_alone(text, &catalog)
}

/// The last days of months up to a day, and that day.
pub(super) fn month_ends(last: Date, months: u32) -> Vec<Date> {
    let back = |count: u32| last.first_of_month().checked_sub(jiff::Span::new().months(i64::from(count))).ok();
    let before: Vec<Date> = (0..months).rev().filter_map(back).filter_map(|first| first.yesterday().ok()).collect();
    let mut days: Vec<Date> = before.into_iter().filter(|day| *day < last).collect();
    days.push(last);
    days
}

async fn edit_check(context: &Context, printer: &mut Printer) -> Outcome {
    let workspace = context.workspace()?;
    let catalog = workspace.catalog()?;
    let scorecards = workspace.scorecards(&catalog)?;
    for card in scorecards.cards() {
        let signals = card.members().count();
        let groups = card.groups.len();
        let whom = match card.when.as_slice() {
            [] => "every customer".to_owned(),
            when => {
                let said = when.iter().map(|(name, values)| format!("{name} is {}", values.join(" or ")));
                format!("customers whose {}", said.collect::<Vec<_>>().join(" and whose "))
            }
        };
        printer.line(&format!(
            "{}: {}, {signals} signals in {groups} groups, for {whom} ({})",
            card.id, card.title, card.file
        ))?;
    }
    let (_, health) = open(context).await?;
    let tried = match health.try_signals().await {
        Ok(()) => "",
        Err(HealthError::NoData) => "; no day is closed yet, so no signal was tried",
        Err(error) => return Err(error.into()),
    };
    printer.line(&format!("no problem found{tried}"))?;
    Ok(Exit::Done)
}
