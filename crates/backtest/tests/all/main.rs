//! Back-tests of panels whose truth is known, and of public data where it is present.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod chance;
mod edges;
mod invariance;
mod public_data;
mod purge;
mod random;
mod simulate;
mod telco;
mod trees;
mod truth;
