//! The shifted beta-geometric: each customer leaves with a constant chance, and the chances differ as a beta variable.

use super::cohorts::Cohorts;
use super::value::Contractual;
use crate::lifetime::error::{FitError, ParameterError, in_range};
use crate::lifetime::estimate::{Expectation, Fit, Parameters};
use crate::lifetime::numeric::hypergeometric::gauss_one;
use crate::lifetime::numeric::maximum::maximise;
use crate::lifetime::numeric::special::ln_rising;

/// Where the fit starts: chances alike and spread, few lost and many.
const STARTS: [[f64; 2]; 3] = [[1.0, 1.0], [0.3, 3.0], [5.0, 30.0]];

/// The shifted beta-geometric distribution (Fader and Hardie 2007, "How to project customer retention"):
/// `S(t) = B(α, β + t)/B(α, β)`, the chance to leave at the end of a period being `Beta(α, β)` across customers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sbg {
    alpha: f64,
    beta: f64,
}

impl Sbg {
    /// The model with given parameters; an error names the one out of range.
    pub fn new(alpha: f64, beta: f64) -> Result<Sbg, ParameterError> {
        let [alpha, beta] = in_range(Self::NAMES, [alpha, beta])?;
        Ok(Sbg { alpha, beta })
    }

    /// The maximum of `Σ n_t ln P(T = t) + Σ n_alive ln S(t)`.
    ///
    /// An error where nobody was lost, nobody was at risk at a second age, or retention does not rise with age: then all
    /// customers look alike and the spread is not identified.
    pub fn fit(cohorts: &Cohorts) -> Result<Fit<Sbg, 2>, FitError> {
        cohorts.identify(2)?;
        let of = |at: &[f64; 2]| Sbg { alpha: at[0].exp(), beta: at[1].exp() };
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
        let Sbg { alpha, beta } = *self;
        cohorts.log_likelihood(
            |t| (-alpha / (alpha + beta + t - 1.0)).ln_1p(),
            |t| (alpha / (alpha + beta + t - 1.0)).ln(),
        )
    }
}

impl Parameters<2> for Sbg {
    const NAMES: [&'static str; 2] = ["alpha", "beta"];

    fn parameters(&self) -> [f64; 2] {
        [self.alpha, self.beta]
    }
}

impl Contractual for Sbg {
    fn ln_survival(&self, t: f64) -> f64 {
        ln_rising(self.beta, t) - ln_rising(self.alpha + self.beta, t)
    }

    /// `S(from)/S(given) · ₂F₁(1, β + from; α + β + from; 1/(1 + d))` (Fader and Hardie 2010), at `d = 0` the finite
    /// `S(from)/S(given) · (α + β + from − 1)/(α − 1)`, or infinite where `α ≤ 1`.
    fn all_payments(&self, from: u32, given: u32, discount: f64) -> Expectation {
        let b = self.beta + f64::from(from);
        let first = (self.ln_survival(f64::from(from)) - self.ln_survival(f64::from(given))).exp();
        let rest = discount / (1.0 + discount);
        if rest > 0.0 {
            Expectation::Finite(first * gauss_one(b, self.alpha, rest))
        } else if self.alpha > 1.0 {
            Expectation::Finite(first * (self.alpha + b - 1.0) / (self.alpha - 1.0))
        } else {
            Expectation::Infinite
        }
    }
}
