//! Periods: half-open stretches of time in the workspace's zone, and instants.

mod grain;
mod parse;
mod window;

pub use grain::Grain;
pub(crate) use parse::moment;
pub use window::Window;

use crate::zone::Zone;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};

/// The years a period may touch.
pub const YEARS: std::ops::RangeInclusive<i16> = 1900..=2200;

/// Where days begin and when the fiscal year does.
#[derive(Debug, Clone, PartialEq)]
pub struct Clock {
    /// The zone that days and months are those of.
    pub zone: Zone,
    /// The month a fiscal year begins with, 1 to 12.
    pub fiscal_year_start: i8,
}

/// A half-open stretch of time, or an instant.
#[derive(Debug, Clone, PartialEq)]
pub struct Period {
    /// Its name, in the syntax that [`Period::parse`] reads.
    pub label: String,
    /// The first instant in it.
    pub start: Timestamp,
    /// The first instant after it; for an instant, the instant itself.
    pub end: Timestamp,
    /// Whether `start` and `end` are looked at including what happens at that very instant.
    pub instant: bool,
    kind: Kind,
}

/// What a period was asked as: this decides which one comes before it.
#[derive(Debug, Clone, PartialEq)]
enum Kind {
    /// That many whole units from a first day.
    Units { grain: Grain, first: Date, count: i32 },
    /// From one time to another.
    Range,
    /// An instant, or a window that ends in one.
    Instant,
}

/// Why a text is no period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// The text is of no known form.
    #[error("{text:?} is not {expected}; write for example {example}")]
    Syntax {
        /// What was written.
        text: String,
        /// What was expected.
        expected: &'static str,
        /// How it could be written.
        example: &'static str,
    },
    /// It lies outside the years Tenure counts in.
    #[error("{text:?} leaves the years {} to {}; ask for a period within them, for example 2024", YEARS.start(), YEARS.end())]
    OutOfRange {
        /// What was written.
        text: String,
    },
    /// It ends before it begins.
    #[error("{text:?} does not end after it begins; write the earlier date first, for example 2024-01-01..2024-07-01")]
    Backwards {
        /// What was written.
        text: String,
    },
    /// The zone's clocks went from before it to after it.
    #[error(
        "{text:?} did not happen in {zone}, whose clocks skipped it; ask for another day, for example the one after"
    )]
    Skipped {
        /// What was written.
        text: String,
        /// The zone.
        zone: String,
    },
}

impl PeriodError {
    fn out_of_range(text: impl Into<String>) -> Self {
        Self::OutOfRange { text: text.into() }
    }
}

impl Clock {
    /// Local midnight of a day, or what comes first after it where a clock change skips midnight.
    pub fn day_start(&self, date: Date) -> Result<Timestamp, PeriodError> {
        self.at(date.at(0, 0, 0, 0))
    }

    fn at(&self, local: DateTime) -> Result<Timestamp, PeriodError> {
        let outside = || PeriodError::out_of_range(local.to_string());
        if !YEARS.contains(&local.year()) && local != DateTime::constant(YEARS.end() + 1, 1, 1, 0, 0, 0, 0) {
            return Err(outside());
        }
        let zoned = self.zone.time_zone().to_ambiguous_zoned(local).compatible().map_err(|_| outside())?;
        Ok(zoned.timestamp())
    }

    /// That it lies in the years Tenure counts in; the first instant of the year after does: it ends the last year.
    fn within(&self, at: Timestamp) -> Result<Timestamp, PeriodError> {
        let (first, last) = (*YEARS.start(), *YEARS.end());
        let local = self.local(at);
        if local < Date::constant(first, 1, 1).at(0, 0, 0, 0) || local > Date::constant(last + 1, 1, 1).at(0, 0, 0, 0) {
            return Err(PeriodError::out_of_range(at.to_string()));
        }
        Ok(at)
    }

    /// The shortest text that is read as an instant: its local time, or UTC where a clock change repeats that time.
    fn text(&self, at: Timestamp) -> String {
        let local = self.local(at);
        match self.at(local) {
            Ok(read) if read == at && local.time() == Time::midnight() => local.date().to_string(),
            Ok(read) if read == at => local.to_string(),
            _ => at.to_string(),
        }
    }

    /// Its local date and time.
    pub fn local(&self, at: Timestamp) -> DateTime {
        self.zone.time_zone().to_datetime(at)
    }
}

impl Period {
    /// The instant whose state the period opens with: the last one before it.
    pub fn opening(&self) -> Timestamp {
        before(self.start, self.instant)
    }

    /// The instant whose state the period closes with: the last one in it.
    pub fn closing(&self) -> Timestamp {
        before(self.end, self.instant)
    }

    /// The period of the same kind and length just before; none before an instant, nor before the first year counted in.
    pub fn previous(&self, clock: &Clock) -> Option<Self> {
        match self.kind {
            Kind::Units { grain, first, count } => {
                let before = Self::units(grain, grain.add(first, -count)?, count, None, clock).ok()?;
                // A day that the zone's clocks skipped is none.
                if before.start < before.end { Some(before) } else { before.previous(clock) }
            }
            Kind::Range => self.range_before(clock),
            Kind::Instant => None,
        }
    }

