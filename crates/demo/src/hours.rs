//! Support's business hours: two schedules in two zones, with holidays.

use jiff::civil::{Date, Weekday, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};

use crate::Result;
use crate::calendar;

/// When a desk is staffed.
#[derive(Debug, Clone)]
pub(crate) struct Schedule {
    /// Its name in `tenure.toml`.
    pub name: &'static str,
    /// Its zone's name.
    pub zone_name: &'static str,
    /// Its zone.
    pub zone: TimeZone,
    /// Opening and closing hour, Monday to Thursday.
    pub hours: (i8, i8),
    /// The same on Fridays.
    pub friday: (i8, i8),
    /// Days off.
    pub holidays: Vec<Date>,
}

impl Schedule {
    /// The American desk.
    pub fn americas(years: std::ops::RangeInclusive<i16>) -> Result<Self> {
        let days: &[(i8, i8)] = &[(1, 1), (6, 19), (7, 4), (11, 11), (12, 24), (12, 25)];
        Self::new("americas", "America/Chicago", (8, 18), (8, 18), days, years)
    }

    /// The European desk: shorter Fridays, more holidays.
    pub fn europe(years: std::ops::RangeInclusive<i16>) -> Result<Self> {
        let days: &[(i8, i8)] = &[(1, 1), (5, 1), (10, 3), (12, 24), (12, 25), (12, 26), (12, 31)];
        Self::new("europe", "Europe/Berlin", (9, 18), (9, 16), days, years)
    }

    fn new(
        name: &'static str,
        zone_name: &'static str,
        hours: (i8, i8),
        friday: (i8, i8),
        days: &[(i8, i8)],
        years: std::ops::RangeInclusive<i16>,
    ) -> Result<Self> {
        let holidays = years.flat_map(|year| days.iter().map(move |(month, day)| date(year, *month, *day))).collect();
        Ok(Self { name, zone_name, zone: TimeZone::get(zone_name)?, hours, friday, holidays })
    }

    /// Opening hours of a date.
    fn window(&self, day: Date) -> Option<(i8, i8)> {
        match day.weekday() {
            Weekday::Saturday | Weekday::Sunday => None,
            _ if self.holidays.contains(&day) => None,
            Weekday::Friday => Some(self.friday),
            _ => Some(self.hours),
        }
    }

    /// The instant at which `minutes` of business time have passed since another.
    pub fn after(&self, from: Timestamp, minutes: f64) -> Result<Timestamp> {
        let mut left = (minutes * 60.0) as i64;
        let mut day = self.zone.to_datetime(from).date();
        loop {
            if let Some((open, close)) = self.window(day) {
                let open = calendar::at(day.at(open, 0, 0, 0), &self.zone)?.max(from);
                let close = calendar::at(day.at(close, 0, 0, 0), &self.zone)?;
                let room = close.as_second() - open.as_second();
                if room > left {
                    return Ok(open.saturating_add(SignedDuration::from_secs(left))?);
                }
                left -= room.max(0);
            }
            day = day.saturating_add(Span::new().days(1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nights_weekends_and_clock_changes_do_not_count() {
        let desk = Schedule::americas(2026..=2026).unwrap();
        // Friday 6 March 2026, 17:30 in Chicago; clocks go forward that Sunday.
        let friday: Timestamp = "2026-03-06T23:30:00Z".parse().unwrap();
        let answer = desk.after(friday, 60.0).unwrap();
        assert_eq!(answer.to_string(), "2026-03-09T13:30:00Z");
    }
}
