//! What the lines of an account are worth together, read in one way.

use rust_decimal::Decimal;
use std::iter::Sum;
use std::ops::{Add, Sub};

/// Lines in force and what they bring a month, in the workspace's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Worth {
    /// How many lines are in force.
    pub(crate) lines: i64,
    /// What they bring a month.
    pub(crate) monthly: Decimal,
}

impl Worth {
    /// One line.
    pub(crate) fn line(monthly: Decimal) -> Self {
        Self { lines: 1, monthly }
    }

    /// Money that is no line's: it makes nobody a customer.
    pub(crate) fn money(monthly: Decimal) -> Self {
        Self { lines: 0, monthly }
    }
}

impl Add for Worth {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { lines: self.lines + other.lines, monthly: self.monthly + other.monthly }
    }
}

impl Sub for Worth {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self { lines: self.lines - other.lines, monthly: self.monthly - other.monthly }
    }
}

impl Sum for Worth {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}
