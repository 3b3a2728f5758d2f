//! Customers under contract: at the end of each period each one renews or is lost, and both are seen.

mod bdw;
mod cohorts;
mod sbg;
mod value;

pub use bdw::{Bdw, LikelihoodRatio, likelihood_ratio};
pub use cohorts::{Cohort, Cohorts};
pub use sbg::Sbg;
pub use value::{Contractual, Horizon, Standing};
