//! The nouns of Tenure: tables, columns, keys, periods, calendars, settings. No I/O, no async, no Arrow.

pub mod as_of;
pub mod calendar;
pub mod instant;
pub mod money;
pub mod nesting;
pub mod period;
pub mod problem;
pub mod settings;
pub mod table;
pub mod zone;
