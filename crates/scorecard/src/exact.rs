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

/// A sum of quotients without the noise of division in its last digits, so that what is exactly half a digit stays so, whatever the
/// order in which it was added up.
pub(crate) fn settled(value: Decimal) -> Decimal {
    value.round_dp_with_strategy(18, RoundingStrategy::MidpointNearestEven)
}

/// `part / whole`, not rounded; zero where the whole is.
pub(crate) fn share(part: Decimal, whole: Decimal) -> Decimal {
    part.checked_div(whole).unwrap_or_default()
}

/// Rounds numbers to six places so that they add up to `total`, their sum at six places: each to the nearest, and what is left over one
/// last digit each to those that rounding took most from (or gave most to), the earlier one on a tie. Negatives come out as negatives.
pub(crate) fn apportion(numbers: &[Decimal], total: Decimal) -> Vec<Decimal> {
    let numbers: Vec<Decimal> = numbers.iter().map(|number| settled(*number)).collect();
    let mut parts: Vec<Decimal> = numbers.iter().map(|number| rounded(*number)).collect();
    let left = total - parts.iter().sum::<Decimal>();
    let digit = if left.is_sign_negative() { -Decimal::new(1, PLACES) } else { Decimal::new(1, PLACES) };
    let digits = (left / digit).to_usize().unwrap_or_default();
    if digits == 0 {
        return parts;
    }
    let taken: Vec<Decimal> = numbers.iter().zip(&parts).map(|(number, part)| (number - part) / digit).collect();
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    order.sort_by(|one, two| taken[*two].cmp(&taken[*one]).then_with(|| one.cmp(two)));
    for index in order.into_iter().take(digits) {
        parts[index] = (parts[index] + digit).normalize();
    }
    parts
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
    fn negatives_are_apportioned_as_negatives() {
        let sixth = Decimal::ONE / Decimal::from(6);
        for numbers in [vec![sixth; 6], vec![sixth + sixth, -sixth, -sixth], vec![sixth, sixth, sixth, -sixth]] {
            let total = rounded(settled(numbers.iter().sum::<Decimal>()));
            let parts = apportion(&numbers, total);
            let negatives: Vec<Decimal> = numbers.iter().map(|number| -number).collect();
            let negated: Vec<Decimal> = parts.iter().map(|part| -part).collect();
            assert_eq!(parts.iter().sum::<Decimal>(), total);
            assert_eq!(apportion(&negatives, -total), negated, "{numbers:?}");
        }
    }

    #[test]
    fn nothing_is_given_to_what_has_nothing() {
        let third = Decimal::ONE_HUNDRED / Decimal::from(3);
        assert_eq!(apportion(&[Decimal::ZERO, third, third, third], Decimal::ONE_HUNDRED)[0], Decimal::ZERO);
    }

    #[test]
    fn what_is_no_number_is_no_value() {
        assert_eq!(from_f64(f64::NAN), None);
        assert_eq!(from_f64(f64::INFINITY), None);
        assert_eq!(from_f64(1e300), None);
        assert_eq!(from_f64(0.1), Some(decimal("0.1")));
    }
}
