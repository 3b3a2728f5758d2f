//! Back-testing: how well scores told apart what then happened, and whether probabilities were right.
//!
//! All of it is meant for rows that the score's model has not seen, from a later time. Equal scores are never put in an
//! order that the data do not give: what depends on one is its expected value over all orders.

mod auc;
mod calibration;
mod error;
mod probability;
mod ranking;

pub use auc::{Auc, AucDifference, auc, auc_difference, auc_interval};
pub use calibration::{Bin, Bins, calibration_table, expected_calibration_error};
pub use error::EvaluationError;
pub use probability::{brier, log_loss};
pub use ranking::Ranking;
