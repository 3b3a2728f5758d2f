//! Logarithms of gamma and beta functions, and sums in logarithms.

/// From here on Stirling's series to `z⁻⁹` is good to all digits.
const STIRLING_FROM: f64 = 20.0;
/// Up to so many factors a rising factorial is a plain product.
const FACTORS: f64 = 16.0;

/// `ln Γ(x)` of `x > 0`.
pub(crate) fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// `ln Γ(z + by) − ln Γ(z)` of `z > 0`, `by ≥ 0`, without the cancellation of two large logarithms.
pub(crate) fn ln_rising(z: f64, by: f64) -> f64 {
    if z >= STIRLING_FROM {
        let bulk = (z - 0.5) * (by / z).ln_1p() + by * ((z + by).ln() - 1.0);
        return bulk + stirling(z + by) - stirling(z);
    }
    if by <= FACTORS && by.fract() == 0.0 {
        let product: f64 = (0..by as u32).map(|i| z + f64::from(i)).product();
        return product.ln();
    }
    ln_gamma(z + by) - ln_gamma(z)
}

/// What Stirling's series adds to `(z − ½) ln z − z + ½ ln 2π` (Abramowitz and Stegun 6.1.41).
fn stirling(z: f64) -> f64 {
    let w = 1.0 / (z * z);
    (1.0 / 12.0 - w * (1.0 / 360.0 - w * (1.0 / 1260.0 - w * (1.0 / 1680.0 - w / 1188.0)))) / z
}

/// `ln B(a, b)` of `a, b > 0`.
pub(crate) fn ln_beta(a: f64, b: f64) -> f64 {
    let (small, large) = if a < b { (a, b) } else { (b, a) };
    ln_gamma(small) - ln_rising(large, small)
}

/// `ln(eᵃ + eᵇ)`.
pub(crate) fn ln_add_exp(a: f64, b: f64) -> f64 {
    let (high, low) = if a > b { (a, b) } else { (b, a) };
    if low == f64::NEG_INFINITY { high } else { high + (low - high).exp().ln_1p() }
}

/// `ln(eᵃ − eᵇ)` where `a ≥ b`; −∞ where rounding leaves nothing between them.
pub(crate) fn ln_sub_exp(a: f64, b: f64) -> f64 {
    if b >= a { f64::NEG_INFINITY } else { a + (-(b - a).exp_m1()).ln() }
}

/// `∫₀ᴸ e^(−kv) dv = (1 − e^(−kL))/k`, which is `L` at `k = 0`: the power integrals of the Pareto with their logarithmic limit.
pub(crate) fn decayed(k: f64, length: f64) -> f64 {
    if k == 0.0 { length } else { -(-k * length).exp_m1() / k }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rising_factorials_agree_across_their_three_ways() {
        for z in [1e-6, 0.3, 1.0, 7.5, 19.999_999, 20.0, 33.0, 1e3] {
            for by in [0.0, 1.0, 2.0, 5.0, 16.0, 17.0, 40.0] {
                let product: f64 = (0..by as u32).map(|i| (z + f64::from(i)).ln()).sum();
                let found = ln_rising(z, by);
                assert!((found - product).abs() <= 1e-13 * (1.0 + product.abs()), "{z} {by}: {found} {product}");
            }
        }
        // Γ(1e12 + 1)/Γ(1e12) = 1e12: two logarithms of 2.6e13 would leave nothing of it.
        assert!((ln_rising(1e12, 1.0) - 1e12_f64.ln()).abs() < 1e-11);
    }

    #[test]
    fn beta_and_sums_of_logarithms() {
        assert!((ln_beta(2.0, 3.0) - (1.0f64 / 12.0).ln()).abs() < 1e-14);
        assert!((ln_beta(0.5, 0.5) - std::f64::consts::PI.ln()).abs() < 1e-14);
        assert!((ln_beta(1.0, 1e9) + 1e9_f64.ln()).abs() < 1e-12);
        assert!((ln_add_exp(1000.0, 1000.0) - 1000.0 - std::f64::consts::LN_2).abs() < 1e-12);
        assert_eq!(ln_add_exp(f64::NEG_INFINITY, f64::NEG_INFINITY), f64::NEG_INFINITY);
        assert!((ln_sub_exp(3.0f64.ln(), 2.0f64.ln())).abs() < 1e-15);
        assert_eq!(ln_sub_exp(1.0, 1.0 + 1e-15), f64::NEG_INFINITY);
        assert_eq!(decayed(0.0, 2.0), 2.0);
        assert!((decayed(1e-12, 2.0) - 2.0).abs() < 1e-11);
    }
}
