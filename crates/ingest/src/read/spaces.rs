//! Text whose fields stand between runs of spaces.

use super::batch::Gather;
use super::bytes::LONGEST_RECORD;
use super::csv::{TWICE, name_columns, ragged};
use super::decode::{not_utf8, open_text, read_problem};
use super::{Relation, Sink, Watch};
use crate::error::Problem;
use crate::source::{Csv, FileSet, InputFile};
use encoding_rs::Encoding;
use std::io::{BufRead, BufReader, Read};

/// Lines of a file, none longer than a record may be.
pub(super) struct Lines<'a> {
    reader: BufReader<Box<dyn Read + Send>>,
    file: &'a InputFile,
    set: &'a FileSet,
    /// The 1-based number of the line in `text`.
    pub number: u64,
    /// The line, without its end.
    pub text: Vec<u8>,
}

impl<'a> Lines<'a> {
    pub fn open(
        file: &'a InputFile,
        set: &'a FileSet,
        encoding: &'static Encoding,
        watch: &Watch,
    ) -> Result<Self, Problem> {
        let reader = BufReader::with_capacity(1 << 18, open_text(file, encoding, watch)?);
        Ok(Lines { reader, file, set, number: 0, text: Vec::new() })
    }

    /// Goes to the next line that is not blank.
    pub fn next(&mut self) -> Result<bool, Problem> {
        loop {
            self.text.clear();
            let mut limited = self.reader.by_ref().take(LONGEST_RECORD + 1);
            let read = limited.read_until(b'\n', &mut self.text);
            let read = read.map_err(|error| read_problem(self.file, self.set, &error))?;
            if read == 0 {
                return Ok(false);
            }
            self.number += 1;
            if read as u64 > LONGEST_RECORD {
                let place = format!("{}:{}", self.file.name, self.number);
                let problem = format!("a line is longer than {} MiB", LONGEST_RECORD >> 20);
                return Err(Problem::new(place, problem, "check that this is text with one record a line"));
            }
            while self.text.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
                self.text.pop();
            }
            if !self.text.trim_ascii().is_empty() {
                return Ok(true);
            }
        }
    }

    /// The line as text.
    pub fn as_str(&self) -> Result<&str, Problem> {
        std::str::from_utf8(&self.text).map_err(|_| not_utf8(self.file, self.set, self.number, &self.text))
    }
}

/// The columns that the first line names.
pub(super) fn header(file: &InputFile, set: &FileSet, options: &Csv) -> Result<Vec<String>, Problem> {
    let mut lines = Lines::open(file, set, options.encoding, &Watch::default())?;
    read_header(&mut lines, file)
}

fn read_header(lines: &mut Lines, file: &InputFile) -> Result<Vec<String>, Problem> {
    if !lines.next()? {
        return Err(Problem::new(
            &file.name,
            "is empty: there is no header",
            "export it again, or take it out of the path",
        ));
    }
    let place = format!("{}:{}", file.name, lines.number);
    name_columns(&place, fields(lines.as_str()?), TWICE)
}

fn fields(line: &str) -> impl Iterator<Item = &str> {
    line.split([' ', '\t']).filter(|field| !field.is_empty())
}

/// Reads one file; false: nobody wants more.
pub(super) fn read(
    relation: &Relation,
    file: &InputFile,
    options: &Csv,
    wanted: &[usize],
    watch: &Watch,
    sink: &mut Sink,
) -> Result<bool, Problem> {
    let mut lines = Lines::open(file, &relation.set, options.encoding, watch)?;
    let names = match &options.columns {
        Some(columns) => columns.clone(),
        None => read_header(&mut lines, file)?,
    };
    let mut gather = Gather::new(relation, file, &names, wanted, &options.null)?;
    let mut row = 0;
    loop {
        match lines.next() {
            Ok(true) => {}
            Ok(false) => break,
            Err(problem) => {
                gather.flush(sink)?;
                return Err(problem);
            }
        }
        row += 1;
        match lines.as_str() {
            Ok(text) => {
                let found: Vec<&str> = fields(text).collect();
                if found.len() == names.len() {
                    gather.push(row, |field| found.get(field).copied());
                } else {
                    let bad = ragged(file, lines.number, found.len(), names.len(), options.columns.is_some());
                    watch.bad_record(&file.name, row, bad)?;
                }
            }
            Err(bad) => watch.bad_record(&file.name, row, bad)?,
        }
        if gather.is_full() && !gather.flush(sink)? {
            return Ok(false);
        }
    }
    gather.flush(sink)
}
