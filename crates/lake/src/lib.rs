//! Durable tables on DuckLake: commit, upsert, read as of, compact.
//!
//! ```text
//! Lake::create(workspace, now) · Lake::open(workspace)      tenure.db (SQLite, DuckLake's format) and lake/ (Parquet)
//!   .latest() .resolve(AsOf) .history()                     versions: one names all tables at once
//!   .snapshot(version) → Snapshot                           .table(name) .register(&SessionContext) .data_through(table)
//!                                                           .verify() names a damaged file
//!   .write(now) → Writer                                    the one writer; a file lock, freed when its process dies
//!       .stage(table, rows, StageMode) → Verdicts           once a table; sorted, one row a key, compared with the lake
//!       .stage_rejects(rows, mended)                        rejected records, and those that were mended
//!       .commit(CommitNote) → Version                       all or nothing; dropped instead, nothing happened: a dry run
//!   .compact(now) → CompactReport                           few, sorted files; every version reads as before
//! ```
//!
//! Rows are staged with the columns of [`staged_schema`], those that the lake keeps of itself with [`own_schema`]; the lake adds
//! `_version`. Text reads back as `Utf8View`.
//! Rows that differ only in `_source`, `_file`, `_row` or `_version` are the same row. Of one key the last row of an
//! import wins; older versions stay readable.
//!
//! What is imported and what is scored from it are committed apart: see [`CommitKind`].
//!
//! The lake's own tables are `tenure_imports`, `tenure_rejects` and `tenure_touched`: see [`IMPORTS`], [`REJECTS`],
//! [`TOUCHED`]. They are read like any other.
//!
//! Everything needs a multi-threaded tokio runtime: the library blocks on its database.
//!
//! **Architecture invariant:** only this crate names DuckLake.

mod catalog;
mod clean;
mod commit;
mod compact;
mod error;
mod files;
mod lake;
mod layout;
mod lock;
mod note;
mod official;
mod reject;
mod session;
mod snapshot;
mod stage;
mod store;
mod system;
mod tables;
mod verdict;
mod version;
mod writer;

pub use compact::{CompactReport, CompactedTable};
pub use error::{LakeError, Result};
pub use lake::{Lake, LakeOptions};
pub use layout::{arrow_type, own_schema, staged_schema};
pub use note::{CommitKind, CommitNote, ImportNote};
pub use reject::reject_schema;
pub use snapshot::Snapshot;
pub use stage::kept;
pub use system::{IMPORTS, REJECTS, TOUCHED};
pub use verdict::{RowVerdict, Verdict, Verdicts};
pub use version::{AsOf, Version, VersionInfo, VersionKind};
pub use writer::{StageMode, Writer, keep_temporary_files_in};
