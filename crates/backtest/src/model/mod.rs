//! The churn model: what the signals could have told.
//!
//! A discrete-time hazard (Cox 1972, section 7; Allison 1982): a logistic regression with a row for every observation of an account
//! that was a customer, its outcome whether it left within the horizon. Held back by a ridge penalty, it never sees a label
//! before its time: it is fitted on the earlier part of what was known, and the penalty and the calibration come from the later.

mod last;
mod prepare;
mod sample;
mod train;
mod weights;

pub use last::{ChurnModel, Contribution, Risk};
pub use prepare::Dropped;
pub(crate) use train::Trained;
pub use weights::{Direction, LearnedWeight};
