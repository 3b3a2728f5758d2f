//! Pareto/NBD: the customer leaves at a time of their own, whether buying or not.

use super::counting::ln_negative_binomial;
use super::fit::{PurchaseFit, Timed, fit};
use super::history::{Histories, History};
use super::model::{PurchaseModel, time};
use crate::lifetime::error::{FitError, ParameterError, in_range};
use crate::lifetime::estimate::Parameters;
use crate::lifetime::numeric::hypergeometric::gauss_one;
use crate::lifetime::numeric::quadrature::{beta_mean, half_line};
use crate::lifetime::numeric::special::{decayed, ln_add_exp, ln_rising, ln_sub_exp};

/// Where the fit starts, `α` and `β` in mean ages: all spreads alike, few buyers who leave early, steady buyers who stay.
const STARTS: [[f64; 4]; 3] = [[1.0, 1.0, 1.0, 1.0], [0.5, 0.3, 0.6, 0.4], [4.0, 1.0, 0.5, 2.0]];

/// The Pareto/NBD model (Schmittlein, Morrison and Colombo 1987, "Counting your customers").
///
/// Purchases come at a rate `λ ~ Gamma(r, α)`, the end at a rate `μ ~ Gamma(s, β)`; `α` and `β` in the unit of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ParetoNbd {
    r: f64,
    alpha: f64,
    s: f64,
    beta: f64,
}

impl ParetoNbd {
    /// The model with given parameters; an error names the one out of range.
    pub fn new(r: f64, alpha: f64, s: f64, beta: f64) -> Result<ParetoNbd, ParameterError> {
        let [r, alpha, s, beta] = in_range(Self::NAMES, [r, alpha, s, beta])?;
        Ok(ParetoNbd { r, alpha, s, beta })
    }

    /// The maximum of the likelihood of the customers, from several fixed starts.
    ///
    /// An error where fewer than two customers or no repeat purchase were seen, or a parameter is not identified.
    pub fn fit(histories: &Histories) -> Result<PurchaseFit<ParetoNbd, 4>, FitError> {
        fit(histories, &STARTS)
    }

    /// Purchases expected of this customer from now on for ever, discounted continuously at the force `δ > 0` per unit of
    /// time: DERT, the discounted expected residual transactions (Fader, Hardie and Lee 2005, "RFM and CLV"), here as
    /// `P(alive) · (r+x)/(α+T) · ∫₀^∞ ((β+T)/(β+T+t))^s e^(−δt) dt`. A yearly rate `y` is a force of `ln(1+y)` a year.
    ///
    /// `None` where the force is not above zero.
    pub fn discounted_further_purchases(&self, history: &History, force: f64) -> Option<f64> {
        if !(force > 0.0 && force.is_finite()) {
            return None;
        }
        let base = self.beta + history.age();
        let life = base * half_line(|v| (-self.s * v.ln_1p() - force * base * v).exp());
        Some(self.probability_alive(history) * self.rate(history) * life)
    }

    /// The mean rate of purchases of a customer alive.
    fn rate(&self, history: &History) -> f64 {
        (self.r + f64::from(history.frequency())) / (self.alpha + history.age())
    }

    /// `ln` of the odds that the customer left after the last purchase against being alive:
    /// `s ∫_{t_x}^{T} (α+u)^−(r+x) (β+u)^−(s+1) du` over `(α+T)^−(r+x) (β+T)^−s`.
    fn ln_odds_left(&self, history: &History) -> f64 {
        let (from, to) = (history.recency(), history.age());
        if from == to {
            return f64::NEG_INFINITY;
        }
        let n = self.r + f64::from(history.frequency());
        let gone = ln_sub_exp(self.ln_beyond(n, from), self.ln_beyond(n, to));
        (self.s / (n + self.s)).ln() + gone + n * (self.alpha + to).ln() + self.s * (self.beta + to).ln()
    }

