//! Models of how long customers stay, how often they buy and what they spend, fitted by maximum likelihood.
//!
//! - [`contractual`]: customers who renew or leave at the end of a period, and the leaving is seen: shifted beta-geometric
//!   and beta-discrete-Weibull.
//! - [`purchases`]: customers who buy when they like, and whose leaving is not seen: BG/NBD, MBG/NBD, Pareto/NBD.
//! - [`spend`]: what a purchase is worth, Gamma–Gamma.
//! - [`discounted`]: purchases and spend as a discounted value.
//! - [`worth`]: what customers are worth by such a fit over a horizon.
//!
//! A fit is deterministic and does not depend on the order of the rows. What the data do not tell is a [`FitError`].

pub mod contractual;
pub mod discounted;
mod error;
mod estimate;
mod numeric;
pub mod purchases;
pub mod spend;
pub mod worth;

pub use error::{FitError, ParameterError, RowError, Tends};
pub use estimate::{Expectation, Fit, Parameters};
