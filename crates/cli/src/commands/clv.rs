//! `tenure clv`: what customers are worth by every definition, which model to believe, and single accounts.

mod accounts;
pub(super) mod hold_out;
mod page;

use crate::args::{ClvArgs, ClvCommand};
use crate::exit::Outcome;
use crate::printer::{Printer, lines};
use crate::session::{Context, Session};
use jiff::Timestamp;
use tenure_engine::MetricRef;
use tenure_schema::period::{Grain, Period};

/// The metric that all of it is about.
const METRIC: &str = "clv";

/// Answers about lifetime value.
pub(crate) async fn run(context: &Context, args: &ClvArgs, printer: &mut Printer) -> Outcome {
    let session = Session::open(context).await?;
    match &args.command {
        None => page::run(&session, &args.page, printer).await,
        Some(ClvCommand::Page(args)) => page::run(&session, args, printer).await,
        Some(ClvCommand::HoldOut(args)) => hold_out::run(&session, args, printer).await,
        Some(ClvCommand::Accounts(args)) => accounts::run(&session, args, printer).await,
    }
}

/// The metric in one of its definitions.
fn metric(variant: Option<&str>) -> MetricRef {
    MetricRef { id: METRIC.to_owned(), variant: variant.map(str::to_owned) }
}

/// The period that was typed, else the last complete month.
fn period(session: &Session, typed: Option<&str>, observed_to: Timestamp) -> Outcome<Period> {
    let clock = session.engine.clock();
    if let Some(text) = typed {
        return Ok(Period::parse(text, &clock, observed_to)?);
    }
    let last = Period::last(1, Grain::Month, observed_to, &clock)?.pop();
    last.map_or_else(|| Ok(Period::at(observed_to, &clock)), Ok)
}
