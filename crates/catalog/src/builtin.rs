//! The metrics and derived tables that ship with Tenure.

include!(concat!(env!("OUT_DIR"), "/builtin.rs"));

/// `(file name, text)` of every built-in metric.
pub(crate) fn metrics() -> &'static [(&'static str, &'static str)] {
    METRICS
}

/// `(file name, text)` of every built-in derived table.
pub(crate) fn derived() -> &'static [(&'static str, &'static str)] {
    DERIVED
}

/// `(file name, text)` of every built-in check.
pub(crate) fn checks() -> &'static [(&'static str, &'static str)] {
    CHECKS
}

/// The text of the built-in order of the board.
pub(crate) fn board() -> &'static str {
    include_str!("../board.toml")
}
