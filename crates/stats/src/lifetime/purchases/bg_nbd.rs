//! BG/NBD: after each repeat purchase the customer leaves with a chance of their own.

use super::counting::{ln_negative_binomial, negative_binomial_from, purchases_while_leaving};
use super::fit::{PurchaseFit, Timed, fit};
use super::history::{Histories, History};
use super::model::{PurchaseModel, time};
use crate::lifetime::error::{FitError, ParameterError, in_range};
use crate::lifetime::estimate::Parameters;
use crate::lifetime::numeric::special::{ln_add_exp, ln_rising};

/// Where the fit starts, `α` in mean ages: all spreads alike, few buyers who leave early, steady buyers who seldom leave.
const STARTS: [[f64; 4]; 3] = [[1.0, 1.0, 1.0, 1.0], [0.3, 0.15, 0.8, 2.5], [4.0, 1.0, 0.3, 4.0]];

/// The beta-geometric/NBD model (Fader, Hardie and Lee 2005, "Counting your customers" the easy way).
///
/// Purchases come at a rate `λ ~ Gamma(r, α)` (`α` in the unit of time); after each repeat purchase the customer leaves with a
/// chance `p ~ Beta(a, b)`. Who never bought again cannot have left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BgNbd {
    r: f64,
    alpha: f64,
    a: f64,
    b: f64,
}

impl BgNbd {
    /// The model with given parameters; an error names the one out of range.
    pub fn new(r: f64, alpha: f64, a: f64, b: f64) -> Result<BgNbd, ParameterError> {
        let [r, alpha, a, b] = in_range(Self::NAMES, [r, alpha, a, b])?;
        Ok(BgNbd { r, alpha, a, b })
    }

    /// The maximum of the likelihood of the customers, from several fixed starts.
    ///
    /// An error where fewer than two customers or no repeat purchase were seen, or a parameter is not identified.
    pub fn fit(histories: &Histories) -> Result<PurchaseFit<BgNbd, 4>, FitError> {
        fit(histories, &STARTS)
    }

    /// `ln` of the odds that the customer left at the last purchase against being alive: `a/(b+x−1) · ((α+T)/(α+t_x))^(r+x)`.
    fn ln_odds_left(&self, history: &History) -> f64 {
        let x = f64::from(history.frequency());
        if x == 0.0 {
            return f64::NEG_INFINITY;
        }
        let since = ((history.age() - history.recency()) / (self.alpha + history.recency())).ln_1p();
        (self.a / (self.b + x - 1.0)).ln() + (self.r + x) * since
    }
}

impl Parameters<4> for BgNbd {
    const NAMES: [&'static str; 4] = ["r", "alpha", "a", "b"];

    fn parameters(&self) -> [f64; 4] {
        [self.r, self.alpha, self.a, self.b]
    }
}

impl Timed<4> for BgNbd {
    const TIMES: [bool; 4] = [false, true, false, false];

    fn of(p: [f64; 4]) -> BgNbd {
        BgNbd { r: p[0], alpha: p[1], a: p[2], b: p[3] }
    }
}

impl PurchaseModel for BgNbd {
    /// Formula 6 of the paper in logarithms, as in Hardie's note 027.
    fn log_likelihood(&self, history: &History) -> f64 {
        let BgNbd { r, alpha, a, b } = *self;
        let x = f64::from(history.frequency());
        let counted = ln_rising(r, x) - r * (history.age() / alpha).ln_1p() - x * (alpha + history.age()).ln();
        let stayed = ln_rising(b, x) - ln_rising(a + b, x);
        counted + stayed + ln_add_exp(0.0, self.ln_odds_left(history))
    }

    /// `1/(1 + a/(b+x−1) · ((α+T)/(α+t_x))^(r+x))`; 1 where nothing was bought again.
    fn probability_alive(&self, history: &History) -> f64 {
        1.0 / (1.0 + self.ln_odds_left(history).exp())
    }

    fn expected_purchases(&self, t: f64) -> Option<f64> {
        Some(purchases_while_leaving(self.a, self.b, self.r, time(t)? / self.alpha))
    }

    fn expected_further_purchases(&self, history: &History, t: f64) -> Option<f64> {
        let x = f64::from(history.frequency());
        let w = time(t)? / (self.alpha + history.age());
        let alive = self.probability_alive(history);
        Some(alive * purchases_while_leaving(self.a, self.b + x, self.r + x, w))
    }

    /// Formula 8 of the paper.
    fn probability_of(&self, x: u16, t: f64) -> Option<f64> {
        let BgNbd { r, alpha, a, b } = *self;
        let (t, n) = (time(t)?, f64::from(x));
        if t == 0.0 {
            return Some(if x == 0 { 1.0 } else { 0.0 });
        }
        let stayed = ln_rising(b, n) - ln_rising(a + b, n);
        let alive = (stayed + ln_negative_binomial(n, r, alpha, t)).exp();
        let left = if x == 0 { 0.0 } else { stayed.exp() * a / (b + n - 1.0) * negative_binomial_from(x, r, alpha, t) };
        Some(alive + left)
    }
}
