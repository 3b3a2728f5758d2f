//! Bytes to text, and what parts its fields.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use std::borrow::Cow;

/// The text of a file: by its byte-order mark, else UTF-8, else as Windows writes Western European; a guess is told.
pub(super) fn decode<'a>(file: &str, bytes: &'a [u8]) -> (Cow<'a, str>, Vec<String>) {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return (encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default()).0, Vec::new());
    }
    match UTF_8.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => (text, Vec::new()),
        None => {
            let note = format!("{file} is not UTF-8 and was read as windows-1252");
            (WINDOWS_1252.decode_without_bom_handling(bytes).0, vec![note])
        }
    }
}

/// What parts the fields of the first line, the text from its header on, and the lines before that.
pub(super) fn delimiter(text: &str) -> (u8, &str, u64) {
    let first = text.lines().next().unwrap_or_default();
    // Spreadsheets may say it in a line of its own.
    if let Some(&stated) = first.trim().strip_prefix("sep=").and_then(|rest| rest.as_bytes().first()) {
        return (stated, text.split_once('\n').map_or("", |(_, rest)| rest), 1);
    }
    let often = |delimiter: &u8| {
        let mut quoted = false;
        let outside = first.bytes().filter(|byte| {
            quoted ^= *byte == b'"';
            !quoted && byte == delimiter
        });
        outside.count()
    };
    // Of two as frequent the later one in this list counts: a comma where nothing parts the fields.
    let delimiter = [b'|', b'\t', b';', b','].into_iter().max_by_key(often).unwrap_or(b',');
    (delimiter, text, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_tells_what_parts_fields() {
        assert_eq!(delimiter("a;b;\"c,d,e\"\n1;2;3").0, b';');
        assert_eq!(delimiter("a\tb\n").0, b'\t');
        assert_eq!(delimiter("a").0, b',');
        assert_eq!(delimiter("sep=;\na;b\n"), (b';', "a;b\n", 1));
    }

    #[test]
    fn encodings() {
        assert_eq!(decode("f", b"\xEF\xBB\xBFa").0, "a");
        assert_eq!(decode("f", b"\xFF\xFEa\0").0, "a");
        let (text, notes) = decode("f.csv", b"5 \x80");
        assert_eq!(
            (text.as_ref(), notes.as_slice()),
            ("5 €", ["f.csv is not UTF-8 and was read as windows-1252".to_owned()].as_slice())
        );
    }
}
