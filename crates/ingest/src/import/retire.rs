//! Sources that are gone: what one said last must not hold world time back for ever.

use crate::source::{Source, source_names};
use std::path::Path;
use std::sync::Arc;
use tenure_lake::{LakeError, Snapshot};

/// The sources of the lake that no longer fill a table, each with the table: those whose file is gone, and those imported
/// now whose mapping of the table is.
pub(super) async fn retired(
    workspace: &Path,
    imported: &[Arc<Source>],
    lake: &Snapshot,
) -> Result<Vec<(String, String)>, LakeError> {
    // Without the folder nothing is known of those that are not imported now.
    let Ok(present) = source_names(workspace) else { return Ok(Vec::new()) };
    let fills = |source: &str, table: &str| match imported.iter().find(|imported| imported.name == source) {
        Some(imported) => imported.tables.iter().any(|mapping| mapping.table.name == table),
        None => present.iter().any(|name| name == source),
    };
    let mut in_use = lake.sources_in_use().await?;
    in_use.retain(|(source, table)| !fills(source, table));
    Ok(in_use)
}
