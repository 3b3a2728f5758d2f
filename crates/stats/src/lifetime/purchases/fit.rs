//! The fit of any model of purchases, in a unit of time of its own.

use super::history::{Histories, History, TimeUnit};
use super::model::PurchaseModel;
use crate::lifetime::error::FitError;
use crate::lifetime::estimate::{Fit, Parameters};
use crate::lifetime::numeric::maximum::maximise;

/// A model of purchases fitted to histories, with the unit it has to be asked in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PurchaseFit<M, const N: usize> {
    /// The model and how well it is known.
    pub fit: Fit<M, N>,
    /// The unit of the histories, of the model's scale parameters and of every time it is asked about.
    pub unit: TimeUnit,
}

/// A model some of whose parameters are times.
pub(crate) trait Timed<const N: usize>: PurchaseModel + Parameters<N> {
    /// Which of them are.
    const TIMES: [bool; N];

    /// The model of parameters in range.
    fn of(parameters: [f64; N]) -> Self;
}

/// The maximum of the likelihood. The search runs in mean ages, so that it does not depend on the unit of the histories.
pub(crate) fn fit<M: Timed<N>, const N: usize>(
    histories: &Histories,
    starts: &[[f64; N]],
) -> Result<PurchaseFit<M, N>, FitError> {
    let customers = histories.customers();
    if customers < 2.0 {
        return Err(FitError::TooFew { found: customers });
    }
    if histories.rows().iter().all(|(history, _)| history.frequency() == 0) {
        return Err(FitError::NoRepeats);
    }
    let age = histories.mean_age();
    let scaled: Vec<(History, f64)> =
        histories.rows().iter().map(|(history, weight)| (history.per(age), *weight)).collect();
    let starts: Vec<[f64; N]> = starts.iter().map(|start| start.map(f64::ln)).collect();
    let maximum = maximise(|at| log_likelihood(&M::of(at.map(f64::exp)), &scaled), &M::NAMES, &starts)?;
    let unscaled = std::array::from_fn(|i| maximum.at[i].exp() * if M::TIMES[i] { age } else { 1.0 });
    let model = M::of(unscaled);
    let log_likelihood = log_likelihood(&model, histories.rows());
    let fit = Fit { model, log_likelihood, customers, log_covariance: maximum.covariance };
    Ok(PurchaseFit { fit, unit: histories.unit() })
}

impl Histories {
    /// The log-likelihood of all customers under a model in the same unit of time.
    pub fn log_likelihood(&self, model: &impl PurchaseModel) -> f64 {
        log_likelihood(model, self.rows())
    }
}

fn log_likelihood(model: &impl PurchaseModel, rows: &[(History, f64)]) -> f64 {
    rows.iter().map(|(history, weight)| weight * model.log_likelihood(history)).sum()
}
