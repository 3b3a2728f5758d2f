//! What a cell of a sheet holds.

use super::names::shortened;
use crate::output::Figure;
use jiff::civil::{Date, DateTime, date};
use jiff::{SignedDuration, Timestamp};
use tenure_catalog::Unit;
use tenure_schema::period::{Clock, Period};

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Content {
    Nothing,
    /// A text, whatever it looks like.
    Text(String),
    Number(f64),
    /// A day or a local minute, by Excel's serial number.
    Serial(f64),
}

/// How many UTF-16 units a cell holds.
const LONGEST: usize = 32_767;

/// How many digits Excel keeps of a number.
const DIGITS: usize = 15;

/// Excel's days are counted from here; before the next date its calendar is not the true one.
const DAY_ZERO: Date = date(1899, 12, 30);
const FIRST_TRUE_DAY: Date = date(1900, 3, 1);
const LAST_DAY: Date = date(9999, 12, 30);

/// Seconds are told in hours.
const SECONDS_AN_HOUR: f64 = 3_600.0;

/// A text, cut with a mark where it is longer than a cell holds.
pub(super) fn cut(text: &str) -> String {
    let units = text.encode_utf16().count();
    if units <= LONGEST {
        return text.to_owned();
    }
    let mark = format!(" … [cut: {units} characters, a cell holds {LONGEST}]");
    format!("{}{mark}", shortened(text, LONGEST - mark.encode_utf16().count()))
}

impl Content {
    /// A text.
    pub(super) fn text(text: impl AsRef<str>) -> Self {
        match text.as_ref() {
            "" => Self::Nothing,
            text => Self::Text(cut(text)),
        }
    }

    /// A whole number.
    pub(super) fn count(count: i64) -> Self {
        Self::of(&count.to_string(), Unit::Count)
    }

    /// A figure as programs read it. What has more digits than Excel keeps is told as text.
    pub(super) fn figure(figure: Figure, unit: Unit) -> Self {
        figure.text().map_or_else(|| Self::text("not a number"), |text| Self::of(&text, unit))
    }

    /// A number that is a double to programs, too: a difference, a target.
    pub(super) fn number(value: Option<f64>, unit: Unit) -> Self {
        match value {
            Some(value) if !value.is_finite() => Self::text("not a number"),
            Some(value) if unit == Unit::Seconds => Self::Number(value / SECONDS_AN_HOUR),
            Some(value) => Self::Number(value),
            None => Self::Nothing,
        }
    }

    /// The text of a number in its unit.
    fn of(text: &str, unit: Unit) -> Self {
        let digits = text.chars().filter(char::is_ascii_digit).collect::<String>();
        let exact = unit == Unit::Money || unit == Unit::Count && !text.contains('.');
        if exact && digits.trim_matches('0').len() > DIGITS {
            return Self::text(text);
        }
        text.parse().map_or_else(|_| Self::text(text), |value| Self::number(Some(value), unit))
    }

    /// A day.
    pub(super) fn day(day: Date) -> Self {
        serial(day).map_or_else(|| Self::text(day.to_string()), Self::Serial)
    }

    /// The local day of an instant.
    pub(super) fn local_day(at: Timestamp, clock: &Clock) -> Self {
        Self::day(clock.local(at).date())
    }

    /// The last local day before an instant.
    pub(super) fn day_before(at: Timestamp, clock: &Clock) -> Self {
        Self::local_day(at.checked_sub(SignedDuration::from_micros(1)).unwrap_or(at), clock)
    }

    /// A local time.
    pub(super) fn moment(at: Timestamp, clock: &Clock) -> Self {
        let local: DateTime = clock.local(at);
        let seconds = local.time().duration_since(jiff::civil::Time::midnight()).as_secs_f64();
        serial(local.date()).map_or_else(|| Self::text(local.to_string()), |day| Self::Serial(day + seconds / 86_400.0))
    }

    /// The first day of a period and its last.
    pub(super) fn span(period: &Period, clock: &Clock) -> [Self; 2] {
        match period.instant {
            true => [Self::local_day(period.start, clock), Self::local_day(period.end, clock)],
            false => [Self::local_day(period.start, clock), Self::day_before(period.end, clock)],
        }
    }
}

/// A day's serial number; none where Excel's calendar does not have it.
fn serial(day: Date) -> Option<f64> {
    let known = (FIRST_TRUE_DAY..=LAST_DAY).contains(&day);
    known.then(|| f64::from(day.since(DAY_ZERO).map_or(0, |span| span.get_days())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use rust_decimal::Decimal;
    use tenure_engine::Number;

    #[test]
    fn money_beyond_fifteen_digits_is_text() {
        let money =
            |cents: i64| Content::figure(Figure::new(Number::Exact(Decimal::new(cents, 2)), Unit::Money), Unit::Money);
        assert_eq!(money(123_456_789_012_345), Content::Number(1_234_567_890_123.45));
        assert_eq!(money(-1_234_567_890_123_456), Content::Text("-12345678901234.56".into()));
        assert_eq!(money(1_000_000_000_000_000_000), Content::Number(1e16));
        assert_eq!(Content::count(12_345_678_901_234_567), Content::Text("12345678901234567".into()));
        let mean = Content::figure(Figure::new(Number::Float(175.998_136_101_284_02), Unit::Count), Unit::Count);
        assert_eq!(mean, Content::Number(175.998_136_101_284_02));
        let ratio = Content::figure(Figure::new(Number::Float(1.0 / 3.0), Unit::Ratio), Unit::Ratio);
        assert_eq!(ratio, Content::Number(1.0 / 3.0));
        let never = Content::figure(Figure::new(Number::Float(f64::NAN), Unit::Ratio), Unit::Ratio);
        assert_eq!(never, Content::Text("not a number".into()));
    }

    #[test]
    fn durations_are_hours() {
        let half = Content::figure(Figure::new(Number::Float(1_800.0), Unit::Seconds), Unit::Seconds);
        assert_eq!(half, Content::Number(0.5));
    }

    #[test]
    fn a_long_text_is_cut_and_says_so() {
        let cut = cut(&"é😀".repeat(20_000));
        assert_eq!(cut.encode_utf16().count(), LONGEST);
        assert!(cut.ends_with("[cut: 60000 characters, a cell holds 32767]"), "{}", &cut[cut.len() - 80..]);
        assert_eq!(super::cut("short"), "short");
    }

    #[test]
    fn days_are_excels() {
        assert_eq!(Content::day(date(2026, 7, 1)), Content::Serial(46_204.0));
        assert_eq!(Content::day(date(1900, 3, 1)), Content::Serial(61.0));
        assert_eq!(Content::day(date(1899, 1, 1)), Content::Text("1899-01-01".into()));
        let noon: Timestamp = "2026-07-01T12:00:00Z".parse().unwrap();
        assert_eq!(Content::moment(noon, &sample::clock()), Content::Serial(46_204.5));
        let month = &sample::months(1)[0];
        let [first, last] = Content::span(month, &sample::clock());
        assert_eq!((first, last), (Content::day(date(2026, 6, 1)), Content::day(date(2026, 6, 30))));
    }
}
