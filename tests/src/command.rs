//! The `tenure` command, run as a person or a script runs it.

use crate::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The command's executable, built beside the tests: `cargo test --workspace` builds it before any of them runs.
pub fn tenure() -> Result<PathBuf, Error> {
    let test = std::env::current_exe()?;
    let folder = test.parent().and_then(Path::parent).ok_or("the test stands in no build folder")?;
    let executable = folder.join(format!("tenure{}", std::env::consts::EXE_SUFFIX));
    match executable.is_file() {
        true => Ok(executable),
        false => Err(format!("{} is not built: cargo build --bin tenure", executable.display()).into()),
    }
}

/// The command in a folder, without colours and 100 columns wide.
pub fn command(folder: &Path, arguments: &[&str]) -> Result<Command, Error> {
    let mut command = Command::new(tenure()?);
    command.current_dir(folder).env("COLUMNS", "100").env_remove("NO_COLOR").args(arguments);
    Ok(command)
}

/// How a run ended, and what it wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// Its exit code; none: a signal ended it.
    pub code: Option<i32>,
    /// Its output.
    pub out: String,
    /// What it wrote to the side.
    pub err: String,
}

/// Runs the command to its end.
pub fn run(folder: &Path, arguments: &[&str]) -> Result<Ran, Error> {
    let Output { status, stdout, stderr } = command(folder, arguments)?.output()?;
    Ok(Ran { code: status.code(), out: String::from_utf8(stdout)?, err: String::from_utf8(stderr)? })
}

/// What a run that must end well wrote to its output.
pub fn succeed(folder: &Path, arguments: &[&str]) -> Result<String, Error> {
    let ran = run(folder, arguments)?;
    match ran.code {
        Some(0) => Ok(ran.out),
        _ => Err(format!("tenure {} ended with {:?}\n{}{}", arguments.join(" "), ran.code, ran.out, ran.err).into()),
    }
}
