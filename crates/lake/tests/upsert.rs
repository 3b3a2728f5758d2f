//! What an import makes of the rows it brings.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod common;
use common::*;
use tenure_lake::{CommitNote, ImportNote, Lake, LakeError, StageMode, Verdict, Version};

async fn lake() -> (tempfile::TempDir, Lake) {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::create(folder.path(), day(0)).await.unwrap();
    (folder, lake)
}

fn snapshot_of(source: &str) -> StageMode {
    StageMode::Snapshot { source: source.to_owned() }
}

#[tokio::test(flavor = "multi_thread")]
async fn new_known_and_changed_rows_are_told_apart() {
    let (_folder, lake) = lake().await;
    let first = contacts(&[("c2", "Bob", "a1"), ("c1", "Ann", "a1"), ("c3", "Cid", "a2")]);
    let (one, verdicts) = import(&lake, 1, first.clone(), StageMode::Upsert).await;
    assert_eq!(counts(&verdicts), [3, 0, 0, 0]);
    let (two, verdicts) = import(&lake, 2, first, StageMode::Upsert).await;
    assert_eq!(counts(&verdicts), [0, 0, 3, 0], "the same import again");
    let changed = contacts(&[("c4", "Dee", "a2"), ("c1", "Anna", "a1"), ("c3", "Cid", "a2")]);
    let (three, verdicts) = import(&lake, 3, changed, StageMode::Upsert).await;
    assert_eq!(counts(&verdicts), [1, 1, 1, 0]);
    assert_eq!(names(&lake, one).await, ["c1|Ann", "c2|Bob", "c3|Cid"]);
    assert_eq!(names(&lake, two).await, names(&lake, one).await);
    assert_eq!(names(&lake, three).await, ["c1|Anna", "c2|Bob", "c3|Cid", "c4|Dee"]);
    let versions = query(&lake, three, "SELECT contact_id, _version FROM contacts ORDER BY 1").await;
    assert_eq!(versions, ["c1|4", "c2|2", "c3|2", "c4|4"]);
    // Deletes pile up on one file.
    let (four, _) = import(&lake, 4, contacts(&[("c2", "Bo", "a1"), ("c1", "Annie", "a1")]), StageMode::Upsert).await;
    assert_eq!(names(&lake, four).await, ["c1|Annie", "c2|Bo", "c3|Cid", "c4|Dee"]);
    assert_eq!(names(&lake, three).await, ["c1|Anna", "c2|Bob", "c3|Cid", "c4|Dee"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_one_key_the_last_row_wins() {
    let (_folder, lake) = lake().await;
    let rows = contacts(&[("c1", "A", "a1"), ("c2", "X", "a1"), ("c1", "A", "a1"), ("c1", "B", "a1")]);
    let (one, verdicts) = import(&lake, 1, rows, StageMode::Upsert).await;
    assert_eq!(counts(&verdicts), [2, 1, 1, 0]);
    assert_eq!(names(&lake, one).await, ["c1|B", "c2|X"]);
    // There and back again: two updates, and nothing to write.
    let (two, verdicts) = import(&lake, 2, contacts(&[("c1", "C", "a1"), ("c1", "B", "a1")]), StageMode::Upsert).await;
    assert_eq!(counts(&verdicts), [0, 2, 0, 0]);
    assert_eq!(names(&lake, two).await, ["c1|B", "c2|X"]);
    // Known first, new later.
    let (three, verdicts) =
        import(&lake, 3, contacts(&[("c1", "B", "a1"), ("c1", "D", "a1")]), StageMode::Upsert).await;
    assert_eq!(counts(&verdicts), [0, 1, 1, 0]);
    assert_eq!(names(&lake, three).await, ["c1|D", "c2|X"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn verdicts_are_listed_on_demand_and_a_dry_run_changes_nothing() {
    let (_folder, lake) = lake().await;
    import(&lake, 1, contacts(&[("c1", "Ann", "a1"), ("c2", "Bob", "a1")]), StageMode::Upsert).await;
    let mut writer = lake.write(day(2)).await.unwrap();
    writer.list_rows(3);
    let rows = contacts(&[("c3", "Cid", "a1"), ("c2", "Rob", "a1"), ("c1", "Ann", "a1"), ("c4", "Dee", "a1")]);
    let verdicts =
        writer.stage(of("contacts"), stream_of(vec![rows], of("contacts")), StageMode::Upsert).await.unwrap();
    drop(writer);
    assert_eq!(counts(&verdicts), [2, 1, 1, 0]);
    let listed: Vec<_> = verdicts.rows.iter().map(|row| (row.row, row.verdict)).collect();
    assert_eq!(listed, [(3, Verdict::Duplicate), (2, Verdict::Updated), (1, Verdict::Accepted)]);
    assert_eq!(verdicts.rows[0].file, "contacts.csv");
    assert_eq!(lake.latest().await.unwrap(), Version(2));
    assert_eq!(names(&lake, Version(2)).await, ["c1|Ann", "c2|Bob"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_source_removes_what_it_no_longer_holds() {
    let (_folder, lake) = lake().await;
    let rows = contacts_of("crm", &[("c1", "Ann", "a1"), ("c2", "Bob", "a1"), ("c5", "Eve", "a3")]);
    import(&lake, 1, rows, snapshot_of("crm")).await;
    let (both, _) =
        import(&lake, 2, contacts_of("web", &[("c0", "Zed", "a9"), ("c3", "Cid", "a9")]), snapshot_of("web")).await;
    assert_eq!(names(&lake, both).await.len(), 5);
    let (three, verdicts) =
        import(&lake, 3, contacts_of("crm", &[("c2", "Bob", "a1"), ("c4", "Dee", "a1")]), snapshot_of("crm")).await;
    assert_eq!(counts(&verdicts), [1, 0, 1, 2]);
    assert_eq!(names(&lake, three).await, ["c0|Zed", "c2|Bob", "c3|Cid", "c4|Dee"]);
    assert_eq!(names(&lake, both).await, ["c0|Zed", "c1|Ann", "c2|Bob", "c3|Cid", "c5|Eve"], "the past stays readable");
    let touched = "SELECT day, account_id FROM tenure_touched WHERE version = 4 ORDER BY 2";
    assert_eq!(query(&lake, three, touched).await, ["2025-03-04|a1", "2025-03-04|a3"]);
    let (four, verdicts) = import(&lake, 4, contacts_of("crm", &[]), snapshot_of("crm")).await;
    assert_eq!(counts(&verdicts), [0, 0, 0, 2]);
    assert_eq!(names(&lake, four).await, ["c0|Zed", "c3|Cid"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_is_one_version_over_all_its_tables() {
    let (_folder, lake) = lake().await;
    let (staff, people) = (of("staff"), of("contacts"));
    let mut writer = lake.write(day(1)).await.unwrap();
    assert_eq!(writer.version(), Version(2));
    let rows = batch(staff, "hr", "staff.csv", &[&[("staff_id", "s1"), ("name", "Sam")]]);
    writer.stage(staff, stream_of(vec![rows.clone()], staff), StageMode::Upsert).await.unwrap();
    let twice = writer.stage(staff, stream_of(vec![rows], staff), StageMode::Upsert).await.unwrap_err();
    assert!(matches!(twice, LakeError::StagedTwice(_)), "{twice}");
    let rows = contacts(&[("c1", "Ann", "a1")]);
    let verdicts = writer.stage(people, stream_of(vec![rows], people), StageMode::Upsert).await.unwrap();
    let through = "2026-01-01T00:00:00Z".parse().unwrap();
    let entry = |source: &str, data_through| ImportNote {
        source: source.into(),
        table: "contacts".into(),
        file: "contacts.csv".into(),
        read: 2,
        rejected: 1,
        verdicts: verdicts.clone(),
        data_through,
        mapping_hash: "abc".into(),
    };
    let imports = vec![entry("crm", Some(through)), entry("web", Some(day(0)))];
    let note = CommitNote { message: "first".into(), imports, ..CommitNote::default() };
    let version = writer.commit(note).await.unwrap();
    assert_eq!(version, Version(2));
    assert_eq!(query(&lake, version, "SELECT s.name, c.name FROM staff s, contacts c").await, ["Sam|Ann"]);
    let imports = "SELECT import_id, source, imported_at, read, accepted, rejected, data_through, _version FROM tenure_imports ORDER BY source";
    assert_eq!(
        query(&lake, version, imports).await,
        [
            "2|crm|2026-01-02T12:00:00Z|2|1|1|2026-01-01T00:00:00Z|2",
            "2|web|2026-01-02T12:00:00Z|2|1|1|2026-01-01T12:00:00Z|2"
        ]
    );
    let snapshot = lake.snapshot(version).await.unwrap();
    assert_eq!(snapshot.data_through("contacts").await.unwrap(), Some(through), "the source furthest behind");
    assert_eq!(snapshot.data_through("staff").await.unwrap(), None);
    let history = lake.history().await.unwrap();
    assert_eq!(history[1].note.as_deref(), Some("first"));
    assert_eq!(history[1].committed_at, day(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_do_not_fit_are_refused() {
    let (_folder, lake) = lake().await;
    let table = of("contacts");
    let mut writer = lake.write(day(1)).await.unwrap();
    let rows = batch(table, "crm", "contacts.csv", &[&[("contact_id", "c1")], &[("name", "nobody")]]);
    let error = writer.stage(table, stream_of(vec![rows.clone()], table), StageMode::Upsert).await.unwrap_err();
    assert_eq!(error.to_string(), "record 2 of contacts.csv has no `contact_id`, which is in the key of `contacts`");
    let rows = rows.slice(0, 1).project(&[0]).unwrap();
    let error = writer.stage(table, stream_of(vec![rows], table), StageMode::Upsert).await.unwrap_err();
    assert_eq!(error.to_string(), "rows for `contacts` do not fit: column `account_id` is missing");
}

#[tokio::test(flavor = "multi_thread")]
async fn rejects_are_kept_and_mended() {
    use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
    use std::sync::Arc;
    let (_folder, lake) = lake().await;
    let schema = tenure_lake::reject_schema();
    let rejected = |reason: &str| {
        let columns = schema.fields().iter().map(|field| -> ArrayRef {
            match field.name().as_str() {
                "reject_id" => Arc::new(StringArray::from(vec!["seventh", "eighth"])),
                "record_number" => Arc::new(Int64Array::from(vec![7, 8])),
                "reason" => Arc::new(StringArray::from(vec![reason, reason])),
                name => Arc::new(StringArray::from(vec![name, name])),
            }
        });
        let batch = RecordBatch::try_new(schema.clone(), columns.collect()).unwrap();
        let stream = futures::stream::iter([Ok(batch)]);
        Box::pin(datafusion::physical_plan::stream::RecordBatchStreamAdapter::new(schema.clone(), stream)) as _
    };
    let mut writer = lake.write(day(1)).await.unwrap();
    writer.stage_rejects(rejected("bad date"), &[]).await.unwrap();
    writer.commit(CommitNote::default()).await.unwrap();
    let mut writer = lake.write(day(2)).await.unwrap();
    let verdicts = writer.stage_rejects(rejected("bad date"), &[]).await.unwrap();
    assert_eq!(counts(&verdicts), [0, 0, 2, 0], "the same rejects again");
    drop(writer);
    let mut writer = lake.write(day(3)).await.unwrap();
    let none = Box::pin(datafusion::physical_plan::stream::RecordBatchStreamAdapter::new(
        schema.clone(),
        futures::stream::iter([]),
    ));
    writer.stage_rejects(none, &["seventh".to_owned()]).await.unwrap();
    let version = writer.commit(CommitNote::default()).await.unwrap();
    let sql = "SELECT record_number, import_id, reason, rejected_at, resolved_at FROM tenure_rejects ORDER BY 1";
    assert_eq!(
        query(&lake, version, sql).await,
        ["7|2|bad date|2026-01-02T12:00:00Z|2026-01-04T12:00:00Z", "8|2|bad date|2026-01-02T12:00:00Z|"]
    );
}
