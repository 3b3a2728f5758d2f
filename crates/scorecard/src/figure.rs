//! Numbers in files, whole or not.

use crate::exact::{LARGEST, from_f64};
use rust_decimal::Decimal;
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use std::fmt;

/// A number as it was written.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Figure {
    /// Without a point.
    Whole(i64),
    /// With one; or larger than any that is taken.
    Fraction(f64),
}

impl Figure {
    /// As a decimal of six places; `None` where it is no finite number, or too large.
    pub(crate) fn decimal(self) -> Option<Decimal> {
        match self {
            Self::Whole(value) => (value.unsigned_abs() <= LARGEST.unsigned_abs()).then(|| Decimal::from(value)),
            Self::Fraction(value) => from_f64(value),
        }
    }

    pub(crate) fn is_zero(self) -> bool {
        match self {
            Self::Whole(value) => value == 0,
            Self::Fraction(value) => value == 0.0,
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(value) => value.fmt(f),
            Self::Fraction(value) => value.fmt(f),
        }
    }
}

impl<'de> Deserialize<'de> for Figure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Number)
    }
}

struct Number;

impl Visitor<'_> for Number {
    type Value = Figure;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Figure, E> {
        Ok(Figure::Whole(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Figure, E> {
        Ok(i64::try_from(value).map_or(Figure::Fraction(value as f64), Figure::Whole))
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<Figure, E> {
        Ok(i64::try_from(value).map_or(Figure::Fraction(value as f64), Figure::Whole))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Figure, E> {
        Ok(Figure::Fraction(value))
    }
}
