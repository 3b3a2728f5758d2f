//! What stops an import: every message names the place, what is wrong there, and what to do.

/// Something wrong with a source, one of its files or its mapping.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}; {remedy}")]
pub struct Problem {
    /// File, line and key, as far as they are known.
    pub place: String,
    /// What is wrong.
    pub problem: String,
    /// What the user can do about it.
    pub remedy: String,
}

impl Problem {
    /// A problem at a place, with its remedy.
    pub fn new(place: impl Into<String>, problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Problem { place: place.into(), problem: problem.into(), remedy: remedy.into() }
    }
}
