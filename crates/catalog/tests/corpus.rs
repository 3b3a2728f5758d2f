//! What `make fuzz` starts from and what it has found: metrics, derived tables, settings and boards.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "../../../fuzz/src/derived.rs"]
mod derived;
#[path = "../../../fuzz/src/metric.rs"]
mod metric;
#[path = "../../../fuzz/src/replay.rs"]
mod replay;
#[path = "../../../fuzz/src/settings.rs"]
mod settings;

#[test]
fn metrics() {
    replay::replay("metric", &["crates/catalog/metrics"], metric::check);
}

#[test]
fn derived_tables() {
    replay::replay("derived", &["crates/catalog/derived"], derived::check);
}

#[test]
fn settings_and_boards() {
    replay::replay("settings", &[], settings::check);
}
