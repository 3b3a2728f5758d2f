//! Models on whole data sets: one small enough to stand here, and public ones where they are present.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod accounts;
mod boosting;
mod logistic;
mod never_nan;
mod public_data;
mod remission;
mod rossi;
mod telco;
