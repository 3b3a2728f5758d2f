//! Which files a path or glob names now.

use super::FileSet;
use crate::problem::Problem;
use std::path::{Path, PathBuf};

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its name in messages and in the column `_file`: relative to the workspace where it lies inside.
    pub name: String,
    /// Its length in bytes, for progress.
    pub bytes: u64,
}

pub(super) fn resolve(files: &FileSet, root: &Path) -> Result<Vec<InputFile>, Problem> {
    let place = format!("{}.path", files.place);
    let full = root.join(&files.pattern);
    let paths = if is_glob(&files.pattern) { matching(&place, root, &full)? } else { vec![full] };
    let found: Vec<InputFile> = paths
        .into_iter()
        .filter_map(|path| {
            let meta = std::fs::metadata(&path).ok().filter(|meta| meta.is_file())?;
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            Some(InputFile { path, name, bytes: meta.len() })
        })
        .collect();
    if found.is_empty() {
        let problem = if is_glob(&files.pattern) {
            format!("no file matches '{}'", files.pattern)
        } else {
            format!("there is no file '{}'", files.pattern)
        };
        return Err(Problem::new(
            place,
            problem,
            "put the export there, or correct the path (it is relative to the workspace)",
        ));
    }
    Ok(found)
}

fn is_glob(pattern: &str) -> bool {
    pattern.contains(['*', '?', '['])
}

fn matching(place: &str, root: &Path, full: &Path) -> Result<Vec<PathBuf>, Problem> {
    // A workspace whose own path holds a bracket is not a pattern.
    let pattern = match full.strip_prefix(root) {
        Ok(rest) => format!("{}/{}", glob::Pattern::escape(&root.to_string_lossy()), rest.to_string_lossy()),
        Err(_) => full.to_string_lossy().into_owned(),
    };
    let bad = |problem: String| Problem::new(place, problem, "correct the pattern, for example 'exports/subs-*.csv'");
    let entries = glob::glob(&pattern).map_err(|error| bad(format!("bad pattern: {error}")))?;
    let mut paths: Vec<PathBuf> = entries.collect::<Result<_, _>>().map_err(|error| bad(error.to_string()))?;
    paths.sort();
    Ok(paths)
}
