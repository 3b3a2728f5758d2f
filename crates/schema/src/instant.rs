//! Dates and times as data writes them, and naive times in a zone.
//!
//! Read as they are: `2024-01-31`, `2024/01/31`, `20240131`, each with an optional time after `T` or a space
//! (`10`, `10:20`, `10:20:30`, `10:20:30.123456`, `102030`), and an optional zone (`Z`, `UTC`, `+02:00`, `+0200`, `+02`, `-5:30`).
//! Anything else is the mapping's business.

use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, civil};

const DAY: i64 = 86_400;
const MICROS: i64 = 1_000_000;

/// A written date or time, not yet in a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Days since 1970-01-01.
    pub day: i32,
    /// Microseconds since midnight.
    pub micros: i64,
    /// The zone's distance from UTC in seconds, where one is written.
    pub offset: Option<i64>,
}

impl Written {
    /// The instant in microseconds since 1970-01-01T00:00Z; none where the calendar does not reach.
    pub fn instant(self, local: &mut Local) -> Option<i64> {
        let seconds = i64::from(self.day) * DAY + self.micros.div_euclid(MICROS);
        let seconds = match self.offset {
            Some(offset) => seconds - offset,
            None => local.utc(seconds)?,
        };
        Some(seconds * MICROS + self.micros.rem_euclid(MICROS))
    }
}

/// Reads a text as an instant; a naive one is in that zone, a date is its midnight.
pub fn parse_instant(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let micros = parse(text.as_bytes())?.instant(&mut Local::new(zone.clone()))?;
    Timestamp::from_microsecond(micros).ok()
}

/// Reads a date or time.
pub fn parse(text: &[u8]) -> Option<Written> {
    let mut rest = Bytes(text.trim_ascii());
    let year = rest.digits(4)?;
    let separator = rest.any(b"-/");
    let month = rest.digits(2)?;
    if let Some(separator) = separator {
        rest.one(separator)?;
    }
    let day = rest.digits(2)?;
    let mut written = Written { day: days(year, month, day)?, micros: 0, offset: None };
    if rest.0.is_empty() {
        return Some(written);
    }
    rest.any(b"Tt ")?;
    let hour = rest.digits(2)?;
    let (mut minute, mut second, mut fraction) = (0, 0, 0);
    let colons = rest.any(b":").is_some();
    if colons || rest.0.first().is_some_and(u8::is_ascii_digit) {
        minute = rest.digits(2)?;
        let more = if colons { rest.any(b":").is_some() } else { rest.0.first().is_some_and(u8::is_ascii_digit) };
        if more {
            second = rest.digits(2)?;
            if rest.any(b".,").is_some() {
                fraction = rest.fraction()?;
            }
        }
    }
    // 24:00 ends a day, and :60 is a leap second: both are the next instant.
    let whole_day = hour == 24 && minute == 0 && second == 0 && fraction == 0;
    if (hour > 23 && !whole_day) || minute > 59 || second > 60 {
        return None;
    }
    written.micros = (hour * 3600 + minute * 60 + second) * MICROS + fraction;
    written.offset = rest.offset()?;
    Some(written)
}

/// Days since 1970-01-01 of a date that exists, in the years 1 to 9999.
fn days(year: i64, month: i64, day: i64) -> Option<i32> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + i64::from(leap),
        _ => return None,
    };
    if year == 0 || day == 0 || day > length {
        return None;
    }
    // The year begins in March, so that the leap day is its last (Hinnant's civil_from_days, reversed).
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    i32::try_from(days).ok()
}

struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn digits(&mut self, count: usize) -> Option<i64> {
        let (head, tail) = self.0.split_at_checked(count)?;
        let mut value = 0;
        for byte in head {
            if !byte.is_ascii_digit() {
                return None;
            }
            value = value * 10 + i64::from(byte - b'0');
        }
        self.0 = tail;
        Some(value)
    }

    fn any(&mut self, of: &[u8]) -> Option<u8> {
        let (first, tail) = self.0.split_first()?;
        of.contains(first).then(|| {
            self.0 = tail;
            *first
        })
    }

    fn one(&mut self, byte: u8) -> Option<u8> {
        self.any(&[byte])
    }

    /// Microseconds; finer digits are dropped.
    fn fraction(&mut self) -> Option<i64> {
        let length = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, tail) = self.0.split_at_checked(length).filter(|_| length > 0)?;
        self.0 = tail;
        let digit = |at: usize| digits.get(at).map_or(0, |byte| i64::from(byte - b'0'));
        Some((0..6).fold(0, |value, at| value * 10 + digit(at)))
    }

    /// The rest as a zone: none where there is no rest.
    fn offset(&mut self) -> Option<Option<i64>> {
        self.0 = self.0.trim_ascii_start();
        if self.0.is_empty() {
            return Some(None);
        }
        if matches!(self.0, b"Z" | b"z" | b"UTC" | b"GMT") {
            return Some(Some(0));
        }
        let sign = if self.any(b"+-")? == b'-' { -1 } else { 1 };
        let hours = self.digits(2).or_else(|| self.digits(1))?;
        let minutes = if self.any(b":").is_some() || !self.0.is_empty() { self.digits(2)? } else { 0 };
        (self.0.is_empty() && hours <= 18 && minutes < 60).then_some(Some(sign * (hours * 3600 + minutes * 60)))
    }
}

/// Turns naive times of one zone into UTC, remembering the stretches between clock changes.
pub struct Local {
    zone: TimeZone,
    stretches: Vec<Stretch>,
    last: usize,
}

/// Naive seconds `[from, to)` in which the zone is always this far from UTC.
struct Stretch {
    from: i64,
    to: i64,
    offset: i64,
}

impl Stretch {
    fn holds(&self, seconds: i64) -> bool {
        self.from <= seconds && seconds < self.to
    }
}

impl Local {
    /// For that zone.
    pub fn new(zone: TimeZone) -> Self {
        let fixed = zone.to_fixed_offset().ok();
        let always = |offset: Offset| Stretch { from: i64::MIN, to: i64::MAX, offset: i64::from(offset.seconds()) };
        Local { zone, stretches: fixed.map(always).into_iter().collect(), last: 0 }
    }

    /// The instant of a naive time, in seconds. In a gap of the clock the time goes on as if it had not changed; of
    /// two equal times the first is meant.
    pub fn utc(&mut self, naive: i64) -> Option<i64> {
        if let Some(stretch) = self.stretches.get(self.last).filter(|stretch| stretch.holds(naive)) {
            return naive.checked_sub(stretch.offset);
        }
        if let Some(found) = self.stretches.iter().position(|stretch| stretch.holds(naive)) {
            self.last = found;
            return self.stretches.get(found).and_then(|stretch| naive.checked_sub(stretch.offset));
        }
        self.look_up(naive)
    }

    fn look_up(&mut self, naive: i64) -> Option<i64> {
        let civil = Offset::UTC.to_datetime(Timestamp::from_second(naive).ok()?);
        let instant = self.zone.to_ambiguous_timestamp(civil).compatible().ok()?;
        let offset = naive - instant.as_second();
        // Two days keep clear of the gaps and folds at either end.
        let clear = 2 * DAY;
        let before = self.zone.preceding(instant).next().map(|change| change.timestamp().as_second() + offset + clear);
        let after = self.zone.following(instant).next().map(|change| change.timestamp().as_second() + offset - clear);
        let stretch = Stretch { from: before.unwrap_or(i64::MIN), to: after.unwrap_or(i64::MAX), offset };
        if stretch.holds(naive) {
            self.last = self.stretches.len();
            self.stretches.push(stretch);
        }
        Some(instant.as_second())
    }

