//! Every text of a corpus once more, without a fuzzer: what broke once stays mended.

use std::path::{Path, PathBuf};

/// Calls `check` on every file of the target's corpus and of the project's own `folders`.
pub fn replay(target: &str, folders: &[&str], check: fn(&str)) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let corpus = PathBuf::from("fuzz/corpus").join(target);
    for folder in std::iter::once(corpus.as_path()).chain(folders.iter().map(Path::new)) {
        let entries = std::fs::read_dir(root.join(folder)).expect("a folder of the project");
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a file").path()).collect();
        files.sort();
        assert!(!files.is_empty(), "{} is empty", folder.display());
        for file in files {
            // Shown where the check fails.
            println!("{}", file.display());
            let bytes = std::fs::read(&file).expect("a readable file");
            if let Ok(text) = std::str::from_utf8(&bytes) {
                check(text);
            }
        }
    }
}
