//! The beta-discrete-Weibull: a customer's chance to leave may also change with tenure.

use super::cohorts::Cohorts;
use super::sbg::Sbg;
use super::value::{Contractual, payments};
use crate::lifetime::error::{FitError, ParameterError, in_range};
use crate::lifetime::estimate::{Expectation, Fit, Parameters};
use crate::lifetime::numeric::maximum::maximise;
use crate::lifetime::numeric::quadrature::half_line;
use crate::lifetime::numeric::special::ln_rising;

/// Where the fit starts: hazards constant, rising and falling with tenure.
const STARTS: [[f64; 3]; 3] = [[1.0, 1.0, 1.0], [0.3, 2.0, 1.6], [2.0, 10.0, 0.7]];
/// Terms added one by one before the rest is an integral.
const TERMS: u32 = 1000;
/// Beyond this `t^c` the survival is a plain power of time to all digits.
const POWER_FROM: f64 = 1e17;

/// The beta-discrete-Weibull distribution (Fader, Hardie, Liu, Davin and Steenburgh 2018, "How to project customer retention
/// revisited"): `S(t) = B(α, β + t^c)/B(α, β)`. `c = 1` is the shifted beta-geometric; above 1 a customer's chance to
/// leave rises with tenure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bdw {
    alpha: f64,
    beta: f64,
    c: f64,
}

impl Bdw {
    /// The model with given parameters; an error names the one out of range.
    pub fn new(alpha: f64, beta: f64, c: f64) -> Result<Bdw, ParameterError> {
        let [alpha, beta, c] = in_range(Self::NAMES, [alpha, beta, c])?;
        Ok(Bdw { alpha, beta, c })
    }

    /// The maximum of `Σ n_t ln P(T = t) + Σ n_alive ln S(t)`.
    ///
    /// An error where nobody was lost, fewer than three ages have somebody at risk, or a parameter is not identified.
    pub fn fit(cohorts: &Cohorts) -> Result<Fit<Bdw, 3>, FitError> {
        cohorts.identify(3)?;
        let of = |at: &[f64; 3]| Bdw { alpha: at[0].exp(), beta: at[1].exp(), c: at[2].exp() };
        let maximum =
            maximise(|at| of(at).log_likelihood(cohorts), &Self::NAMES, &STARTS.map(|start| start.map(f64::ln)))?;
        let model = of(&maximum.at);
        Ok(Fit {
            model,
            log_likelihood: model.log_likelihood(cohorts),
            customers: cohorts.customers(),
            log_covariance: maximum.covariance,
        })
    }

    /// The log-likelihood of the cohorts.
    pub fn log_likelihood(&self, cohorts: &Cohorts) -> f64 {
        let step = |t: f64| self.ln_survival(t) - self.ln_survival(t - 1.0);
        cohorts.log_likelihood(step, |t| (-step(t).exp_m1()).ln())
    }

    /// `ln S` of a time given by its logarithm, also where the time itself is no longer a double.
    fn ln_survival_at(&self, ln_t: f64) -> f64 {
        let ln_weibull = self.c * ln_t;
        if ln_weibull > POWER_FROM.ln() + (1.0 + self.alpha + self.beta).ln() {
            return ln_rising(self.beta, self.alpha) - self.alpha * ln_weibull;
        }
        let weibull = ln_weibull.exp();
        // The same ratio of gamma functions, by whichever pair lies closer together.
        if weibull > self.alpha {
            ln_rising(self.beta, self.alpha) - ln_rising(self.beta + weibull, self.alpha)
        } else {
            ln_rising(self.beta, weibull) - ln_rising(self.alpha + self.beta, weibull)
        }
    }
}

impl Parameters<3> for Bdw {
    const NAMES: [&'static str; 3] = ["alpha", "beta", "c"];

    fn parameters(&self) -> [f64; 3] {
        [self.alpha, self.beta, self.c]
    }
}

impl Contractual for Bdw {
    fn ln_survival(&self, t: f64) -> f64 {
        if t <= 0.0 { 0.0 } else { self.ln_survival_at(t.ln()) }
    }

    /// A thousand terms, and for the rest Euler and Maclaurin's `∫ g + g/2 − g′/12`. Infinite where nothing is discounted and
    /// `α·c ≤ 1`, since `S(t)` falls as `t^(−αc)`.
    fn all_payments(&self, from: u32, given: u32, discount: f64) -> Expectation {
        if discount == 0.0 && self.alpha * self.c <= 1.0 {
            return Expectation::Infinite;
        }
        let head = payments(|t| self.ln_survival(t), from, given, discount, f64::from(TERMS));
        let (known, force, start) =
            (self.ln_survival(f64::from(given)), discount.ln_1p(), f64::from(from) + f64::from(TERMS));
        let ln_term = |ln_t: f64| self.ln_survival_at(ln_t) - known - force * (ln_t.exp() - f64::from(from));
        let term = |t: f64| ln_term(t.ln()).exp();
        // t = start·e^y, so that a tail near the harmonic one has an end in y; e^y may leave the doubles where force is zero.
        let integral = half_line(|y| {
            let ln_t = start.ln() + y;
            let discounted = if force > 0.0 { ln_term(ln_t) } else { self.ln_survival_at(ln_t) - known };
            (discounted + ln_t).exp()
        });
        let slope = (term(start + 1.0) - term(start - 1.0)) / 2.0;
        Expectation::Finite(head + integral + term(start) / 2.0 - slope / 12.0)
    }
}

/// How much better the beta-discrete-Weibull explains the same cohorts than the shifted beta-geometric within it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LikelihoodRatio {
    /// `2·(ln L − ln L₀)`, not below zero.
    pub statistic: f64,
    /// The chance of one as large if `c = 1`: χ² of one degree of freedom.
    pub p: f64,
}

/// The likelihood-ratio test of `c = 1`, of two fits to the same cohorts.
pub fn likelihood_ratio(sbg: &Fit<Sbg, 2>, bdw: &Fit<Bdw, 3>) -> LikelihoodRatio {
    LikelihoodRatio::of(sbg.log_likelihood, bdw.log_likelihood)
}

impl LikelihoodRatio {
    /// The test of a model with one parameter more than the one within it, from their log-likelihoods on the same data.
    pub fn of(within: f64, with_one_more: f64) -> LikelihoodRatio {
        let statistic = (2.0 * (with_one_more - within)).max(0.0);
        LikelihoodRatio { statistic, p: libm::erfc((statistic / 2.0).sqrt()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::numeric::special::ln_gamma;

    #[test]
    fn survival_keeps_its_digits_where_its_ways_meet() {
        let model = Bdw::new(0.7, 1.9, 1.3).unwrap();
        let direct = |t: f64| {
            let w = t.powf(1.3);
            ln_gamma(1.9 + w) - ln_gamma(2.6 + w) - ln_gamma(1.9) + ln_gamma(2.6)
        };
        for t in [0.5, 0.76, 0.77, 1.0, 3.0, 40.0, 1e3] {
            assert!((model.ln_survival(t) - direct(t)).abs() < 1e-11, "{t}");
        }
        let far = (POWER_FROM.ln() + 3.6f64.ln()) / 1.3;
        let across = model.ln_survival_at(far * (1.0 - 1e-12)) - model.ln_survival_at(far * (1.0 + 1e-12));
        assert!(across.abs() < 1e-9, "{across}");
    }
}
