//! Tests that cannot run here say so, past the test harness, which keeps to itself what a test that passes prints.

use crate::Error;
use std::io::Write;

/// Says that a test was skipped.
pub fn skipped(why: &str) {
    // Where standard error is gone there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}

/// A tool that a test needs is not here: the test is skipped, and in CI (where `CI` is set) that is an error.
pub fn no_tool(why: &str) -> Result<(), Error> {
    if std::env::var_os("CI").is_some_and(|value| !value.is_empty()) {
        return Err(format!("{why}; in CI no test is skipped for want of a tool").into());
    }
    skipped(why);
    Ok(())
}
