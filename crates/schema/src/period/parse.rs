//! Reading periods.

use super::{Clock, Grain, Period, PeriodError, YEARS};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, ISOWeekDate, Weekday};

impl Period {
    /// Reads a period; `observed_to` is what `last-…` counts back from.
    ///
    /// `2024`, `2024-Q3`, `2024-07`, `2024-W07`, `2024-07-15`, `2024-01-01..2024-07-01`, `last-12-months`, `FY2024`,
    /// `FY2024-Q3`, and the instant `@2024-07-01T00:00`.
    pub fn parse(text: &str, clock: &Clock, observed_to: Timestamp) -> Result<Self, PeriodError> {
        let text = text.trim();
        if let Some(instant) = text.strip_prefix('@') {
            return Ok(Self::at(moment(instant, clock)?, clock));
        }
        if let Some((from, to)) = text.split_once("..") {
            return Self::parse_range(text, from, to, clock);
        }
        if let Some(rest) = text.strip_prefix("last-") {
            return Self::parse_last(text, rest, clock, observed_to);
        }
        let (grain, first) = match text.strip_prefix("FY") {
            Some(rest) => fiscal_unit(text, rest, clock.fiscal_year_start)?,
            None => unit(text)?,
        };
        Self::units(grain, first, 1, None, clock).map_err(|_| PeriodError::out_of_range(text))?.happened(clock)
    }

    fn parse_range(text: &str, from: &str, to: &str, clock: &Clock) -> Result<Self, PeriodError> {
        let (start, end) = (moment(from, clock)?, moment(to, clock)?);
        if start >= end {
            return Err(PeriodError::Backwards { text: text.to_owned() });
        }
        Self::between(start, end, clock)
    }

    fn parse_last(text: &str, rest: &str, clock: &Clock, observed_to: Timestamp) -> Result<Self, PeriodError> {
        let expected = || PeriodError::Syntax {
            text: text.to_owned(),
            expected: "last-, a number, and days, weeks, months, quarters or years",
            example: "last-12-months",
        };
        let (count, grain) = rest.split_once('-').ok_or_else(expected)?;
        let grain = Grain::named(grain).ok_or_else(expected)?;
        let count: i32 = count.parse().ok().filter(|count| *count > 0).ok_or_else(expected)?;
        let end = grain.floor(clock.local(observed_to).date(), clock.fiscal_year_start);
        let outside = || PeriodError::out_of_range(text);
        let first = grain.add(end, -count).ok_or_else(outside)?;
        Self::units(grain, first, count, Some(text.to_owned()), clock).map_err(|_| outside())?.happened(clock)
    }

    /// Itself, unless it is a day that the zone's clocks skipped.
    fn happened(self, clock: &Clock) -> Result<Self, PeriodError> {
        if self.start < self.end {
            return Ok(self);
        }
        Err(PeriodError::Skipped { text: self.label, zone: clock.zone.name().to_owned() })
    }
}

/// A calendar unit and its first day.
fn unit(text: &str) -> Result<(Grain, Date), PeriodError> {
    let expected = || PeriodError::Syntax {
        text: text.to_owned(),
        expected: "a year, quarter, month, ISO week, day, range, last-N-units or fiscal period",
        example: "2024, 2024-Q3, 2024-07, 2024-W07, 2024-07-15, 2024-01-01..2024-07-01, last-12-months, FY2024-Q3 or @2024-07-01",
    };
    let (year, rest) = text.split_at_checked(4).ok_or_else(expected)?;
    let year = whole(year).ok_or_else(expected)?;
    if !YEARS.contains(&year) {
        return Err(PeriodError::out_of_range(text));
    }
    if rest.is_empty() {
        return Ok((Grain::Year, Date::constant(year, 1, 1)));
    }
    let rest = rest.strip_prefix('-').ok_or_else(expected)?;
    if let Some(quarter) = rest.strip_prefix('Q') {
        return Ok((Grain::Quarter, Date::constant(year, quarter_index(quarter).ok_or_else(expected)? * 3 + 1, 1)));
    }
    if let Some(week) = rest.strip_prefix('W') {
        let week = whole(week).filter(|_| week.len() == 2).and_then(|week| i8::try_from(week).ok());
        let monday = week.and_then(|week| ISOWeekDate::new(year, week, Weekday::Monday).ok()).ok_or_else(expected)?;
        return Ok((Grain::Week, monday.date()));
    }
    let (month, day) = match rest.split_once('-') {
        Some((month, day)) => (month, Some(day)),
        None => (rest, None),
    };
    let two = |text: &str| whole(text).filter(|_| text.len() == 2).and_then(|number| i8::try_from(number).ok());
    let month = two(month).ok_or_else(expected)?;
    let day_number = day.map_or(Some(1), two).ok_or_else(expected)?;
    let first = Date::new(year, month, day_number).map_err(|_| expected())?;
    Ok((if day.is_some() { Grain::Day } else { Grain::Month }, first))
}

/// A fiscal unit, named by the year it ends in, and its first day.
fn fiscal_unit(text: &str, rest: &str, start: i8) -> Result<(Grain, Date), PeriodError> {
    let expected = || PeriodError::Syntax {
        text: text.to_owned(),
        expected: "a fiscal year or a quarter of one",
        example: "FY2024 or FY2024-Q3",
    };
    let (year, quarter) = match rest.split_once("-Q") {
        Some((year, quarter)) => (year, Some(quarter_index(quarter).ok_or_else(expected)?)),
        None => (rest, None),
    };
    // A quarter may lie in the years counted in where its fiscal year does not: that is seen when it is placed.
    let year: i16 = whole(year).filter(|_| year.len() == 4).ok_or_else(expected)?;
    let first = Date::new(year - i16::from(start > 1), start, 1).map_err(|_| expected())?;
    match quarter {
        None => Ok((Grain::FiscalYear, first)),
        Some(index) => {
            let first = Grain::FiscalQuarter.add(first, i32::from(index)).ok_or_else(expected)?;
            Ok((Grain::FiscalQuarter, first))
        }
    }
}

/// A local date or time, or a time with its offset, to the microsecond.
pub(crate) fn moment(text: &str, clock: &Clock) -> Result<Timestamp, PeriodError> {
    let text = text.trim();
    let outside = || PeriodError::out_of_range(text);
    // The offset is tried first: a local reading of the same text would drop it.
    let at = match (text.parse::<Timestamp>(), text.parse::<DateTime>()) {
        (Ok(at), _) => at,
        // So it would the zone in brackets.
        (Err(_), Ok(local)) if !text.contains('[') => clock.at(local).map_err(|_| outside())?,
        _ => {
            return Err(PeriodError::Syntax {
                text: text.to_owned(),
                expected: "a date or a time",
                example: "2024-07-01, 2024-07-01T09:30 or 2024-07-01T09:30Z",
            });
        }
    };
    let at = Timestamp::from_microsecond(at.as_microsecond()).map_err(|_| outside())?;
    clock.within(at).map_err(|_| outside())
}

/// 0 for the first quarter.
fn quarter_index(text: &str) -> Option<i8> {
    match text {
        "1" => Some(0),
        "2" => Some(1),
        "3" => Some(2),
        "4" => Some(3),
        _ => None,
    }
}

/// Digits only: no sign, no spaces.
fn whole(text: &str) -> Option<i16> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}
