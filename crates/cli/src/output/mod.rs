//! Answers for programs: JSON and CSV with the same names.

mod csv;
mod figure;
mod json;
mod record;

pub(crate) use csv::{csv, rows_csv};
pub(crate) use json::json;
pub(crate) use record::{Compared, Pairs, Record, records};
