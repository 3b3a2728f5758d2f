//! Survival, retention and discounted payments, the same questions to every contractual model.

use crate::lifetime::estimate::Expectation;

/// Where a customer stands between payments, one of which falls due at the start of each period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Not yet acquired: the first payment falls due now and is certain. Its value is the discounted expected lifetime, DEL.
    New,
    /// At the end of period `n ≥ 1`, before it is known whether the customer renews for the `n`-th time; if so that payment
    /// falls due now (Fader and Hardie 2010). The discounted expected residual lifetime, DERL.
    BeforeRenewal(u32),
    /// Just after the `n`-th renewal payment: the next is a period away. After none the customer is just acquired, and the
    /// value is that of [`Standing::New`] less the payment just made.
    AfterRenewal(u32),
}

/// How many payments are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Horizon {
    /// The next so many, due or not.
    Periods(u16),
    /// All.
    Infinite,
}

/// A model of the period `T = 1, 2, …` at whose end a customer is lost.
pub trait Contractual {
    /// `ln S(t)` of a time in periods, also between whole ones.
    fn ln_survival(&self, t: f64) -> f64;

    /// `Σ_{t ≥ from} S(t)/S(given) · (1 + d)^(from − t)`, `from ≥ given`, `d ≥ 0`.
    fn all_payments(&self, from: u32, given: u32, discount: f64) -> Expectation;

    /// The share of customers still there after `t` periods; 1 at 0.
    fn survival(&self, t: u32) -> f64 {
        self.ln_survival(f64::from(t)).exp()
    }

    /// The share of those there after `t − 1` periods who are there after `t`, `r_t = S(t)/S(t−1)`; `None` at 0.
    fn retention(&self, t: u32) -> Option<f64> {
        let t = f64::from(t);
        (t >= 1.0).then(|| (self.ln_survival(t) - self.ln_survival(t - 1.0)).exp())
    }

    /// `P(T = t)`, the share lost at the end of period `t`: `S(t−1) · (1 − r_t)`; `None` at 0.
    fn lost_at(&self, t: u32) -> Option<f64> {
        let (now, before) = (f64::from(t), f64::from(t) - 1.0);
        (t >= 1).then(|| {
            let earlier = self.ln_survival(before);
            earlier.exp() * -(self.ln_survival(now) - earlier).exp_m1()
        })
    }

    /// The expected number of payments to come, each discounted to now by `(1 + d)^−k`, `d` per period.
    ///
    /// Times the margin of a payment it is the customer's lifetime value. Infinite where nothing is discounted and the expected
    /// lifetime is. `None` where the discount is below zero or not finite, or before a renewal 0, which there is not.
    fn discounted_payments(&self, standing: Standing, horizon: Horizon, discount: f64) -> Option<Expectation> {
        if !(discount >= 0.0 && discount.is_finite()) {
            return None;
        }
        let (from, given, wait) = match standing {
            Standing::New => (0, 0, 0),
            Standing::BeforeRenewal(n) => (n, n.checked_sub(1)?, 0),
            Standing::AfterRenewal(n) => (n.checked_add(1)?, n, 1),
        };
        let due = match horizon {
            Horizon::Infinite => self.all_payments(from, given, discount),
            Horizon::Periods(periods) => {
                Expectation::Finite(payments(|t| self.ln_survival(t), from, given, discount, f64::from(periods)))
            }
        };
        Some(if wait == 1 { due.times(1.0 / (1.0 + discount)) } else { due })
    }
}

/// The first so many terms of `Σ_{t ≥ from} S(t)/S(given) · (1 + d)^(from − t)`.
pub(crate) fn payments(ln_survival: impl Fn(f64) -> f64, from: u32, given: u32, discount: f64, terms: f64) -> f64 {
    let (from, known, force) = (f64::from(from), ln_survival(f64::from(given)), discount.ln_1p());
    let (mut sum, mut k) = (0.0, 0.0);
    while k < terms {
        let term = (ln_survival(from + k) - known - force * k).exp();
        sum += term;
        // The terms fall faster than by the discount alone: what is left is below term/d.
        if term < 1e-18 * discount * sum {
            break;
        }
        k += 1.0;
    }
    sum
}
