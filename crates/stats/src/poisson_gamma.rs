//! By how much counts differ from what was expected of them, each drawn towards one as far as it is small: the Poisson–gamma model.

use statrs::function::gamma::ln_gamma;

/// A count, and what was expected of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counted {
    /// Cases that came.
    pub cases: u64,
    /// Cases that were expected, zero or above.
    pub expected: f64,
}

/// Strengths that are tried: so many expected cases weigh as much as the prior.
const STRENGTHS: std::ops::RangeInclusive<i32> = 0..=20;

/// The factor of each count over what was expected: `(cases + c) / (expected + c)`, the posterior mean of a risk whose prior is a gamma
/// distribution around 1 with shape `c` (Clayton and Kaldor 1987). `c` makes the counts likeliest, among `√2ʲ`, `j = 0 … 20`: counts that differ no more
/// than chance lets them all come close to 1. Expectations are brought to the sum of the counts first, so that only their pattern matters. Without a
/// case, or with none expected, every factor is 1.
pub fn relative_risks(counts: &[Counted]) -> Vec<f64> {
    let came: f64 = counts.iter().map(|one| one.cases as f64).sum();
    let expected: f64 = counts.iter().map(|one| one.expected).sum();
    if !(came > 0.0 && expected > 0.0) {
        return vec![1.0; counts.len()];
    }
    let scaled: Vec<(f64, f64)> = counts.iter().map(|one| (one.cases as f64, one.expected * came / expected)).collect();
    let strength = |step: i32| libm::pow(2.0, f64::from(step) / 2.0);
    let best = STRENGTHS
        .max_by(|one, two| likelihood(&scaled, strength(*one)).total_cmp(&likelihood(&scaled, strength(*two))));
    let c = strength(best.unwrap_or_default());
    scaled.iter().map(|(cases, expected)| (cases + c) / (expected + c)).collect()
}

/// The log likelihood of counts whose risks are gamma distributed around 1 with shape `c`: negative binomial, without what does not depend on `c`.
fn likelihood(counts: &[(f64, f64)], c: f64) -> f64 {
    let one = |(cases, expected): &(f64, f64)| {
        ln_gamma(cases + c) - ln_gamma(c) + c * libm::log(c) - (cases + c) * libm::log(expected + c)
    };
    counts.iter().map(one).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn counts(pairs: &[(u64, f64)]) -> Vec<Counted> {
        pairs.iter().map(|&(cases, expected)| Counted { cases, expected }).collect()
    }

    #[test]
    fn what_chance_explains_is_near_one() {
        let found = relative_risks(&counts(&[(10, 10.0), (12, 10.0), (9, 10.0), (9, 10.0)]));
        assert!(found.iter().all(|risk| (risk - 1.0).abs() < 0.01), "{found:?}");
    }

    #[test]
    fn what_it_does_not_keeps_its_own() {
        let found = relative_risks(&counts(&[(40, 20.0), (10, 20.0), (10, 20.0), (20, 20.0)]));
        assert!(found[0] > 1.5 && found[1] < 0.75 && (found[3] - 1.0).abs() < 1e-12, "{found:?}");
    }

    #[test]
    fn only_the_pattern_matters() {
        let one = relative_risks(&counts(&[(30, 10.0), (10, 10.0)]));
        let two = relative_risks(&counts(&[(30, 40.0), (10, 40.0)]));
        assert!(one.iter().zip(&two).all(|(one, two)| (one - two).abs() < 1e-12));
        assert_eq!(relative_risks(&counts(&[(0, 3.0), (0, 2.0)])), [1.0, 1.0]);
        assert_eq!(relative_risks(&counts(&[(3, 0.0)])), [1.0]);
        assert_eq!(relative_risks(&[]), Vec::<f64>::new());
    }

    proptest! {
        #[test]
        fn a_factor_lies_between_its_own_and_one(pairs in prop::collection::vec((0u64..60, 0.1f64..60.0), 1..12)) {
            let counted = counts(&pairs);
            let (came, expected): (f64, f64) = pairs.iter().fold((0.0, 0.0), |sum, one| (sum.0 + one.0 as f64, sum.1 + one.1));
            prop_assume!(came > 0.0);
            for (one, risk) in counted.iter().zip(relative_risks(&counted)) {
                let own = one.cases as f64 / (one.expected * came / expected);
                prop_assert!(risk >= own.min(1.0) - 1e-9 && risk <= own.max(1.0) + 1e-9);
            }
        }
    }
}
