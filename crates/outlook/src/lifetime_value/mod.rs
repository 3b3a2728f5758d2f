//! Lifetime value by fitted models: which of them explains the customers better, and what each would have told before, against what came.

mod history;
mod hold_out;
mod model;

pub use hold_out::{HoldOut, Step, hold_out};
pub use model::Model;
