//! The demo company: a seeded generator of raw exports, the mappings that read them, and the truth behind them.
//!
//! One company is simulated, account by account, and only then written down, twice: once as the exports of seven systems
//! with all the dirt such exports have, and once as the truth (`truth/*.csv`), computed from the simulation and never from
//! the written rows. This crate knows nothing of the lake, the catalogue or the engine: it can be wrong with them only by accident.

mod accounts;
mod book;
mod calendar;
mod changes;
mod company;
mod contracts;
mod dice;
mod error;
mod export;
mod fx;
mod groups;
mod hours;
mod interactions;
mod invoices;
mod mood;
mod names;
mod offer;
mod onboarding;
mod people;
mod ratings;
mod referrals;
mod renewals;
mod staff;
mod staff_voice;
mod story;
mod surveys;
mod ticket_story;
mod tickets;
mod truth;
mod usage;
mod verbatims;
mod write;

use std::path::Path;

use jiff::civil::Date;

pub use error::{Error, Result};
pub use export::{Summary, TableCounts};

/// The seed of the demo company everybody sees.
pub const DEFAULT_SEED: u64 = 20_230_118;

/// The fewest accounts with which every part of the story finds room.
pub const FEWEST_ACCOUNTS: usize = 150;

/// The fewest months with which trailing figures, the bad quarter and the recovery exist.
pub const FEWEST_MONTHS: usize = 24;

/// What to generate.
#[derive(Debug, Clone)]
pub struct Options {
    /// Same seed, same bytes.
    pub seed: u64,
    /// How many accounts, those merged away included.
    pub accounts: usize,
    /// How many whole months before `end`.
    pub months: usize,
    /// Everything before this day is in the exports; the first of a month.
    pub end: Date,
    /// About how many usage events to write; none: what the company's people do by themselves, some 350 thousand.
    pub usage_events: Option<u64>,
}

impl Default for Options {
    fn default() -> Self {
        Self { seed: DEFAULT_SEED, accounts: 600, months: 42, end: jiff::civil::date(2026, 7, 1), usage_events: None }
    }
}

/// Writes the inputs of a whole workspace into `dir`: `tenure.toml`, `sources/`, `exports/` and, beside them, `truth/`.
///
/// Files of these names are overwritten; anything else in the folder is left alone.
pub fn generate(dir: &Path, options: &Options) -> Result<Summary> {
    let company = company::Company::simulate(options)?;
    let mut summary = write::exports(dir, &company, options)?;
    truth::write(dir, &company, &mut summary)?;
    write::settings(dir, &company)?;
    Ok(summary)
}
