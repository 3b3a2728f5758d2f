//! Answers for programs: JSON and CSV with the same names.

mod csv;
mod figure;
mod json;
mod record;

pub(crate) use csv::{csv, rows_csv};
pub(crate) use figure::Figure;
pub(crate) use json::json;
pub(crate) use record::{Compared, Defined, Pairs, Record, records};
