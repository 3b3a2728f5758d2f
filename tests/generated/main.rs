//! The command on companies made from seeds: every face gives the same answer, and every row read has one verdict.
//!
//! The companies are those of the engine's property tests. `PROPTEST_CASES` asks for more of them, `PROPTEST_RNG_SEED` for others.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "../../crates/engine/tests/properties/company/mod.rs"]
mod company;

mod faces;
mod verdicts;
mod workspace;
