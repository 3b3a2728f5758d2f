//! Gauss's hypergeometric function where the models need it: all parameters positive, `0 ≤ z < 1`, also next to 1.
//!
//! Three ways, none with a gamma function to overflow:
//! - `₂F₁(1, b; c; z)`, `c > b > 0`, by Gauss's continued fraction (Gauss 1813; DLMF 15.7), which near `z = 1` needs about
//!   `1/√(1−z)` steps where the series needs `1/(1−z)`;
//! - the same next to 1 from its value at an argument farther off, by the incomplete beta integral between the two,
//!   `d/dw [₂F₁(1, b; c; 1−w) · w^(1−c+b) (1−w)^(c−1)] = −(c−1) w^(b−c) (1−w)^(c−2)`, term by term in powers of `w`; a term
//!   whose power integrates to a logarithm is no exception, so neither is a whole `c − b`;
//! - Euler's integral `₂F₁(a, b; c; z) = E[(1 − zp)⁻ᵃ]`, `p ~ Beta(b, c−b)`, for parameters beyond the reach of both.
//!
//! The likelihood of Pareto/NBD comes to the first form by Euler's transformation
//! `₂F₁(a, b; c; z) = (1 − z)^(c−a−b) ₂F₁(c−a, c−b; c; z)`, since there `c − a = 1` (or `c − b = 1`).

use crate::lifetime::numeric::quadrature::beta_mean;
use crate::lifetime::numeric::special::decayed;

/// Nearer to 1 than this the fraction takes too many steps to be had for every customer.
const NEAR_ONE: f64 = 1e-3;
/// Nearer to 1 than this it takes too many for anybody.
const NEAREST: f64 = 1e-6;

/// `₂F₁(1, b; b + gap; z)` of `b, gap > 0`, given `rest = 1 − z` in `(0, 1]`.
pub(crate) fn gauss_one(b: f64, gap: f64, rest: f64) -> f64 {
    // Up to here the terms `(2−c)_k/k! · wᵏ` of the expansion stay small.
    let off = (2.0 / (b + gap + 2.0)).min(0.5);
    if rest >= NEAR_ONE || (off <= rest && rest >= NEAREST) {
        fraction(b, gap, rest)
    } else if off > rest && off >= NEAREST {
        carried(b, gap, rest, off)
    } else {
        hypergeometric(1.0, b, gap, rest)
    }
}

/// The value at `rest` from the one at `off`, farther from 1.
fn carried(b: f64, gap: f64, rest: f64, off: f64) -> f64 {
    let (c, apart) = (b + gap, (off / rest).ln());
    let power = gap - 1.0;
    let faded = (-power * apart).exp();
    let ln_closer = (c - 1.0) * (-off).ln_1p() - (c - 1.0) * (-rest).ln_1p();
    let (mut sum, mut term, mut k) = (0.0, 1.0, 0.0);
    while f64::abs(term) > 1e-18 {
        // (w₀/w₁)^(g−1) ∫ e^(−(k−g+1)v) dv over the logarithm of w, told from the end where it is larger.
        let spread = k - power;
        let integral =
            if spread >= 0.0 { faded * decayed(spread, apart) } else { (-k * apart).exp() * decayed(-spread, apart) };
        sum += term * integral;
        term *= (2.0 - c + k) / (k + 1.0) * off;
        k += 1.0;
    }
    let between = (c - 1.0) * (-(c - 1.0) * (-rest).ln_1p()).exp() * sum;
    faded * ln_closer.exp() * fraction(b, gap, off) + between
}

/// `₂F₁(a, b; b + gap; z)` of `a, b, gap > 0`, given `rest = 1 − z` in `(0, 1]`, by Euler's integral.
pub(crate) fn hypergeometric(a: f64, b: f64, gap: f64, rest: f64) -> f64 {
    beta_mean(b, gap, |p, q| (-a * (q + p * rest).ln()).exp())
}

/// The continued fraction `1/(1 − d₁z/(1 − d₂z/(1 − …)))` from the far end, with
/// `d₁ = b/c`, `d₂ₖ = k(c−b+k−1)/((c+2k−2)(c+2k−1))`, `d₂ₖ₊₁ = (b+k)(c+k−1)/((c+2k−1)(c+2k))`.
fn fraction(b: f64, gap: f64, rest: f64) -> f64 {
    let (z, c) = (1.0 - rest, b + gap);
    let mut below = 1.0;
    for k in (1..=pairs(rest)).rev() {
        let k = f64::from(k);
        let odd = (b + k) * (c + k - 1.0) / ((c + 2.0 * k - 1.0) * (c + 2.0 * k));
        let even = k * (gap + k - 1.0) / ((c + 2.0 * k - 2.0) * (c + 2.0 * k - 1.0));
        below = 1.0 - even * z / (1.0 - odd * z / below);
    }
    1.0 / (1.0 - b / c * z / below)
}

