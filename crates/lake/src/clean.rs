//! Removing what a killed writer left behind, and what compaction replaced long enough ago.

use crate::error::{LakeError, Result};
use crate::files::{self, Places};
use crate::lake::Lake;
use crate::lock::WriterLock;
use sqlx::Row;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

impl Lake {
    /// Cleans if nobody writes.
    pub(crate) async fn clean_if_idle(&self) -> Result<()> {
        match WriterLock::if_free(&self.places)? {
            Some(lock) => self.clean(&lock).await,
            None => Ok(()),
        }
    }

    /// Removes unfinished files: those of no version that are younger than a writer which did not end well.
    ///
    /// Without such a writer nothing is a leftover. An older catalogue restored from a backup does not know the files
    /// of later versions, and they must not go for that.
    pub(crate) async fn clean(&self, _lock: &WriterLock) -> Result<()> {
        self.remove_replaced().await?;
        let scratch = entries(&self.places.scratch)?;
        let begun =
            scratch.iter().filter_map(|folder| std::fs::metadata(folder.join(BEGUN)).ok()?.modified().ok()).min();
        if let Some(begun) = begun {
            let known = self.known_files().await?;
            for file in files_under(&self.places.data.join(crate::catalog::SCHEMA))? {
                let written = std::fs::metadata(&file).and_then(|metadata| metadata.modified());
                if !known.contains(&file) && written.is_ok_and(|written| written >= begun) {
                    remove(&file)?;
                }
            }
        }
        for entry in scratch {
            let name = entry.file_name().unwrap_or_default().to_string_lossy();
            if name.starts_with(IMPORT) || name.starts_with(".tmp") {
                if entry.is_dir() { std::fs::remove_dir_all(&entry) } else { std::fs::remove_file(&entry) }
                    .or_else(gone_is_fine)
                    .map_err(LakeError::io(&entry))?;
            }
        }
        Ok(())
    }

    /// Removes the files that compaction replaced more than an hour ago: a reader in flight may need them until then.
    async fn remove_replaced(&self) -> Result<()> {
        let replaced = sqlx::query(
            "SELECT DISTINCT path, path_is_relative FROM ducklake_files_scheduled_for_deletion
             WHERE schedule_start < datetime('now', '-1 hour')",
        );
        for row in replaced.fetch_all(&self.pool).await? {
            let path: String = row.try_get(0)?;
            let file = if row.try_get(1)? { self.places.data.join(&path) } else { PathBuf::from(&path) };
            remove(&file)?;
            sqlx::query("DELETE FROM ducklake_files_scheduled_for_deletion WHERE path = ?")
                .bind(&path)
                .execute(&self.pool)
                .await?;
        }
        Ok(())
    }

    /// Every file of every version, and those waiting for removal.
    async fn known_files(&self) -> Result<HashSet<PathBuf>> {
        let rows = sqlx::query(
            "SELECT t.table_name, f.path, f.path_is_relative FROM ducklake_data_file f JOIN ducklake_table t USING (table_id)
             UNION ALL
             SELECT t.table_name, f.path, f.path_is_relative FROM ducklake_delete_file f JOIN ducklake_table t USING (table_id)
             UNION ALL
             SELECT NULL, path, path_is_relative FROM ducklake_files_scheduled_for_deletion",
        );
        let rows = rows.fetch_all(&self.pool).await?;
        rows.iter()
            .map(|row| {
                let (table, path): (Option<String>, String) = (row.try_get(0)?, row.try_get(1)?);
                let folder = table.map_or_else(|| self.places.data.clone(), |table| self.places.table(&table));
                Ok(if row.try_get(2)? { folder.join(path) } else { PathBuf::from(path) })
            })
            .collect()
    }
}

/// How the name of a writer's scratch folder begins.
const IMPORT: &str = "import-";
/// The file in it that tells when the writer began.
const BEGUN: &str = "begun";

/// Makes a writer's scratch folder. It is removed when dropped; if it is still there later, the writer was killed.
pub(crate) fn scratch(places: &Places) -> Result<TempDir> {
    files::make_folder(&places.scratch)?;
    let folder = TempDir::with_prefix_in(IMPORT, &places.scratch).map_err(LakeError::io(&places.scratch))?;
    std::fs::write(folder.path().join(BEGUN), "").map_err(LakeError::io(folder.path()))?;
    Ok(folder)
}

fn gone_is_fine(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}

fn remove(file: &Path) -> Result<()> {
    std::fs::remove_file(file).or_else(gone_is_fine).map_err(LakeError::io(file))
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    match std::fs::read_dir(folder) {
        Ok(entries) => {
            entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>().map_err(LakeError::io(folder))
        }
        Err(error) => gone_is_fine(error).map(|()| Vec::new()).map_err(LakeError::io(folder)),
    }
}

fn files_under(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in entries(folder)? {
        if entry.is_dir() {
            files.extend(files_under(&entry)?);
        } else {
            files.push(entry);
        }
    }
    Ok(files)
}
