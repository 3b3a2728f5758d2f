//! Lists `metrics/*.toml`, `derived/*.sql` and `checks/*.toml`, so that adding a metric is adding a file.

use std::fmt::Write;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    let mut code = String::new();
    for (list, folder, ending) in
        [("METRICS", "metrics", "toml"), ("DERIVED", "derived", "sql"), ("CHECKS", "checks", "toml")]
    {
        println!("cargo::rerun-if-changed={folder}");
        let mut files = files_in(&Path::new(&root).join(folder), ending)?;
        files.sort();
        let _ = writeln!(code, "const {list}: &[(&str, &str)] = &[");
        for (name, path) in files {
            let _ = writeln!(code, "    ({name:?}, include_str!({path:?})),");
        }
        code.push_str("];\n");
    }
    fs::write(Path::new(&out).join("builtin.rs"), code)
}

fn files_in(folder: &Path, ending: &str) -> io::Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|found| found == ending)
            && let Some(name) = path.file_name().and_then(|name| name.to_str())
        {
            files.push((name.to_owned(), path.display().to_string()));
        }
    }
    Ok(files)
}
