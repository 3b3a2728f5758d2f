//! Making, opening and moving a workspace, and every way in which it may be broken.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod common;
use common::*;
use std::path::Path;
use tenure_lake::{AsOf, IMPORTS, Lake, LakeError, StageMode, Version};

#[tokio::test(flavor = "multi_thread")]
async fn a_new_lake_has_every_table_and_one_version() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::create(folder.path(), day(0)).await.unwrap();
    assert_eq!(lake.latest().await.unwrap(), Version(1));
    assert_eq!(query(&lake, Version(1), "SELECT count(*) FROM usage_events").await, ["0"]);
    for table in tenure_schema::table::tables() {
        assert!(lake.snapshot(Version(1)).await.unwrap().table(table.name).is_ok());
    }
    assert!(lake.snapshot(Version(1)).await.unwrap().table(IMPORTS).is_ok());
    let history = lake.history().await.unwrap();
    assert_eq!(history.len(), 1);
    assert_eq!(history[0].committed_at, day(0));
    assert!(matches!(Lake::create(folder.path(), day(0)).await, Err(LakeError::Exists(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn types_come_back_as_they_went_in() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::create(folder.path(), day(0)).await.unwrap();
    let mut writer = lake.write(day(1)).await.unwrap();
    let (rates, lines) = (of("fx_rates"), of("subscriptions"));
    let rows = batch(
        rates,
        "bank",
        "rates.csv",
        &[&[("currency", "EUR"), ("quote", "USD"), ("day", "2026-01-02"), ("rate", "1.0912345678")]],
    );
    writer.stage(rates, stream_of(vec![rows], rates), StageMode::Upsert).await.unwrap();
    let rows = batch(
        lines,
        "billing",
        "lines.csv",
        &[&[
            ("subscription_id", "s1"),
            ("line_id", ""),
            ("account_id", "käse & söhne"),
            ("unit_price", "-12345678901.123456"),
            ("started_at", "1969-12-31T23:59:59.999999Z"),
            ("end_voluntary", "true"),
            ("tier", "-7"),
        ]],
    );
    writer.stage(lines, stream_of(vec![rows], lines), StageMode::Upsert).await.unwrap();
    let version = writer.commit(Default::default()).await.unwrap();
    assert_eq!(
        query(&lake, version, "SELECT currency, day, rate, _source, _file, _row, _version FROM fx_rates").await,
        ["EUR|2026-01-02|1.0912345678|bank|rates.csv|1|2"]
    );
    let sql = "SELECT line_id, account_id, unit_price, started_at, end_voluntary, tier, ended_at, attributes FROM subscriptions";
    assert_eq!(
        query(&lake, version, sql).await,
        ["|käse & söhne|-12345678901.123456|1969-12-31T23:59:59.999999Z|true|-7||"]
    );
}

/// The catalogue's file alone, without its log, in a workspace that has the same data files.
async fn alone(workspace: &Path) -> (tempfile::TempDir, Lake) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(workspace.join("tenure.db"), folder.path().join("tenure.db")).unwrap();
    copy(&workspace.join("lake"), &folder.path().join("lake"));
    let lake = Lake::open(folder.path()).await.unwrap();
    (folder, lake)
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (entry, to) = (entry.as_ref().unwrap().path(), to.join(entry.as_ref().unwrap().file_name()));
        if entry.is_dir() {
            copy(&entry, &to);
        } else {
            std::fs::copy(&entry, &to).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_catalogue_is_whole_after_a_commit() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::create(folder.path(), day(0)).await.unwrap();
    import(&lake, 1, contacts(&[("c1", "Ann", "a1")]), StageMode::Upsert).await;
    let rows = contacts(&[("c1", "Anna", "a1"), ("c2", "Bob", "a1")]);
    let (version, _) = import(&lake, 2, rows, StageMode::Upsert).await;
    // The lake is still open: nothing was written back because it was closed.
    let (_elsewhere, copied) = alone(folder.path()).await;
    assert_eq!(copied.latest().await.unwrap(), version);
    assert_eq!(names(&copied, version).await, ["c1|Anna", "c2|Bob"]);
    lake.compact(day(3)).await.unwrap();
    let (_elsewhere, copied) = alone(folder.path()).await;
    assert_eq!(copied.latest().await.unwrap(), lake.latest().await.unwrap());
    assert_eq!(names(&copied, copied.latest().await.unwrap()).await, ["c1|Anna", "c2|Bob"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moved_workspace_works() {
    let folder = tempfile::tempdir().unwrap();
    let (here, there) = (folder.path().join("here"), folder.path().join("ausgefüllt & [so] #1 100% ~x"));
    let lake = Lake::create(&here, day(0)).await.unwrap();
    import(&lake, 1, contacts(&[("c1", "Ann", "a1")]), StageMode::Upsert).await;
    drop(lake);
    std::fs::rename(&here, &there).unwrap();
    let lake = Lake::open(&there).await.unwrap();
    assert_eq!(names(&lake, lake.latest().await.unwrap()).await, ["c1|Ann"]);
    let rows = contacts(&[("c1", "Anna", "a1"), ("c2", "Bob", "a1")]);
    let (version, _) = import(&lake, 2, rows, StageMode::Upsert).await;
    assert_eq!(names(&lake, version).await, ["c1|Anna", "c2|Bob"]);
    assert!(!here.exists());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "everything is inside the workspace");
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_are_found_by_number_and_time() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::create(folder.path(), day(0)).await.unwrap();
    for number in 1..=3 {
        let name = format!("Ann {number}");
        let (version, _) = import(&lake, number, contacts(&[("c1", &name, "a1")]), StageMode::Upsert).await;
        assert_eq!(version, Version(1 + number as u64));
    }
    assert_eq!(at(&lake, day(2)).await, Version(3));
    let almost = day(2) - jiff::SignedDuration::from_nanos(1);
    assert_eq!(names(&lake, at(&lake, almost).await).await, ["c1|Ann 1"]);
    assert_eq!(names(&lake, at(&lake, day(99)).await).await, ["c1|Ann 3"]);
    let early = lake.resolve(AsOf::Timestamp(day(-1))).await.unwrap_err();
    assert_eq!(
        early.to_string(),
        "the lake has no version at or before 2025-12-31T12:00:00Z: its first is version 1, of 2026-01-01T12:00:00Z"
    );
    let unknown = lake.resolve(AsOf::Version(Version(9))).await.unwrap_err();
    assert_eq!(unknown.to_string(), "there is no lake version 9: the versions are 1 to 4");
}

async fn broken(break_it: impl FnOnce(&Path)) -> LakeError {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::create(folder.path(), day(0)).await.unwrap();
    let (version, _) = import(&lake, 1, contacts(&[("c1", "Ann", "a1")]), StageMode::Upsert).await;
    lake.close().await;
    break_it(folder.path());
    match Lake::open(folder.path()).await {
        Err(error) => error,
        Ok(lake) => lake.snapshot(version).await.unwrap_err(),
    }
}

fn data_file(workspace: &Path) -> std::path::PathBuf {
    let mut files = std::fs::read_dir(workspace.join("lake/main/contacts")).unwrap();
    files.next().unwrap().unwrap().path()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_broken_is_named() {
    let absent = broken(|workspace| {
        std::fs::remove_file(workspace.join("tenure.db")).unwrap();
        std::fs::remove_dir_all(workspace.join("lake")).unwrap();
    });
    let absent = absent.await;
    assert!(matches!(&absent, LakeError::Absent(_)), "{absent}");
    assert!(absent.to_string().contains("`tenure init`"), "{absent}");

    let text = broken(|workspace| std::fs::write(workspace.join("tenure.db"), "not a database").unwrap()).await;
    assert!(matches!(&text, LakeError::DamagedCatalog { .. }), "{text}");

    let cut = broken(|workspace| {
        let file = std::fs::OpenOptions::new().write(true).open(workspace.join("tenure.db")).unwrap();
        let length = file.metadata().unwrap().len();
        file.set_len(length / 2).unwrap();
    });
    let cut = cut.await;
    assert!(matches!(&cut, LakeError::DamagedCatalog { .. }), "{cut}");

    let missing = broken(|workspace| std::fs::remove_file(data_file(workspace)).unwrap()).await;
    assert!(matches!(&missing, LakeError::MissingFile { table, .. } if table == "contacts"), "{missing}");
    assert!(missing.to_string().contains(".parquet is missing, which holds rows of `contacts`"), "{missing}");

    let cut = broken(|workspace| {
        let file = std::fs::OpenOptions::new().write(true).open(data_file(workspace)).unwrap();
        file.set_len(100).unwrap();
    });
    let cut = cut.await;
    assert!(matches!(&cut, LakeError::DamagedFile { .. }), "{cut}");
    assert!(cut.to_string().contains("it has 100 bytes"), "{cut}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_format_is_refused() {
    let newer = broken(|workspace| {
        // Bytes 60 to 63 of a SQLite file are its `user_version`.
        let path = workspace.join("tenure.db");
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
        std::fs::write(path, bytes).unwrap();
    });
    let newer = newer.await;
    assert!(matches!(&newer, LakeError::NewerFormat { found: 99, known: 1, .. }), "{newer}");
    assert!(newer.to_string().ends_with("install a newer Tenure"), "{newer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_writes_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::create(folder.path(), day(0)).await.unwrap();
    let writer = lake.write(day(1)).await.unwrap();
    let error = Lake::open(folder.path()).await.unwrap().write(day(2)).await.unwrap_err();
    let process = std::process::id();
    let expected = format!("is being written by process {process} since 2026-01-02T12:00:00Z");
    assert!(error.to_string().contains(&expected), "{error}");
    drop(writer);
    assert!(lake.write(day(2)).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_file_is_named_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::create(folder.path(), day(0)).await.unwrap();
    let (version, _) = import(&lake, 1, contacts(&[("c1", "Ann", "a1")]), StageMode::Upsert).await;
    lake.snapshot(version).await.unwrap().verify().await.unwrap();
    let path = data_file(folder.path());
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[10..30].iter_mut().for_each(|byte| *byte ^= 0xff);
    std::fs::write(&path, bytes).unwrap();
    let error = lake.snapshot(version).await.unwrap().verify().await.unwrap_err();
    assert!(matches!(&error, LakeError::DamagedFile { path: found, .. } if *found == path), "{error}");
    // An import that has to look into the file says the same, and changes nothing.
    let mut writer = lake.write(day(2)).await.unwrap();
    let rows = stream_of(vec![contacts(&[("c1", "Anna", "a1")])], of("contacts"));
    let error = writer.stage(of("contacts"), rows, StageMode::Upsert).await.unwrap_err();
    assert!(matches!(&error, LakeError::DamagedFile { table, .. } if table == "contacts"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_without_their_catalogue_are_not_built_over() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::create(folder.path(), day(0)).await.unwrap();
    let rows = contacts(&[("c1", "Ann", "a1")]);
    import(&lake, 1, rows, StageMode::Upsert).await;
    lake.close().await;
    std::fs::remove_file(folder.path().join("tenure.db")).unwrap();
    for error in [Lake::open(folder.path()).await.unwrap_err(), Lake::create(folder.path(), day(2)).await.unwrap_err()]
    {
        assert!(matches!(&error, LakeError::MissingCatalog(_)), "{error}");
        assert!(
            error.to_string().contains("tenure.db is missing") && error.to_string().contains("restore it"),
            "{error}"
        );
    }
}
