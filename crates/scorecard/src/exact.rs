//! Decimals of six places: what the lake stores, so that a stored score can be added up again.

use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use rust_decimal::{Decimal, RoundingStrategy};

/// Decimal places of points, weights and values.
pub const PLACES: u32 = 6;

/// The best score and the best points.
pub(crate) const FULL: Decimal = Decimal::ONE_HUNDRED;

/// The largest number that is taken as a value, weight or limit: beyond it products would leave a decimal's range.
pub(crate) const LARGEST: i64 = 100_000_000_000;

/// Rounded half to even at six places.
pub(crate) fn rounded(value: Decimal) -> Decimal {
    value.round_dp_with_strategy(PLACES, RoundingStrategy::MidpointNearestEven).normalize()
}

/// A double as a decimal of six places; `None` where it is no number or too large.
pub(crate) fn from_f64(value: f64) -> Option<Decimal> {
    let bound = LARGEST.to_f64()?;
    (value.is_finite() && value.abs() <= bound).then(|| Decimal::from_f64(value).map(rounded)).flatten()
}

/// `part / whole`, not rounded; zero where the whole is.
pub(crate) fn share(part: Decimal, whole: Decimal) -> Decimal {
    part.checked_div(whole).unwrap_or_default()
}

/// Rounds numbers to six places so that they add up to `total`, itself of six places: what is left over goes, one last digit each,
/// to those that lost most by rounding down (largest remainder), the earlier one on a tie.
pub(crate) fn apportion(numbers: &[Decimal], total: Decimal) -> Vec<Decimal> {
    let digit = Decimal::new(1, PLACES);
    let floor = |value: Decimal| value.round_dp_with_strategy(PLACES, RoundingStrategy::ToNegativeInfinity);
    let mut parts: Vec<Decimal> = numbers.iter().map(|number| floor(*number)).collect();
    let left = total - parts.iter().sum::<Decimal>();
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    order.sort_by_key(|index| (parts[*index] - numbers[*index], *index));
    let digits = (left / digit).to_i64().unwrap_or_default();
    let step = if digits < 0 { -digit } else { digit };
    if digits < 0 {
        order.reverse();
    }
    let places = order.iter().cycle().take(usize::try_from(digits.unsigned_abs()).unwrap_or_default());
    for index in places {
        parts[*index] += step;
    }
    parts.into_iter().map(|part| part.normalize()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn parts_add_up_to_the_total() {
        let third = Decimal::ONE_HUNDRED / Decimal::from(3);
        let parts = apportion(&[third, third, third], Decimal::ONE_HUNDRED);
        assert_eq!(parts, [decimal("33.333334"), decimal("33.333333"), decimal("33.333333")]);
    }

    #[test]
    fn negative_parts_add_up_too() {
        let third = -Decimal::ONE / Decimal::from(3);
        let parts = apportion(&[third, third, third], -Decimal::ONE);
        assert_eq!(parts.iter().sum::<Decimal>(), -Decimal::ONE);
    }

    #[test]
    fn what_is_no_number_is_no_value() {
        assert_eq!(from_f64(f64::NAN), None);
        assert_eq!(from_f64(f64::INFINITY), None);
        assert_eq!(from_f64(1e300), None);
        assert_eq!(from_f64(0.1), Some(decimal("0.1")));
    }
}
