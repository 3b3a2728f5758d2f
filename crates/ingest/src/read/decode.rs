//! Text in any encoding to UTF-8, stopping where the bytes are not in the stated encoding.

use super::Watch;
use super::bytes::{open, unreadable};
use crate::error::Problem;
use crate::source::{FileSet, InputFile};
use encoding_rs::{DecoderResult, Encoding, UTF_8};
use std::io::{self, Read};

/// A file as UTF-8. Bytes stated to be UTF-8 pass through unchecked: whoever makes text of a record checks it there, and can
/// name the record.
pub(super) fn open_text(
    file: &InputFile,
    stated: &'static Encoding,
    watch: &Watch,
) -> Result<Box<dyn Read + Send>, Problem> {
    let mut reader = open(file, watch)?;
    let mut head = Vec::with_capacity(3);
    reader.by_ref().take(3).read_to_end(&mut head).map_err(|error| unreadable(file, &error))?;
    let (encoding, mark) = Encoding::for_bom(&head).unwrap_or((stated, 0));
    let whole = io::Cursor::new(head.split_off(mark)).chain(reader);
    if encoding == UTF_8 {
        return Ok(Box::new(whole));
    }
    Ok(Box::new(Decode {
        inner: whole,
        decoder: encoding.new_decoder_without_bom_handling(),
        input: vec![0; 1 << 16],
        at: 0,
        filled: 0,
        ended: false,
        finished: false,
        line: 1,
        malformed: false,
    }))
}

/// The problem of a failed reading, with the line where that is known.
pub(super) fn read_problem(file: &InputFile, set: &FileSet, error: &io::Error) -> Problem {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<NotInEncoding>()) {
        Some(bad) => Problem::new(
            format!("{}:{}", file.name, bad.line),
            format!("the bytes are not {}", bad.encoding.to_ascii_lowercase()),
            encoding_remedy(set),
        ),
        None => unreadable(file, error),
    }
}

/// The problem of a record that is not UTF-8.
pub(super) fn not_utf8(file: &InputFile, set: &FileSet, line: u64, record: &[u8]) -> Problem {
    let bad = std::str::from_utf8(record).err().and_then(|error| record.get(error.valid_up_to()));
    let problem = match bad {
        Some(byte) => format!("the byte 0x{byte:02X} is not utf-8"),
        None => "the bytes are not utf-8".to_owned(),
    };
    Problem::new(format!("{}:{line}", file.name), problem, encoding_remedy(set))
}

fn encoding_remedy(set: &FileSet) -> String {
    format!("state the file's encoding, such as encoding = \"windows-1252\", in {}", set.place)
}

#[derive(Debug, thiserror::Error)]
#[error("line {line}: not {encoding}")]
struct NotInEncoding {
    line: u64,
    encoding: &'static str,
}

struct Decode<R> {
    inner: R,
    decoder: encoding_rs::Decoder,
    input: Vec<u8>,
    at: usize,
    filled: usize,
    ended: bool,
    finished: bool,
    line: u64,
    malformed: bool,
}

impl<R: Read> Read for Decode<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.malformed {
                let encoding = self.decoder.encoding().name();
                return Err(io::Error::new(io::ErrorKind::InvalidData, NotInEncoding { line: self.line, encoding }));
            }
            if self.finished || out.is_empty() {
                return Ok(0);
            }
            if self.at == self.filled && !self.ended {
                self.filled = self.inner.read(&mut self.input)?;
                self.at = 0;
                self.ended = self.filled == 0;
            }
            let input = self.input.get(self.at..self.filled).unwrap_or_default();
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(input, out, self.ended);
            self.at += read;
            self.line += out.iter().take(written).filter(|byte| **byte == b'\n').count() as u64;
            match result {
                DecoderResult::Malformed(..) => self.malformed = true,
                DecoderResult::InputEmpty => self.finished = self.ended,
                DecoderResult::OutputFull => {}
            }
            if written > 0 {
                return Ok(written);
            }
        }
    }
}