    /// The window of that length which ends where the period ends.
    pub fn trailing(&self, window: Window, clock: &Clock) -> Result<Self, PeriodError> {
        let start = window.back(self.end, &clock.zone)?;
        if self.instant {
            return Ok(Self { label: self.label.clone(), start, end: self.end, instant: true, kind: Kind::Instant });
        }
        Self::between(start, self.end, clock)
    }

    /// The last `n` complete periods of a grain before `observed_to`, the earliest first.
    pub fn last(n: u32, grain: Grain, observed_to: Timestamp, clock: &Clock) -> Result<Vec<Self>, PeriodError> {
        let text = || format!("last {n} {}s", grain.name());
        let end = grain.floor(clock.local(observed_to).date(), clock.fiscal_year_start);
        let back = i32::try_from(n).map_err(|_| PeriodError::out_of_range(text()))?;
        let first = grain.add(end, -back).ok_or_else(|| PeriodError::out_of_range(text()))?;
        if !YEARS.contains(&first.year()) {
            return Err(PeriodError::out_of_range(text()));
        }
        grain.run(first, end).map(|first| Self::units(grain, first, 1, None, clock)).collect()
    }

    /// The unit of a grain that a day lies in.
    pub fn whole(grain: Grain, day: Date, clock: &Clock) -> Result<Self, PeriodError> {
        Self::units(grain, grain.floor(day, clock.fiscal_year_start), 1, None, clock)
    }

    /// The periods of a grain that the period consists of, the earliest first; a part of one is cut to the period and labelled as a range.
    pub fn split(&self, grain: Grain, clock: &Clock) -> Result<Vec<Self>, PeriodError> {
        if self.start >= self.end {
            return Ok(vec![self.clone()]);
        }
        let first = grain.floor(clock.local(self.start).date(), clock.fiscal_year_start);
        let last = clock.local(before(self.end, false)).date();
        let mut parts = Vec::new();
        for first in grain.run(first, last.tomorrow().map_err(|_| PeriodError::out_of_range(&self.label))?) {
            // A unit that begins or ends outside the years counted in is cut there.
            let next = grain.add(first, 1).and_then(|next| clock.day_start(next).ok());
            let (from, to) = (clock.day_start(first).unwrap_or(self.start), next.unwrap_or(self.end));
            let (start, end) = (from.max(self.start), to.min(self.end));
            match Self::units(grain, first, 1, None, clock) {
                _ if start >= end => {}
                Ok(part) if (start, end) == (part.start, part.end) => parts.push(part),
                _ => parts.push(Self::between(start, end, clock)?),
            }
        }
        Ok(parts)
    }

    /// The period from one local time to another.
    pub fn range(from: DateTime, to: DateTime, clock: &Clock) -> Result<Self, PeriodError> {
        if from >= to {
            return Err(PeriodError::Backwards { text: format!("{from}..{to}") });
        }
        Self::between(clock.at(from)?, clock.at(to)?, clock)
    }

    /// The period from one instant to another.
    fn between(start: Timestamp, end: Timestamp, clock: &Clock) -> Result<Self, PeriodError> {
        let label = format!("{}..{}", clock.text(clock.within(start)?), clock.text(clock.within(end)?));
        if start >= end {
            return Err(PeriodError::Backwards { text: label });
        }
        Ok(Self { label, start, end, instant: false, kind: Kind::Range })
    }

    /// An instant, including what happens at it.
    pub fn at(instant: Timestamp, clock: &Clock) -> Self {
        let label = format!("@{}", clock.text(instant));
        Self { label, start: instant, end: instant, instant: true, kind: Kind::Instant }
    }

    fn units(grain: Grain, first: Date, count: i32, label: Option<String>, clock: &Clock) -> Result<Self, PeriodError> {
        let end = grain.add(first, count).ok_or_else(|| PeriodError::out_of_range(first.to_string()))?;
        let (start, end) = (clock.day_start(first)?, clock.day_start(end)?);
        let label = label.unwrap_or_else(|| match count {
            1 => grain.label(first, clock.fiscal_year_start),
            _ => format!("{}..{}", clock.text(start), clock.text(end)),
        });
        Ok(Self { label, start, end, instant: false, kind: Kind::Units { grain, first, count } })
    }

    /// Whole months go back by months, whole days by days, anything else by its length on the local clock; by the time that passes
    /// where a clock change leaves it none there.
    fn range_before(&self, clock: &Clock) -> Option<Self> {
        let (from, to) = (clock.local(self.start), clock.local(self.end));
        let months =
            (i32::from(to.year()) - i32::from(from.year())) * 12 + i32::from(to.month()) - i32::from(from.month());
        let whole = months > 0 && from.day() == 1 && to.day() == 1 && from.time() == to.time();
        let earlier = if whole {
            from.checked_sub(jiff::Span::new().try_months(months).ok()?).ok()?
        } else {
            from.checked_sub(to.duration_since(from)).ok()?
        };
        let start = match clock.at(earlier).ok()? {
            start if start < self.start => start,
            _ => self.start.checked_sub(self.end.duration_since(self.start)).ok()?,
        };
        Self::between(start, self.start, clock).ok()
    }
}

fn before(at: Timestamp, inclusive: bool) -> Timestamp {
    if inclusive { at } else { at.checked_sub(jiff::SignedDuration::from_micros(1)).unwrap_or(at) }
}

#[cfg(test)]
mod tests;
