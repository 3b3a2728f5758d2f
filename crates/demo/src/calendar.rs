//! Days of the simulation, counted from its first, and their dates, months and instants.

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Zoned};

use crate::Result;

/// Days since the first day of the simulation; earlier ones are negative.
pub(crate) type Day = i32;

/// The simulated stretch of time, in the company's own zone.
#[derive(Debug, Clone)]
pub(crate) struct Calendar {
    start: Date,
    /// First day of each month, and the end.
    firsts: Vec<Day>,
    /// The company's zone: days and months are its.
    pub zone: TimeZone,
}

impl Calendar {
    /// The `months` months before `end`.
    pub fn new(end: Date, months: usize, zone: TimeZone) -> Self {
        let start = end.saturating_sub(Span::new().months(months as i64));
        let firsts =
            (0..=months).map(|month| days(start, start.saturating_add(Span::new().months(month as i64)))).collect();
        Self { start, firsts, zone }
    }

    /// How many months.
    pub fn months(&self) -> usize {
        self.firsts.len() - 1
    }

    /// First day that is no longer observed.
    pub fn end(&self) -> Day {
        self.firsts[self.months()]
    }

    /// First day of a month; the month after the last gives the end.
    pub fn first(&self, month: usize) -> Day {
        self.firsts[month.min(self.months())]
    }

    /// The month a day lies in, held within the simulation.
    pub fn month(&self, day: Day) -> usize {
        self.firsts.partition_point(|first| *first <= day).clamp(1, self.months()) - 1
    }

    /// The date of a day.
    pub fn date(&self, day: Day) -> Date {
        self.start.saturating_add(Span::new().days(day))
    }

    /// The day of a date.
    pub fn day(&self, date: Date) -> Day {
        days(self.start, date)
    }

    /// The same day of the month, `months` later.
    pub fn plus_months(&self, day: Day, months: i32) -> Day {
        self.day(self.date(day).saturating_add(Span::new().months(months)))
    }

    /// `2025-03`.
    pub fn label(&self, month: usize) -> String {
        let date = self.date(self.first(month));
        format!("{:04}-{:02}", date.year(), date.month())
    }

    /// `2025-Q1`.
    pub fn quarter_label(&self, day: Day) -> String {
        let date = self.date(day);
        format!("{:04}-Q{}", date.year(), (date.month() + 2) / 3)
    }

    /// Saturday or Sunday.
    pub fn is_weekend(&self, day: Day) -> bool {
        matches!(self.date(day).weekday(), Weekday::Saturday | Weekday::Sunday)
    }

    /// The instant `seconds` after midnight, by the wall clocks of a zone.
    pub fn instant(&self, day: Day, seconds: i64, zone: &TimeZone) -> Result<Timestamp> {
        let wall =
            self.date(day).to_datetime(jiff::civil::Time::midnight()).saturating_add(Span::new().seconds(seconds));
        at(wall, zone)
    }

    /// The company's day an instant falls on.
    pub fn day_of(&self, instant: Timestamp) -> Day {
        self.day(self.zone.to_datetime(instant).date())
    }

    /// When the exports are taken: eight in the morning after the last day, which by then is over by the clocks of every source.
    pub fn taken_at(&self) -> Result<Zoned> {
        Ok(self.instant(self.end(), 8 * 3_600, &self.zone)?.to_zoned(self.zone.clone()))
    }

    /// The first instant that is no longer observed.
    pub fn observed_to(&self) -> Result<Timestamp> {
        self.instant(self.end(), 0, &self.zone)
    }
}

/// The instant of a wall-clock time; in a gap or fold, what a clock set in advance would show.
pub(crate) fn at(wall: DateTime, zone: &TimeZone) -> Result<Timestamp> {
    Ok(zone.to_ambiguous_timestamp(wall).compatible()?)
}

fn days(from: Date, to: Date) -> Day {
    (to.duration_since(from).as_hours() / 24) as Day
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn months_and_days() {
        let calendar = Calendar::new(date(2026, 7, 1), 42, TimeZone::UTC);
        assert_eq!(calendar.date(0), date(2023, 1, 1));
        assert_eq!(calendar.date(calendar.end()), date(2026, 7, 1));
        assert_eq!(calendar.month(30), 0);
        assert_eq!(calendar.month(31), 1);
        assert_eq!(calendar.label(41), "2026-06");
        assert_eq!(calendar.quarter_label(0), "2023-Q1");
        assert_eq!(calendar.plus_months(0, 12), 365);
    }
}
