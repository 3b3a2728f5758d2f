//! The questions every model of purchases answers.

use super::history::History;

/// A model of purchases at a customer's own rate until an unseen end.
///
/// Times are in the unit of the model's parameters. A time below zero or not finite has no answer, `None`.
pub trait PurchaseModel: Sized {
    /// The log-likelihood of one customer: of the times of the purchases, so its value depends on the unit of time.
    fn log_likelihood(&self, history: &History) -> f64;

    /// The chance that the customer may still buy at the end of observation.
    fn probability_alive(&self, history: &History) -> f64;

    /// `E[X(t)]`, the expected purchases of a new customer in the time `t` after the first.
    fn expected_purchases(&self, t: f64) -> Option<f64>;

    /// `E[Y(t) | x, t_x, T]`, the expected purchases of this customer in `(T, T + t]`.
    fn expected_further_purchases(&self, history: &History, t: f64) -> Option<f64>;

    /// `P(X(t) = x)`, the chance that a new customer buys `x` times in the time `t` after the first purchase.
    fn probability_of(&self, x: u16, t: f64) -> Option<f64>;
}

/// The time, if it is one.
pub(crate) fn time(t: f64) -> Option<f64> {
    (t >= 0.0 && t.is_finite()).then_some(t)
}
