//! Where a workspace keeps its lake, and writing there so that it lasts.

use crate::error::{LakeError, Result};
use std::fs::File;
use std::path::{Path, PathBuf};

/// The files and folders of a lake.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    /// The workspace, as an absolute path.
    pub workspace: PathBuf,
    /// The catalogue.
    pub catalog: PathBuf,
    /// The rows.
    pub data: PathBuf,
    /// Work in progress, worthless after a crash.
    pub scratch: PathBuf,
    /// Held by who writes.
    pub lock: PathBuf,
}

impl Places {
    pub fn of(workspace: &Path) -> Result<Self> {
        let workspace = std::path::absolute(workspace).map_err(LakeError::io(workspace))?;
        let data = workspace.join("lake");
        Ok(Self {
            catalog: workspace.join("tenure.db"),
            scratch: data.join("tmp"),
            lock: data.join("writer.lock"),
            data,
            workspace,
        })
    }

    /// The folder of a table's files, as DuckLake lays it out.
    pub fn table(&self, name: &str) -> PathBuf {
        self.data.join(crate::catalog::SCHEMA).join(name)
    }
}

/// Makes a folder and what lies above it, on disk when this returns.
pub(crate) fn make_folder(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        make_folder(parent)?;
    }
    match std::fs::create_dir(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => return Err(LakeError::io(path)(error)),
        _ => {}
    }
    path.parent().map_or(Ok(()), sync)
}

/// Puts a file's content, or a folder's list of files, on disk.
pub(crate) fn sync(path: &Path) -> Result<()> {
    File::open(path).and_then(|file| file.sync_all()).map_err(LakeError::io(path))
}
