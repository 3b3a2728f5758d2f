//! Where data files go: a store that finds the workspace whatever its name, and that forgets nothing.

use async_trait::async_trait;
use futures::StreamExt;
use futures::stream::BoxStream;
use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, PutMultipartOptions,
    PutOptions, PutPayload, PutResult, RenameOptions, Result, UploadPart,
};
use std::fmt;
use std::sync::Arc;

/// A store of local files that syncs each file, then its folder, before it says that a write is done.
///
/// `object_store` has no option for this, so an acknowledged commit could name files that a power cut emptied.
#[derive(Debug)]
pub(crate) struct SyncedStore {
    inner: Arc<dyn ObjectStore>,
    /// The data folder as the library writes it, and as it is called.
    folder: (Path, Path),
}

impl SyncedStore {
    pub fn new(inner: Arc<dyn ObjectStore>, folder: &std::path::Path) -> Self {
        let name = folder.to_string_lossy();
        let escaped = Path::from(name.as_ref());
        let called = Path::parse(&name).unwrap_or_else(|_| escaped.clone());
        Self { inner, folder: (escaped, called) }
    }

    /// Whether the library's names of files are other than their names on disk.
    pub fn renames(&self) -> bool {
        self.folder.0 != self.folder.1
    }

    /// The library escapes letters beyond ASCII and some signs, and `LocalFileSystem` does not undo that: without
    /// this, the rows of a workspace called `Büro` would go to a folder `B%C3%BCro`.
    fn real(&self, location: &Path) -> Path {
        rename(&self.folder, location)
    }
}

fn rename((escaped, called): &(Path, Path), location: &Path) -> Path {
    match location.prefix_match(escaped) {
        Some(rest) => rest.fold(called.clone(), |path, part| path.join(part)),
        None => location.clone(),
    }
}

impl fmt::Display for SyncedStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "synced {}", self.inner)
    }
}

/// Syncs the file at a path of a store that is rooted at `/`, and all folders that may be new above it.
async fn sync(path: Path) -> Result<()> {
    let synced = tokio::task::spawn_blocking(move || {
        let url = format!("/{path}");
        let file = std::path::Path::new(&url);
        std::fs::File::open(file)?.sync_all()?;
        // A first write makes the table's folder and the schema's above it.
        file.ancestors().skip(1).take(3).try_for_each(|folder| std::fs::File::open(folder)?.sync_all())
    });
    let synced = synced.await.map_err(std::io::Error::other).and_then(|synced| synced);
    synced.map_err(|source| object_store::Error::Generic { store: "synced", source: source.into() })
}

#[async_trait]
impl ObjectStore for SyncedStore {
    async fn put_opts(&self, location: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        let location = self.real(location);
        let result = self.inner.put_opts(&location, payload, options).await?;
        sync(location).await?;
        Ok(result)
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        let location = self.real(location);
        let inner = self.inner.put_multipart_opts(&location, options).await?;
        Ok(Box::new(SyncedUpload { inner, location }))
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.inner.get_opts(&self.real(location), options).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        let folder = self.folder.clone();
        self.inner.delete_stream(locations.map(move |location| Ok(rename(&folder, &location?))).boxed())
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.inner.list(prefix.map(|prefix| self.real(prefix)).as_ref())
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix.map(|prefix| self.real(prefix)).as_ref()).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        let to = self.real(to);
        self.inner.copy_opts(&self.real(from), &to, options).await?;
        sync(to).await
    }

    async fn rename_opts(&self, from: &Path, to: &Path, options: RenameOptions) -> Result<()> {
        let to = self.real(to);
        self.inner.rename_opts(&self.real(from), &to, options).await?;
        sync(to).await
    }
}

#[derive(Debug)]
struct SyncedUpload {
    inner: Box<dyn MultipartUpload>,
    location: Path,
}

#[async_trait]
impl MultipartUpload for SyncedUpload {
    fn put_part(&mut self, data: PutPayload) -> UploadPart {
        self.inner.put_part(data)
    }

    async fn complete(&mut self) -> Result<PutResult> {
        let result = self.inner.complete().await?;
        sync(self.location.clone()).await?;
        Ok(result)
    }

    async fn abort(&mut self) -> Result<()> {
        self.inner.abort().await
    }
}
