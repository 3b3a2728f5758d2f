//! Currencies, and what a price is worth a month, exactly.

use std::fmt;
use std::str::FromStr;

/// A currency by its ISO 4217 code. Whether a code is in use is not checked: companies bill in credits and coins too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

/// Why a text is no currency.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a currency; write the three capital letters of ISO 4217, for example USD")]
pub struct CurrencyError {
    text: String,
}

impl Currency {
    /// The US dollar, which a workspace that says nothing counts in.
    pub const USD: Self = Self(*b"USD");

    /// Its three letters.
    pub fn code(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromStr for Currency {
    type Err = CurrencyError;

    fn from_str(text: &str) -> Result<Self, CurrencyError> {
        let letters = <[u8; 3]>::try_from(text.as_bytes()).ok();
        let letters = letters.filter(|letters| letters.iter().all(u8::is_ascii_uppercase));
        letters.map(Self).ok_or_else(|| CurrencyError { text: text.to_owned() })
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// How often a price is billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BillingInterval {
    /// Every day.
    Day,
    /// Every week.
    Week,
    /// Every month.
    Month,
    /// Every three months.
    Quarter,
    /// Every year.
    Year,
}

impl BillingInterval {
    /// The interval of that name, as in `subscriptions.interval`.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "day" => Some(Self::Day),
            "week" => Some(Self::Week),
            "month" => Some(Self::Month),
            "quarter" => Some(Self::Quarter),
            "year" => Some(Self::Year),
            _ => None,
        }
    }

    /// How many of them make a month, as a fraction: a year has 365 days, 52 weeks and 12 months.
    const fn in_a_month(self) -> (i128, i128) {
        match self {
            Self::Day => (365, 12),
            Self::Week => (13, 3),
            Self::Month => (1, 1),
            Self::Quarter => (1, 3),
            Self::Year => (1, 12),
        }
    }
}

/// The monthly worth of a price billed every `count` intervals: from an amount with `scale` decimal places to ten, half to even.
/// None where the count is not positive or the amount too large.
pub fn monthly_amount(amount: i128, scale: u8, interval: BillingInterval, count: i64) -> Option<i128> {
    let (numerator, denominator) = interval.in_a_month();
    let (up, down) = (10_u32.saturating_sub(scale.into()), u32::from(scale).saturating_sub(10));
    let numerator = numerator.checked_mul(10_i128.checked_pow(up)?)?;
    let denominator = denominator.checked_mul(count.into())?.checked_mul(10_i128.checked_pow(down)?)?;
    (denominator > 0).then_some(())?;
    scale_half_even(amount, numerator, denominator)
}

/// `amount * numerator / denominator` to the nearest whole number, half to even, also where the product alone would be too
/// large; none where the answer is. The denominator must be positive.
pub fn scale_half_even(amount: i128, numerator: i128, denominator: i128) -> Option<i128> {
    match amount.checked_mul(numerator) {
        Some(product) => Some(divide_half_even(product, denominator)),
        None => scale_in_parts(amount, numerator, denominator),
    }
}

/// The same, the whole part and the rest on their own.
fn scale_in_parts(amount: i128, numerator: i128, denominator: i128) -> Option<i128> {
    let whole = amount.div_euclid(denominator).checked_mul(numerator)?;
    let rest = amount.rem_euclid(denominator).checked_mul(numerator)?;
    // An even number may be taken out before rounding; an odd one would turn a tie the wrong way.
    let odd = whole.rem_euclid(2);
    let rounded = divide_half_even(odd.checked_mul(denominator)?.checked_add(rest)?, denominator);
    (whole - odd).checked_add(rounded)
}

/// `numerator / denominator` to the nearest whole number, half to even. The denominator must be positive.
pub fn divide_half_even(numerator: i128, denominator: i128) -> i128 {
    let (quotient, rest) = (numerator.div_euclid(denominator), numerator.rem_euclid(denominator));
    let other = denominator - rest;
    let up = rest > other || (rest == other && quotient % 2 != 0);
    quotient + i128::from(up)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn monthly(dollars: i128, interval: &str, count: i64) -> Option<i128> {
        monthly_amount(dollars * 1_000_000, 6, BillingInterval::named(interval).unwrap(), count)
    }

    fn cents(amount: i128) -> i128 {
        divide_half_even(amount, 100_000_000)
    }

    #[test]
    fn prices_become_monthly() {
        assert_eq!(cents(monthly(10, "week", 1).unwrap()), 4333);
        assert_eq!(cents(monthly(10, "day", 1).unwrap()), 30417);
        assert_eq!(monthly(90, "month", 3), Some(30 * 10_000_000_000));
        assert_eq!(monthly(90, "quarter", 1), Some(30 * 10_000_000_000));
        assert_eq!(monthly(120, "year", 1), Some(10 * 10_000_000_000));
        assert_eq!(monthly(100, "year", 1), Some(83_333_333_333));
        assert_eq!(monthly(200, "year", 1), Some(166_666_666_667));
        assert_eq!(monthly(10, "week", 2), Some(216_666_666_667));
        assert_eq!(monthly(-100, "year", 1), Some(-83_333_333_333));
        assert_eq!(monthly(1, "month", 0), None);
        assert_eq!(monthly(1, "month", -1), None);
        assert_eq!(monthly_amount(i128::MAX, 6, BillingInterval::Month, 1), None);
        assert_eq!(monthly_amount(1_250_000_000_050, 12, BillingInterval::Month, 1), Some(12_500_000_000));
        assert_eq!(monthly_amount(1, 255, BillingInterval::Month, 1), None);
        // Twelve digits by twelve, of which the product with 365 alone would be too large.
        let worth = 999_999_999_998_000_000_000_001 * 10_i128.pow(12);
        let monthly = monthly_amount(worth, 12, BillingInterval::Day, 1);
        assert_eq!(monthly, Some(304_166_666_666_058_333_333_333_637_500_000_000));
    }

    #[test]
    fn halves_go_to_the_even() {
        let rounded: Vec<_> = [-5, -3, -1, 1, 3, 5].map(|n| divide_half_even(n, 2)).into();
        assert_eq!(rounded, [-2, -2, 0, 0, 2, 2]);
    }

    #[test]
    fn a_currency_is_three_capitals() {
        assert_eq!("EUR".parse::<Currency>().unwrap().code(), "EUR");
        for text in ["", "eur", "EURO", "E1R", "é1"] {
            let error = text.parse::<Currency>().unwrap_err().to_string();
            assert!(error.contains("for example USD"), "{error}");
        }
    }

    proptest! {
        #[test]
        fn parts_make_the_whole(amount in -100_000_i128..100_000, numerator in 1_i128..1_000, denominator in 1_i128..100) {
            let exact = divide_half_even(amount * numerator, denominator);
            prop_assert_eq!(scale_in_parts(amount, numerator, denominator), Some(exact));
            prop_assert_eq!(scale_half_even(amount, numerator, denominator), Some(exact));
            prop_assert_eq!(scale_half_even(i128::MAX - amount.abs(), numerator + 1, 1), None);
        }

        #[test]
        fn rounding_is_to_the_nearest(n in -1_000_000_i128..1_000_000, d in 1_i128..1000) {
            let rounded = divide_half_even(n, d);
            prop_assert!((rounded * d - n).abs() * 2 <= d);
        }
    }
}
