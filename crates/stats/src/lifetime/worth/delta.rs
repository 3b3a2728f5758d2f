//! The delta method in logarithms: how far a positive number moves as the parameters do.

use crate::interval::{Interval, Z};
use crate::lifetime::numeric::matrix::Matrix;

/// The step in the logarithm of a parameter: far above rounding, far below any spread.
const STEP: f64 = 1e-4;

/// The variance of `ln f(θ)` given the covariance of `ln θ`, `∇ᵀ C ∇` with central differences. `None` where `f` has no value
/// above zero near by.
pub(super) fn log_variance<const N: usize>(
    at: [f64; N],
    covariance: &Matrix<N>,
    f: impl Fn([f64; N]) -> Option<f64>,
) -> Option<f64> {
    let mut slope = [0.0; N];
    for i in 0..N {
        let moved = |by: f64| {
            let mut there = at;
            there[i] *= by.exp();
            f(there).map(f64::ln)
        };
        slope[i] = (moved(STEP)? - moved(-STEP)?) / (2.0 * STEP);
    }
    let variance: f64 =
        (0..N).flat_map(|i| (0..N).map(move |j| (i, j))).map(|(i, j)| slope[i] * covariance[i][j] * slope[j]).sum();
    // Rounding may leave a hair below zero.
    variance.is_finite().then_some(variance.max(0.0))
}

/// The interval at 95 % of a positive number whose logarithm has a standard error: `value · exp(±z·se)`. `None` where the value is
/// not above zero or a limit is not finite.
pub fn interval(value: f64, log_error: f64) -> Option<Interval> {
    let factor = (Z * log_error).exp();
    (value > 0.0 && log_error >= 0.0 && (value * factor).is_finite())
        .then(|| Interval { low: value / factor, high: value * factor })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_power_has_the_spread_of_its_exponents() {
        let covariance = [[0.04, 0.01], [0.01, 0.09]];
        let found = log_variance([2.0, 5.0], &covariance, |[a, b]| Some(a.powi(3) / b)).unwrap();
        assert!((found - (9.0 * 0.04 - 2.0 * 3.0 * 0.01 + 0.09)).abs() < 1e-9);
        assert_eq!(log_variance([1.0], &[[1.0]], |_| Some(-1.0)), None);
    }

    #[test]
    fn the_interval_is_symmetric_in_the_logarithm() {
        let found = interval(100.0, 0.1).unwrap();
        assert!((found.low * found.high - 1e4).abs() < 1e-8);
        assert!((found.high / 100.0 - (0.1 * Z).exp()).abs() < 1e-12);
        assert_eq!((interval(0.0, 0.1), interval(1.0, f64::NAN)), (None, None));
    }
}
