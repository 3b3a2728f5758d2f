//! Days by the workspace's clock.

use crate::error::HealthError;
use jiff::Timestamp;
use jiff::civil::Date;
use tenure_schema::period::Grain;
use tenure_schema::period::{Clock, Period};

/// A day as a period.
pub(crate) fn period(day: Date, clock: &Clock) -> Result<Period, HealthError> {
    Ok(Period::whole(Grain::Day, day, clock)?)
}

/// When a day is over.
pub(crate) fn end(day: Date, clock: &Clock) -> Result<Timestamp, HealthError> {
    Ok(period(day, clock)?.end)
}

/// The last day that is over at a time.
pub(crate) fn last_before(at: Timestamp, clock: &Clock) -> Option<Date> {
    clock.local(at).date().yesterday().ok()
}

/// Whole days from the day of one instant to that of another; zero where it lies before.
pub(crate) fn age(observed: Timestamp, day: Date, clock: &Clock) -> u32 {
    let since = clock.local(observed).date();
    u32::try_from((day - since).get_days()).unwrap_or_default()
}

/// Days from the first to the last, both included.
pub(crate) fn between(first: Date, last: Date) -> impl Iterator<Item = Date> {
    std::iter::successors((first <= last).then_some(first), move |day| day.tomorrow().ok().filter(|next| *next <= last))
}
