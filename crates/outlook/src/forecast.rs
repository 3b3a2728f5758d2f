//! The next quarters: renewals due and the chance of each, net and gross retention with ranges, and how often such forecasts held.
//!
//! Only who is a customer today is in it; there is no new business. Exchange rates stay where they are: retention compares in the account's own
//! currency at the rates of the opening.
//!
//! ```text
//! forecast(engine over what was known by today) → Forecast { renewals, retention }
//! record(lake, …) → Record: the same as of each past quarter's start, against what came
//! ```

mod book;
mod chances;
mod quarters;
mod record;
mod renewals;
mod simulate;
mod spread;
mod windows;

pub use book::Size;
pub use chances::{Chance, Length};
pub use record::{Held, Measure, Place, Record, Span, Tried, record};
pub use renewals::{Due, Evergreen, Quarter, Renewals, Share};
pub use spread::Spread;
pub use windows::today;

use crate::{OrReason, OutlookError};
use book::Book;
use chances::Chances;
use jiff::Timestamp;
use quarters::Quarters;
use std::sync::Arc;
use tenure_catalog::Catalog;
use tenure_engine::{Data, Engine};
use tenure_schema::as_of::Level;
use tenure_schema::period::Period;
use tenure_schema::settings::Settings;

/// Fewer closed quarters with customers at their opening say nothing of how much quarters differ.
pub const LEAST_QUARTERS: usize = 4;

/// Fewer past quarters of accounts in a situation say nothing of what becomes of accounts in it.
pub const LEAST_CASES: usize = 10;

/// Of fewer decided terms no chance to renew is told.
pub const LEAST_TERMS: u64 = 20;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// How many quarters ahead; retention looks at least four ahead.
    pub quarters: usize,
    /// An attribute of the account that splits the renewals.
    pub by: Option<String>,
    /// Simulated futures.
    pub runs: usize,
    /// The seed of their chance: the same seed, the same futures.
    pub seed: u64,
}

impl Default for Question {
    fn default() -> Self {
        Self { quarters: 4, by: None, runs: 2000, seed: 20_240_101 }
    }
}

/// What lies ahead.
#[derive(Debug, Clone)]
pub struct Forecast {
    /// Midnight before the first day looked at.
    pub today: Timestamp,
    /// Customers today.
    pub customers: usize,
    /// What they pay a month, in the workspace's currency; or why it is not known.
    pub mrr: OrReason<f64>,
    /// Terms due, and subscriptions that can end any month.
    pub renewals: Renewals,
    /// Retention in each of the next quarters, then over the next twelve months; or why it is not told.
    pub retention: OrReason<Vec<Retention>>,
    /// Past quarters that futures are made of.
    pub closed_quarters: usize,
    /// Past terms that chances rest on.
    pub decided_terms: u64,
}

/// Retention over a stretch of time: point to point, over the customers at its opening.
#[derive(Debug, Clone)]
pub struct Retention {
    /// The stretch.
    pub period: Period,
    /// Net revenue retention.
    pub nrr: Spread,
    /// Gross revenue retention.
    pub grr: Spread,
}

/// Data as they were known when a day began, in an engine.
pub async fn known_by(
    data: Data,
    today: Timestamp,
    catalog: Arc<Catalog>,
    settings: Arc<Settings>,
    level: Level,
) -> Result<Engine, OutlookError> {
    let known = data.known_at(windows::before(today)).await?;
    Ok(Engine::over(known, catalog, settings, level).await?)
}

/// Looks ahead from a day's beginning; the engine must be over what was known by then ([`known_by`]).
pub async fn forecast(engine: &Engine, today: Timestamp, question: &Question) -> Result<Forecast, OutlookError> {
    let clock = engine.clock();
    let ahead = windows::quarters_ahead(today, question.quarters.max(4), &clock)?;
    let book = Book::read(engine, &ahead, question.by.as_deref(), today).await?;
    let past = book::past(engine, today, &clock).await?;
    let chances = Chances::read(engine, &past.months, book.large_from, today).await?;
    let quarters = Quarters::of(&past.quarters);
    let renewals = renewals::renewals(&book, &chances, &ahead[..question.quarters], question);
    let retention = match simulate::model(&book, &quarters) {
        Ok(model) => told(&model, &ahead, question, engine)?,
        Err(reason) => Err(reason),
    };
    Ok(Forecast {
        today,
        customers: book.accounts(),
        mrr: book.mrr(),
        renewals,
        retention,
        closed_quarters: quarters.count(),
        decided_terms: chances.decided(),
    })
}

/// Retention in the futures of a model; or why it is not told.
fn told(
    model: &simulate::Model<'_>,
    ahead: &[Period],
    question: &Question,
    engine: &Engine,
) -> Result<OrReason<Vec<Retention>>, OutlookError> {
    let futures = simulate::futures(model, ahead.len(), question.runs, question.seed);
    let year = windows::year_ahead(ahead, &engine.clock())?;
    let mut all = Vec::new();
    for (period, (nrr, grr)) in
        ahead.iter().take(question.quarters).zip(&futures.quarters).chain([(&year, &futures.year)])
    {
        let (Some(nrr), Some(grr)) = (Spread::of(nrr), Spread::of(grr)) else {
            return Ok(Err("no customer pays anything today".to_owned()));
        };
        all.push(Retention { period: period.clone(), nrr, grr });
    }
    Ok(Ok(all))
}
