//! Companies made up by chance, each by its own seed.

use crate::{Error, run};
use tempfile::TempDir;
use tenure_demo::{Options, generate};

/// Makes a company and imports it. Its people would make 600 uses of the product an account; fewer leave an import in seconds.
pub fn company(seed: u64, accounts: usize, uses_each: usize) -> Result<TempDir, Error> {
    let folder = tempfile::tempdir()?;
    let usage_events = Some((uses_each * accounts) as u64);
    generate(folder.path(), &Options { seed, accounts, usage_events, ..Options::default() })?;
    let imported = run(folder.path(), &["import"])?;
    // Some rows of every company are rejected.
    if !matches!(imported.code, Some(0 | 4)) {
        return Err(imported.err.into());
    }
    Ok(folder)
}
