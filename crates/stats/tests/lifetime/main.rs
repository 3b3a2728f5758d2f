//! The lifetime models against published values, their own identities and the data they cannot be fitted to.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod cdnow;
mod contractual;
mod contractual_value;
mod edges;
mod holdout;
mod purchases;
mod spend;
mod units;
mod value;
mod worth;

/// Fails unless the two are no further apart than so much.
#[track_caller]
fn assert_near(found: f64, wanted: f64, apart: f64) {
    assert!((found - wanted).abs() <= apart, "{found} is not {wanted} within {apart}");
}
