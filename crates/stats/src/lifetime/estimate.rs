//! A fitted model: its parameters, how well they are known, and how well they explain the data.

use crate::interval::{Interval, Z};
use crate::lifetime::numeric::matrix::Matrix;

/// A model whose `N` parameters are positive numbers.
pub trait Parameters<const N: usize> {
    /// The parameters' letters in the paper, in its order.
    const NAMES: [&'static str; N];

    /// The parameters, in the order of [`Parameters::NAMES`].
    fn parameters(&self) -> [f64; N];
}

/// A model fitted by maximum likelihood.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit<M, const N: usize> {
    /// The model with the parameters of the maximum.
    pub model: M,
    /// The log-likelihood there. Of densities in time or money it depends on their unit: compare only within one.
    pub log_likelihood: f64,
    /// The customers it rests on, by weight.
    pub customers: f64,
    /// The covariance of the logarithms of the parameters: the inverse of the observed information.
    pub log_covariance: Matrix<N>,
}

impl<M: Parameters<N>, const N: usize> Fit<M, N> {
    /// The covariance of the parameters by the delta method, `θᵢ θⱼ Cov(ln θᵢ, ln θⱼ)`.
    pub fn covariance(&self) -> [[f64; N]; N] {
        let at = self.model.parameters();
        std::array::from_fn(|i| std::array::from_fn(|j| at[i] * at[j] * self.log_covariance[i][j]))
    }

    /// The standard errors of the parameters, in their own units.
    pub fn standard_errors(&self) -> [f64; N] {
        let covariance = self.covariance();
        std::array::from_fn(|i| covariance[i][i].sqrt())
    }

    /// The intervals at 95 %, symmetric in the logarithm so that none leaves the positive numbers: `θ · exp(±z·se(ln θ))`.
    pub fn intervals(&self) -> [Interval; N] {
        let at = self.model.parameters();
        std::array::from_fn(|i| {
            let factor = (Z * self.log_covariance[i][i].sqrt()).exp();
            Interval { low: at[i] / factor, high: at[i] * factor }
        })
    }
}

/// An expectation that may be infinite without being undefined.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Expectation {
    /// A number.
    Finite(f64),
    /// The sum or integral diverges: the model's tail is that heavy.
    Infinite,
}

impl Expectation {
    /// The number, if it is one.
    pub fn finite(self) -> Option<f64> {
        match self {
            Expectation::Finite(value) => Some(value),
            Expectation::Infinite => None,
        }
    }

    /// The expectation times a positive factor.
    pub fn times(self, factor: f64) -> Expectation {
        match self {
            Expectation::Finite(value) => Expectation::Finite(value * factor),
            Expectation::Infinite => Expectation::Infinite,
        }
    }
}
