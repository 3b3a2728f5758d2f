//! Customers under contract: what one pays over a horizon by a fitted model of how long they stay.

use super::delta::{interval, log_variance};
use super::error::WorthError;
use crate::interval::Interval;
use crate::lifetime::contractual::{Bdw, Cohort, Cohorts, Contractual, Horizon, Sbg, Standing};
use crate::lifetime::error::FitError;
use crate::lifetime::estimate::{Expectation, Fit, Parameters};
use crate::lifetime_value::{Lifetime, Terms};
use std::collections::BTreeMap;

/// A contractual model that can be fitted, and made of its parameters.
pub trait ContractModel<const N: usize>: Contractual + Parameters<N> + Sized {
    /// The maximum of the likelihood.
    fn fitted(cohorts: &Cohorts) -> Result<Fit<Self, N>, FitError>;

    /// The model of those parameters, if they are in range.
    fn with(parameters: [f64; N]) -> Option<Self>;
}

impl ContractModel<2> for Sbg {
    fn fitted(cohorts: &Cohorts) -> Result<Fit<Sbg, 2>, FitError> {
        Sbg::fit(cohorts)
    }

    fn with([alpha, beta]: [f64; 2]) -> Option<Sbg> {
        Sbg::new(alpha, beta).ok()
    }
}

impl ContractModel<3> for Bdw {
    fn fitted(cohorts: &Cohorts) -> Result<Fit<Bdw, 3>, FitError> {
        Bdw::fit(cohorts)
    }

    fn with([alpha, beta, c]: [f64; 3]) -> Option<Bdw> {
        Bdw::new(alpha, beta, c).ok()
    }
}

/// A model fitted to lives, and the terms on which it values them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contract<M, const N: usize> {
    /// The model and how well it is known.
    pub fit: Fit<M, N>,
    margin: f64,
    discount: f64,
    horizon: u16,
    longest: u32,
}

/// The payments to come of a life of some age, each discounted to now, the one of the month under way included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Payments {
    /// How many, discounted.
    pub count: f64,
    /// The standard error of their logarithm, from what the fit does not know of the parameters.
    pub log_error: Option<f64>,
    /// The share of them that falls into months of life nobody has been seen to reach.
    pub tail_share: f64,
}

/// What an account that starts now is worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ContractWorth {
    /// Margin over the horizon.
    pub value: f64,
    /// Its interval at 95 %; unknown where a single account pays, or none pays anything.
    pub interval: Option<Interval>,
    /// The share of it from months nobody has been seen to reach.
    pub tail_share: f64,
}

/// The lives as cohorts: one that has ended was lost at its last month begun, one that goes on has renewed through the months completed.
///
/// An error names the row (from 1) whose months are below zero, not finite or above a hundred years.
pub fn cohorts(lives: &[Lifetime]) -> Result<Cohorts, WorthError> {
    let mut by_age: BTreeMap<usize, Cohort> = BTreeMap::new();
    for (nth, life) in lives.iter().enumerate() {
        if !(0.0..=1200.0).contains(&life.months) {
            return Err(WorthError::Lifetime { row: nth + 1 });
        }
        let age = if life.ended { life.months.ceil().max(1.0) } else { life.months.floor() } as usize;
        let cohort = by_age.entry(age).or_insert_with(|| Cohort { lost: vec![0.0; age], alive: 0.0 });
        match cohort.lost.last_mut() {
            Some(lost) if life.ended => *lost += 1.0,
            _ => cohort.alive += 1.0,
        }
    }
    Ok(Cohorts::new(&by_age.into_values().collect::<Vec<_>>())?)
}

impl<M: ContractModel<N>, const N: usize> Contract<M, N> {
    /// The model fitted to lives in months, ended or not. What they pay is not looked at.
    ///
    /// An error as the model's, for months that are none, or where the terms are out of range: the discount is not below zero here.
    pub fn fit(lives: &[Lifetime], terms: &Terms) -> Result<Contract<M, N>, WorthError> {
        let discount = terms.monthly_discount().filter(|discount| *discount >= 0.0).ok_or(WorthError::Terms)?;
        let horizon = u16::try_from(terms.horizon).ok().filter(|months| (1..=1200).contains(months));
        let horizon = horizon.ok_or(WorthError::Terms)?;
        let fit = M::fitted(&cohorts(lives)?)?;
        let longest = lives.iter().map(|life| life.months as u32).max().unwrap_or(0);
        Ok(Contract { fit, margin: terms.margin, discount, horizon, longest })
    }

    /// The payments over the horizon of a life that has passed so many months: `Σ S(n+k)/S(n) · (1+d)^−k`, `k = 0 … horizon − 1`. Of age 0
    /// they are those of an account that starts now.
    pub fn payments(&self, age: u32) -> Payments {
        let count = payments(&self.fit.model, age, self.horizon, self.discount);
        let at = self.fit.model.parameters();
        let variance = log_variance(at, &self.fit.log_covariance, |there| {
            Some(payments(&M::with(there)?, age, self.horizon, self.discount))
        });
        // S(0) to S(longest) have been seen.
        let seen = u16::try_from((self.longest + 1).saturating_sub(age)).unwrap_or(u16::MAX).min(self.horizon);
        let known = if seen == 0 { 0.0 } else { payments(&self.fit.model, age, seen, self.discount) };
        Payments { count, log_error: variance.map(f64::sqrt), tail_share: (1.0 - known / count).max(0.0) }
    }

    /// `ARPA · margin · Σ S(k)/(1+d)^k`, as [`crate::lifetime_value::lifetime_value`] but with the model's `S`; `ARPA` is the mean MRR
    /// of the lives that go on. The interval takes ARPA and the parameters for independent.
    ///
    /// An error where none goes on, or what one pays is unknown.
    pub fn worth(&self, lives: &[Lifetime]) -> Result<ContractWorth, WorthError> {
        if let Some(row) = lives.iter().position(|life| !life.ended && !life.mrr.is_finite()) {
            return Err(WorthError::Lifetime { row: row + 1 });
        }
        let mut paid: Vec<f64> = lives.iter().filter(|life| !life.ended).map(|life| life.mrr).collect();
        // Sums of doubles depend on their order; the order of the lives shall not matter.
        paid.sort_by(f64::total_cmp);
        let n = paid.len() as f64;
        if paid.is_empty() {
            return Err(WorthError::NobodyLeft);
        }
        let mean = paid.iter().sum::<f64>() / n;
        let of_mean = (n > 1.0 && mean > 0.0)
            .then(|| paid.iter().map(|mrr| (mrr - mean).powi(2)).sum::<f64>() / (n - 1.0) / n / (mean * mean));
        let payments = self.payments(0);
        let value = mean * self.margin * payments.count;
        let log_error = payments.log_error.zip(of_mean).map(|(fit, sample)| fit.hypot(sample.sqrt()));
        Ok(ContractWorth {
            value,
            interval: log_error.and_then(|error| interval(value, error)),
            tail_share: payments.tail_share,
        })
    }

    /// The share of revenue that is margin.
    pub fn margin(&self) -> f64 {
        self.margin
    }

    /// The whole months of the longest life seen.
    pub fn longest(&self) -> u32 {
        self.longest
    }
}

/// The payment of the month under way, which is certain, and those after renewals to come.
fn payments(model: &impl Contractual, age: u32, horizon: u16, discount: f64) -> f64 {
    let later = Horizon::Periods(horizon.saturating_sub(1));
    let due = model.discounted_payments(Standing::AfterRenewal(age), later, discount);
    1.0 + due.and_then(Expectation::finite).unwrap_or(0.0)
}
