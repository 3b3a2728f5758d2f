//! A number as programs read it: exact where it was, money to the cent.

use serde::{Serialize, Serializer, ser::Error};
use serde_json::value::RawValue;
use tenure_catalog::Unit;
use tenure_engine::Number;

/// A number that is written with all its digits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Figure {
    number: Number,
    unit: Unit,
}

impl Figure {
    /// A number of a unit.
    pub(crate) fn new(number: Number, unit: Unit) -> Self {
        Self { number: number.published(unit), unit }
    }

    /// Its text; none where it is not finite, which JSON cannot say.
    pub(crate) fn text(&self) -> Option<String> {
        decimal(self.number, self.unit)
    }
}

/// The text of a number in programs' form.
fn decimal(number: Number, unit: Unit) -> Option<String> {
    Some(match (number.published(unit), unit) {
        (Number::Exact(exact), Unit::Money) => format!("{exact:.2}"),
        (Number::Exact(exact), _) => exact.normalize().to_string(),
        (Number::Float(value), _) if !value.is_finite() => return None,
        (Number::Float(value), Unit::Money) => format!("{value:.2}"),
        // Adding zero takes the sign off a negative zero.
        (Number::Float(value), _) => (value + 0.0).to_string(),
    })
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.text() {
            Some(text) => RawValue::from_string(text).map_err(S::Error::custom)?.serialize(serializer),
            None => serializer.serialize_none(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::Decimal;

    #[test]
    fn digits_are_kept() {
        let json = |number, unit| serde_json::to_string(&Figure::new(number, unit)).unwrap();
        assert_eq!(json(Number::Exact(Decimal::new(9_007_199_254_740_993_500, 3)), Unit::Money), "9007199254740993.50");
        assert_eq!(json(Number::Exact(Decimal::new(12_000, 3)), Unit::Count), "12");
        assert_eq!(json(Number::Float(0.1), Unit::Money), "0.10");
        assert_eq!(json(Number::Float(0.1 + 0.2), Unit::Ratio), "0.30000000000000004");
        assert_eq!(json(Number::Float(-0.0), Unit::Points), "0");
        assert_eq!(json(Number::Float(f64::NAN), Unit::Ratio), "null");
    }
}
