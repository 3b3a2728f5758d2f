//! What an import's rows mean to the rows the lake has: new, new content, nothing new, or gone.

use crate::error::Result;
use crate::layout::Layout;
use crate::stage::file::{Bound, LakeFile, RowGroup};
use crate::stage::keys::{Content, Contents, Keys, column};
use crate::stage::spool::{Spool, SpoolWriter};
use crate::stage::touched::Touched;
use crate::stage::unique::{FIRST, First, place};
use crate::verdict::{Tally, Verdict};
use arrow::array::{Array, AsArray, BooleanArray, RecordBatch};
use arrow::compute::{cast, filter_record_batch};
use arrow::datatypes::DataType;
use arrow::row::{OwnedRow, Row, Rows};
use std::collections::BTreeMap;
use std::path::Path;

/// How many keys are held in memory at a time.
const CHUNK: usize = 1 << 18;

/// What a commit will do to a table.
#[derive(Debug)]
pub(crate) struct Changes {
    /// The rows to add; further columns than the table's are to be left out.
    pub rows: Spool,
    /// The positions to delete, by the number of the file in the list given; new ones only.
    pub deletes: BTreeMap<usize, Vec<i64>>,
}

/// What is compared: a table's rows on disk, one a key and in order, with the files that may hold their keys.
pub(crate) struct Comparison<'a> {
    pub layout: &'static Layout,
    pub files: &'a [LakeFile],
    /// The source whose absent keys are removed.
    pub gone: Option<&'a str>,
    pub touched: &'a mut Touched,
    pub tally: &'a mut Tally,
}

/// What a staged row means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    New,
    Same(Content),
    Other(Content),
}

/// Part of the staged rows: a stretch of the key's order.
struct Chunk {
    batches: Vec<RecordBatch>,
    /// The number of the first row of each batch.
    starts: Vec<usize>,
    keys: Rows,
    /// The last key before this stretch; none at the beginning.
    after: Option<OwnedRow>,
    /// Whether no stretch follows.
    last: bool,
    /// Whether keys between the staged ones matter too.
    between: bool,
    contents: Option<Vec<Content>>,
}

/// A row of a lake file that the import says something about: its place in the row group, and the staged row.
type Hit = (usize, Option<usize>);

