//! Health: the score of every customer on every day, from what was known then; why it changed; and how often it was right.
//!
//! ```text
//! Health::open(lake, catalog, settings, scorecards)
//!   .update(now, …) → Updated                 scores the days that are closed and not scored yet; one lake version
//!   .scores(day) → DayScores                  those that are kept, or else from what was known of that day
//!   .as_on(day) → Health                       by the scorecards that were in force then
//! explained(then, now, account, from, to)     the change, split exactly
//!   .rate(now, said) → Rating                 what a colleague says, with a reason and an end; .withdraw(now, id), .ratings()
//!   .judgeable(days, …) → Judgeable           history for `tenure-backtest`: what was known, the scores, who left
//! observe(engine, scorecards, days)           signals of customers on days: what everything here is computed from
//! ```
//!
//! A day is scored from the first version of the lake in which it is closed: later rows never change it. Days before the first load
//! of a source are scored from that load, by the time of its rows. See [`known`].
//!
//! **Architecture invariant:** no score has a code path of its own: signals are metrics or SQL, scorecards are files, and the arithmetic is
//! `tenure-scorecard`'s.

mod change;
mod compare;
mod days;
mod earlier;
mod error;
mod extent;
mod history;
pub mod known;
mod latest;
mod observe;
mod panel;
mod ratings;
mod read;
mod record;
mod rollup;
mod stored;

pub use change::{Explained, Standing, explained, split};
pub use compare::{Compared, DayCompared, Recoloured};
pub use error::HealthError;
pub use extent::Extent;
pub use history::{Health, Progress, Updated};
pub use known::{Basis, Known};
pub use observe::{Customer, Observed, observe};
pub use panel::{BASELINE, Judgeable, SCORECARD};
pub use ratings::{GIVEN, LONGEST, Rating, Said};
pub use read::{CustomerScore, DayScores};
pub use record::Line;
pub use rollup::{ParentScore, roll_up};
