//! A full disk, a killed process, and what they leave behind.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod common;
use async_trait::async_trait;
use common::*;
use futures::stream::BoxStream;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, PutMultipartOptions,
    PutOptions, PutPayload, PutResult, Result, UploadPart,
};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tenure_lake::{CommitNote, Lake, LakeError, LakeOptions, StageMode, Version};

/// A disk with room for so many bytes more.
#[derive(Debug)]
struct SmallDisk {
    inner: LocalFileSystem,
    left: Arc<AtomicUsize>,
}

fn take(left: &AtomicUsize, bytes: usize) -> Result<()> {
    let taken = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(bytes));
    let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
    taken.map(drop).map_err(|_| object_store::Error::Generic { store: "small disk", source: full.into() })
}

impl std::fmt::Display for SmallDisk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("small disk")
    }
}

#[async_trait]
impl ObjectStore for SmallDisk {
    async fn put_opts(&self, location: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        take(&self.left, payload.content_length())?;
        self.inner.put_opts(location, payload, options).await
    }

    async fn put_multipart_opts(&self, at: &Path, options: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        let inner = self.inner.put_multipart_opts(at, options).await?;
        Ok(Box::new(SmallUpload { inner, left: self.left.clone() }))
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.inner.get_opts(location, options).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.inner.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.inner.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.inner.copy_opts(from, to, options).await
    }
}

#[derive(Debug)]
struct SmallUpload {
    inner: Box<dyn MultipartUpload>,
    left: Arc<AtomicUsize>,
}

#[async_trait]
impl MultipartUpload for SmallUpload {
    fn put_part(&mut self, data: PutPayload) -> UploadPart {
        match take(&self.left, data.content_length()) {
            Ok(()) => self.inner.put_part(data),
            Err(error) => Box::pin(std::future::ready(Err(error))),
        }
    }

    async fn complete(&mut self) -> Result<PutResult> {
        self.inner.complete().await
    }

    async fn abort(&mut self) -> Result<()> {
        self.inner.abort().await
    }
}

