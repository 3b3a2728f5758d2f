//! Which days an update scores, and which line each of them belongs to.

use crate::days;
use crate::error::HealthError;
use crate::history::Health;
use crate::latest::latest;
use crate::record::{Line, SCORES};
use arrow::array::AsArray;
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type};
use jiff::Span;
use jiff::civil::{Date, date};
use std::collections::BTreeMap;

/// How much an update does beside scoring the days that are over since the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Extent {
    /// Whether the past is scored too, by the scorecards as they are now.
    pub backfill: bool,
    /// The day with which history begins, where it is not that of the first customer.
    pub from: Option<Date>,
}

/// Which line was the workspace's on which day.
pub(crate) struct InForce {
    /// The last day that any line was in force on.
    to: Option<Date>,
    /// The lines of the days up to it, as far as they matter.
    held: BTreeMap<Date, String>,
}

impl InForce {
    /// Whether a line is the workspace's on a day: on one that none was scored for yet the one asked about, before all of them the first.
    pub(crate) fn is(&self, line: &str, day: Date) -> bool {
        if self.to.is_none_or(|to| day > to) {
            return true;
        }
        let first = self.held.first_key_value().filter(|(first, _)| day < **first);
        self.held.get(&day).or(first.map(|(_, line)| line)).is_some_and(|held| held == line)
    }
}

impl Health {
    /// The days to score, in order: those before a line's first that are to be filled in, then those that are over since its last.
    pub(crate) async fn todo(&self, lines: &[Line], extent: Extent) -> Result<Vec<Date>, HealthError> {
        let last = self.last_closed()?;
        if let Some(day) = extent.from.filter(|from| *from > last) {
            return Err(HealthError::NotClosed { day, through: last });
        }
        let begun = lines.iter().map(|line| line.scored_from).min();
        if let (Some(from), Some(begun), false) = (extent.from, begun, extent.backfill)
            && from < begun
        {
            return Err(HealthError::Begun { from, begun });
        }
        let next = |day: Date| day.tomorrow().unwrap_or(day);
        let own = lines.iter().find(|line| line.id == self.scorecards.line());
        let first = match (own, in_force_to(lines)) {
            (Some(own), _) if !extent.backfill => own.scored_from,
            (None, Some(to)) if !extent.backfill => next(to).min(last),
            _ => extent.from.max(Some(self.first_day().await?)).unwrap_or(last),
        };
        let Some(own) = own else { return Ok(days::between(first, last).collect()) };
        // What is scored stays: a line has every day from its first to its last.
        let before = own.scored_from.yesterday().map(|before| days::between(first, before)).into_iter().flatten();
        Ok(before.chain(days::between(next(own.scored_to), last)).collect())
    }

    /// Which line each of some days belongs to. Only days that lie before the last one scored need to be looked up.
    pub(crate) async fn in_force(&self, lines: &[Line], days: &[Date]) -> Result<InForce, HealthError> {
        let to = in_force_to(lines);
        let mut held = BTreeMap::new();
        if days.first().zip(to).is_none_or(|(first, to)| *first > to) {
            return Ok(InForce { to, held });
        }
        let context = latest(&self.lake).await?;
        let sql = format!("SELECT day, min(line) FROM {SCORES} WHERE in_force GROUP BY day");
        for batch in context.sql(&sql).await?.collect().await? {
            let lines = cast(batch.column(1), &DataType::Utf8)?;
            let days = batch.column(0).as_primitive::<Date32Type>().iter().zip(lines.as_string::<i32>());
            held.extend(days.filter_map(|(day, line)| Some((day_of(day?)?, line?.to_owned()))));
        }
        Ok(InForce { to, held })
    }
}

/// The last day that any line was in force on.
fn in_force_to(lines: &[Line]) -> Option<Date> {
    lines.iter().filter(|line| line.in_force_from.is_some()).map(|line| line.scored_to).max()
}

/// A day from Arrow's count; `None` beyond the calendar.
pub(crate) fn day_of(days: i32) -> Option<Date> {
    date(1970, 1, 1).checked_add(Span::new().days(days)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_belongs_to_the_line_that_scored_it_first() {
        let held = BTreeMap::from([(date(2026, 3, 5), "one".to_owned()), (date(2026, 3, 6), "two".to_owned())]);
        let in_force = InForce { to: Some(date(2026, 3, 6)), held };
        let lines = |day| ["one", "two"].map(|line| in_force.is(line, date(2026, 3, day)));
        assert_eq!(lines(4), [true, false], "before all of them, the first");
        assert_eq!(lines(5), [true, false]);
        assert_eq!(lines(6), [false, true]);
        assert_eq!(lines(7), [true, true], "whichever scores it");
    }
}
