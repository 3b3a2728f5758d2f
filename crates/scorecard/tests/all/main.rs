//! Scorecards as a workspace has them: read from text, scored, explained.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod arbitrary;
mod change;
mod choose;
mod documented;
mod extremes;
mod formulas;
mod messages;
mod missing;
mod properties;
mod ranks;
mod reading;
mod support;
mod versions;
mod worked;
