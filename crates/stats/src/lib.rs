//! Intervals, quantiles, survival, regression, boosted trees, back-testing and lifetime value: pure numerics.
//!
//! Nothing here knows Arrow, SQL, files or the clock. What is undefined (no cases, a zero denominator, a curve that never
//! gets there) is `None` or a typed error, never zero, infinity or not-a-number. Every interval has two sides and a level
//! of 95 %. The same cases give the same bytes, in whatever order they come.

pub mod beta_binomial;
pub mod boosting;
pub mod bootstrap;
pub mod chi_squared;
pub mod evaluation;
pub mod exact_sum;
pub mod interval;
pub mod jackknife;
pub mod lifetime;
pub mod lifetime_value;
pub mod multiset;
pub mod quantile;
pub mod regression;
pub mod survival;

pub use chi_squared::ChiSquared;
pub use exact_sum::ExactSum;
pub use interval::Interval;
pub use lifetime_value::{Lifetime, LifetimeValue, Terms};
pub use multiset::Multiset;
pub use survival::incidence::{self, CumulativeIncidence};
pub use survival::{KaplanMeier, Observation};
