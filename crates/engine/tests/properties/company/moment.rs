//! Instants: local days and times of day, those more often at which calendars break.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};
use proptest::prelude::*;

/// The company's first day.
const BEGINNING: Date = date(2023, 10, 1);
/// Days of its history, some of them after the data ends.
const DAYS: i32 = 480;
/// Leap day, clock changes of Europe, America and New Zealand, first and last days of months, quarters and years.
const SPECIAL: [&str; 16] = [
    "2024-01-01",
    "2024-02-29",
    "2024-03-01",
    "2024-03-31",
    "2024-10-27",
    "2024-03-10",
    "2024-11-03",
    "2024-04-07",
    "2023-12-31",
    "2024-02-01",
    "2024-04-01",
    "2024-07-01",
    "2024-06-30",
    "2024-10-01",
    "2024-12-31",
    "2024-12-01",
];
/// Local times in minutes: midnight above all, one that clock changes skip or repeat, office hours, the last minute.
const TIMES: [i32; 4] = [0, 2 * 60 + 30, 10 * 60, 24 * 60 - 1];

/// A local day and minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    day: i32,
    minute: i32,
}

/// Any moment of the history.
pub fn moment() -> impl Strategy<Value = Moment> {
    let special = prop::sample::select(SPECIAL.to_vec()).prop_map(|day| Moment::of(day, 0).day);
    let day = prop_oneof![1 => special, 1 => 0..DAYS];
    let minute = prop_oneof![4 => Just(TIMES[0]), 1 => prop::sample::select(TIMES[1..].to_vec())];
    (day, minute).prop_map(|(day, minute)| Moment { day, minute })
}

impl Moment {
    /// The beginning of the history.
    pub const FIRST: Self = Self { day: 0, minute: 0 };

    /// A minute of a named day.
    pub fn of(day: &str, minute: i32) -> Self {
        let day: Date = day.parse().unwrap();
        Self { day: BEGINNING.until(day).unwrap().get_days(), minute }
    }

    /// So many days later, at the same local time.
    pub fn after(self, days: u32) -> Self {
        Self { day: self.day + i32::try_from(days).unwrap(), ..self }
    }

    /// So many days earlier, at the same local time.
    pub fn before(self, days: u32) -> Self {
        Self { day: self.day - i32::try_from(days).unwrap(), ..self }
    }

    /// So many minutes later by the local clock.
    pub fn after_minutes(self, minutes: u32) -> Self {
        let all = self.minute + i32::try_from(minutes).unwrap();
        Self { day: self.day + all.div_euclid(24 * 60), minute: all.rem_euclid(24 * 60) }
    }

    /// Its local day.
    pub fn date(self) -> Date {
        BEGINNING.checked_add(self.day.days()).unwrap()
    }
}

/// A company's clock.
pub struct Zoned(TimeZone);

impl Zoned {
    pub fn new(name: &str) -> Self {
        Self(TimeZone::get(name).unwrap())
    }

    /// RFC 3339 in UTC.
    pub fn text(&self, moment: Moment) -> String {
        let local = moment.date().at(0, 0, 0, 0).checked_add(Span::new().minutes(moment.minute)).unwrap();
        self.0.to_ambiguous_zoned(local).compatible().unwrap().timestamp().to_string()
    }
}
