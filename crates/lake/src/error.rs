//! What can go wrong with a lake, in words that say what to do.

use crate::version::Version;
use datafusion::error::DataFusionError;
use datafusion_ducklake::DuckLakeError;
use jiff::Timestamp;
use std::error::Error;
use std::path::{Path, PathBuf};

/// The result of an operation on a lake.
pub type Result<T, E = LakeError> = std::result::Result<T, E>;

/// Why an operation on a lake failed.
#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    /// The folder holds no lake.
    #[error("{} holds no lake: tenure.db is missing; make one with `tenure init`, or restore it from a backup", .0.display())]
    Absent(PathBuf),
    /// The rows are there, and what says which of them are in which version is not.
    #[error(
        "{} is missing, and the rows in lake/ cannot be read without it; restore it from a backup, or move lake/ away and import everything again",
        .0.display()
    )]
    MissingCatalog(PathBuf),
    /// The folder already holds a lake.
    #[error("{} already holds a lake (tenure.db); import into it, or choose another folder", .0.display())]
    Exists(PathBuf),
    /// The lake was written by a newer Tenure.
    #[error(
        "{} has lake format {found}, and this Tenure reads up to {known}; install a newer Tenure",
        path.display()
    )]
    NewerFormat {
        /// The catalogue.
        path: PathBuf,
        /// The format it says it has.
        found: u32,
        /// The newest format this build reads.
        known: u32,
    },
    /// The catalogue is not readable as one of ours.
    #[error("{} is damaged or no Tenure catalogue ({reason}); restore it from a backup", path.display())]
    DamagedCatalog {
        /// The catalogue.
        path: PathBuf,
        /// What was found.
        reason: String,
    },
    /// A data file that the catalogue names is gone.
    #[error(
        "{} is missing, which holds rows of `{table}`; restore the file from a backup, read an older version with --as-of, or delete tenure.db and lake/ and import everything again",
        path.display()
    )]
    MissingFile {
        /// The file.
        path: PathBuf,
        /// The table whose rows it holds.
        table: String,
    },
    /// A data file is not as it was written.
    #[error(
        "{} is damaged ({reason}), which holds rows of `{table}`; restore the file from a backup, read an older version with --as-of, or delete tenure.db and lake/ and import everything again",
        path.display()
    )]
    DamagedFile {
        /// The file.
        path: PathBuf,
        /// The table whose rows it holds.
        table: String,
        /// What was found.
        reason: String,
    },
    /// Somebody else is writing.
    #[error("the lake in {} is being written by {holder}; wait until that ends, then try again", workspace.display())]
    Locked {
        /// The workspace.
        workspace: PathBuf,
        /// Who writes: a process, as far as it told.
        holder: String,
    },
    /// No such version.
    #[error("there is no lake version {asked}: the versions are {first} to {last}")]
    NoVersion {
        /// The version asked for.
        asked: Version,
        /// The first version there is.
        first: Version,
        /// The last version there is.
        last: Version,
    },
    /// Nothing was known at that time.
    #[error("the lake has no version at or before {asked}: its first is version {first}, of {since}")]
    NoVersionAt {
        /// The time asked for.
        asked: Timestamp,
        /// The first version there is.
        first: Version,
        /// When that was committed.
        since: Timestamp,
    },
    /// No table of that name.
    #[error("the lake has no table `{0}`")]
    UnknownTable(String),
    /// One import may stage a table once.
    #[error("table `{0}` is already staged in this import; stage all its rows as one stream, or commit first")]
    StagedTwice(String),
    /// A commit of scores holds what sources brought.
    #[error("a commit of scores holds rows of `{0}`, which is imported; commit them as an import")]
    NotScores(String),
    /// The rows do not have the table's columns.
    #[error("rows for `{table}` do not fit: {reason}")]
    Schema {
        /// The table.
        table: String,
        /// What does not fit.
        reason: String,
    },
    /// A row lacks a part of its key.
    #[error("record {row} of {file} has no `{column}`, which is in the key of `{table}`")]
    NullKey {
        /// The table.
        table: String,
        /// The key column.
        column: String,
        /// The file the row came from.
        file: String,
        /// Its record number there.
        row: i64,
    },
    /// No room left.
    #[error("no space left on the disk of {}; nothing was committed: free some space, then import again", .0.display())]
    DiskFull(PathBuf),
    /// A file operation failed.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The catalogue's database refused.
    #[error("the catalogue tenure.db: {0}")]
    Catalog(#[from] sqlx::Error),
    /// The lake's library refused.
    #[error("the lake: {0}")]
    Lake(#[source] DuckLakeError),
    /// The library waits for its database within calls that are not async, and would wait for ever.
    #[error("the lake needs a multi-threaded tokio runtime: in a test, `#[tokio::test(flavor = \"multi_thread\")]`")]
    Runtime,
    /// A task of ours ended before it was done.
    #[error("reading the lake was cut short: {0}")]
    Task(String),
    /// Reading or sorting rows failed.
    #[error("the lake's rows: {0}")]
    Rows(#[from] DataFusionError),
}

impl From<DuckLakeError> for LakeError {
    fn from(error: DuckLakeError) -> Self {
        match error {
            DuckLakeError::DataFusion(error) => Self::Rows(error),
            DuckLakeError::Sqlx(error) => Self::Catalog(error),
            error => Self::Lake(error),
        }
    }
}

impl From<arrow::error::ArrowError> for LakeError {
    fn from(error: arrow::error::ArrowError) -> Self {
        Self::Rows(error.into())
    }
}

impl LakeError {
    /// Names the file or folder an operation of the system failed on.
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }

    /// Says a full disk plainly, however deep in the cause it is told.
    pub(crate) fn or_disk_full(self, place: &Path) -> Self {
        if is_disk_full(&self) { Self::DiskFull(place.to_owned()) } else { self }
    }
}

fn is_disk_full(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref::<std::io::Error>()
            && io.kind() == std::io::ErrorKind::StorageFull
        {
            return true;
        }
        // `database or disk is full` is SQLite's code 13.
        if let Some(sqlx::Error::Database(error)) = error.downcast_ref::<sqlx::Error>()
            && error.code().as_deref() == Some("13")
        {
            return true;
        }
        cause = error.source();
    }
    // Parquet and Arrow keep only the text of an I/O error.
    error.to_string().contains("No space left on device")
}
