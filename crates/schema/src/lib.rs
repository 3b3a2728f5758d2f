//! The nouns of Tenure: tables, columns, keys, periods, calendars, settings. No I/O, no async, no Arrow.

pub mod table;
