//! Time zones, with the offsets of the years Tenure counts in laid out for quick reading.

use crate::period::YEARS;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::fmt;
use std::sync::Arc;

/// A named time zone. Cheap to clone.
#[derive(Clone)]
pub struct Zone(Arc<Inner>);

struct Inner {
    name: String,
    time_zone: TimeZone,
    spans: Vec<OffsetSpan>,
}

/// A stretch of time over which a zone's clocks keep one offset; in seconds since 1970-01-01T00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OffsetSpan {
    /// The first second with this offset.
    pub from: i64,
    /// The first second after it.
    pub to: i64,
    /// Local time less UTC, in seconds.
    pub offset: i64,
}

/// Why there is no such zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name:?} is not a time zone; write an IANA name, for example America/New_York or UTC")]
pub struct ZoneError {
    name: String,
}

impl Zone {
    /// Coordinated universal time.
    pub fn utc() -> Self {
        Self::new("UTC", TimeZone::UTC)
    }

    /// The zone of an IANA name.
    pub fn named(name: &str) -> Result<Self, ZoneError> {
        let zone = TimeZone::get(name).map_err(|_| ZoneError { name: name.to_owned() })?;
        let name = zone.iana_name().unwrap_or(name).to_owned();
        Ok(Self::new(&name, zone))
    }

    fn new(name: &str, time_zone: TimeZone) -> Self {
        let spans = spans(&time_zone);
        Self(Arc::new(Inner { name: name.to_owned(), time_zone, spans }))
    }

    /// Its IANA name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The zone itself.
    pub fn time_zone(&self) -> &TimeZone {
        &self.0.time_zone
    }

    /// The stretch of one offset that a second lies in. Outside the years Tenure counts in, the nearest known offset.
    pub fn offset_span(&self, second: i64) -> OffsetSpan {
        let spans = &self.0.spans;
        let at = spans.partition_point(|span| span.to <= second).min(spans.len().saturating_sub(1));
        spans.get(at).copied().unwrap_or(OffsetSpan { from: i64::MIN, to: i64::MAX, offset: 0 })
    }

    /// A number that changes when the time-zone data gives this zone other offsets.
    pub fn fingerprint(&self) -> u64 {
        let numbers = self.0.spans.iter().flat_map(|span| [span.from, span.offset]);
        let bytes = numbers.flat_map(i64::to_le_bytes);
        // FNV-1a: stable over builds, unlike the standard hasher.
        bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.0.name == other.0.name && self.0.time_zone == other.0.time_zone
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Zone").field(&self.0.name).finish()
    }
}

fn spans(zone: &TimeZone) -> Vec<OffsetSpan> {
    let utc = |year| Date::constant(year, 1, 1).to_zoned(TimeZone::UTC).map(|midnight| midnight.timestamp());
    let (Ok(start), Ok(end)) = (utc(YEARS.start() - 1), utc(YEARS.end() + 2)) else { return Vec::new() };
    let mut spans = vec![];
    let (mut from, mut offset) = (i64::MIN, seconds(zone, start));
    for change in zone.following(start).take_while(|change| change.timestamp() < end) {
        let next = i64::from(change.offset().seconds());
        if next != offset {
            let to = change.timestamp().as_second();
            spans.push(OffsetSpan { from, to, offset });
            (from, offset) = (to, next);
        }
    }
    spans.push(OffsetSpan { from, to: i64::MAX, offset });
    spans
}

fn seconds(zone: &TimeZone, at: Timestamp) -> i64 {
    i64::from(zone.to_offset(at).seconds())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_those_of_the_zone() {
        for name in
            ["UTC", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kolkata", "Africa/Casablanca"]
        {
            let zone = Zone::named(name).unwrap();
            for second in (-2_000_000_000_i64..4_000_000_000).step_by(86_413) {
                let at = Timestamp::from_second(second).unwrap();
                let span = zone.offset_span(second);
                assert_eq!(span.offset, seconds(zone.time_zone(), at), "{name} {at}");
                assert!(span.from <= second && second < span.to);
            }
        }
    }

    #[test]
    fn an_unknown_zone_is_named() {
        let error = Zone::named("Mars/Olympus").unwrap_err();
        assert_eq!(
            error.to_string(),
            "\"Mars/Olympus\" is not a time zone; write an IANA name, for example America/New_York or UTC"
        );
    }
}