    /// The calendar day of an instant (microseconds) in this zone, in days since 1970-01-01.
    pub fn day(&self, micros: i64) -> Option<i32> {
        let instant = Timestamp::from_microsecond(micros).ok()?;
        let date = self.zone.to_datetime(instant).date();
        let since = date.since(civil::date(1970, 1, 1)).ok()?;
        Some(since.get_days())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, zone: &str, expected: Option<&str>) {
        let zone = TimeZone::get(zone).unwrap();
        let got = parse_instant(text, &zone).map(|instant| instant.to_string());
        assert_eq!(got.as_deref(), expected, "{text} in {zone:?}");
    }

    #[test]
    fn iso_texts() {
        for (text, expected) in [
            ("2024-01-31", Some("2024-01-31T00:00:00Z")),
            (" 2024/01/31 ", Some("2024-01-31T00:00:00Z")),
            ("20240131", Some("2024-01-31T00:00:00Z")),
            ("20240131T101520", Some("2024-01-31T10:15:20Z")),
            ("2024-01-31 10:15", Some("2024-01-31T10:15:00Z")),
            ("2024-01-31T10:15:20.1234567", Some("2024-01-31T10:15:20.123456Z")),
            ("2024-01-31T10:15:20Z", Some("2024-01-31T10:15:20Z")),
            ("2024-01-31 10:15:20 UTC", Some("2024-01-31T10:15:20Z")),
            ("2024-01-31T10:15:20+02:00", Some("2024-01-31T08:15:20Z")),
            ("2024-01-31T10:15:20-0530", Some("2024-01-31T15:45:20Z")),
            ("2024-01-31 10:15:20+01", Some("2024-01-31T09:15:20Z")),
            ("2024-01-31T24:00", Some("2024-02-01T00:00:00Z")),
            ("2016-12-31T23:59:60Z", Some("2017-01-01T00:00:00Z")),
            ("1969-12-31T23:59:59.5Z", Some("1969-12-31T23:59:59.5Z")),
            ("2024-02-29", Some("2024-02-29T00:00:00Z")),
            ("2023-02-29", None),
            ("2024-13-01", None),
            ("2024-00-01", None),
            ("0000-01-01", None),
            ("31-12-2024", None),
            ("2024-1-3", None),
            ("2024-01-31T25:00", None),
            ("2024-01-31T10:61", None),
            ("2024-01-31Tnoon", None),
            ("2024-01-31 10:15 +99:00", None),
            ("1719792000", None),
            ("", None),
        ] {
            check(text, "UTC", expected);
        }
    }

    #[test]
    fn zones() {
        check("2024-01-31", "America/New_York", Some("2024-01-31T05:00:00Z"));
        check("2024-07-31", "America/New_York", Some("2024-07-31T04:00:00Z"));
        // The clock jumps from 2:00 to 3:00: as if it had not.
        check("2024-03-10T02:30", "America/New_York", Some("2024-03-10T07:30:00Z"));
        // 1:30 comes twice: the first.
        check("2024-11-03T01:30", "America/New_York", Some("2024-11-03T05:30:00Z"));
        // Midnight that does not exist.
        check("2018-11-04", "America/Sao_Paulo", Some("2018-11-04T03:00:00Z"));
        check(
            "1890-01-01",
            "Europe/Amsterdam",
            parse_instant("1890-01-01", &TimeZone::get("Europe/Amsterdam").unwrap()).map(|t| t.to_string()).as_deref(),
        );
    }

    #[test]
    fn remembered_stretches_agree_with_the_zone() {
        let zone = TimeZone::get("Europe/Paris").unwrap();
        let mut local = Local::new(zone.clone());
        for hour in 0..(24 * 800) {
            let naive = 1_700_000_000 + hour * 3600;
            let civil = Offset::UTC.to_datetime(Timestamp::from_second(naive).unwrap());
            let expected = zone.to_ambiguous_timestamp(civil).compatible().unwrap().as_second();
            assert_eq!(local.utc(naive), Some(expected));
        }
        assert!(local.stretches.len() < 8);
    }

    #[test]
    fn days_of_instants() {
        let local = Local::new(TimeZone::get("America/New_York").unwrap());
        assert_eq!(local.day(0), Some(-1));
        assert_eq!(local.day(DAY * MICROS), Some(0));
    }
}
