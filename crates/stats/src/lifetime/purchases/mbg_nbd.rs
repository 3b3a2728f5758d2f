//! MBG/NBD: as BG/NBD, but a customer may leave right after the first purchase too.

use super::counting::{ln_negative_binomial, negative_binomial_from, purchases_while_leaving};
use super::fit::{PurchaseFit, Timed, fit};
use super::history::{Histories, History};
use super::model::{PurchaseModel, time};
use crate::lifetime::error::{FitError, ParameterError, in_range};
use crate::lifetime::estimate::Parameters;
use crate::lifetime::numeric::special::{ln_add_exp, ln_rising};

/// Where the fit starts, `α` in mean ages: all spreads alike, few buyers who leave early, steady buyers who seldom leave.
const STARTS: [[f64; 4]; 3] = [[1.0, 1.0, 1.0, 1.0], [0.5, 0.2, 0.9, 1.6], [4.0, 1.0, 0.3, 4.0]];

/// The modified beta-geometric/NBD model (Batislam, Denizel and Filiztekin 2007; as CBG/NBD, Hoppe and Wagner 2007).
///
/// Purchases come at a rate `λ ~ Gamma(r, α)` (`α` in the unit of time); after each purchase, the first included, the
/// customer leaves with a chance `p ~ Beta(a, b)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MbgNbd {
    r: f64,
    alpha: f64,
    a: f64,
    b: f64,
}

impl MbgNbd {
    /// The model with given parameters; an error names the one out of range.
    pub fn new(r: f64, alpha: f64, a: f64, b: f64) -> Result<MbgNbd, ParameterError> {
        let [r, alpha, a, b] = in_range(Self::NAMES, [r, alpha, a, b])?;
        Ok(MbgNbd { r, alpha, a, b })
    }

    /// The maximum of the likelihood of the customers, from several fixed starts.
    ///
    /// An error where fewer than two customers or no repeat purchase were seen, or a parameter is not identified.
    pub fn fit(histories: &Histories) -> Result<PurchaseFit<MbgNbd, 4>, FitError> {
        fit(histories, &STARTS)
    }

    /// `ln` of the odds that the customer left at the last purchase against being alive: `a/(b+x) · ((α+T)/(α+t_x))^(r+x)`.
    fn ln_odds_left(&self, history: &History) -> f64 {
        let x = f64::from(history.frequency());
        let since = ((history.age() - history.recency()) / (self.alpha + history.recency())).ln_1p();
        (self.a / (self.b + x)).ln() + (self.r + x) * since
    }
}

impl Parameters<4> for MbgNbd {
    const NAMES: [&'static str; 4] = ["r", "alpha", "a", "b"];

    fn parameters(&self) -> [f64; 4] {
        [self.r, self.alpha, self.a, self.b]
    }
}

impl Timed<4> for MbgNbd {
    const TIMES: [bool; 4] = [false, true, false, false];

    fn of(p: [f64; 4]) -> MbgNbd {
        MbgNbd { r: p[0], alpha: p[1], a: p[2], b: p[3] }
    }
}

impl PurchaseModel for MbgNbd {
    /// `∫∫ (1−p)^x λ^x [(1−p) e^(−λT) + p e^(−λt_x)]` over the gamma and the beta.
    fn log_likelihood(&self, history: &History) -> f64 {
        let MbgNbd { r, alpha, a, b } = *self;
        let x = f64::from(history.frequency());
        let counted = ln_rising(r, x) - r * (history.age() / alpha).ln_1p() - x * (alpha + history.age()).ln();
        let stayed = ln_rising(b, x + 1.0) - ln_rising(a + b, x + 1.0);
        counted + stayed + ln_add_exp(0.0, self.ln_odds_left(history))
    }

    /// `1/(1 + a/(b+x) · ((α+T)/(α+t_x))^(r+x))`, below 1 also where nothing was bought again.
    fn probability_alive(&self, history: &History) -> f64 {
        1.0 / (1.0 + self.ln_odds_left(history).exp())
    }

    /// `E[(1−p)/p · (1 − (1 + pt/α)^(−r))]`, `p ~ Beta(a, b)`.
    fn expected_purchases(&self, t: f64) -> Option<f64> {
        // E[(1−p) f(p)] is that of f under Beta(a, b+1), times the mean of 1−p.
        let stays = self.b / (self.a + self.b);
        Some(stays * purchases_while_leaving(self.a, self.b + 1.0, self.r, time(t)? / self.alpha))
    }

    fn expected_further_purchases(&self, history: &History, t: f64) -> Option<f64> {
        let x = f64::from(history.frequency());
        let w = time(t)? / (self.alpha + history.age());
        let alive = self.probability_alive(history);
        Some(alive * purchases_while_leaving(self.a, self.b + x + 1.0, self.r + x, w))
    }

    /// `E[(1−p)^(x+1)]·P(N = x) + E[p(1−p)^x]·P(N ≥ x)`, `N` the negative binomial.
    fn probability_of(&self, x: u16, t: f64) -> Option<f64> {
        let MbgNbd { r, alpha, a, b } = *self;
        let (t, n) = (time(t)?, f64::from(x));
        if t == 0.0 {
            return Some(if x == 0 { 1.0 } else { 0.0 });
        }
        let stayed = (ln_rising(b, n + 1.0) - ln_rising(a + b, n + 1.0)).exp();
        let left = stayed * a / (b + n);
        Some(stayed * ln_negative_binomial(n, r, alpha, t).exp() + left * negative_binomial_from(x, r, alpha, t))
    }
}
