//! Tests whose statistic is chi-squared, and the two-sided test of a normal one.

use statrs::distribution::{ChiSquared as Distribution, ContinuousCDF};
use statrs::function::erf::erfc;

/// A chi-squared statistic and what it says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChiSquared {
    /// The statistic.
    pub statistic: f64,
    /// The degrees of freedom, at least one.
    pub degrees_of_freedom: usize,
    /// The probability of a statistic at least as large, were there no difference.
    pub p: f64,
}

impl ChiSquared {
    /// The upper tail at a statistic; `None` without degrees of freedom. Rounding below zero counts as zero.
    pub(crate) fn of(statistic: f64, degrees_of_freedom: usize) -> Option<ChiSquared> {
        let statistic = statistic.max(0.0);
        let p = Distribution::new(degrees_of_freedom as f64).ok()?.sf(statistic);
        Some(ChiSquared { statistic, degrees_of_freedom, p })
    }
}

/// The probability that a standard normal variable lies at least as far from zero as `z`, on either side.
pub(crate) fn two_sided(z: f64) -> f64 {
    erfc(z.abs() / std::f64::consts::SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_give_the_tabled_values() {
        for (statistic, degrees, p) in
            [(3.841_458_820_694_124, 1, 0.05), (14.067_140_449_340_169, 7, 0.05), (0.0, 2, 1.0)]
        {
            assert!((ChiSquared::of(statistic, degrees).unwrap().p - p).abs() < 1e-12);
        }
        assert_eq!(ChiSquared::of(1.0, 0), None);
        assert!((two_sided(-crate::interval::Z) - 0.05).abs() < 1e-9);
    }

    #[test]
    fn a_far_tail_is_small_and_not_zero() {
        let far = ChiSquared::of(600.0, 2).unwrap().p;
        assert!((far.ln() + 300.0).abs() < 1e-9, "{far:e}");
    }
}
