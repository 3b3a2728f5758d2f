//! Days and periods in words.

use jiff::civil::Date;
use jiff::fmt::strtime;
use jiff::{SignedDuration, Timestamp};
use tenure_schema::period::{Clock, Period};

/// A local day, such as `30 June 2026`.
fn day(at: Timestamp, clock: &Clock) -> String {
    words("%-d %B %Y", clock.local(at).date())
}

/// The last local day before an instant: what "data through" means to people.
pub(crate) fn day_before(at: Timestamp, clock: &Clock) -> String {
    day(at.checked_sub(SignedDuration::from_micros(1)).unwrap_or(at), clock)
}

/// A local minute, such as `2026-06-30 14:05`.
pub(crate) fn minute(at: Timestamp, clock: &Clock) -> String {
    let local = clock.local(at);
    format!("{} {:02}:{:02}", local.date(), local.hour(), local.minute())
}

/// A period in words: `June 2026`, `third quarter of 2026`; else its label.
pub(crate) fn period_title(period: &Period, clock: &Clock) -> String {
    if period.instant {
        return minute(period.start, clock);
    }
    let (first, end) = (clock.local(period.start).date(), clock.local(period.end).date());
    let label = &period.label;
    if label.starts_with("FY") {
        return match label.split_once("-Q") {
            Some((year, quarter)) => format!("fiscal quarter {quarter} of {}", year.trim_start_matches("FY")),
            None => format!("fiscal year {}", label.trim_start_matches("FY")),
        };
    }
    match label.as_bytes() {
        [_, _, _, _, b'-', b'Q', quarter] => format!("quarter {} of {}", char::from(*quarter), first.year()),
        [_, _, _, _, b'-', b'W', week @ ..] => {
            format!("week {} of {}", String::from_utf8_lossy(week), &label[..4])
        }
        [_, _, _, _, b'-', _, _] => words("%B %Y", first),
        [_, _, _, _] => format!("the year {label}"),
        [_, _, _, _, b'-', _, _, b'-', _, _] => words("%-d %B %Y", first),
        _ => {
            let last = end.yesterday().unwrap_or(end);
            format!("{} – {}", words("%-d %B %Y", first), words("%-d %B %Y", last))
        }
    }
}

fn words(form: &str, date: Date) -> String {
    strtime::format(form, date).unwrap_or_else(|_| date.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tenure_schema::zone::Zone;

    #[test]
    fn periods_in_words() {
        let clock = Clock { zone: Zone::utc(), fiscal_year_start: 2 };
        let now: Timestamp = "2026-07-01T00:00:00Z".parse().unwrap();
        let title = |text: &str| period_title(&Period::parse(text, &clock, now).unwrap(), &clock);
        assert_eq!(title("2026-06"), "June 2026");
        assert_eq!(title("2026-Q2"), "quarter 2 of 2026");
        assert_eq!(title("2026"), "the year 2026");
        assert_eq!(title("2026-W07"), "week 07 of 2026");
        assert_eq!(title("2026-06-15"), "15 June 2026");
        assert_eq!(title("FY2026-Q3"), "fiscal quarter 3 of 2026");
        assert_eq!(title("2026-01-01..2026-03-15"), "1 January 2026 – 14 March 2026");
        assert_eq!(title("last-12-months"), "1 July 2025 – 30 June 2026");
        assert_eq!(day_before(now, &clock), "30 June 2026");
    }
}