impl Comparison<'_> {
    /// Compares all rows, and keeps those to add in a spool of their own.
    pub fn run(mut self, staged: Spool, path: &Path) -> Result<Changes> {
        let (keys, contents) = (Keys::of(self.layout)?, Contents::of(self.layout)?);
        let mut deletes: BTreeMap<usize, Vec<i64>> = BTreeMap::new();
        let stored: Vec<usize> = (0..self.layout.schema.fields().len()).collect();
        let files = self.files;
        // With nothing to compare with, all rows stay, where they are.
        let mut kept = match files {
            [] => None,
            _ => Some(SpoolWriter::create(path, self.layout.schema.clone())?),
        };
        let mut next = 0;
        let mut after: Option<OwnedRow> = None;
        loop {
            let mut chunk = self.chunk(&staged, &mut next, after.take(), &keys)?;
            let mut meanings = vec![Meaning::New; chunk.keys.num_rows()];
            for (number, file) in files.iter().enumerate() {
                for group in file.row_groups(&keys, |least, greatest| chunk.may_meet(least, greatest))? {
                    let hits = self.hits(file, group, &mut chunk, &keys)?;
                    let positions = self.judge(file, group, &hits, &mut chunk, &contents, &mut meanings)?;
                    if !positions.is_empty() {
                        deletes.entry(number).or_default().extend(positions);
                    }
                }
            }
            for (batch, start) in chunk.batches.iter().zip(&chunk.starts) {
                let meanings = &meanings[*start..start + batch.num_rows()];
                self.count(batch, meanings);
                let keep = |row: usize| !matches!(meanings[row], Meaning::Same(_));
                self.touched.add(batch, keep)?;
                if let Some(kept) = &mut kept {
                    let mask: BooleanArray = (0..batch.num_rows()).map(|row| Some(keep(row))).collect();
                    kept.write(&filter_record_batch(&batch.project(&stored)?, &mask)?)?;
                }
            }
            if chunk.last {
                break;
            }
            after = chunk.end();
        }
        let rows = match kept {
            None => staged,
            Some(kept) => {
                staged.discard();
                kept.finish()?
            }
        };
        Ok(Changes { rows, deletes })
    }

    /// The next stretch of staged rows. There is one even if there are no rows, for a source may have become empty.
    fn chunk(&self, staged: &Spool, next: &mut usize, after: Option<OwnedRow>, keys: &Keys) -> Result<Chunk> {
        let (mut batches, mut starts, mut count) = (Vec::new(), Vec::new(), 0);
        let mut rows = keys.empty();
        while *next < staged.batches() && count < CHUNK {
            let batch = staged.batch(*next)?;
            let more = keys.rows(&batch)?;
            more.iter().for_each(|row| rows.push(row));
            starts.push(count);
            count += batch.num_rows();
            batches.push(batch);
            *next += 1;
        }
        let last = *next >= staged.batches();
        Ok(Chunk { batches, starts, keys: rows, after, last, between: self.gone.is_some(), contents: None })
    }

    /// The live rows of a row group that the import says something about.
    fn hits(&self, file: &LakeFile, group: RowGroup, chunk: &mut Chunk, keys: &Keys) -> Result<Vec<Hit>> {
        let mut columns = keys.columns().to_vec();
        columns.extend(self.gone.map(|_| "_source".to_owned()));
        let (mut hits, mut place, mut cursor) = (Vec::new(), 0, 0);
        for batch in file.read(group, &columns, None)? {
            let batch = batch?;
            let rows = keys.rows(&batch)?;
            let sources = self.gone.map(|_| column(&batch, "_source", &DataType::Utf8)).transpose()?;
            for (row, key) in rows.iter().enumerate() {
                let position = group.offset + place as i64;
                place += 1;
                if file.is_deleted(position) {
                    continue;
                }
                if let Some(staged) = chunk.find(key, &mut cursor) {
                    hits.push((place - 1, Some(staged)));
                } else if let (Some(gone), Some(sources)) = (self.gone, &sources)
                    && sources.is_valid(row)
                    && sources.as_string::<i32>().value(row) == gone
                    && chunk.spans(key)
                {
                    hits.push((place - 1, None));
                }
            }
        }
        Ok(hits)
    }

    /// Reads the rows that were hit, says what the staged ones mean, and which positions are to be deleted.
    fn judge(
        &mut self,
        file: &LakeFile,
        group: RowGroup,
        hits: &[Hit],
        chunk: &mut Chunk,
        contents: &Contents,
        meanings: &mut [Meaning],
    ) -> Result<Vec<i64>> {
        if hits.is_empty() {
            return Ok(Vec::new());
        }
        let places: Vec<usize> = hits.iter().map(|(place, _)| *place).collect();
        let columns: Vec<String> = self.layout.schema.fields().iter().map(|field| field.name().clone()).collect();
        let (mut positions, mut seen) = (Vec::new(), 0);
        for batch in file.read(group, &columns, Some(&places))? {
            let batch = batch?;
            let hashes = contents.hashes(&batch)?;
            let mut replaced = vec![false; batch.num_rows()];
            for (row, hash) in hashes.iter().enumerate() {
                let (place_in_group, staged) = hits[seen + row];
                match staged {
                    Some(staged) if chunk.contents(contents)?[staged] == *hash => {
                        meanings[staged] = Meaning::Same(*hash)
                    }
                    Some(staged) => {
                        meanings[staged] = Meaning::Other(*hash);
                        replaced[row] = true;
                    }
                    None => {
                        self.tally.add(Verdict::Removed, || lake_place(&batch, row));
                        replaced[row] = true;
                    }
                }
                if replaced[row] {
                    positions.push(group.offset + place_in_group as i64);
                }
            }
            self.touched.add(&batch, |row| replaced[row])?;
            seen += batch.num_rows();
        }
        Ok(positions)
    }

    /// Counts the first row of each key; the later ones were counted when they were found.
    fn count(&mut self, batch: &RecordBatch, meanings: &[Meaning]) {
        let firsts = batch.column_by_name(FIRST).and_then(|firsts| firsts.as_binary_opt::<i32>());
        for (row, meaning) in meanings.iter().enumerate() {
            let first =
                firsts.filter(|firsts| firsts.is_valid(row)).and_then(|firsts| First::from_bytes(firsts.value(row)));
            let verdict = match (meaning, &first) {
                (Meaning::New, _) => Verdict::Accepted,
                (Meaning::Same(_), None) => Verdict::Duplicate,
                (Meaning::Other(_), None) => Verdict::Updated,
                (Meaning::Same(had) | Meaning::Other(had), Some(first)) if first.content == *had => Verdict::Duplicate,
                (_, Some(_)) => Verdict::Updated,
            };
            self.tally.add(verdict, || first.map_or_else(|| place(batch, row), |first| (first.file, first.row)));
        }
    }
}

