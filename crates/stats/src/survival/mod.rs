//! Time until an end, where some ends have not come yet.
//!
//! [`KaplanMeier`] tells how many last how long, [`incidence`] the same where there is more than one end, [`log_rank()`]
//! whether groups differ, [`cox`] by how much a feature hastens the end, [`concordance()`] how well a score foretold the
//! order of the ends.

pub mod concordance;
pub mod cox;
mod error;
pub mod incidence;
mod kaplan_meier;
pub mod log_rank;
mod observation;
mod risk;

pub use concordance::{Concordance, concordance};
pub use cox::Cox;
pub use error::SurvivalError;
pub use kaplan_meier::{Convention, KaplanMeier, Step, TimeInterval, Transform};
pub use log_rank::{LogRank, log_rank};
pub use observation::Observation;
