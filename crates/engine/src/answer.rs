//! What the engine answers: one cell per metric, period and segment.

use jiff::Timestamp;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use tenure_catalog::{Better, Unit};
use tenure_schema::period::Period;

/// The cells of a question, and what they were computed from.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// One a metric, period and segment: in the question's order, segments sorted.
    pub cells: Vec<Cell>,
    /// Hash of every definition and setting in force.
    pub catalogue: String,
    /// The lake version read.
    pub lake_version: u64,
}

/// One number with all that it takes to defend it.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// The metric's id.
    pub metric: String,
    /// The variant's id, or `default`.
    pub variant: String,
    /// The metric's title.
    pub title: String,
    /// The metric's group on the board.
    pub group: String,
    /// The period asked for.
    pub period: Period,
    /// Where the rows' window begins: the period, or a trailing window that ends with it.
    pub window_start: Timestamp,
    /// Where the rows' window ends.
    pub window_end: Timestamp,
    /// Attribute or dimension → value, in the order asked for; empty for the whole.
    pub segment: Vec<(String, Option<String>)>,
    /// The headline number; `None` with a reason.
    pub value: Option<Number>,
    /// Further figures by name.
    pub parts: Vec<Part>,
    /// Lower end of the 95 % interval.
    pub low: Option<Number>,
    /// Upper end of the 95 % interval.
    pub high: Option<Number>,
    /// Rows that count.
    pub n: i64,
    /// Candidate rows that do not count, by reason.
    pub excluded: Vec<(String, i64)>,
    /// Why `value` is null.
    pub reason: Option<String>,
    /// Whether the figures are null because they could point at a person; `n` and `excluded` are then not told either.
    pub withheld: bool,
    /// Unit of `value`.
    pub unit: Unit,
    /// The workspace's currency, where the unit is money.
    pub currency: Option<String>,
    /// Which direction is better.
    pub better: Better,
    /// Whether observed_to has passed the period and every case in it is decided.
    pub complete: bool,
    /// World time of the answer.
    pub observed_to: Timestamp,
    /// Share of rows whose account attributes are the first known ones extended backwards.
    pub assumed: Option<f64>,
}

/// A further figure of a cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// The figure.
    pub value: Option<Number>,
    /// Its unit.
    pub unit: Unit,
}

/// A number as it was computed: exact where the arithmetic was.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// Decimal arithmetic: money, counts.
    Exact(Decimal),
    /// Floating point: ratios, intervals, models.
    Float(f64),
}

impl Number {
    /// The nearest double.
    pub fn as_f64(self) -> f64 {
        match self {
            Self::Exact(value) => value.to_f64().unwrap_or(f64::NAN),
            Self::Float(value) => value,
        }
    }

    /// The sum: exact where both are.
    pub(crate) fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::Exact(one), Self::Exact(two)) => {
                one.checked_add(two).map_or(Self::Float(self.as_f64() + other.as_f64()), Self::Exact)
            }
            _ => Self::Float(self.as_f64() + other.as_f64()),
        }
    }

    /// Rounded, half to even, as the unit is published: money to cents. Everything else stays as it is.
    pub fn published(self, unit: Unit) -> Self {
        match (unit, self) {
            (Unit::Money, Self::Exact(value)) => Self::Exact(value.round_dp(2)),
            (Unit::Money, Self::Float(value)) => Self::Float((value * 100.0).round_ties_even() / 100.0),
            (_, value) => value,
        }
    }
}

impl Cell {
    /// Whether it stands for the whole, not a segment.
    pub fn is_total(&self) -> bool {
        self.segment.is_empty()
    }

    /// The part of that name.
    pub fn part(&self, name: &str) -> Option<&Part> {
        self.parts.iter().find(|part| part.name == name)
    }
}