    /// `ln[F(y)/(m+y)^(n+s)]` of Fader and Hardie (2005, "A note on deriving the Pareto/NBD model"), `n = r + x`,
    /// `m = max(α, β)`, which is `ln[(n+s) ∫_y^∞ (α+u)^−n (β+u)^−(s+1) du]`. Euler's transformation has taken `F` to
    /// `₂F₁(1, ·; ·; ·)`; at `α = β` its argument is zero.
    fn ln_beyond(&self, n: f64, y: f64) -> f64 {
        let (a, b) = (self.alpha + y, self.beta + y);
        if a >= b {
            -n * a.ln() - self.s * b.ln() + gauss_one(n, self.s + 1.0, b / a).ln()
        } else {
            (1.0 - n) * a.ln() - (self.s + 1.0) * b.ln() + gauss_one(self.s + 1.0, n, a / b).ln()
        }
    }
}

impl Parameters<4> for ParetoNbd {
    const NAMES: [&'static str; 4] = ["r", "alpha", "s", "beta"];

    fn parameters(&self) -> [f64; 4] {
        [self.r, self.alpha, self.s, self.beta]
    }
}

impl Timed<4> for ParetoNbd {
    const TIMES: [bool; 4] = [false, true, false, true];

    fn of(p: [f64; 4]) -> ParetoNbd {
        ParetoNbd { r: p[0], alpha: p[1], s: p[2], beta: p[3] }
    }
}

impl PurchaseModel for ParetoNbd {
    fn log_likelihood(&self, history: &History) -> f64 {
        let ParetoNbd { r, alpha, s, beta } = *self;
        let (x, age) = (f64::from(history.frequency()), history.age());
        let counted = ln_rising(r, x) - r * (age / alpha).ln_1p() - x * (alpha + age).ln();
        counted - s * (age / beta).ln_1p() + ln_add_exp(0.0, self.ln_odds_left(history))
    }

    fn probability_alive(&self, history: &History) -> f64 {
        1.0 / (1.0 + self.ln_odds_left(history).exp())
    }

    /// `rβ/(α(s−1)) · [1 − (β/(β+t))^(s−1)]`, at `s = 1` its limit `rβ/α · ln((β+t)/β)`.
    fn expected_purchases(&self, t: f64) -> Option<f64> {
        let life = self.beta * decayed(self.s - 1.0, (time(t)? / self.beta).ln_1p());
        Some(self.r / self.alpha * life)
    }

    /// `(r+x)(β+T)/((α+T)(s−1)) · [1 − ((β+T)/(β+T+t))^(s−1)] · P(alive)`, with the same limit.
    fn expected_further_purchases(&self, history: &History, t: f64) -> Option<f64> {
        let base = self.beta + history.age();
        let life = base * decayed(self.s - 1.0, (time(t)? / base).ln_1p());
        Some(self.rate(history) * life * self.probability_alive(history))
    }

    /// Of those still alive at `t`, and of those who left at `u < t`, the negative binomial of their time:
    /// `S(t)·NB(x; t) + ∫₀ᵗ NB(x; u) dF(u)`, `S(u) = (β/(β+u))^s`.
    fn probability_of(&self, x: u16, t: f64) -> Option<f64> {
        let ParetoNbd { r, alpha, s, beta } = *self;
        let (t, n) = (time(t)?, f64::from(x));
        if t == 0.0 {
            return Some(if x == 0 { 1.0 } else { 0.0 });
        }
        let counted =
            |u: f64| if u > 0.0 { ln_negative_binomial(n, r, alpha, u).exp() } else { f64::from(u8::from(x == 0)) };
        let staying = -s * (t / beta).ln_1p();
        let left = -staying.exp_m1();
        // The share of those who left by t that had left by u is uniform.
        let ended = beta_mean(1.0, 1.0, |p, _| counted((beta * (-(-p * left).ln_1p() / s).exp_m1()).min(t)));
        Some(staying.exp() * counted(t) + left * ended)
    }
}
