//! A workspace's lake: make it, open it, find a version.

use crate::catalog::{self, url};
use crate::error::{LakeError, Result};
use crate::files::{self, Places};
use crate::snapshot::Snapshot;
use crate::store::SyncedStore;
use crate::version::{AsOf, Version, VersionInfo};
use datafusion_ducklake::SqliteMetadataProvider;
use jiff::Timestamp;
use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use sqlx::sqlite::SqlitePool;
use std::path::Path;
use std::sync::Arc;

/// The lake of a workspace: the catalogue `tenure.db` and the rows in `lake/`.
#[derive(Debug, Clone)]
pub struct Lake {
    pub(crate) places: Places,
    pub(crate) pool: SqlitePool,
    pub(crate) provider: Arc<SqliteMetadataProvider>,
    /// Where data files go: synced as they are written.
    pub(crate) store: Arc<SyncedStore>,
    pub(crate) options: LakeOptions,
}

/// How to work with a lake; the default suits everyone but tests.
#[derive(Debug, Clone)]
pub struct LakeOptions {
    /// Memory for sorting and comparing rows, in bytes. Beyond it, rows are spilled to `lake/tmp`.
    pub memory: usize,
    /// Where data files are written, by absolute path. Every write is synced on top of it.
    pub store: Arc<dyn ObjectStore>,
    /// Distinct days and accounts of one commit beyond which only days are recorded as touched.
    pub touched_pairs: usize,
}

impl Default for LakeOptions {
    fn default() -> Self {
        Self { memory: 256 << 20, store: Arc::new(LocalFileSystem::new()), touched_pairs: 100_000 }
    }
}

impl Lake {
    /// Makes the lake of a workspace, with every table and no rows: its first version.
    pub async fn create(workspace: &Path, now: Timestamp) -> Result<Self> {
        check_runtime()?;
        let places = Places::of(workspace)?;
        if places.catalog.exists() {
            return Err(LakeError::Exists(places.workspace));
        }
        if let lost @ LakeError::MissingCatalog(_) = catalog::absent(&places) {
            return Err(lost);
        }
        files::make_folder(&places.data)?;
        let made = catalog::create(&places, now).await;
        made.map_err(|error| error.or_disk_full(&places.workspace))?;
        Self::open(workspace).await
    }

    /// Opens the lake of a workspace, also one that was moved, and removes what a killed import left behind.
    pub async fn open(workspace: &Path) -> Result<Self> {
        Self::open_with(workspace, LakeOptions::default()).await
    }

    /// Opens with other than the usual options.
    pub async fn open_with(workspace: &Path, options: LakeOptions) -> Result<Self> {
        check_runtime()?;
        let places = Places::of(workspace)?;
        let pool = catalog::open(&places).await?;
        let provider = Arc::new(SqliteMetadataProvider::new(&url(&places.catalog)).await?);
        let store = Arc::new(SyncedStore::new(Arc::clone(&options.store), &places.data));
        let lake = Self { places, pool, provider, store, options };
        lake.clean_if_idle().await?;
        Ok(lake)
    }

    /// Closes the catalogue, and waits until its log is written back. Dropping does so too, but later.
    pub async fn close(self) {
        self.pool.close().await;
    }

    /// The workspace, as an absolute path.
    pub fn workspace(&self) -> &Path {
        &self.places.workspace
    }

    /// The newest version.
    pub async fn latest(&self) -> Result<Version> {
        let id: i64 =
            sqlx::query_scalar("SELECT MAX(snapshot_id) FROM ducklake_snapshot").fetch_one(&self.pool).await?;
        Ok(Version::from_snapshot(id))
    }

    /// The version that was the last at a time, or the named one if it exists.
    pub async fn resolve(&self, as_of: AsOf) -> Result<Version> {
        let history = self.history().await?;
        let (Some(first), Some(last)) = (history.first(), history.last()) else {
            return Err(LakeError::DamagedCatalog {
                path: self.places.catalog.clone(),
                reason: "it has no version".to_owned(),
            });
        };
        let found = match as_of {
            AsOf::Version(asked) => history.iter().find(|info| info.version == asked),
            AsOf::Timestamp(asked) => history.iter().rfind(|info| info.committed_at <= asked),
        };
        found.map(|info| info.version).ok_or(match as_of {
            AsOf::Version(asked) => LakeError::NoVersion { asked, first: first.version, last: last.version },
            AsOf::Timestamp(asked) => LakeError::NoVersionAt { asked, first: first.version, since: first.committed_at },
        })
    }

    /// All tables as they were at a version.
    pub async fn snapshot(&self, version: Version) -> Result<Snapshot> {
        Snapshot::open(self, version).await
    }

    /// All versions, oldest first.
    pub async fn history(&self) -> Result<Vec<VersionInfo>> {
        catalog::history(&self.pool).await
    }
}

/// A single-threaded runtime is blocked by the library's calls, and never gets its connections back.
fn check_runtime() -> Result<()> {
    match tokio::runtime::Handle::try_current().map(|handle| handle.runtime_flavor()) {
        Ok(tokio::runtime::RuntimeFlavor::MultiThread) => Ok(()),
        _ => Err(LakeError::Runtime),
    }
}
