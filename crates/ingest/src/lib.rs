//! Sources and mappings: a verdict for every row, then the lake.
//!
//! ```text
//! sources/*.toml ── source ──► mapping (SQL over read's relations) ──► validate ──► lake
//!                                   │ rows at fault                       │
//!                                   └────────────► rejects ◄──────────────┘
//! ```
//!
//! A row is never lost in silence: it is accepted, updated, a duplicate, or rejected with its column, value, reason and
//! remedy. A file or mapping that is broken stops the import before anything is committed.

mod error;
mod import;
pub mod mapping;
pub mod read;
mod rejects;
mod staff;
pub mod validate;
mod warn;

pub use error::{Error, Problem, Result};
pub use import::{ImportReport, OnProgress, Options, Progress, SourceReport, TableReport, import};
pub use rejects::{Reject, ReplayReport, StoredReject, export, open_rejects, parse_export, replay};
pub use tenure_mapping::{Source, Workspace, source};
pub use warn::Warning;
