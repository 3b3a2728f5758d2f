//! Compaction: few, sorted files, and every version reads as before.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod common;
use common::*;
use tenure_lake::{Lake, StageMode, Version, VersionKind};

fn parquet_files(lake: &Lake) -> usize {
    std::fs::read_dir(lake.workspace().join("lake/main/contacts")).unwrap().count()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_version_reads_as_before() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::create(folder.path(), day(0)).await.unwrap();
    for number in 1..=6 {
        let (id, name) = (format!("c{}", 9 - number), format!("new in {number}"));
        let again = format!("seen in {number}");
        let rows = contacts(&[(&id, &name, "a1"), ("c5", &again, "a2"), ("c0", "always", "a3")]);
        import(&lake, number, rows, StageMode::Upsert).await;
    }
    import(&lake, 7, contacts(&[("c5", "last", "a2")]), StageMode::Snapshot { source: "crm".into() }).await;
    import(&lake, 8, contacts(&[("c7", "back", "a2"), ("c1", "one", "a1")]), StageMode::Upsert).await;
    let last = lake.latest().await.unwrap();
    let mut before = Vec::new();
    for version in 1..=last.0 {
        before.push(names(&lake, Version(version)).await);
    }
    let report = lake.compact(day(9)).await.unwrap();
    let contacts_report = report.tables.iter().find(|table| table.name == "contacts").unwrap();
    assert_eq!(contacts_report.after, 1, "{report:?}");
    assert!(contacts_report.before > 1);
    let newest = lake.latest().await.unwrap();
    assert!(newest > last);
    for (version, before) in (1..=last.0).zip(&before) {
        assert_eq!(&names(&lake, Version(version)).await, before, "version {version}");
    }
    assert_eq!(Some(&names(&lake, newest).await), before.last());
    let in_file_order = query(&lake, newest, "SELECT contact_id FROM contacts").await;
    assert_eq!(in_file_order, ["c1", "c5", "c7"], "sorted by key");
    let history = lake.history().await.unwrap();
    assert!(history.iter().filter(|info| info.version > last).all(|info| info.kind == VersionKind::Compaction));
    assert!(history.iter().filter(|info| info.version > last).all(|info| info.committed_at == day(9)));

    // Imports go on, compaction again has little to do, and the past is still there.
    let rows = contacts(&[("c5", "after", "a2"), ("c1", "one", "a1")]);
    let (version, verdicts) = import(&lake, 10, rows, StageMode::Upsert).await;
    assert_eq!(counts(&verdicts), [0, 1, 1, 0]);
    assert_eq!(names(&lake, version).await, ["c1|one", "c5|after", "c7|back"]);
    lake.compact(day(11)).await.unwrap();
    assert_eq!(names(&lake, lake.latest().await.unwrap()).await, ["c1|one", "c5|after", "c7|back"]);
    for (version, before) in (1..=last.0).zip(&before) {
        assert_eq!(&names(&lake, Version(version)).await, before, "version {version}");
    }
    let idle = lake.latest().await.unwrap();
    let report = lake.compact(day(12)).await.unwrap();
    assert!(report.tables.iter().all(|table| table.name != "contacts"), "{report:?}");
    assert!(lake.latest().await.unwrap().0 - idle.0 <= 2, "{report:?}");

    // Files that were merged away are kept for readers in flight, and no longer.
    let kept = parquet_files(&lake);
    age_replaced_files(folder.path()).await;
    drop(Lake::open(folder.path()).await.unwrap());
    assert!(parquet_files(&lake) < kept);
    for (version, before) in (1..=last.0).zip(&before) {
        assert_eq!(&names(&lake, Version(version)).await, before, "version {version}");
    }
}

/// Lets two hours pass since files were replaced.
async fn age_replaced_files(workspace: &std::path::Path) {
    let pool = catalogue(workspace).await;
    let aged = "UPDATE ducklake_files_scheduled_for_deletion SET schedule_start = datetime('now', '-2 hours')";
    sqlx::query(aged).execute(&pool).await.unwrap();
    pool.close().await;
}
