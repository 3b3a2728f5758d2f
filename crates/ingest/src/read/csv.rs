//! Delimited text.

use super::batch::Gather;
use super::bytes::LONGEST_RECORD;
use super::decode::{not_utf8, open_text, read_problem};
use super::{Relation, Sink, Watch};
use crate::error::Problem;
use crate::source::{Csv, Delimiter, FileSet, InputFile};
use csv::ByteRecord;
use std::collections::HashMap;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

type Reader = csv::Reader<Guard<Box<dyn Read + Send>>>;

/// The columns that the file's first record names.
pub(super) fn header(file: &InputFile, set: &FileSet, options: &Csv) -> Result<Vec<String>, Problem> {
    let Delimiter::Byte(delimiter) = options.delimiter else { return Ok(Vec::new()) };
    let (mut reader, _) = open(file, options, delimiter, &Watch::default())?;
    read_header(&mut reader, file, set)
}

/// The names of `columns = […]`, none twice.
pub(super) fn named_columns(set: &FileSet, columns: &[String]) -> Result<Vec<String>, Problem> {
    name_columns(&format!("{}.columns", set.place), columns.iter().map(String::as_str), "give each its own name")
}

/// Column names as SQL sees them: trimmed, an empty one numbered, none twice.
pub(super) fn name_columns<'a>(
    place: &str,
    names: impl Iterator<Item = &'a str>,
    remedy: &str,
) -> Result<Vec<String>, Problem> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut out = Vec::new();
    for (index, name) in names.enumerate() {
        let number = index + 1;
        let name = match name.trim() {
            "" => format!("column_{number}"),
            name => name.to_owned(),
        };
        if let Some(first) = seen.insert(name.clone(), number) {
            let problem = format!("columns {first} and {number} are both named '{name}'");
            return Err(Problem::new(place, problem, remedy));
        }
        out.push(name);
    }
    Ok(out)
}

/// How to get round a header that names a column twice.
pub(super) const TWICE: &str =
    "rename one in the file, or use header = false with columns = […] and leave the first row out in SQL";

fn read_header(reader: &mut Reader, file: &InputFile, set: &FileSet) -> Result<Vec<String>, Problem> {
    let mut record = ByteRecord::new();
    let more = reader.read_byte_record(&mut record).map_err(|error| problem(file, set, error))?;
    if !more {
        return Err(Problem::new(
            &file.name,
            "is empty: there is no header",
            "export it again, or take it out of the path",
        ));
    }
    let line = record.position().map_or(1, csv::Position::line);
    let names: Result<Vec<&str>, _> = record.iter().map(std::str::from_utf8).collect();
    let names = names.map_err(|_| not_utf8(file, set, line, record.as_slice()))?;
    name_columns(&format!("{}:{line}", file.name), names.into_iter(), TWICE)
}

/// Reads one file; false: nobody wants more.
pub(super) fn read(
    relation: &Relation,
    file: &InputFile,
    options: &Csv,
    delimiter: u8,
    wanted: &[usize],
    watch: &Watch,
    sink: &mut Sink,
) -> Result<bool, Problem> {
    let set = &relation.set;
    let (mut reader, record_start) = open(file, options, delimiter, watch)?;
    let names = match &options.columns {
        Some(columns) => columns.clone(),
        None => read_header(&mut reader, file, set)?,
    };
    let mut gather = Gather::new(relation, file, &names, wanted, &options.null)?;
    let mut record = ByteRecord::new();
    let mut row = 0;
    loop {
        record_start.store(reader.position().byte(), Ordering::Relaxed);
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                gather.flush(sink)?;
                return Err(problem(file, set, error));
            }
        }
        row += 1;
        if let Some(bad) = push(&mut gather, &record, row, names.len(), file, set, options) {
            watch.bad_record(&file.name, row, bad)?;
        }
        if gather.is_full() && !gather.flush(sink)? {
            return Ok(false);
        }
    }
    gather.flush(sink)
}

/// Adds the record, or says what is wrong with it.
fn push(
    gather: &mut Gather,
    record: &ByteRecord,
    row: i64,
    width: usize,
    file: &InputFile,
    set: &FileSet,
    options: &Csv,
) -> Option<Problem> {
    let line = || record.position().map_or(0, csv::Position::line);
    if record.len() != width {
        return Some(ragged(file, line(), record.len(), width, options.columns.is_some()));
    }
    // One check for all fields; that each begins and ends between characters is checked when it is cut out.
    let Ok(text) = std::str::from_utf8(record.as_slice()) else {
        return Some(not_utf8(file, set, line(), record.as_slice()));
    };
    let cut = |field: usize| record.range(field).and_then(|range| text.get(range));
    if !text.is_ascii() && (0..width).any(|field| cut(field).is_none()) {
        return Some(not_utf8(file, set, line(), record.as_slice()));
    }
    gather.push(row, cut);
    None
}

/// The problem of a record with too few or too many fields.
pub(super) fn ragged(file: &InputFile, line: u64, found: usize, expected: usize, named: bool) -> Problem {
    let who = if named { "columns names" } else { "the header has" };
    let fields = if found == 1 { "field" } else { "fields" };
    Problem::new(
        format!("{}:{line}", file.name),
        format!("{found} {fields} where {who} {expected}"),
        "mend the line, check delimiter and quote, or leave it out with --keep-good (nothing was committed)",
    )
}

fn open(file: &InputFile, options: &Csv, delimiter: u8, watch: &Watch) -> Result<(Reader, Arc<AtomicU64>), Problem> {
    let inner = open_text(file, options.encoding, watch)?;
    let record_start = Arc::new(AtomicU64::new(0));
    let guard = Guard { inner, delivered: 0, record_start: record_start.clone() };
    let mut builder = csv::ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(delimiter).buffer_capacity(1 << 18);
    match options.quote {
        Some(quote) => builder.quote(quote),
        None => builder.quoting(false),
    };
    Ok((builder.from_reader(guard), record_start))
}

fn problem(file: &InputFile, set: &FileSet, error: csv::Error) -> Problem {
    let line = error.position().map(csv::Position::line);
    match error.into_kind() {
        csv::ErrorKind::Io(error) if error.get_ref().is_some_and(|inner| inner.is::<TooLong>()) => Problem::new(
            line.map_or_else(|| file.name.clone(), |line| format!("{}:{line}", file.name)),
            format!("a record is longer than {} MiB", LONGEST_RECORD >> 20),
            "close the quote that was left open, or set quote = \"\" if quotes are plain characters",
        ),
        csv::ErrorKind::Io(error) => read_problem(file, set, &error),
        other => Problem::new(&file.name, format!("cannot be read: {other:?}"), "export it again"),
    }
}

#[derive(Debug, thiserror::Error)]
#[error("record too long")]
struct TooLong;

/// Stops a reading whose record does not end.
struct Guard<R> {
    inner: R,
    delivered: u64,
    record_start: Arc<AtomicU64>,
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.delivered.saturating_sub(self.record_start.load(Ordering::Relaxed)) > LONGEST_RECORD {
            return Err(io::Error::new(io::ErrorKind::InvalidData, TooLong));
        }
        let read = self.inner.read(buffer)?;
        self.delivered += read as u64;
        Ok(read)
    }
}
