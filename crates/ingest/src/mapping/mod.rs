//! A table's SELECT over a source's relations.
//!
//! The usual SELECT yields one row for each row of the relation that its FROM names first (joins to others allowed). Its
//! columns are computed batch by batch here, not by the engine, so that an expression that fails (a date that is none) is
//! pinned to its row, which is rejected, and the import goes on. SELECTs of other shapes (GROUP BY, DISTINCT, UNION,
//! windows, sorting) run as a whole; there an expression that fails stops the import.
//!
//! Dates and codes, each one plain expression:
//!
//! | in the file | expression |
//! |---|---|
//! | `16-10-2024` | `to_date(x, '%d-%m-%Y')` |
//! | `01/09/21` (two-digit years: 69–99 are 19xx) | `to_date(x, '%d/%m/%y')` |
//! | `19970101` | `to_date(x, '%Y%m%d')`, or just `x` |
//! | `2024-01-31 10:15`, ISO with or without zone | `x` |
//! | `31/01/2024 10:15` | `to_timestamp(x, '%d/%m/%Y %H:%M')` |
//! | `1706695200` (seconds) | `to_timestamp_seconds(CAST(x AS BIGINT))` |
//! | `?` for null | `nullif(x, '?')`, or `null = ["", "?"]` of the file |
//! | a last day that is meant inclusively | `to_date(x, '%Y-%m-%d') + INTERVAL '1 day'` |
//! | `1.234,50` | `replace(replace(x, '.', ''), ',', '.')` |

mod instants;
mod plan;
mod relations;
mod rowwise;
mod run;
mod session;

pub use plan::{Plan, plan};
pub use relations::Relations;
pub use run::{Batch, Failed, Rows};
