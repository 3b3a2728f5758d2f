//! What `make fuzz` starts from and what it has found: periods.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "../../../fuzz/src/period.rs"]
mod period;
#[path = "../../../fuzz/src/replay.rs"]
mod replay;

#[test]
fn periods() {
    replay::replay("period", &[], period::check);
}
