//! The workspace's clock over many instants: fast, as neighbouring rows mostly share an offset.

use datafusion::arrow::array::{Array, Date32Array, TimestampMicrosecondArray};
use jiff::Span;
use jiff::civil::Date;
use tenure_schema::zone::{OffsetSpan, Zone};

const MICROS: i64 = 1_000_000;
/// Microseconds of a day.
pub(crate) const DAY: i64 = 86_400 * MICROS;
const EPOCH: Date = Date::constant(1970, 1, 1);

/// Turns instants to local time and back, in microseconds; it remembers the last offset.
pub(crate) struct LocalClock<'a> {
    zone: &'a Zone,
    span: OffsetSpan,
}

impl<'a> LocalClock<'a> {
    pub(crate) fn new(zone: &'a Zone) -> Self {
        Self { zone, span: zone.offset_span(0) }
    }

    /// The local time of an instant, since 1970-01-01T00:00 of the local clock.
    pub(crate) fn local(&mut self, at: i64) -> i64 {
        let second = at.div_euclid(MICROS);
        if second < self.span.from || second >= self.span.to {
            self.span = self.zone.offset_span(second);
        }
        at.saturating_add(self.span.offset * MICROS)
    }

    /// The local day of an instant, since 1970-01-01.
    pub(crate) fn day(&mut self, at: i64) -> i32 {
        let day = self.local(at).div_euclid(DAY);
        i32::try_from(day).unwrap_or(if day < 0 { i32::MIN } else { i32::MAX })
    }

    /// The instant of a local time: the earlier one where clocks show it twice, and as late after a skipped hour as it lies in it.
    pub(crate) fn instant(&self, local: i64) -> Option<i64> {
        let second = local.div_euclid(MICROS);
        // No offset, and no jump between two, is longer than two days.
        let mut span = self.zone.offset_span(second - 2 * 86_400);
        let mut before = span;
        loop {
            let at = second - span.offset;
            if at < span.to {
                let offset = if at >= span.from { span.offset } else { before.offset };
                return local.checked_sub(offset * MICROS);
            }
            before = span;
            span = self.zone.offset_span(span.to);
        }
    }

    /// The instant that a local day begins.
    pub(crate) fn day_start(&self, day: i32) -> Option<i64> {
        self.instant(i64::from(day).checked_mul(DAY)?)
    }

    /// The instants at which local days begin.
    pub(crate) fn day_starts(&self, days: &Date32Array) -> TimestampMicrosecondArray {
        let starts = days.iter().map(|day| day.and_then(|day| self.day_start(day)));
        starts.collect::<TimestampMicrosecondArray>().with_timezone("UTC")
    }
}

/// The date of a day since 1970-01-01; none outside the years -9999 to 9999.
pub(crate) fn date(day: i32) -> Option<Date> {
    EPOCH.checked_add(Span::new().try_days(day).ok()?).ok()
}

/// The day since 1970-01-01 of a date.
pub(crate) fn day(date: Date) -> Option<i32> {
    i32::try_from(date.duration_since(EPOCH).as_hours() / 24).ok()
}

/// Whether any of some arrays is null at a row.
pub(crate) fn any_null(row: usize, arrays: &[&dyn Array]) -> bool {
    arrays.iter().any(|array| array.is_null(row))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    #[test]
    fn instants_are_those_of_the_zone() {
        for name in ["UTC", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo"] {
            let zone = Zone::named(name).unwrap();
            let mut clock = LocalClock::new(&zone);
            for minute in (15_000_000_i64..30_000_000).step_by(17) {
                let local = Timestamp::from_second(minute * 60).unwrap().to_zoned(jiff::tz::TimeZone::UTC).datetime();
                let expected = local.to_zoned(zone.time_zone().clone()).unwrap().timestamp().as_microsecond();
                assert_eq!(clock.instant(minute * 60 * MICROS), Some(expected), "{name} {local}");
                let back = clock.local(expected);
                assert!(back >= minute * 60 * MICROS, "{name} {local}");
            }
        }
    }

    #[test]
    fn days_and_dates_are_one_another() {
        for number in [-800_000, -1, 0, 1, 19_782, 2_000_000] {
            assert_eq!(date(number).and_then(day), Some(number));
        }
        assert_eq!(date(i32::MAX), None);
        let zone = Zone::utc();
        let clock = LocalClock::new(&zone);
        assert_eq!(clock.day_start(i32::MAX), None);
        assert_eq!(clock.instant(i64::MIN), Some(i64::MIN));
    }
}
