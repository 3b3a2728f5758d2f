//! Lengths of time on the calendar: "12 months", "30 days".

use super::PeriodError;
use crate::zone::Zone;
use jiff::civil::Date;
use jiff::{Span, Timestamp};
use std::fmt;
use std::str::FromStr;

/// A length of time that is counted on the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Window {
    count: i32,
    unit: Unit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Unit {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// No window may be longer than the years Tenure counts in.
const LONGEST_DAYS: i64 = 301 * 366;

impl Window {
    /// One month.
    pub const ONE_MONTH: Self = Self { count: 1, unit: Unit::Month };

    /// The instant that long before, at the same local time of day; a day the month does not have is its last.
    pub fn back(self, at: Timestamp, zone: &Zone) -> Result<Timestamp, PeriodError> {
        self.step(at, zone, -1)
    }

    /// The instant that long after, at the same local time of day; a day the month does not have is its last.
    pub fn forward(self, at: Timestamp, zone: &Zone) -> Result<Timestamp, PeriodError> {
        self.step(at, zone, 1)
    }

    /// The day that long after.
    pub fn after(self, date: Date) -> Result<Date, PeriodError> {
        self.span(1).and_then(|span| date.checked_add(span)).map_err(|_| PeriodError::out_of_range(date.to_string()))
    }

    fn step(self, at: Timestamp, zone: &Zone, sign: i32) -> Result<Timestamp, PeriodError> {
        let stepped = self.span(sign).and_then(|span| at.to_zoned(zone.time_zone().clone()).checked_add(span));
        stepped.map(|zoned| zoned.timestamp()).map_err(|_| PeriodError::out_of_range(at.to_string()))
    }

    fn span(self, sign: i32) -> Result<Span, jiff::Error> {
        let count = self.count.saturating_mul(sign);
        match self.unit {
            Unit::Day => Span::new().try_days(count),
            Unit::Week => Span::new().try_weeks(count),
            Unit::Month => Span::new().try_months(count),
            Unit::Quarter => Span::new().try_months(count.saturating_mul(3)),
            Unit::Year => Span::new().try_years(count),
        }
    }
}

impl Unit {
    const ALL: [(Self, &str, i64); 5] = [
        (Self::Day, "day", 1),
        (Self::Week, "week", 7),
        (Self::Month, "month", 28),
        (Self::Quarter, "quarter", 90),
        (Self::Year, "year", 365),
    ];
}

impl FromStr for Window {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let expected = || PeriodError::Syntax {
            text: text.to_owned(),
            expected: "a length of time in days, weeks, months, quarters or years",
            example: "\"12 months\"",
        };
        let (count, name) = text.trim().split_once(' ').ok_or_else(expected)?;
        let name = name.trim_start();
        let (unit, _, days) = Unit::ALL
            .into_iter()
            .find(|(_, singular, _)| name == *singular || name.strip_suffix('s') == Some(singular))
            .ok_or_else(expected)?;
        let count: i32 = count.parse().ok().filter(|count| *count > 0).ok_or_else(expected)?;
        if i64::from(count) * days > LONGEST_DAYS {
            return Err(PeriodError::out_of_range(text));
        }
        Ok(Self { count, unit })
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Unit::ALL.into_iter().find(|(unit, ..)| *unit == self.unit).map_or("", |(_, name, _)| name);
        write!(f, "{} {name}{}", self.count, if self.count == 1 { "" } else { "s" })
    }
}