impl Chunk {
    /// The staged row of a key. Lake files are sorted too, so the search goes on where the last one ended.
    fn find(&self, key: Row<'_>, cursor: &mut usize) -> Option<usize> {
        let count = self.keys.num_rows();
        if *cursor > 0 && self.keys.row(*cursor - 1) >= key {
            *cursor = 0;
        }
        let mut step = 1;
        while *cursor + step <= count && self.keys.row(*cursor + step - 1) < key {
            *cursor += step;
            step *= 2;
        }
        // The key's place is now within the next `step` rows.
        let (mut low, mut high) = (*cursor, (*cursor + step).min(count));
        while low < high {
            let middle = low.midpoint(high);
            if self.keys.row(middle) < key { low = middle + 1 } else { high = middle }
        }
        *cursor = low;
        (low < count && self.keys.row(low) == key).then_some(low)
    }

    /// Whether a key lies in this stretch.
    fn spans(&self, key: Row<'_>) -> bool {
        let begun = self.after.as_ref().is_none_or(|after| key > after.row());
        let count = self.keys.num_rows();
        begun && (self.last || count == 0 || key <= self.keys.row(count - 1))
    }

    /// Its last key.
    fn end(&self) -> Option<OwnedRow> {
        let count = self.keys.num_rows();
        (count > 0).then(|| self.keys.row(count - 1).owned())
    }

    /// Whether rows that matter may be where the first key column has these bounds.
    ///
    /// An encoded key begins with its first column, and no encoded value begins another: so bytes tell.
    fn may_meet(&self, least: Bound<'_>, greatest: Bound<'_>) -> bool {
        let count = self.keys.num_rows();
        let begins_within =
            |key: &[u8]| greatest.is_none_or(|greatest| &key[..key.len().min(greatest.len())] <= greatest);
        if self.between {
            let ends_within = |key: &[u8]| least.is_none_or(|least| key >= least);
            let begun = self.after.as_ref().is_none_or(|after| begins_within(after.row().data()));
            return begun && (self.last || count == 0 || ends_within(self.keys.row(count - 1).data()));
        }
        let (mut low, mut high) = (0, count);
        while low < high && least.is_some() {
            let middle = low.midpoint(high);
            if least.is_some_and(|least| self.keys.row(middle).data() < least) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        low < count && begins_within(self.keys.row(low).data())
    }

    /// What its rows hold, once that is asked for.
    fn contents(&mut self, contents: &Contents) -> Result<&[Content]> {
        if self.contents.is_none() {
            let mut all = Vec::with_capacity(self.keys.num_rows());
            for batch in &self.batches {
                all.extend(contents.hashes(batch)?);
            }
            self.contents = Some(all);
        }
        Ok(self.contents.as_deref().unwrap_or_default())
    }
}

/// Where a row of the lake came from, whatever text type its file has.
fn lake_place(batch: &RecordBatch, row: usize) -> (String, i64) {
    let row = batch.slice(row, 1);
    let files = row.column_by_name("_file").and_then(|files| cast(files, &DataType::Utf8).ok());
    let file = files.filter(|files| files.is_valid(0)).map(|files| files.as_string::<i32>().value(0).to_owned());
    let (_, number) = place(&row, 0);
    (file.unwrap_or_default(), number)
}
