//! Two integrals by the trapezoid after a double-exponential change of variable (Takahasi and Mori 1974), which converges
//! geometrically for the smooth integrands here, end points of any algebraic order included.

/// The step of the transformed variable.
const STEP: f64 = 1.0 / 40.0;
/// Weights below `e` to this are nothing.
const NOTHING: f64 = -700.0;
/// How far the transformed variable may go: `sinh` of it is beyond `1e15`.
const REACH: f64 = 36.0;

/// `E[f(p)]` for `p ~ Beta(a, b)`, `a, b > 0`; `f` is given `p` and `1 − p`, each to its own precision, and has to be
/// finite at either end.
///
/// In `y = ln(p/(1 − p))` the weight is `pᵃ(1 − p)ᵇ dy`, of one hump; `y = y₀ + σ sinh u` around the hump, `σ` its width, at
/// most 1. The sum of the weights stands for `B(a, b)`, so that their common error drops out.
pub(crate) fn beta_mean(a: f64, b: f64, f: impl Fn(f64, f64) -> f64) -> f64 {
    let centre = a.ln() - b.ln();
    let width = (1.0 / a + 1.0 / b).sqrt().min(1.0);
    let ln_weight = |y: f64| -a * softplus(-y) - b * softplus(y);
    let peak = ln_weight(centre);
    let (mut sum, mut weights) = (0.0, 0.0);
    let mut add = |u: f64| {
        let y = centre + width * u.sinh();
        let ln_weight = ln_weight(y) - peak;
        let weight = ln_weight.exp() * u.cosh();
        if weight > 0.0 {
            sum += weight * f((-softplus(-y)).exp(), (-softplus(y)).exp());
            weights += weight;
        }
        ln_weight > NOTHING && u.abs() < REACH
    };
    add(0.0);
    for side in [-1.0, 1.0] {
        let mut k = 1.0;
        while add(side * k * STEP) {
            k += 1.0;
        }
    }
    sum / weights
}

/// `ln(1 + eʸ)`.
fn softplus(y: f64) -> f64 {
    if y > 0.0 { y + (-y).exp().ln_1p() } else { y.exp().ln_1p() }
}

/// `∫₀^∞ f(v) dv` of a positive `f` that falls off, by `v = exp(½π sinh u)`.
pub(crate) fn half_line(f: impl Fn(f64) -> f64) -> f64 {
    use std::f64::consts::FRAC_PI_2;
    // Where e^(½π sinh u) leaves the range of a double.
    const REACH: f64 = 6.5;
    let steps = (REACH / STEP) as i32;
    let term = |k: i32| {
        let u = f64::from(k) * STEP;
        let v = (FRAC_PI_2 * u.sinh()).exp();
        let value = f(v);
        if value > 0.0 && v > 0.0 && v.is_finite() { value * v * FRAC_PI_2 * u.cosh() } else { 0.0 }
    };
    STEP * (-steps..=steps).map(term).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_of_beta_variables() {
        for (a, b) in [(1.0, 1.0), (0.8, 2.4), (0.02, 3.0), (5.0, 0.01), (300.0, 7000.0), (0.7, 1e6), (1e-4, 1e-4)] {
            let mean = a / (a + b);
            assert!((beta_mean(a, b, |p, _| p) / mean - 1.0).abs() < 1e-11, "{a} {b}");
            assert!((beta_mean(a, b, |_, q| q) * (a + b) / b - 1.0).abs() < 1e-11, "{a} {b}");
            let square = mean * (a + 1.0) / (a + b + 1.0);
            assert!((beta_mean(a, b, |p, _| p * p) / square - 1.0).abs() < 1e-11, "{a} {b}");
        }
    }

    #[test]
    fn integrals_of_the_half_line() {
        assert!((half_line(|v| (-v).exp()) - 1.0).abs() < 1e-12);
        assert!((half_line(|v| (-v * 1e-4).exp()) - 1e4).abs() < 1e-7);
        assert!((half_line(|v| (1.0 + v).powi(-2)) - 1.0).abs() < 1e-12);
        assert!((half_line(|v| (1.0 + v).powf(-1.1)) - 10.0).abs() < 1e-9);
    }
}
