//! Intervals, quantiles and survival: pure numerics.
