//! Metric and derived-table definitions: parsed and checked.
