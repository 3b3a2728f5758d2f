//! Figures as people read them: percent, points, money, durations, dates.

mod change;
mod dates;
mod figure;
mod place;
mod spark;

pub(crate) use change::{Change, Drift, drift};
pub(crate) use dates::{day_before, minute, period_title};
pub(crate) use figure::{Detail, compact, count, figure, percent, range, target};
pub(crate) use place::{RECORDS_COUNT_FROM, record_of};
pub(crate) use spark::{spark, spark_within};
