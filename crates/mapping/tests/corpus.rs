//! What `make fuzz` starts from and what it has found: source files.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "../../../fuzz/src/mapping.rs"]
mod mapping;
#[path = "../../../fuzz/src/replay.rs"]
mod replay;

#[test]
fn source_files() {
    let own = ["crates/demo/workspace/sources", "examples/fivetran/sources", "examples/ravenstack/sources"];
    replay::replay("mapping", &own, mapping::check);
}
