//! Gamma–Gamma: what a purchase of a customer is worth, from the mean of those seen.

use super::error::{FitError, ParameterError, RowError, in_range};
use super::estimate::{Expectation, Fit, Parameters};
use super::numeric::maximum::maximise;
use super::numeric::special::ln_beta;

/// Where the fit starts, `γ` in mean spends: spread alike, purchases of a customer alike, and far apart.
const STARTS: [[f64; 3]; 3] = [[1.0, 2.0, 1.0], [6.0, 4.0, 0.5], [2.0, 10.0, 5.0]];

/// One customer's repeat purchases and their mean spend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spend {
    frequency: u32,
    mean: f64,
}

impl Spend {
    /// `frequency` of at least 1, and the `mean` spend of those purchases, above zero.
    pub fn new(frequency: u32, mean: f64) -> Result<Spend, RowError> {
        if frequency == 0 {
            return Err(RowError::SpendOfNone);
        }
        if !(mean > 0.0 && mean.is_finite()) {
            return Err(RowError::Spend { spend: mean });
        }
        Ok(Spend { frequency, mean })
    }

    /// Repeat purchases.
    pub fn frequency(&self) -> u32 {
        self.frequency
    }

    /// The mean spend of those purchases.
    pub fn mean(&self) -> f64 {
        self.mean
    }
}

/// The Gamma–Gamma model (Fader, Hardie and Lee 2005, "RFM and CLV"; Fader and Hardie 2013, "The Gamma–Gamma model of
/// monetary value").
///
/// A purchase is worth `Gamma(p, ν)`, and `ν ~ Gamma(q, γ)` across customers, `γ` in money. It takes spend to be
/// independent of how often a customer buys: see [`correlation`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GammaGamma {
    p: f64,
    q: f64,
    gamma: f64,
}

impl GammaGamma {
    /// The model with given parameters; an error names the one out of range.
    pub fn new(p: f64, q: f64, gamma: f64) -> Result<GammaGamma, ParameterError> {
        let [p, q, gamma] = in_range(Self::NAMES, [p, q, gamma])?;
        Ok(GammaGamma { p, q, gamma })
    }

    /// The maximum of the likelihood of the customers, each with a weight. The order does not matter.
    ///
    /// An error names the row (from 1) whose weight is no weight; else as where fewer than two customers were seen or a
    /// parameter is not identified, as when all spend the same.
    pub fn fit(spends: &[(Spend, f64)]) -> Result<Fit<GammaGamma, 3>, FitError> {
        if let Some(row) = spends.iter().position(|(_, weight)| !(*weight >= 0.0 && weight.is_finite())) {
            return Err(FitError::Row { row: row + 1, wrong: RowError::Weight { weight: spends[row].1 } });
        }
        let mut rows: Vec<(Spend, f64)> = spends.iter().filter(|(_, weight)| *weight > 0.0).copied().collect();
        rows.sort_by_key(|(spend, weight)| (spend.frequency, spend.mean.to_bits(), weight.to_bits()));
        let customers: f64 = rows.iter().map(|(_, weight)| weight).sum();
        if customers < 2.0 {
            return Err(FitError::TooFew { found: customers });
        }
        // In mean spends the search does not depend on the currency.
        let unit = rows.iter().map(|(spend, weight)| weight * spend.mean).sum::<f64>() / customers;
        let scaled: Vec<_> = rows.iter().map(|(spend, w)| (Spend { mean: spend.mean / unit, ..*spend }, *w)).collect();
        let of = |at: &[f64; 3], unit: f64| GammaGamma { p: at[0].exp(), q: at[1].exp(), gamma: at[2].exp() * unit };
        let starts = STARTS.map(|start| start.map(f64::ln));
        let maximum = maximise(|at| of(at, 1.0).total(&scaled), &Self::NAMES, &starts)?;
        let model = of(&maximum.at, unit);
        Ok(Fit { model, log_likelihood: model.total(&rows), customers, log_covariance: maximum.covariance })
    }

    /// The log-likelihood of one customer's mean spend, formula 1a of the 2013 note.
    pub fn log_likelihood(&self, spend: &Spend) -> f64 {
        let GammaGamma { p, q, gamma } = *self;
        let (px, sum) = (p * f64::from(spend.frequency), f64::from(spend.frequency) * spend.mean);
        // (γ/(xm+γ))^q · (xm/(xm+γ))^px / (m·B(px, q)).
        -ln_beta(px, q) - q * (sum / gamma).ln_1p() - px * (gamma / sum).ln_1p() - spend.mean.ln()
    }

    fn total(&self, rows: &[(Spend, f64)]) -> f64 {
        rows.iter().map(|(spend, weight)| weight * self.log_likelihood(spend)).sum()
    }

    /// The mean spend per purchase over the population, `pγ/(q−1)`; infinite where `q ≤ 1`.
    pub fn population_mean(&self) -> Expectation {
        mean(self.p * self.gamma, self.q - 1.0)
    }

    /// `E[M | x, m] = p(γ + xm)/(px + q − 1)`, the mean spend per purchase of this customer in the long run; infinite where
    /// `px + q ≤ 1`.
    pub fn expected_spend(&self, spend: &Spend) -> Expectation {
        let x = f64::from(spend.frequency);
        mean(self.p * (self.gamma + x * spend.mean), self.p * x + self.q - 1.0)
    }
}

fn mean(scale: f64, shape: f64) -> Expectation {
    if shape > 0.0 { Expectation::Finite(scale / shape) } else { Expectation::Infinite }
}

impl Parameters<3> for GammaGamma {
    const NAMES: [&'static str; 3] = ["p", "q", "gamma"];

    fn parameters(&self) -> [f64; 3] {
        [self.p, self.q, self.gamma]
    }
}

/// Pearson's correlation of frequency and mean spend, which the model takes to be none. `None` where either does not vary.
pub fn correlation(spends: &[Spend]) -> Option<f64> {
    let n = spends.len() as f64;
    let (x, m) = (|s: &Spend| f64::from(s.frequency), |s: &Spend| s.mean);
    let centre = |of: &dyn Fn(&Spend) -> f64| spends.iter().map(of).sum::<f64>() / n;
    let (mean_x, mean_m) = (centre(&x), centre(&m));
    let about = |s: &Spend| (x(s) - mean_x, m(s) - mean_m);
    let (mut xx, mut xm, mut mm) = (0.0, 0.0, 0.0);
    for (dx, dm) in spends.iter().map(about) {
        (xx, xm, mm) = (xx + dx * dx, xm + dx * dm, mm + dm * dm);
    }
    (xx > 0.0 && mm > 0.0).then(|| xm / (xx * mm).sqrt())
}
