//! Why a file cannot be reconciled.

use tenure_engine::EngineError;

/// Why a file cannot be reconciled.
#[derive(Debug, thiserror::Error)]
pub enum ReconcileError {
    /// The file cannot be opened.
    #[error("{file} cannot be read: {error}; check the name and your right to read it")]
    Unreadable {
        /// The file.
        file: String,
        /// What the system says.
        error: std::io::Error,
    },
    /// Something in the file is wrong.
    #[error("{place}: {problem}; {remedy}")]
    File {
        /// File, line and column, as far as they are known.
        place: String,
        /// What is wrong.
        problem: String,
        /// What to do.
        remedy: String,
    },
    /// Our own figure is not known.
    #[error("our own {metric} is not known: {reason}; `tenure explain {metric}` says what it rests on")]
    NoFigure {
        /// The metric.
        metric: String,
        /// Why it has no value.
        reason: String,
    },
    /// Our rows do not tell what the comparison needs.
    #[error("{metric}: {problem}; {remedy}")]
    Definition {
        /// The metric.
        metric: String,
        /// What is wrong.
        problem: String,
        /// What to do.
        remedy: String,
    },
    /// A question that the engine cannot answer.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Columnar data was not of the expected shape.
    #[error(transparent)]
    Arrow(#[from] arrow::error::ArrowError),
}

impl ReconcileError {
    /// Something wrong in the file.
    pub(crate) fn file(place: impl Into<String>, problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::File { place: place.into(), problem: problem.into(), remedy: remedy.into() }
    }
}
