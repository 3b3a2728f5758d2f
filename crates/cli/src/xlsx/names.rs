//! Names of sheets: legal, short enough and each there once.

/// What a sheet's name may not hold.
const FORBIDDEN: [char; 7] = ['[', ']', ':', '*', '?', '/', '\\'];

/// How many UTF-16 units it may have.
const LONGEST: usize = 31;

/// The names that are taken; Excel keeps one for itself, and tells none apart by case.
#[derive(Debug, Default)]
pub(super) struct Names(Vec<String>);

impl Names {
    /// A name as near to this one as can be.
    pub(super) fn take(&mut self, wanted: &str) -> String {
        let kept = |letter: char| if FORBIDDEN.contains(&letter) || letter.is_control() { ' ' } else { letter };
        let words: String = wanted.chars().map(kept).collect();
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let bare = match words.trim_matches(['\'', ' ']) {
            "" => "Group",
            bare => bare,
        };
        let mut number = 1_usize;
        loop {
            let suffix = if number == 1 { String::new() } else { format!(" ({number})") };
            let name = format!("{}{suffix}", shortened(bare, LONGEST - suffix.len()).trim_end_matches(['\'', ' ']));
            let folded = name.to_lowercase();
            if folded != "history" && !self.0.contains(&folded) {
                self.0.push(folded);
                return name;
            }
            number += 1;
        }
    }
}

/// The beginning of a text that has so many UTF-16 units at most.
pub(super) fn shortened(text: &str, most: usize) -> &str {
    let mut units = 0;
    for (at, letter) in text.char_indices() {
        units += letter.len_utf16();
        if units > most {
            return &text[..at];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_legal_short_and_unlike() {
        let mut names = Names::default();
        assert_eq!(names.take("Board"), "Board");
        assert_eq!(names.take("board"), "board (2)");
        assert_eq!(names.take("a/b: [c]*?\\d"), "a b c d");
        assert_eq!(names.take("'quoted'"), "quoted");
        assert_eq!(names.take("History"), "History (2)");
        assert_eq!(names.take(" ' "), "Group");
        assert_eq!(names.take(""), "Group (2)");
        let long = "a group whose name is longer than a sheet's may be";
        assert_eq!(names.take(long), "a group whose name is longer th");
        assert_eq!(names.take(long), "a group whose name is longe (2)");
        assert_eq!(names.take(&format!("{}x", "'".repeat(40))), "x");
        // A letter outside the basic plane is two units.
        assert_eq!(names.take(&"😀".repeat(20)), "😀".repeat(15));
        assert_eq!(shortened("äb", 1), "ä");
    }
}
