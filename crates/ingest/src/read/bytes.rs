//! Bytes of a file, unpacked and counted.

use super::Watch;
use crate::error::Problem;
use crate::source::InputFile;
use std::fs::File;
use std::io::{self, Read};

/// One record may not be longer than this: an unclosed quote would otherwise swallow the file.
pub(super) const LONGEST_RECORD: u64 = 64 << 20;

/// Opens a file, unpacked by its ending.
pub(super) fn open(file: &InputFile, watch: &Watch) -> Result<Box<dyn Read + Send>, Problem> {
    let raw = File::open(&file.path).map_err(|error| unreadable(file, &error))?;
    let counted = Counted { inner: raw, watch: watch.clone() };
    let lower = file.name.to_ascii_lowercase();
    Ok(if lower.ends_with(".gz") {
        Box::new(flate2::read::MultiGzDecoder::new(io::BufReader::with_capacity(1 << 16, counted)))
    } else if lower.ends_with(".zst") {
        Box::new(zstd::stream::read::Decoder::new(counted).map_err(|error| unreadable(file, &error))?)
    } else {
        Box::new(counted)
    })
}

/// The problem of a file that cannot be opened or read on.
pub(super) fn unreadable(file: &InputFile, error: &io::Error) -> Problem {
    let remedy = match error.kind() {
        io::ErrorKind::PermissionDenied => "give yourself the right to read it",
        _ => "check that the file is whole, and export it again if not",
    };
    Problem::new(&file.name, format!("cannot be read: {error}"), remedy)
}

struct Counted<R> {
    inner: R,
    watch: Watch,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.watch.add_bytes(read as u64);
        Ok(read)
    }
}
