//! What customers are worth under a fitted model, over a horizon, with what the fit does not know of it.
//!
//! - [`contract`]: those who renew or are lost month by month, by a model of [`super::contractual`].
//! - [`buying`]: those who buy when they like, by a model of [`super::purchases`] and the Gamma–Gamma of [`super::spend`].
//!
//! Spreads are those of logarithms, by the delta method from the observed information; intervals are symmetric in the logarithm,
//! so that none goes below zero.

pub mod buying;
pub mod contract;
mod delta;
mod error;

pub use delta::interval;
pub use error::WorthError;
