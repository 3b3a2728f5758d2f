//! Purchases to come as a discounted value.

use super::purchases::{History, PurchaseModel, TimeUnit};

/// The months that are counted and what they are discounted by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Months {
    /// How many.
    pub count: u16,
    /// The discount rate of a month.
    pub discount: f64,
}

/// The purchases expected of a customer in the months to come, those of each month discounted from its end:
/// `Σ_{i=1}^{n} [E Y(iθ) − E Y((i−1)θ)]/(1+d)^i`, `θ` the length of a month in the unit of the model.
///
/// Times the mean spend and its margin it is the customer's lifetime value. `unit` is the unit the model was fitted in: a month
/// is 30.4375 days, 4.348 weeks or 1 month. `None` where the discount is not above −1 or not finite.
pub fn discounted_purchases(
    model: &impl PurchaseModel,
    unit: TimeUnit,
    history: &History,
    months: Months,
) -> Option<f64> {
    discounted_steps(model, history, unit.per_month(), months.count, months.discount)
}

/// The same sum over steps of any length in the unit of the model, `discount` the rate of a step.
pub fn discounted_steps(
    model: &impl PurchaseModel,
    history: &History,
    length: f64,
    steps: u16,
    discount: f64,
) -> Option<f64> {
    if !(discount > -1.0 && discount.is_finite()) {
        return None;
    }
    if discount == 0.0 {
        return model.expected_further_purchases(history, f64::from(steps) * length);
    }
    let (mut sum, mut before, mut factor) = (0.0, 0.0, 1.0);
    for step in 1..=steps {
        let expected = model.expected_further_purchases(history, f64::from(step) * length)?;
        factor /= 1.0 + discount;
        sum += (expected - before) * factor;
        before = expected;
    }
    Some(sum)
}