fn files_under(folder: &std::path::Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut files: Vec<_> =
        paths.flat_map(|path| if path.is_dir() { files_under(&path) } else { vec![path] }).collect();
    files.sort();
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_commits_nothing_and_harms_nothing() {
    let folder = tempfile::tempdir().unwrap();
    drop(Lake::create(folder.path(), day(0)).await.unwrap());
    let left = Arc::new(AtomicUsize::new(usize::MAX));
    let store = SmallDisk { inner: LocalFileSystem::new(), left: left.clone() };
    let lake = Lake::open_with(folder.path(), LakeOptions { store: Arc::new(store), ..LakeOptions::default() });
    let lake = lake.await.unwrap();
    let (version, _) = import(&lake, 1, contacts(&[("c1", "Ann", "a1"), ("c2", "Bob", "a1")]), StageMode::Upsert).await;
    let before = files_under(&folder.path().join("lake"));
    // From no room at all to room for all but the last file.
    for room in [0, 1_000, 3_000, 6_000, 9_000] {
        left.store(room, Ordering::SeqCst);
        let mut writer = lake.write(day(2)).await.unwrap();
        for (table, rows) in [
            ("contacts", contacts(&[("c1", "Anna", "a1"), ("c3", "Cid", "a1")])),
            ("staff", batch(of("staff"), "hr", "staff.csv", &[&[("staff_id", "s1")]])),
        ] {
            writer.stage(of(table), stream_of(vec![rows], of(table)), StageMode::Upsert).await.unwrap();
        }
        let error = writer.commit(CommitNote::default()).await.unwrap_err();
        assert!(matches!(&error, LakeError::DiskFull(_)), "room for {room}: {error:?}");
        assert!(error.to_string().contains("nothing was committed: free some space"), "{error}");
        assert_eq!(lake.latest().await.unwrap(), version);
        assert_eq!(names(&lake, version).await, ["c1|Ann", "c2|Bob"]);
        assert_eq!(files_under(&folder.path().join("lake")), before, "room for {room}");
    }
    left.store(usize::MAX, Ordering::SeqCst);
    let (version, _) =
        import(&lake, 3, contacts(&[("c1", "Anna", "a1"), ("c3", "Cid", "a1")]), StageMode::Upsert).await;
    assert_eq!(version, Version(3));
    assert_eq!(names(&lake, version).await, ["c1|Anna", "c2|Bob", "c3|Cid"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn leftovers_are_removed_when_nobody_writes() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::create(folder.path(), day(0)).await.unwrap();
    let (version, _) = import(&lake, 1, contacts(&[("c1", "Ann", "a1")]), StageMode::Upsert).await;
    let good = files_under(folder.path());
    let data = folder.path().join("lake/main/contacts");
    let leave = || {
        std::fs::write(data.join("restored.parquet"), "of a version that an older catalogue does not know").unwrap();
        std::fs::create_dir_all(folder.path().join("lake/tmp/import-dead")).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(20));
        std::fs::write(folder.path().join("lake/tmp/import-dead/begun"), "").unwrap();
        std::fs::write(data.join("orphan.parquet"), "half").unwrap();
        std::fs::write(data.join("upload.parquet#1"), "part").unwrap();
        std::fs::write(folder.path().join("lake/tmp/import-dead/contacts.unique"), "spool").unwrap();
        std::fs::write(folder.path().join("lake/tmp/.tmpAbCdEf"), "staged").unwrap();
    };
    leave();
    let writer = lake.write(day(2)).await.unwrap();
    drop(Lake::open(folder.path()).await.unwrap());
    assert!(data.join("orphan.parquet").exists(), "somebody writes: it may be theirs");
    drop(writer);
    let lake = Lake::open(folder.path()).await.unwrap();
    std::fs::remove_file(data.join("restored.parquet")).expect("older than the dead import, so not its leftover");
    assert_eq!(files_under(folder.path()), good);
    assert_eq!(names(&lake, version).await, ["c1|Ann"]);
}

/// Imports for ever, until it is killed: the child of the next test.
#[tokio::test(flavor = "multi_thread")]
async fn import_until_killed() {
    let Ok(workspace) = std::env::var("TENURE_LAKE_KILLED") else { return };
    let lake = Lake::open(workspace.as_ref()).await.unwrap();
    loop {
        let next = lake.latest().await.unwrap().0 as i64;
        let (id, name) = (format!("c{next}"), format!("in {next}"));
        let mut writer = lake.write(day(next)).await.unwrap();
        let rows = contacts(&[(&id, &name, "a1"), ("c0", &name, "a1")]);
        writer.stage(of("contacts"), stream_of(vec![rows], of("contacts")), StageMode::Upsert).await.unwrap();
        let staff = batch(of("staff"), "hr", "staff.csv", &[&[("staff_id", &id)]]);
        writer.stage(of("staff"), stream_of(vec![staff], of("staff")), StageMode::Upsert).await.unwrap();
        writer.commit(CommitNote::default()).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_import_leaves_the_version_before_or_after() {
    let folder = tempfile::tempdir().unwrap();
    drop(Lake::create(folder.path(), day(0)).await.unwrap());
    let mut seen = 1;
    for delay in [400, 450, 500, 550, 610, 680] {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "import_until_killed"])
            .env("TENURE_LAKE_KILLED", folder.path())
            .env("TMPDIR", folder.path().join("lake/tmp"))
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(delay));
        child.kill().unwrap();
        child.wait().unwrap();
        let lake = Lake::open(folder.path()).await.unwrap();
        let version = lake.latest().await.unwrap();
        assert!(version.0 >= seen);
        seen = version.0;
        // Each version added one contact and one colleague, and changed `c0`.
        let expected = version.0 as usize - 1;
        let staff = query(&lake, version, "SELECT staff_id FROM staff").await.len();
        let contacts = names(&lake, version).await;
        assert_eq!(staff, expected);
        assert_eq!(contacts.len(), expected + usize::from(expected > 0));
        if expected > 0 {
            assert_eq!(contacts[0], format!("c0|in {expected}"));
        }
        assert!(files_under(&folder.path().join("lake/tmp")).is_empty());
    }
    assert!(seen > 1, "some import was fast enough");
}
