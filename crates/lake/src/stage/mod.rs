//! From a stream of rows to what a commit will do to a table: sort, keep one row a key, compare with the lake.

mod compare;
mod file;
mod keys;
mod sort;
mod spool;
mod stretch;
mod touched;
mod unique;

pub(crate) use compare::{Changes, Comparison};
pub(crate) use file::{LakeFile, verify};
pub(crate) use keys::column;
pub use sort::kept;
pub(crate) use sort::sorted;
pub(crate) use stretch::Stretch;
pub(crate) use touched::Touched;
pub(crate) use unique::unique;
