//! How deeply a TOML text nests. Its reader recurses for each level, and a key of many parts in each of many inline tables makes
//! thousands of levels out of a small file, more than a stack holds.

/// No file of a workspace nests this deeply; each bracket may hold keys of as many parts.
const DEEPEST: usize = 16;

/// Why a TOML text is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} is nested too deeply, more than {DEEPEST} brackets in each other or parts of a key")]
pub struct TooDeep {
    /// The line, from 1.
    pub line: usize,
}

/// Whether a text nests as a file of a workspace may. What is no TOML is left for its reader to tell.
pub fn check(text: &str) -> Result<(), TooDeep> {
    let (mut brackets, mut parts) = (0_usize, 0_usize);
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let length = token(rest);
        match rest.as_bytes().first() {
            Some(b'[' | b'{') => (brackets, parts) = (brackets + 1, 0),
            Some(b']' | b'}') => brackets = brackets.saturating_sub(1),
            Some(b'.') => parts += 1,
            Some(b'=' | b',' | b'\n') => parts = 0,
            _ => {}
        }
        if brackets > DEEPEST || parts > DEEPEST {
            return Err(TooDeep { line: text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1 });
        }
        at += length;
    }
    Ok(())
}

/// The length of what a text begins with: a whole string or comment, or one character.
fn token(rest: &str) -> usize {
    let first = rest.chars().next().map_or(1, char::len_utf8);
    let closed = |open: usize, end: &str, escapes: bool| {
        let mut at = open;
        while let Some(rest) = rest.get(at..).filter(|rest| !rest.is_empty()) {
            if rest.starts_with(end) {
                return at + end.len();
            }
            let character = rest.chars().next().map_or(1, char::len_utf8);
            let escaped = rest.chars().nth(1).map_or(0, char::len_utf8);
            at += if escapes && rest.starts_with('\\') { character + escaped } else { character };
        }
        at
    };
    // A string of one line ends with it, closed or not.
    let line = rest.find('\n').unwrap_or(rest.len());
    match rest.as_bytes().first() {
        Some(b'#') => line,
        Some(b'"') if rest.starts_with("\"\"\"") => closed(3, "\"\"\"", true),
        Some(b'\'') if rest.starts_with("'''") => closed(3, "'''", false),
        Some(b'"') => closed(1, "\"", true).min(line),
        Some(b'\'') => closed(1, "'", false).min(line),
        _ => first,
    }
}

#[cfg(test)]
mod tests {
    use super::{TooDeep, check};

    #[test]
    fn brackets_and_parts_of_keys_count_outside_texts() {
        for fine in [
            "",
            "a = [[1.5, 2.5], { b.c = \"((((((((((((((((((((((\" }]",
            "sql = '''\n[[[[[[[[[[[[[[[[[[[[ ............................\n'''",
            "a = \"\"\"\\\"\"\"[[[[[[[[[[[[[[[[[[[[[[[[[\"\"\"",
            "a = \"\\\\\"\nb = \"é[[[[[[[[[[[[[[[[[[[[[[[[\" # [[[[[[[[[[[[[[[[[[[[[[[[",
        ] {
            assert_eq!(check(fine), Ok(()), "{fine}");
        }
        assert_eq!(check(&format!("x = 1\na = {}", "[".repeat(17))), Err(TooDeep { line: 2 }));
        assert_eq!(check(&format!("{}a = 1", "a.".repeat(17))), Err(TooDeep { line: 1 }));
    }
}
