//! What a `sources/*.toml` says: its files, its tables, and the SELECTs that fill them, as far as text can show.
//!
//! Which columns a file has and what a SELECT yields, `ingest` finds out. This crate knows neither DataFusion nor the bytes of a file.

mod names;
mod outputs;
mod problem;
mod select;
pub mod source;

pub use names::no_column;
pub use outputs::{Output, bind};
pub use problem::Problem;
pub use select::Select;
pub use source::{Source, Workspace};
