//! Periods, and the other short texts of a command line: what holds of each, whatever is written.

use jiff::{Timestamp, Zoned};
use tenure_schema::as_of::AsOf;
use tenure_schema::instant::parse_instant;
use tenure_schema::period::{Clock, Grain, Period, Window};
use tenure_schema::zone::Zone;

/// What holds of a text that is read as a period, a version or a length of time.
pub fn check(text: &str) {
    let observed_to = Timestamp::constant(1_719_806_400, 0);
    let year: Window = "12 months".parse().expect("a length of time");
    for (zone, fiscal_year_start) in
        [("UTC", 1), ("America/New_York", 2), ("America/Sao_Paulo", 7), ("Pacific/Apia", 12)]
    {
        let zone = Zone::named(zone).expect("a zone");
        let clock = Clock { zone, fiscal_year_start };
        match Period::parse(text, &clock, observed_to) {
            Ok(period) => {
                holds(&period, &clock, observed_to);
                if let Ok(zoned) = text.trim().trim_start_matches('@').parse::<Zoned>() {
                    assert_eq!(period.start.as_microsecond(), zoned.timestamp().as_microsecond(), "{text:?}");
                }
                if let Ok(window) = period.trailing(year, &clock) {
                    assert_eq!(window.end, period.end, "{text:?}: a window ends with its period");
                }
            }
            Err(error) => assert!(error.to_string().contains("for example"), "{error}"),
        }
        if let Err(error) = AsOf::parse(text, &clock) {
            assert!(error.to_string().contains("for example"), "{error}");
        }
        if let Some(at) = parse_instant(text, clock.zone.time_zone()) {
            assert_eq!(parse_instant(&at.to_string(), clock.zone.time_zone()), Some(at), "{text:?}");
        }
    }
    match text.parse::<Window>() {
        Ok(window) => assert_eq!(window.to_string().parse(), Ok(window), "{text:?}"),
        Err(error) => assert!(error.to_string().contains("for example"), "{error}"),
    }
    if let Some(grain) = Grain::named(text) {
        assert_eq!(Grain::named(grain.name()), Some(grain));
    }
}

/// A period is not empty, is read again from its name, and what is made of it meets it without gap.
fn holds(period: &Period, clock: &Clock, observed_to: Timestamp) {
    if period.instant {
        assert_eq!(period.start, period.end, "{period:?}");
    } else {
        assert!(period.start < period.end, "{period:?}");
    }
    same(period, clock, observed_to);
    if let Some(before) = period.previous(clock) {
        assert!(before.start < before.end && before.end == period.start, "{before:?} before {period:?}");
        same(&before, clock, observed_to);
    }
    // Few enough parts to look at each.
    let days = period.end.duration_since(period.start).as_hours() / 24;
    for grain in Grain::ALL.into_iter().filter(|grain| *grain > Grain::Day || days < 400) {
        let parts = period.split(grain, clock).expect("a period that was read can be split");
        let (first, last) = (parts.first().expect("a part"), parts.last().expect("a part"));
        assert_eq!((first.start, last.end), (period.start, period.end), "{period:?} by {}", grain.name());
        assert!(parts.windows(2).all(|two| two[0].end == two[1].start), "{period:?} by {}", grain.name());
        for part in [first, last] {
            same(part, clock, observed_to);
        }
    }
}

/// What a period is called names the same period.
fn same(period: &Period, clock: &Clock, observed_to: Timestamp) {
    let again =
        Period::parse(&period.label, clock, observed_to).unwrap_or_else(|error| panic!("{error} of {period:?}"));
    assert_eq!((again.start, again.end), (period.start, period.end), "{again:?} of {period:?}");
    assert_eq!((again.instant, &again.label), (period.instant, &period.label), "{again:?} of {period:?}");
}
