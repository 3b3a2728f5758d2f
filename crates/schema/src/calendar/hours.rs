//! Hours of a day, as in "09:00-17:00".

use jiff::civil::Weekday;
use std::fmt;
use std::str::FromStr;

pub(super) const MINUTE: i64 = 60_000_000;
pub(super) const DAY: i64 = 24 * 60 * MINUTE;
pub(super) const WEEK: i64 = 7 * DAY;

/// Hours of a day by the local clock; those that end before they begin pass midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hours {
    from: i16,
    to: i16,
}

/// Why a text is no hours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is not hours of a day; write two times, for example \"09:00-17:00\", \"22:00-06:00\" or \"00:00-24:00\""
)]
pub struct HoursError {
    text: String,
}

impl Hours {
    /// The stretches of a week they make on a weekday, in microseconds from Monday 00:00.
    pub(super) fn in_week(self, day: Weekday) -> Vec<(i64, i64)> {
        let midnight = i64::from(day.to_monday_zero_offset()) * DAY;
        let from = midnight + i64::from(self.from) * MINUTE;
        let to = midnight + i64::from(self.to) * MINUTE;
        if self.from < self.to {
            return vec![(from, to)];
        }
        let (next, to) = ((midnight + DAY) % WEEK, (to + DAY) % WEEK);
        vec![(from, midnight + DAY), (next, to)]
    }
}

impl FromStr for Hours {
    type Err = HoursError;

    fn from_str(text: &str) -> Result<Self, HoursError> {
        let read = || {
            let (from, to) = text.split_once('-')?;
            let (from, to) = (minute(from.trim())?, minute(to.trim())?);
            (from != to && from != 1440).then_some(Self { from, to })
        };
        read().ok_or_else(|| HoursError { text: text.to_owned() })
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (self.from, self.to);
        write!(f, "{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60)
    }
}

/// Minutes after midnight; 24:00 is the day's end.
fn minute(text: &str) -> Option<i16> {
    let (hour, minute) = text.split_once(':')?;
    let number = |text: &str| {
        let digits = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<i16>().ok()).flatten()
    };
    let (hour, minute) = (number(hour)?, number(minute).filter(|_| minute.len() == 2)?);
    (minute < 60 && hour * 60 + minute <= 1440).then_some(hour * 60 + minute)
}
