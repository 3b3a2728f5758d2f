//! `tenure health`: whom to call today and why, and how each score came about.

mod compare;
mod explain;
mod figures;
mod list;
mod show;
mod update;

use crate::args::{HealthArgs, HealthCommand};
use crate::exit::{Exit, Failure, Outcome};
use crate::printer::Printer;
use crate::session::Context;
use crate::workspace::Workspace;
use jiff::civil::Date;
use tenure_health::Health;
use tenure_lake::Lake;

/// Answers about health.
pub(crate) async fn run(context: &Context, args: &HealthArgs, printer: &mut Printer) -> Outcome {
    match &args.command {
        None => list::run(context, &args.list, printer).await,
        Some(HealthCommand::List(args)) => list::run(context, args, printer).await,
        Some(HealthCommand::Show(args)) => show::run(context, args, printer).await,
        Some(HealthCommand::Explain(args)) => explain::run(context, args, printer).await,
        Some(HealthCommand::Update(args)) => update::run(context, args, printer).await,
        Some(HealthCommand::Compare(args)) => compare::run(context, args, printer).await,
        Some(HealthCommand::EditCheck) => edit_check(context, printer),
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
        Some(text) => text
            .parse()
            .map_err(|_| Failure::usage(format!("{flag}: `{text}` is no day")).hint("write it like 2026-06-30")),
    }
}

fn edit_check(context: &Context, printer: &mut Printer) -> Outcome {
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
    printer.line("no problem found")?;
    Ok(Exit::Done)
}
