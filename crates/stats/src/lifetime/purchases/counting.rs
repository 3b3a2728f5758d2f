//! Purchases of customers whose rates differ as a gamma variable, while none of them leaves: the negative binomial.

use crate::lifetime::numeric::quadrature::beta_mean;
use crate::lifetime::numeric::special::{ln_gamma, ln_rising};

/// `ln P(X = x)` of the negative binomial `Γ(r+x)/(Γ(r) x!) · (α/(α+t))^r · (t/(α+t))^x`.
pub(crate) fn ln_negative_binomial(x: f64, r: f64, alpha: f64, t: f64) -> f64 {
    let none = -r * (t / alpha).ln_1p();
    if x == 0.0 { none } else { none + ln_rising(r, x) - ln_gamma(x + 1.0) - x * (alpha / t).ln_1p() }
}

/// Below this the tail is summed by itself: as a difference from one it would lose digits.
const SMALL: f64 = 1e-3;
/// Terms after which a tail that hardly falls is left to the difference.
const TERMS: u32 = 1_000_000;

/// `P(X ≥ x)` of the same variable; a small one keeps its digits.
pub(crate) fn negative_binomial_from(x: u16, r: f64, alpha: f64, t: f64) -> f64 {
    if x == 0 {
        return 1.0;
    }
    if t == 0.0 {
        return 0.0;
    }
    let below: f64 = (0..x).map(|j| ln_negative_binomial(f64::from(j), r, alpha, t).exp()).sum();
    let rest = (1.0 - below).max(0.0);
    if rest < SMALL { tail(x, r, alpha, t).unwrap_or(rest) } else { rest }
}

/// The terms from `x` on, where they come to an end.
fn tail(x: u16, r: f64, alpha: f64, t: f64) -> Option<f64> {
    let share = t / (alpha + t);
    let mut term = ln_negative_binomial(f64::from(x), r, alpha, t).exp();
    let mut sum = 0.0;
    for k in 0..TERMS {
        sum += term;
        let j = f64::from(x) + f64::from(k);
        let ratio = (r + j) / (j + 1.0) * share;
        // The ratio goes to the share from one side: a geometric bound on what is left.
        let largest = ratio.max(share);
        if largest < 1.0 && term * largest / (1.0 - largest) <= 1e-16 * sum {
            return Some(sum);
        }
        term *= ratio;
    }
    None
}

/// Terms of a series beyond which an integral is cheaper.
const SERIES: u32 = 5_000;

/// `E[(1/p)(1 − (1 + pw)^(−r))]`, `p ~ Beta(a, b)`: the purchases expected in the time `w`, in units of the rate's scale, of a
/// customer alive who leaves after each with chance `p`.
///
/// It is `(a+b−1)/(a−1) · [1 − (1+w)^(−r) ₂F₁(r, b; a+b−1; w/(1+w))]` of Fader, Hardie and Lee (2005), formulas 9 and 10,
/// without that form's singularities at `a = 1` and `a + b = 1` and without its overflow for large `r + x`: as a series of
/// positive terms, or as an integral where that would be long.
pub(crate) fn purchases_while_leaving(a: f64, b: f64, r: f64, w: f64) -> f64 {
    by_number(a, b, r, w).unwrap_or_else(|| {
        beta_mean(a, b, |p, _| {
            let reach = (p * w).ln_1p();
            if p > 0.0 && reach > 0.0 { -(-r * reach).exp_m1() / p } else { r * w }
        })
    })
}

/// `Σ_k NB(k; r, w) Σ_{j<k} (b)_j/(a+b)_j`: `k` purchases if nobody left, of which the next after `j` is made by those who stayed.
fn by_number(a: f64, b: f64, r: f64, w: f64) -> Option<f64> {
    let share = w / (1.0 + w);
    let mut term = (-r * w.ln_1p()).exp();
    if term < 1e-280 {
        return None;
    }
    let (mut sum, mut made, mut stays) = (0.0, 0.0, 1.0);
    for k in 0..SERIES {
        let n = f64::from(k);
        sum += term * made;
        made += stays;
        stays *= (b + n) / (a + b + n);
        let ratio = (r + n) / (n + 1.0) * share;
        term *= ratio;
        // The ratio goes to the share from one side, and each further term makes one purchase more at most.
        let largest = ratio.max(share);
        let rest = term / (1.0 - largest);
        if largest < 1.0 && rest * (made + 1.0 / (1.0 - largest)) <= 1e-16 * sum.max(f64::MIN_POSITIVE) {
            return Some(sum);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_of_the_negative_binomial_add_to_one() {
        for (r, alpha, t) in [(0.24, 4.4, 39.0), (3.0, 1.0, 50.0), (200.0, 1.0, 0.5), (0.01, 1.0, 1e3)] {
            for x in [1, 2, 5, 30, 200] {
                let below: f64 = (0..x).map(|j| ln_negative_binomial(f64::from(j), r, alpha, t).exp()).sum();
                assert!((below + negative_binomial_from(x, r, alpha, t) - 1.0).abs() < 1e-11, "{r} {x}");
            }
        }
        assert_eq!(negative_binomial_from(3, 1.0, 1.0, 0.0), 0.0);
        // Of r = 1 it is the share to the power x.
        assert!((negative_binomial_from(40, 1.0, 3.0, 1.0) / 0.25f64.powi(40) - 1.0).abs() < 1e-12);
        let hardly_ever = negative_binomial_from(1, 1e-9, 1.0, 1e90);
        assert!((hardly_ever / (1e-9 * 1e90f64.ln()) - 1.0).abs() < 1e-6, "{hardly_ever}");
        assert_eq!(ln_negative_binomial(0.0, 1.0, 1.0, 0.0), 0.0);
    }

    #[test]
    fn a_sum_over_the_purchases_gives_the_same_expectation() {
        // Σ NB(k; r, w) · Σ_{j<k} E(1−p)^j: k purchases if nobody left, of which the j-th is made with (b)_j/(a+b)_j.
        for (a, b, r, w) in
            [(0.793, 2.426, 0.243, 8.8), (1.0, 2.0, 0.5, 3.0), (0.3, 0.7, 2.0, 5.0), (1.85, 3.18, 26.2, 1.7)]
        {
            let (mut wanted, mut made, mut chance) = (0.0, 0.0, 1.0);
            for k in 0..3000 {
                wanted += ln_negative_binomial(f64::from(k), r, 1.0, w).exp() * made;
                made += chance;
                chance *= (b + f64::from(k)) / (a + b + f64::from(k));
            }
            let found = purchases_while_leaving(a, b, r, w);
            assert!((found / wanted - 1.0).abs() < 1e-10, "{a} {b}: {found} is not {wanted}");
        }
        assert_eq!(purchases_while_leaving(0.8, 2.0, 0.5, 0.0), 0.0);
    }

    #[test]
    fn the_integral_goes_on_where_the_series_is_too_long() {
        // E[(1/p)(1 − (1 + pw)^(−1))] = E[w/(1 + pw)]: for a uniform p, ln(1 + w).
        for w in [1e-6, 0.5, 30.0, 800.0, 1e6, 1e12] {
            let found = purchases_while_leaving(1.0, 1.0, 1.0, w);
            assert!((found / w.ln_1p() - 1.0).abs() < 1e-10, "{w}: {found}");
        }
        assert!(by_number(1.0, 1.0, 1.0, 100.0).is_some() && by_number(1.0, 1.0, 1.0, 1e6).is_none());
        assert!(by_number(0.8, 2.0, 900.0, 3.0).is_none(), "the first term is no double");
    }
}
