//! What can go wrong while a company is made up and written down.

use std::path::{Path, PathBuf};

/// A generator error.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be written.
    #[error("cannot write {}: {source}; choose a folder you may write to", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A date or zone could not be computed.
    #[error("cannot compute a time of the demo company: {0}; is the time-zone database installed?")]
    Time(#[from] jiff::Error),
    /// The options leave no room for the story.
    #[error("{key} = {value} is too few for the demo company; give at least {least}")]
    TooFew {
        /// The option.
        key: &'static str,
        /// What was asked.
        value: usize,
        /// The least that works.
        least: usize,
    },
    /// The options do not name the first of a month.
    #[error("end = {0} is not the first of a month; give one, such as 2026-07-01")]
    NotAMonth(jiff::civil::Date),
}

/// The crate's result.
pub type Result<T> = std::result::Result<T, Error>;

/// Names the file in an I/O error.
pub(crate) fn at(path: &Path) -> impl Fn(std::io::Error) -> Error + use<> {
    let path = path.to_path_buf();
    move |source| Error::Write { path: path.clone(), source }
}