/// How many pairs of steps leave an error below the rounding: a step gains `(1 + √rest)/(1 − √rest)`.
fn pairs(rest: f64) -> u32 {
    let root = rest.sqrt();
    if root >= 1.0 { 1 } else { 5 + (19.0 / ((1.0 + root) / (1.0 - root)).ln()) as u32 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::numeric::special::ln_gamma;

    /// The defining series, to compare with.
    fn series(a: f64, b: f64, c: f64, z: f64) -> f64 {
        let (mut term, mut sum, mut k) = (1.0, 1.0, 0.0);
        while term > 1e-18 * sum {
            term *= (a + k) * (b + k) / ((c + k) * (k + 1.0)) * z;
            sum += term;
            k += 1.0;
        }
        sum
    }

    fn assert_close(found: f64, wanted: f64, tolerance: f64) {
        assert!((found / wanted - 1.0).abs() < tolerance, "{found} is not {wanted}");
    }

    #[test]
    fn closed_forms() {
        for z in [1e-9, 0.01, 0.3, 0.5, 0.9, 0.99, 0.9999, 0.999_999, 0.999_999_999_9f64] {
            let rest = 1.0 - z;
            // ₂F₁(1, 1; 2; z) = −ln(1−z)/z.
            assert_close(gauss_one(1.0, 1.0, rest), -(rest.ln()) / (1.0 - rest), 2e-8_f64.min(1e-12 + 1e-16 / z));
            // ₂F₁(a, b; b; z) → (1−z)⁻ᵃ is the limit of a small gap; ₂F₁(½, ½; 3/2; z) = asin(√z)/√z.
            let root = (1.0 - rest).sqrt();
            assert_close(hypergeometric(0.5, 0.5, 1.0, rest), (root / rest.sqrt()).atan() / root, 1e-11);
            // ₂F₁(2, 1; 2; z) = 1/(1−z).
            assert_close(hypergeometric(2.0, 1.0, 1.0, rest), 1.0 / rest, 1e-11);
        }
        assert_eq!(gauss_one(3.0, 2.0, 1.0), 1.0);
        assert_close(gauss_one(1.0, 1.0, 1e-30), 1e30f64.ln(), 1e-13);
    }

    #[test]
    fn the_series_agrees() {
        for (b, gap) in
            [(0.25, 0.7), (1.2, 0.05), (1.2, 1.0), (0.3, 3.0), (3.0, 40.0), (130.5, 1.6), (1000.5, 2.0), (0.01, 0.01)]
        {
            for rest in [1.0, 0.97, 0.6, 0.2, 0.01, 1.001e-3, 0.999e-3, 1e-4] {
                let z = 1.0 - rest;
                assert_close(gauss_one(b, gap, rest), series(1.0, b, b + gap, z), 3e-12);
                assert_close(hypergeometric(2.5, b, gap, rest), series(2.5, b, b + gap, z), 3e-10);
            }
        }
    }

    #[test]
    fn next_to_one_the_integral_agrees() {
        for (b, gap) in
            [(0.25, 0.7), (1.6, 1.0), (1.6, 2.0), (1.6, 26.5), (30.5, 1.6), (1e4, 3.0), (1e7, 3.0), (0.1, 0.2)]
        {
            for rest in [9e-4, 1e-5, 1e-8, 1e-12] {
                assert_close(gauss_one(b, gap, rest), hypergeometric(1.0, b, gap, rest), 1e-9);
            }
        }
    }

    #[test]
    fn at_one_it_goes_to_the_sum_of_gauss() {
        // ₂F₁(1, b; c; 1) = (c−1)/(c−b−1), and Γ(c)Γ(c−a−b)/(Γ(c−a)Γ(c−b)).
        assert_close(gauss_one(2.0, 3.0, 1e-14), 4.0 / 2.0, 1e-11);
        let (a, b, c) = (0.5, 1.2, 4.0);
        let gauss = (ln_gamma(c) + ln_gamma(c - a - b) - ln_gamma(c - a) - ln_gamma(c - b)).exp();
        assert_close(hypergeometric(a, b, c - b, 1e-15), gauss, 1e-11);
    }
}
