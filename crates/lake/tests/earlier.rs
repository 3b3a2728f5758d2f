//! A lake that an earlier build made: it lacks the tables that came later, and works as if it had always had them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod common;
use common::*;
use tenure_lake::{Lake, StageMode, Version};

#[tokio::test(flavor = "multi_thread")]
async fn every_version_has_the_later_tables_and_nothing_in_them() {
    let folder = tempfile::tempdir().unwrap();
    let lake = earlier_lake(folder.path()).await;
    assert_eq!(lake.latest().await.unwrap(), Version(3), "opening makes no version");
    let new = tempfile::tempdir().unwrap();
    let new = Lake::create(new.path(), day(0)).await.unwrap().snapshot(Version(1)).await.unwrap();
    for version in 1..=3 {
        let snapshot = lake.snapshot(Version(version)).await.unwrap();
        for table in LATER {
            assert_eq!(query(&lake, Version(version), &format!("SELECT count(*) FROM {table}")).await, ["0"]);
            assert_eq!(snapshot.table(table).unwrap().schema(), new.table(table).unwrap().schema(), "{table}");
        }
    }
    assert_eq!(names(&lake, Version(2)).await, ["c1|Ann"]);
    assert_eq!(names(&lake, Version(3)).await, ["c1|Anna", "c2|Bob"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_later_tables_take_rows_and_old_versions_stay() {
    let folder = tempfile::tempdir().unwrap();
    let lake = earlier_lake(folder.path()).await;
    let mut writer = lake.write(day(3)).await.unwrap();
    let (ratings, scores) = (of("health_ratings"), of("health_scores"));
    let row = batch(ratings, "crm", "health.csv", &[&[("rating_id", "r1"), ("account_id", "a1"), ("rating", "70")]]);
    writer.stage(ratings, stream_of(vec![row], ratings), StageMode::Upsert).await.unwrap();
    let row =
        batch(scores, "", "", &[&[("day", "2026-01-03"), ("line", "l"), ("account_id", "a1"), ("score", "55.5")]]);
    writer.stage(scores, stream_of(vec![row], scores), StageMode::Upsert).await.unwrap();
    let version = writer.commit(Default::default()).await.unwrap();
    assert_eq!(version, Version(4));
    let held =
        "SELECT rating_id, rating, score, s._version FROM health_ratings r JOIN health_scores s USING (account_id)";
    assert_eq!(query(&lake, version, held).await, ["r1|70.000000|55.500000|4"]);
    assert_eq!(query(&lake, Version(3), held).await, [""; 0]);
    import(&lake, 4, contacts(&[("c3", "Cid", "a1")]), StageMode::Upsert).await;
    lake.compact(day(5)).await.unwrap();
    let latest = lake.latest().await.unwrap();
    assert_eq!(names(&lake, latest).await, ["c1|Anna", "c2|Bob", "c3|Cid"]);
    assert_eq!(names(&lake, Version(2)).await, ["c1|Ann"]);
    assert_eq!(query(&lake, latest, held).await, ["r1|70.000000|55.500000|4"]);
    assert_eq!(query(&lake, Version(1), held).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_open_it_at_once_add_the_tables_once() {
    let folder = tempfile::tempdir().unwrap();
    earlier_lake(folder.path()).await.close().await;
    forget_later_tables(folder.path()).await;
    let (one, other) = tokio::join!(Lake::open(folder.path()), Lake::open(folder.path()));
    other.unwrap().close().await;
    let known = "SELECT count(*) || ' ' || count(DISTINCT table_name) FROM ducklake_table";
    let lake = one.unwrap();
    let tables = lake.snapshot(Version(3)).await.unwrap();
    assert!(tables.table("health_scores").is_ok());
    lake.close().await;
    let pool = catalogue(folder.path()).await;
    let counted: String = sqlx::query_scalar(known).fetch_one(&pool).await.unwrap();
    pool.close().await;
    let (rows, names) = counted.split_once(' ').unwrap();
    assert_eq!(rows, names);
}
