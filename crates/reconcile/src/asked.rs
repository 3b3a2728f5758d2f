//! What is reconciled, and when.

use crate::measure::Measure;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use tenure_schema::money::Currency;
use tenure_schema::period::{Clock, Period};

/// So many days on either side of the close, a start, end or change may be seen at another time elsewhere.
pub const NEAR_DAYS: i64 = 45;

/// What is reconciled, and when.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Asked {
    /// The figure.
    pub(crate) measure: Measure,
    /// The period at whose close it is taken.
    pub(crate) period: Period,
    /// The workspace's clock.
    pub(crate) clock: Clock,
    /// The workspace's currency.
    pub(crate) home: Currency,
    /// World time: a renewal that is not signed by then is still open within its grace.
    pub(crate) observed_to: Timestamp,
}

impl Asked {
    /// The last instant of the period.
    pub(crate) fn closing(&self) -> Timestamp {
        self.period.closing()
    }

    /// The local day of an instant.
    pub(crate) fn day(&self, at: Timestamp) -> Date {
        self.clock.local(at).date()
    }

    /// Days from one instant to another, whole ones, negative where the other is before.
    pub(crate) fn days_between(&self, from: Timestamp, to: Timestamp) -> i64 {
        i64::from(self.day(from).until(self.day(to)).map_or(i32::MAX, |span| span.get_days()))
    }

    /// Where what is near the close begins.
    pub(crate) fn since(&self) -> Timestamp {
        days_after(self.closing(), -NEAR_DAYS)
    }

    /// Where it ends.
    pub(crate) fn until(&self) -> Timestamp {
        days_after(self.closing(), NEAR_DAYS)
    }

    /// Whether an instant is near the close.
    pub(crate) fn is_near(&self, at: Timestamp) -> bool {
        (self.since()..=self.until()).contains(&at)
    }

    /// Whether it is by the close, and near it.
    pub(crate) fn is_just_past(&self, at: Timestamp) -> bool {
        at <= self.closing() && at >= self.since()
    }

    /// Whether it is after the close, and near it.
    pub(crate) fn is_soon(&self, at: Timestamp) -> bool {
        at > self.closing() && at <= self.until()
    }
}

/// So many times 24 hours later.
pub(crate) fn days_after(at: Timestamp, days: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_hours(24 * days)).unwrap_or(at)
}
