//! Quarters from a day on, and up to it: three calendar months each, so that they are those of the calendar where the day begins one.

use crate::OutlookError;
use jiff::civil::Date;
use jiff::{SignedDuration, Span, Timestamp};
use tenure_schema::period::{Clock, Grain, Period};

/// Months in a quarter.
pub(super) const QUARTER: i32 = 3;

/// The beginning of the local day that world time lies in: the days before it are over.
pub fn today(now: Timestamp, clock: &Clock) -> Result<Timestamp, OutlookError> {
    Ok(clock.day_start(clock.local(now).date())?)
}

/// The last instant before.
pub(super) fn before(at: Timestamp) -> Timestamp {
    at.checked_sub(SignedDuration::from_micros(1)).unwrap_or(at)
}

/// The quarters that begin with a day, the first of them first.
pub(super) fn quarters_ahead(today: Timestamp, count: usize, clock: &Clock) -> Result<Vec<Period>, OutlookError> {
    let count = i32::try_from(count).unwrap_or(i32::MAX);
    (0..count).map(|number| stretch(today, number * QUARTER, QUARTER, clock)).collect()
}

/// The twelve months that begin with the first of some quarters.
pub(super) fn year_ahead(quarters: &[Period], clock: &Clock) -> Result<Period, OutlookError> {
    let first = quarters.first().map(|quarter| quarter.start).unwrap_or_default();
    stretch(first, 0, 4 * QUARTER, clock)
}

/// Stretches of so many months up to a day, back to the one in which an instant lies; the earliest first.
pub(super) fn behind(
    today: Timestamp,
    first: Timestamp,
    months: i32,
    clock: &Clock,
) -> Result<Vec<Period>, OutlookError> {
    let mut all = Vec::new();
    for number in 1.. {
        let Ok(one) = stretch(today, -number * months, months, clock) else { break };
        if one.end <= first {
            break;
        }
        all.push(one);
    }
    all.reverse();
    Ok(all)
}

/// So many months that begin so many after a day; named as a quarter where they are one.
fn stretch(today: Timestamp, from: i32, months: i32, clock: &Clock) -> Result<Period, OutlookError> {
    let day = clock.local(today).date();
    let (start, end) = (after(day, from)?, after(day, from + months)?);
    let stretch = Period::range(start.at(0, 0, 0, 0), end.at(0, 0, 0, 0), clock)?;
    let quarter = Period::whole(Grain::Quarter, start, clock)?;
    Ok(if (quarter.start, quarter.end) == (stretch.start, stretch.end) { quarter } else { stretch })
}

fn after(day: Date, months: i32) -> Result<Date, OutlookError> {
    let beyond = || tenure_schema::period::PeriodError::OutOfRange { text: day.to_string() };
    let span = Span::new().try_months(months).map_err(|_| beyond())?;
    Ok(day.checked_add(span).map_err(|_| beyond())?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tenure_schema::zone::Zone;

    fn clock() -> Clock {
        Clock { zone: Zone::utc(), fiscal_year_start: 1 }
    }

    fn at(day: &str) -> Timestamp {
        format!("{day}T00:00Z").parse().unwrap()
    }

    fn labels(periods: &[Period]) -> Vec<&str> {
        periods.iter().map(|period| period.label.as_str()).collect()
    }

    #[test]
    fn quarters_are_the_calendars_where_the_day_begins_one() {
        let ahead = quarters_ahead(at("2026-07-01"), 2, &clock()).unwrap();
        assert_eq!(labels(&ahead), ["2026-Q3", "2026-Q4"]);
        assert_eq!(year_ahead(&ahead, &clock()).unwrap().label, "2026-07-01..2027-07-01");
        let between = quarters_ahead(at("2026-08-15"), 2, &clock()).unwrap();
        assert_eq!(labels(&between), ["2026-08-15..2026-11-15", "2026-11-15..2027-02-15"]);
    }

    #[test]
    fn the_past_reaches_back_to_the_first_customer() {
        let past = behind(at("2026-07-01"), at("2025-11-20"), QUARTER, &clock()).unwrap();
        assert_eq!(labels(&past), ["2025-Q4", "2026-Q1", "2026-Q2"]);
        assert_eq!(labels(&behind(at("2026-07-01"), at("2026-07-01"), 1, &clock()).unwrap()), Vec::<&str>::new());
    }

    #[test]
    fn a_day_that_no_other_month_has_ends_them_with_it() {
        let ahead = quarters_ahead(at("2025-11-30"), 2, &clock()).unwrap();
        assert_eq!(labels(&ahead), ["2025-11-30..2026-02-28", "2026-02-28..2026-05-30"]);
    }

    #[test]
    fn today_begins_with_the_day() {
        assert_eq!(today("2026-07-01T12:00Z".parse().unwrap(), &clock()).unwrap(), at("2026-07-01"));
    }
}
