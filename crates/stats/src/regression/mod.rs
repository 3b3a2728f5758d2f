//! Models of an outcome by features, and the calibration of their scores.

mod coefficient;
mod error;
mod features;
mod isotonic;
pub mod logistic;
pub(crate) mod newton;
mod platt;

pub use coefficient::Coefficient;
pub use error::ModelError;
pub use features::Features;
pub(crate) use features::Scaling;
pub use isotonic::Isotonic;
pub use logistic::{Contributions, Logistic};
pub use platt::Platt;
