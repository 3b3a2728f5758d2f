//! Intervals of ratios of sums, by leaving out one account at a time.

use crate::interval::{Interval, t_quantile};

/// Both sums, added in one order whatever order the pairs came in.
fn sums(pairs: &[(f64, f64)]) -> (f64, f64) {
    pairs.iter().fold((0.0, 0.0), |(n, d), pair| (n + pair.0, d + pair.1))
}

/// The delete-one jackknife interval of `Σ numerator / Σ denominator` over accounts (Efron and Tibshirani 1993, ch. 11):
/// `v = (m−1)/m · Σ (r₍ᵢ₎ − r̄)²` with `r₍ᵢ₎` the ratio without account `i`; `ratio ± t(m−1) · √v`.
///
/// An account with nothing in either sum says nothing and is not counted in `m`. `None` where fewer than two accounts
/// remain, a number is not finite, or one account holds the whole denominator. The limits are not clamped: a caller whose
/// ratio cannot pass 1 says so.
pub fn ratio(pairs: &[(f64, f64)]) -> Option<Interval> {
    let mut pairs: Vec<(f64, f64)> = pairs.iter().copied().filter(|&(n, d)| n != 0.0 || d != 0.0).collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let m = pairs.len() as f64;
    let quantile = t_quantile(m - 1.0)?;
    let (numerator, denominator) = sums(&pairs);
    if denominator == 0.0 || !numerator.is_finite() || !denominator.is_finite() {
        return None;
    }
    let mut without = Vec::with_capacity(pairs.len());
    for &(n, d) in &pairs {
        let rest = denominator - d;
        if rest.abs() <= denominator.abs() * f64::EPSILON * m {
            return None;
        }
        without.push((numerator - n) / rest);
    }
    let mean = without.iter().sum::<f64>() / m;
    let spread: f64 = without.iter().map(|r| (r - mean) * (r - mean)).sum();
    Interval::around(numerator / denominator, quantile * ((m - 1.0) / m * spread).sqrt())
}

/// The delete-one jackknife interval of a weighted mean, from `(weight, value)` pairs: [`ratio`] of
/// `Σ weight·value / Σ weight`.
pub fn weighted_mean(pairs: &[(f64, f64)]) -> Option<Interval> {
    let products: Vec<(f64, f64)> = pairs.iter().map(|&(weight, value)| (weight * value, weight)).collect();
    ratio(&products)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interval::mean_t;
    use proptest::prelude::*;

    #[test]
    fn of_equal_denominators_it_is_the_t_interval_of_the_mean() {
        let pairs: Vec<(f64, f64)> = (1..=10).map(|x| (f64::from(x), 1.0)).collect();
        let (found, wanted) = (ratio(&pairs).unwrap(), mean_t(10.0, 55.0, 385.0).unwrap());
        assert!((found.low - wanted.low).abs() < 1e-12 && (found.high - wanted.high).abs() < 1e-12);
    }

    #[test]
    fn three_accounts_by_hand() {
        // Ratios without each: 180/200, 190/200, 170/200 of 270/300; v = 2/3 · (0.05² + 0.05²), t(2) = 4.302652729749.
        let found = ratio(&[(90.0, 100.0), (80.0, 100.0), (100.0, 100.0)]).unwrap();
        let half = 4.302_652_729_749_463 * (2.0_f64 / 3.0 * 0.005).sqrt();
        assert!((found.low - (0.9 - half)).abs() < 1e-12 && (found.high - (0.9 + half)).abs() < 1e-12);
    }

    #[test]
    fn accounts_with_nothing_do_not_count() {
        let pairs = [(1.0, 2.0), (0.0, 0.0), (2.0, 2.0)];
        assert_eq!(ratio(&pairs), ratio(&[(1.0, 2.0), (2.0, 2.0)]));
    }

    #[test]
    fn it_is_undefined_from_one_account() {
        assert_eq!(ratio(&[]), None);
        assert_eq!(ratio(&[(1.0, 2.0)]), None);
        assert_eq!(ratio(&[(1.0, 2.0), (3.0, 0.0)]), None, "one account holds the whole denominator");
        assert_eq!(ratio(&[(1.0, 2.0), (3.0, -2.0)]), None, "the denominator is zero");
        assert_eq!(ratio(&[(f64::NAN, 2.0), (3.0, 2.0)]), None);
    }

    #[test]
    fn a_weighted_mean_of_equal_weights_is_the_mean() {
        let pairs: Vec<(f64, f64)> = (1..=10).map(|x| (3.0, f64::from(x))).collect();
        let (found, wanted) = (weighted_mean(&pairs).unwrap(), mean_t(10.0, 55.0, 385.0).unwrap());
        assert!((found.low - wanted.low).abs() < 1e-12 && (found.high - wanted.high).abs() < 1e-12);
    }

    fn accounts() -> impl Strategy<Value = Vec<(f64, f64)>> {
        prop::collection::vec((0.0f64..1e6, 0.01f64..1e6), 2..40)
    }

    proptest! {
        #[test]
        fn it_contains_the_ratio(pairs in accounts()) {
            let (n, d) = sums(&pairs);
            if let Some(interval) = ratio(&pairs) {
                let slack = 1e-12 * (n / d).abs();
                prop_assert!(interval.low - slack <= n / d && n / d <= interval.high + slack);
            }
        }

        #[test]
        fn the_order_of_accounts_does_not_matter(pairs in accounts(), turn in 0usize..40) {
            let mut turned = pairs.clone();
            turned.reverse();
            let middle = turn % turned.len();
            turned.rotate_left(middle);
            prop_assert_eq!(ratio(&pairs), ratio(&turned));
        }
    }
}
