//! Churn models: what the signals could have told.
//!
//! A discrete-time hazard (Cox 1972, section 7; Allison 1982): a row for every observation of an account that was a customer, its
//! outcome whether it left within the horizon. Two kinds are fitted to it: a logistic regression held back by a ridge penalty,
//! and gradient boosted trees. Neither ever sees a label before its time: each is fitted on the earlier part of what was known,
//! and its setting (the penalty; how many trees, how deep) and its calibration come from the later.

mod boosted;
mod fitted;
mod last;
mod logistic;
mod prepare;
mod sample;
mod train;
mod weights;

pub use boosted::Trees;
pub(crate) use fitted::Fitted;
pub use fitted::ModelKind;
pub use last::{ChurnModel, Contribution, Risk};
pub use prepare::Dropped;
pub(crate) use train::Trained;
pub use weights::{Direction, LearnedWeight};
