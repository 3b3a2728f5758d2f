//! The board: every metric's line, grouped, as the terminal and the page both show it.

mod assemble;
mod order;
mod records;
mod table;

pub(crate) use assemble::{assemble, group_title};
pub(crate) use order::{metric as place, sort_groups};
pub(crate) use records::records;
pub(crate) use table::{footnotes, short_hash, table, tone};

use crate::people::{Change, Drift};
use jiff::Timestamp;
use tenure_catalog::{Better, Unit};
use tenure_engine::{Cell, Number};
use tenure_schema::period::{Clock, Period};

/// A board.
#[derive(Debug)]
pub(crate) struct Board {
    /// The company's name; empty where it has none.
    pub(crate) company: String,
    /// Where its days begin.
    pub(crate) clock: Clock,
    /// The periods of the trend, the last of which is the board's own.
    pub(crate) periods: Vec<Period>,
    /// How many of them, from the end, were asked for.
    pub(crate) asked: usize,
    /// The attributes that split it.
    pub(crate) by: Vec<String>,
    /// What was filtered on, in words.
    pub(crate) filter: Vec<String>,
    /// The groups, in the board's order.
    pub(crate) groups: Vec<Group>,
    /// Metrics that cannot be split or filtered so, with the reason.
    pub(crate) left_out: Vec<(String, String)>,
    /// World time.
    pub(crate) observed_to: Timestamp,
    /// Hash of the definitions and settings.
    pub(crate) catalogue: String,
    /// The lake version.
    pub(crate) lake_version: u64,
}

/// The lines of a group.
#[derive(Debug)]
pub(crate) struct Group {
    /// Its name, for people.
    pub(crate) title: String,
    /// Its lines: a metric's whole, then its segments.
    pub(crate) lines: Vec<Line>,
}

/// One metric and segment over the periods of the trend.
#[derive(Debug)]
pub(crate) struct Line {
    /// The metric's id.
    pub(crate) metric: String,
    /// Its title.
    pub(crate) title: String,
    /// Its unit.
    pub(crate) unit: Unit,
    /// Which direction is better.
    pub(crate) better: Better,
    /// The currency, where the unit is money.
    pub(crate) currency: Option<String>,
    /// Empty for the whole.
    pub(crate) segment: Vec<(String, Option<String>)>,
    /// One a period of the board; none where the segment did not exist.
    pub(crate) cells: Vec<Option<Cell>>,
    /// What the workspace aims at.
    pub(crate) target: Option<f64>,
}

impl Board {
    /// The board's own period.
    pub(crate) fn period(&self) -> Option<&Period> {
        self.periods.last()
    }

    /// Every line.
    pub(crate) fn lines(&self) -> impl Iterator<Item = &Line> {
        self.groups.iter().flat_map(|group| &group.lines)
    }

    /// The line of a metric's whole.
    pub(crate) fn whole(&self, metric: &str) -> Option<&Line> {
        self.lines().find(|line| line.metric == metric && line.segment.is_empty())
    }
}

impl Line {
    /// The cell of the board's own period.
    pub(crate) fn now(&self) -> Option<&Cell> {
        self.cells.last().and_then(Option::as_ref)
    }

    /// The value of the period before.
    pub(crate) fn previous(&self) -> Option<Number> {
        let before = self.cells.len().checked_sub(2)?;
        self.cells[before].as_ref()?.value
    }

    /// The value now.
    pub(crate) fn value(&self) -> Option<Number> {
        self.now()?.value
    }

    /// The move from the period before.
    pub(crate) fn change(&self) -> Option<Change> {
        Some(Change::between(self.previous()?, self.value()?, self.unit, self.better))
    }

    /// Whether the target is met; none without one, or without a value.
    pub(crate) fn meets_target(&self) -> Option<bool> {
        let by = self.value()?.as_f64() - self.target?;
        match crate::people::drift(by, self.better) {
            Drift::Bad => Some(false),
            Drift::Good => Some(true),
            Drift::Even => (self.better != Better::Neither).then_some(true),
        }
    }

    /// The values over the periods of the trend.
    pub(crate) fn trend(&self) -> Vec<Option<f64>> {
        self.cells.iter().map(|cell| cell.as_ref().and_then(|cell| cell.value).map(Number::as_f64)).collect()
    }

    /// The segment in words, such as `pro · DE`; empty for the whole.
    pub(crate) fn segment_name(&self) -> String {
        segment_name(&self.segment)
    }
}

/// A segment in words.
pub(crate) fn segment_name(segment: &[(String, Option<String>)]) -> String {
    let names: Vec<&str> = segment.iter().map(|(_, value)| value.as_deref().unwrap_or("(none)")).collect();
    names.join(" · ")
}
