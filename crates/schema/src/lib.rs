//! The nouns of Tenure: tables, columns, keys, periods, calendars, settings. No I/O, no async, no Arrow.

pub mod period;
pub mod table;
pub mod zone;
