//! Intervals, quantiles, survival and lifetime value: pure numerics.
//!
//! Nothing here knows Arrow, SQL, files or the clock. What is undefined (no cases, a zero denominator, a curve that never
//! gets there) is `None`, never zero, infinity or not-a-number. Every interval has two sides and a level of 95 %.
//! The same cases give the same bytes, in whatever order they come.

pub mod bootstrap;
pub mod exact_sum;
pub mod incidence;
pub mod interval;
pub mod jackknife;
pub mod lifetime_value;
pub mod multiset;
pub mod quantile;
mod risk;
pub mod survival;

pub use exact_sum::ExactSum;
pub use incidence::CumulativeIncidence;
pub use interval::Interval;
pub use lifetime_value::{Lifetime, LifetimeValue, Terms};
pub use multiset::Multiset;
pub use survival::KaplanMeier;
