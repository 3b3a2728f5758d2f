//! Customers without a contract: they buy when they like, and nobody sees them leave.
//!
//! Each model takes a customer as a [`History`]: repeat purchases, recency and age. Times are in one unit throughout, the
//! one the model was fitted in; [`PurchaseFit::unit`] says which.

mod bg_nbd;
mod counting;
mod fit;
mod history;
mod mbg_nbd;
mod model;
mod pareto_nbd;
mod tracking;

pub use bg_nbd::BgNbd;
pub use fit::PurchaseFit;
pub use history::{Histories, History, TimeUnit};
pub use mbg_nbd::MbgNbd;
pub use model::PurchaseModel;
pub use pareto_nbd::ParetoNbd;
pub use tracking::{Tracking, cumulative_purchases};
