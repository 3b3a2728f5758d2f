//! Rows, then state, then value, on DataFusion.
