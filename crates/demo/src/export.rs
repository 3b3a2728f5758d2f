//! Files as other systems export them, and the count of what an import should make of each row.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use crate::Result;
use crate::error::at;

/// What an import of everything into an empty lake should count for one table of one source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableCounts {
    /// Source, by the name of its file.
    pub source: &'static str,
    /// Table of the lake.
    pub table: &'static str,
    /// Rows with a new key.
    pub accepted: u64,
    /// Rows with a known key and other content.
    pub updated: u64,
    /// Rows with a known key and the same content.
    pub duplicate: u64,
    /// Rows that cannot be taken.
    pub rejected: u64,
}

impl TableCounts {
    /// All rows.
    pub fn read(&self) -> u64 {
        self.accepted + self.updated + self.duplicate + self.rejected
    }
}

/// What was written.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// Each file of `exports/` and its rows.
    pub files: Vec<(PathBuf, u64)>,
    /// What an import should count.
    pub tables: Vec<TableCounts>,
    /// What each month of usage saw: events, distinct people, distinct accounts.
    pub usage: Vec<(u64, u64, u64)>,
}

impl Summary {
    /// Adds to the counts of a table.
    pub(crate) fn count(&mut self, counts: &TableCounts) {
        let same = |one: &&mut TableCounts| (one.source, one.table) == (counts.source, counts.table);
        let Some(table) = self.tables.iter_mut().find(same) else { return self.tables.push(counts.clone()) };
        table.accepted += counts.accepted;
        table.updated += counts.updated;
        table.duplicate += counts.duplicate;
        table.rejected += counts.rejected;
    }

    /// Rows of all tables and of those rejected.
    pub fn read_and_rejected(&self) -> (u64, u64) {
        self.tables.iter().fold((0, 0), |(read, rejected), one| (read + one.read(), rejected + one.rejected))
    }
}

enum Out {
    Csv(Box<csv::Writer<BufWriter<File>>>),
    /// Field names; those that begin with `#` are numbers or truth values.
    Jsonl(BufWriter<File>, Vec<String>),
}

/// A file being written, whose rows are counted for one table.
pub(crate) struct Sheet {
    out: Out,
    path: PathBuf,
    rows: u64,
    counts: TableCounts,
}

impl Sheet {
    /// A CSV file below `dir`, with a header.
    pub fn csv(
        dir: &Path,
        name: &str,
        delimiter: u8,
        to: (&'static str, &'static str),
        header: &[&str],
    ) -> Result<Self> {
        let (path, file) = create(dir, name)?;
        let writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(file);
        let mut sheet = Self::new(Out::Csv(Box::new(writer)), path, to);
        sheet.write(header)?;
        sheet.rows = 0;
        Ok(sheet)
    }

    /// A JSON Lines file below `dir`.
    pub fn jsonl(dir: &Path, name: &str, to: (&'static str, &'static str), fields: &[&str]) -> Result<Self> {
        let (path, file) = create(dir, name)?;
        let fields = fields.iter().map(ToString::to_string).collect();
        Ok(Self::new(Out::Jsonl(file, fields), path, to))
    }

    fn new(out: Out, path: PathBuf, (source, table): (&'static str, &'static str)) -> Self {
        Self { out, path, rows: 0, counts: TableCounts { source, table, ..TableCounts::default() } }
    }

    /// A row with a new key.
    pub fn accept(&mut self, row: &[&str]) -> Result<()> {
        self.counts.accepted += 1;
        self.write(row)
    }

    /// A row seen before.
    pub fn repeat(&mut self, row: &[&str]) -> Result<()> {
        self.counts.duplicate += 1;
        self.write(row)
    }

    /// A row seen before with other content.
    pub fn correct(&mut self, row: &[&str]) -> Result<()> {
        self.counts.updated += 1;
        self.write(row)
    }

    /// A row nobody can take.
    pub fn reject(&mut self, row: &[&str]) -> Result<()> {
        self.counts.rejected += 1;
        self.write(row)
    }

    /// A row its mapping leaves out, so that no import counts it.
    pub fn aside(&mut self, row: &[&str]) -> Result<()> {
        self.write(row)
    }

    /// Ends the file and adds its counts.
    pub fn close(self, summary: &mut Summary) -> Result<()> {
        let named = at(&self.path);
        match self.out {
            Out::Csv(mut writer) => writer.flush().map_err(&named)?,
            Out::Jsonl(mut writer, _) => writer.flush().map_err(&named)?,
        }
        summary.count(&self.counts);
        summary.files.push((self.path, self.rows));
        Ok(())
    }

    fn write(&mut self, row: &[&str]) -> Result<()> {
        self.rows += 1;
        let written = match &mut self.out {
            Out::Csv(writer) => writer.write_record(row).map_err(std::io::Error::from),
            Out::Jsonl(writer, fields) => {
                let object: Map<String, Value> =
                    fields.iter().zip(row).map(|(field, value)| json(field, value)).collect();
                writeln!(writer, "{}", Value::Object(object))
            }
        };
        written.map_err(at(&self.path))
    }
}

fn json(field: &str, value: &str) -> (String, Value) {
    match field.strip_prefix('#') {
        _ if value.is_empty() => (field.trim_start_matches('#').to_owned(), Value::Null),
        Some(name) => (name.to_owned(), serde_json::from_str(value).unwrap_or_else(|_| Value::from(value))),
        None => (field.to_owned(), Value::from(value)),
    }
}

fn create(dir: &Path, name: &str) -> Result<(PathBuf, BufWriter<File>)> {
    let path = dir.join(name);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(at(folder))?;
    }
    let file = File::create(&path).map_err(at(&path))?;
    Ok((path, BufWriter::new(file)))
}

/// Writes a text file below `dir`.
pub(crate) fn text(dir: &Path, name: &str, content: &str) -> Result<()> {
    let (path, mut file) = create(dir, name)?;
    file.write_all(content.as_bytes()).and_then(|()| file.flush()).map_err(at(&path))
}

/// Cents as money.
pub(crate) fn money(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_and_numbers() {
        assert_eq!(money(-1_205), "-12.05");
        assert_eq!(json("#score", "6.5"), ("score".to_owned(), Value::from(6.5)));
        assert_eq!(json("#score", ""), ("score".to_owned(), Value::Null));
        assert_eq!(json("zip", "01234"), ("zip".to_owned(), Value::from("01234")));
    }
}
