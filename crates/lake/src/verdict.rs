//! What becomes of rows.

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Its key was unknown.
    Accepted,
    /// Its key was known, its content is new.
    Updated,
    /// Its key was known, and so was its content.
    Duplicate,
    /// Its key is no longer in its source.
    Removed,
}

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowVerdict {
    /// Its file.
    pub file: String,
    /// Its record number there.
    pub row: i64,
    /// What became of it.
    pub verdict: Verdict,
}

/// What became of the rows of a table: accepted, updated and duplicate add up to the rows staged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdicts {
    /// Rows with a key that was unknown.
    pub accepted: u64,
    /// Rows with a known key and a new content.
    pub updated: u64,
    /// Rows with a known key and the same content.
    pub duplicate: u64,
    /// Keys that a snapshot source no longer holds.
    pub removed: u64,
    /// What became of each row, as far as [`crate::Writer::list_rows`] asked for.
    pub rows: Vec<RowVerdict>,
}

/// Counts verdicts, and lists the first ones.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub verdicts: Verdicts,
    limit: usize,
}

impl Tally {
    /// A tally that lists up to so many rows.
    pub fn listing(limit: usize) -> Self {
        Self { verdicts: Verdicts::default(), limit }
    }

    pub fn count(&mut self, verdict: Verdict, file: String, row: i64) {
        self.add(verdict, || (file, row));
    }

    /// Counts a row whose place is only asked for when it is listed.
    pub fn add(&mut self, verdict: Verdict, place: impl FnOnce() -> (String, i64)) {
        let count = match verdict {
            Verdict::Accepted => &mut self.verdicts.accepted,
            Verdict::Updated => &mut self.verdicts.updated,
            Verdict::Duplicate => &mut self.verdicts.duplicate,
            Verdict::Removed => &mut self.verdicts.removed,
        };
        *count += 1;
        if self.verdicts.rows.len() < self.limit {
            let (file, row) = place();
            self.verdicts.rows.push(RowVerdict { file, row, verdict });
        }
    }
}
