//! Business hours: weekly local hours with holidays, and the time that passes within them.

mod hours;

pub use hours::{Hours, HoursError};

use crate::zone::Zone;
use hours::{DAY, WEEK};
use jiff::Timestamp;
use jiff::civil::{Date, Weekday};

/// Weekly local hours in a zone, less holidays.
///
/// An instant is in business when its local time of day lies in the day's hours, and its local date is no holiday. So a night that
/// springs forward has an hour less of them, and one that falls back an hour more.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    zone: Zone,
    hours: Vec<(Weekday, Hours)>,
    /// Sorted, non-touching stretches of microseconds from Monday 00:00.
    week: Vec<(i64, i64)>,
    /// What the stretches before the one at the same place add up to.
    before: Vec<i64>,
    in_week: i64,
    /// Days since 1970-01-01, sorted, each with the business time that it and all before it remove.
    holidays: Vec<(i64, i64)>,
    holiday_dates: Vec<Date>,
}

const MICROS: i64 = 1_000_000;
/// 1970-01-01 was a Thursday: this many days after a Monday.
const EPOCH_WEEKDAY: i64 = 3;

impl Schedule {
    /// Those hours of those weekdays in a zone, less holidays. Hours may overlap, and may pass midnight into the next day;
    /// a holiday removes what lies on its own date.
    pub fn new(zone: Zone, hours: Vec<(Weekday, Hours)>, mut holidays: Vec<Date>) -> Self {
        let mut stretches: Vec<(i64, i64)> = hours.iter().flat_map(|(day, hours)| hours.in_week(*day)).collect();
        stretches.sort_unstable();
        let mut week: Vec<(i64, i64)> = Vec::new();
        for (from, to) in stretches {
            match week.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => week.push((from, to)),
            }
        }
        let mut in_week = 0;
        let mut before = Vec::new();
        for (from, to) in &week {
            before.push(in_week);
            in_week += to - from;
        }
        holidays.sort_unstable();
        holidays.dedup();
        let mut schedule =
            Self { zone, hours, week, before, in_week, holidays: Vec::new(), holiday_dates: holidays.clone() };
        let mut removed = 0;
        for date in holidays {
            let day = days(date);
            removed += schedule.weekly((day + 1) * DAY) - schedule.weekly(day * DAY);
            schedule.holidays.push((day, removed));
        }
        schedule
    }

    /// The zone whose clock the hours are told in.
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The hours as they were given.
    pub fn hours(&self) -> &[(Weekday, Hours)] {
        &self.hours
    }

    /// The holidays, sorted.
    pub fn holidays(&self) -> &[Date] {
        &self.holiday_dates
    }

    /// Whole seconds of business time from one instant to another; 0 when `to` is not later.
    pub fn business_seconds(&self, from: Timestamp, to: Timestamp) -> i64 {
        self.business_micros(from, to) / MICROS
    }

    /// Microseconds of business time from one instant to another; 0 when `to` is not later.
    ///
    /// While a zone keeps its offset its clock runs evenly, so that each such stretch is a subtraction on the local clock.
    pub fn business_micros(&self, from: Timestamp, to: Timestamp) -> i64 {
        let (mut at, to) = (from.as_microsecond(), to.as_microsecond());
        let mut total = 0;
        while at < to {
            let span = self.zone.offset_span(at.div_euclid(MICROS));
            let next = to.min(span.to.saturating_mul(MICROS));
            let offset = span.offset * MICROS;
            total += self.elapsed(next + offset) - self.elapsed(at + offset);
            at = next;
        }
        total
    }

    /// Business time from a fixed beginning to a local time, in microseconds since 1970-01-01T00:00 of the local clock.
    fn elapsed(&self, local: i64) -> i64 {
        let day = local.div_euclid(DAY);
        let past = self.holidays.partition_point(|(holiday, _)| *holiday < day);
        let removed = past.checked_sub(1).and_then(|last| self.holidays.get(last)).map_or(0, |(_, removed)| *removed);
        let today = match self.holidays.get(past) {
            Some((holiday, _)) if *holiday == day => day * DAY,
            _ => local,
        };
        self.weekly(today) - removed
    }

    /// The same as if there were no holidays.
    fn weekly(&self, local: i64) -> i64 {
        let since_monday = local + EPOCH_WEEKDAY * DAY;
        let (weeks, at) = (since_monday.div_euclid(WEEK), since_monday.rem_euclid(WEEK));
        let place = self.week.partition_point(|(from, _)| *from <= at);
        let in_this = match place.checked_sub(1).and_then(|last| Some((self.week.get(last)?, self.before.get(last)?))) {
            Some(((from, to), before)) => before + at.min(*to) - from,
            None => 0,
        };
        weeks * self.in_week + in_this
    }
}

/// Whole seconds of business time over changes of schedule: each counts from its instant until the next one's. What lies before the
/// first counts in the first; 0 without any.
pub fn business_seconds_across(changes: &[(Timestamp, &Schedule)], from: Timestamp, to: Timestamp) -> i64 {
    let mut changes = changes.to_vec();
    changes.sort_by_key(|(at, _)| *at);
    let mut total = 0;
    for (place, (at, schedule)) in changes.iter().enumerate() {
        let start = if place == 0 { from } else { from.max(*at) };
        let end = changes.get(place + 1).map_or(to, |(next, _)| to.min(*next));
        total += schedule.business_micros(start, end);
    }
    total / MICROS
}

fn days(date: Date) -> i64 {
    let epoch = Date::constant(1970, 1, 1);
    date.duration_since(epoch).as_hours() / 24
}

#[cfg(test)]
mod tests;
