//! What a reading tells while it runs, and what it may pass over.

use crate::error::Problem;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A record that could not be read, passed over because good rows are to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRecord {
    /// The file.
    pub file: String,
    /// The number of the record in it.
    pub row: i64,
    /// What is wrong, the line named.
    pub reason: String,
    /// What to do about it.
    pub remedy: String,
}

/// Shared between a reader, which writes, and whoever reports its progress.
#[derive(Debug, Clone, Default)]
pub struct Watch(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    bytes: AtomicU64,
    keep_good: bool,
    bad: Mutex<Vec<BadRecord>>,
    problems: Mutex<Vec<Problem>>,
    broken: Mutex<BTreeSet<String>>,
    passed_over: AtomicBool,
}

impl Watch {
    /// A watch; with `keep_good` bad records and files are noted and passed over.
    pub fn new(keep_good: bool) -> Self {
        Watch(Arc::new(Inner { keep_good, ..Inner::default() }))
    }

    /// Bytes of files read so far.
    pub fn bytes(&self) -> u64 {
        self.0.bytes.load(Ordering::Relaxed)
    }

    /// The records passed over since this was last asked.
    pub fn take_bad(&self) -> Vec<BadRecord> {
        std::mem::take(&mut *lock(&self.0.bad))
    }

    /// The problems passed over since this was last asked.
    pub fn take_problems(&self) -> Vec<Problem> {
        std::mem::take(&mut *lock(&self.0.problems))
    }

    pub(crate) fn keep_good(&self) -> bool {
        self.0.keep_good
    }

    pub(crate) fn add_bytes(&self, bytes: u64) {
        self.0.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn set_bytes(&self, bytes: u64) {
        self.0.bytes.store(bytes, Ordering::Relaxed);
    }

    /// The files that could not be read to their end.
    pub fn broken_files(&self) -> BTreeSet<String> {
        lock(&self.0.broken).clone()
    }

    /// Whether a record or the rest of a file was passed over.
    pub fn passed_over(&self) -> bool {
        self.0.passed_over.load(Ordering::Relaxed)
    }

    /// Passes over what is left of a file.
    pub(crate) fn broken(&self, file: &str, problem: Problem) {
        lock(&self.0.problems).push(problem);
        lock(&self.0.broken).insert(file.to_owned());
        self.0.passed_over.store(true, Ordering::Relaxed);
    }

    /// Passes a bad record over, or makes it the error that stops the reading.
    pub(crate) fn bad_record(&self, file: &str, row: i64, problem: Problem) -> Result<(), Problem> {
        if !self.0.keep_good {
            return Err(problem);
        }
        let line = problem.place.strip_prefix(file).and_then(|rest| rest.strip_prefix(':')).unwrap_or_default();
        let reason = format!("line {line}: {}", problem.problem);
        self.0.passed_over.store(true, Ordering::Relaxed);
        lock(&self.0.bad).push(BadRecord { file: file.to_owned(), row, reason, remedy: problem.remedy });
        Ok(())
    }
}

/// A list is whole after every push, so a panic elsewhere does not spoil it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
