//! What users of other tools report in public, as requirements: `requirements.md` lists each with the report and the test that stands for it.
//! Those that no case in `tests/cases` stands for have a test here, named after what is required.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "../support/mod.rs"]
mod support;

mod ask;
mod index;
mod retention;
mod revenue;
mod semantics;
mod voice;
