//! What lies ahead: how long customers stay, what they will be worth and what the next quarters bring, each with the range
//! in which it may fall.

mod attributes;
mod cells;
mod error;
pub mod forecast;
pub mod lifetime_value;
pub mod survival;

pub use error::OutlookError;

/// A figure, or why there is none, in words for people.
pub type OrReason<T> = Result<T, String>;
