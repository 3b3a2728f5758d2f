//! What can be wrong with a file that a person writes, told so that it can be mended.

use std::fmt;

/// One thing wrong in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, as the user knows it.
    pub file: String,
    /// The key in it, such as `state.responses`; empty for the whole file.
    pub key: String,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
}

impl Problem {
    /// A problem at a key of a file, with its remedy.
    pub fn new(file: &str, key: impl Into<String>, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { file: file.to_owned(), key: key.into(), what: what.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, key, what, remedy } = self;
        write!(f, "{file}: ")?;
        if !key.is_empty() {
            write!(f, "{key}: ")?;
        }
        write!(f, "{what}\n  hint: {remedy}")
    }
}

/// All that is wrong with some files: every problem at once, not the first alone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Problems {
    /// The problems, by file.
    pub problems: Vec<Problem>,
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.problems.iter().map(Problem::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Problem, Problems};

    #[test]
    fn each_problem_names_its_place_and_brings_its_hint() {
        let problems = vec![
            Problem::new("metrics/x.toml", "state.n", "`cnt` is no aggregate", "write `count`"),
            Problem::new("health/y.toml", "", "has no group", "add a [[group]]"),
        ];
        let told = "metrics/x.toml: state.n: `cnt` is no aggregate\n  hint: write `count`\n\
                    health/y.toml: has no group\n  hint: add a [[group]]";
        assert_eq!(Problems { problems }.to_string(), told);
    }
}
