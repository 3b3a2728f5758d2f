//! Imports from files to lake, each in a workspace of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod broken_sql;
mod dates;
mod files;
mod health_ratings;
mod public_data;
mod random;
mod rejects;
mod snapshot;
mod sources;
mod verdicts;
mod warnings;
mod world;
