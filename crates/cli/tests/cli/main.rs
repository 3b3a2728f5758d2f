//! The command as a person and a script use it: exit codes, output, messages.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod account;
mod answers;
mod clv;
mod definitions;
mod first_steps;
mod health;
mod imports;
mod outlook;
mod readme;
mod reconcile;
mod tiny;
