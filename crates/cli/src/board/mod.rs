//! The board: every metric's line, grouped, as the terminal and the page both show it.

mod assemble;
mod markdown;
mod records;
mod table;

pub(crate) use assemble::{assemble, group_title};
pub(crate) use markdown::{markdown, safe};
pub(crate) use records::records;
pub(crate) use table::{footnotes, short_hash, table, tone};

use crate::people::{self, Change, Detail, Drift};
use jiff::Timestamp;
use tenure_catalog::{Better, BoardPlan, Unit};
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
    /// What stands first, and what the page draws.
    pub(crate) plan: BoardPlan,
    /// The groups, in the board's order.
    pub(crate) groups: Vec<Group>,
    /// Where the question does not fit a metric.
    pub(crate) unfit: Vec<Unfit>,
    /// World time.
    pub(crate) observed_to: Timestamp,
    /// Hash of the definitions and settings.
    pub(crate) catalogue: String,
    /// The lake version.
    pub(crate) lake_version: u64,
}

/// Metrics that a question does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unfit {
    /// What became of them and why: `not split by channel`.
    pub(crate) why: String,
    /// Their titles.
    pub(crate) titles: Vec<String>,
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

    /// Every line that the question itself did not split: wholes, and the parts of what has no whole.
    pub(crate) fn own_lines(&self) -> impl Iterator<Item = &Line> {
        self.lines().filter(|line| !self.is_split(line))
    }

    /// Whether a line is there because of the attributes that were asked for.
    pub(crate) fn is_split(&self, line: &Line) -> bool {
        line.segment.iter().any(|(name, _)| self.by.contains(name))
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

    /// Whether it has one.
    pub(crate) fn has_value(&self) -> bool {
        self.value().is_some()
    }

    /// The move from the period before.
    pub(crate) fn change(&self) -> Option<Change> {
        Some(Change::between(self.previous()?, self.value()?, self.unit, self.better))
    }

    /// Whether the target is met, as both are printed; none without one, or without a value.
    pub(crate) fn meets_target(&self) -> Option<bool> {
        let (value, target) = (self.value()?, self.target?);
        let currency = self.currency.as_deref();
        let printed = people::figure(value, self.unit, currency, Detail::Brief);
        let by = match printed == people::target(target, self.unit, currency) {
            true => 0.0,
            false => value.as_f64() - target,
        };
        match people::drift(by, self.better) {
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

    /// The title with the segment, where there is one.
    pub(crate) fn full_title(&self) -> String {
        match self.segment.is_empty() {
            true => self.title.clone(),
            false => format!("{} ({})", self.title, self.segment_name()),
        }
    }
}

/// Why lines have no value: each reason, and the lines it holds for.
pub(crate) fn without_value<'a>(lines: impl Iterator<Item = &'a Line>) -> Vec<(String, Vec<String>)> {
    let mut reasons: Vec<(String, Vec<String>)> = Vec::new();
    for line in lines {
        let Some(cell) = line.now().filter(|cell| cell.value.is_none()) else { continue };
        let reason = cell.reason.clone().unwrap_or_else(|| "no value".to_owned());
        match reasons.iter_mut().find(|(found, _)| *found == reason) {
            Some((_, names)) => names.push(line.full_title()),
            None => reasons.push((reason, vec![line.full_title()])),
        }
    }
    reasons
}

/// How many rows of a cell do not count.
pub(crate) fn excluded_rows(cell: &Cell) -> i64 {
    cell.excluded.iter().map(|(_, count)| count).sum()
}

/// A segment in words.
pub(crate) fn segment_name(segment: &[(String, Option<String>)]) -> String {
    let names: Vec<String> = segment.iter().map(|(name, value)| part_name(name, value.as_deref())).collect();
    names.join(" · ")
}

/// A value, with what it is a value of where it does not say so itself: `pro`, `scale 1-5`, `no plan`.
fn part_name(name: &str, value: Option<&str>) -> String {
    let name = name.rsplit('.').next().unwrap_or(name).replace('_', " ");
    match value {
        None => format!("no {name}"),
        Some(value @ ("true" | "false")) => format!("{name} {value}"),
        Some(value) if value.chars().any(char::is_alphabetic) => value.to_owned(),
        Some(value) => format!("{name} {value}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn a_bare_number_says_of_what() {
        let segment = |name: &str, value: Option<&str>| segment_name(&[(name.to_owned(), value.map(str::to_owned))]);
        assert_eq!(segment("account.plan", Some("pro")), "pro");
        assert_eq!(segment("account.plan", None), "no plan");
        assert_eq!(segment("scale", Some("1-5")), "scale 1-5");
        assert_eq!(segment("is_trial", Some("false")), "is trial false");
        let two = [("version".to_owned(), Some("2.0".to_owned())), ("scale".to_owned(), Some("1-7".to_owned()))];
        assert_eq!(segment_name(&two), "version 2.0 · scale 1-7");
    }

    #[test]
    fn a_target_is_met_as_printed() {
        let board = sample::board();
        let mut line = board.whole("nrr").unwrap().cells.last().cloned().flatten().unwrap();
        let verdict = |value: f64, cell: &mut Cell| {
            cell.value = Some(Number::Float(value));
            let template = board.whole("nrr").unwrap();
            let (segment, currency) = (Vec::new(), None);
            let (metric, title) = (template.metric.clone(), template.title.clone());
            let (unit, better, target) = (template.unit, template.better, template.target);
            let cells = vec![Some(cell.clone())];
            Line { metric, title, unit, better, currency, segment, cells, target }.meets_target()
        };
        // The target is 105 %.
        assert_eq!(verdict(1.0496, &mut line), Some(true));
        assert_eq!(verdict(1.0494, &mut line), Some(false));
    }
}
