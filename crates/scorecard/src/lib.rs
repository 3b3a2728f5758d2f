//! Scorecards: what they say, what is wrong with them, the score they give, and exactly why a score changed.
//!
//! ```text
//! Scorecards::read(files) → checked scorecards and signals            text alone: no data, no clock
//!   .choose(traits) → Scorecard                                       by lifecycle stage or attribute
//! Scorecard::score(inputs, missing) → Score                           exact decimals: points, weights, contributions
//! explain(before, after) → Explanation                                the change, split into causes that add up exactly
//! ```
//!
//! A score is from 0 (worst) to 100 (best), a decimal with six places; what it rests on comes with it. Everything is decimal
//! arithmetic rounded half to even at one place each, so the same inputs give the same digits, and parts add up to wholes.
//!
//! **Architecture invariant:** this crate knows no tables, no queries and no files; it is given texts and values.

mod builtin;
mod card;
mod choose;
mod colour;
mod exact;
mod explain;
mod figure;
mod file;
mod input;
mod parse;
mod scale;
mod score;
mod scorecards;
mod shapley;
mod signal;
mod span;
mod version;
mod whole;

pub use card::{Formula, Group, Member, Missing, Scorecard};
pub use choose::Traits;
pub use colour::{Colour, Colours};
pub use exact::PLACES;
pub use explain::{Cause, CauseKind, Explanation, Moment, explain};
pub use input::{Input, Inputs, Observation};
pub use scale::{Band, Better, Scale};
pub use score::{Coverage, Score, ScoredSignal, State};
pub use scorecards::{Scorecards, Text};
pub use signal::{Measure, Signal};
pub use span::Days;
