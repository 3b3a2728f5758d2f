//! The demo company, from its exports to its figures, held against the truth its generator wrote beside them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod account;
mod act;
mod company;
mod faces;
mod import;
mod invariants;
mod lifecycle;
mod outlook;
mod people;
mod reconcile;
mod revenue;
mod risk;
mod staff;
mod statements;
mod support;
mod voice;
