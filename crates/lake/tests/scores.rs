//! Scores, day after day: versions of their own kind, and no day costs more for those before it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod common;
use common::*;
use parquet::arrow::arrow_reader::statistics::StatisticsConverter;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use std::path::PathBuf;
use tenure_lake::{
    CommitKind, CommitNote, IMPORTS, ImportNote, Lake, LakeError, StageMode, Verdicts, Version, VersionKind,
};

/// Scores so many accounts on a day, counted from the first of 2026.
async fn score(lake: &Lake, number: i64, accounts: usize, score: &str) -> Result<(Version, Verdicts), LakeError> {
    let table = of("health_scores");
    let today = day(number).strftime("%Y-%m-%d").to_string();
    let ids: Vec<String> = (0..accounts).map(|account| format!("a{account:05}")).collect();
    let rows: Vec<_> = ids
        .iter()
        .map(|id| [("day", today.as_str()), ("line", "one"), ("account_id", id), ("score", score), ("colour", "green")])
        .collect();
    let rows: Vec<Row<'_>> = rows.iter().map(|row| row.as_slice()).collect();
    let mut writer = lake.write(day(number)).await?;
    let rows = stream_of(vec![batch(table, "", "", &rows)], table);
    let verdicts = writer.stage(table, rows, StageMode::Upsert).await?;
    let note = CommitNote { message: "scored".to_owned(), kind: CommitKind::Scores, ..CommitNote::default() };
    Ok((writer.commit(note).await?, verdicts))
}

/// The data files of the scores, oldest first.
fn files(lake: &Lake) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(lake.workspace().join("lake/main/health_scores")).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort_by_key(|file| std::fs::metadata(file).unwrap().modified().unwrap());
    files
}

/// Makes a file such that nobody can open it as one of rows.
fn spoil(file: &PathBuf) {
    let length = std::fs::metadata(file).unwrap().len();
    std::fs::write(file, vec![0; length as usize]).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_of_scores_is_no_import() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::create(folder.path(), day(0)).await.unwrap();
    let mut writer = lake.write(day(1)).await.unwrap();
    let rows = stream_of(vec![contacts(&[("c1", "Ann", "a1")])], of("contacts"));
    writer.stage(of("contacts"), rows, StageMode::Upsert).await.unwrap();
    let import = ImportNote {
        source: "crm".to_owned(),
        table: "contacts".to_owned(),
        data_through: Some(day(1)),
        ..ImportNote::default()
    };
    let imported = writer.commit(CommitNote { imports: vec![import], ..CommitNote::default() }).await.unwrap();
    let (scored, verdicts) = score(&lake, 2, 3, "50").await.unwrap();
    assert_eq!(counts(&verdicts), [3, 0, 0, 0]);
    let (again, verdicts) = score(&lake, 2, 4, "50").await.unwrap();
    assert_eq!(counts(&verdicts), [1, 0, 3, 0], "what was scored before is the same row");
    let (_, verdicts) = score(&lake, 2, 4, "51").await.unwrap();
    assert_eq!(counts(&verdicts), [0, 4, 0, 0]);
    lake.compact(day(3)).await.unwrap();
    let kinds: Vec<VersionKind> = lake.history().await.unwrap().iter().map(|info| info.kind).collect();
    assert_eq!(
        kinds[..5],
        [VersionKind::Created, VersionKind::Import, VersionKind::Scores, VersionKind::Scores, VersionKind::Scores]
    );
    assert!(kinds.len() > 5 && kinds[5..].iter().all(|kind| *kind == VersionKind::Compaction));
    for version in [imported, scored, again, lake.latest().await.unwrap()] {
        let snapshot = lake.snapshot(version).await.unwrap();
        assert_eq!(snapshot.data_through("contacts").await.unwrap(), Some(day(1)));
        assert_eq!(snapshot.data_through("health_scores").await.unwrap(), None);
        assert_eq!(query(&lake, version, &format!("SELECT import_id FROM {IMPORTS}")).await, ["2"]);
    }
    let shown = "SELECT day, account_id, score, colour, _version FROM health_scores ORDER BY account_id LIMIT 1";
    assert_eq!(query(&lake, again, shown).await, ["2026-01-03|a00000|50.000000|green|3"]);
    assert_eq!(query(&lake, lake.latest().await.unwrap(), shown).await, ["2026-01-03|a00000|51.000000|green|5"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_imported_is_no_score_and_scores_have_no_source() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::create(folder.path(), day(0)).await.unwrap();
    let mut writer = lake.write(day(1)).await.unwrap();
    let rows = stream_of(vec![contacts(&[("c1", "Ann", "a1")])], of("contacts"));
    writer.stage(of("contacts"), rows, StageMode::Upsert).await.unwrap();
    let error = writer.commit(CommitNote { kind: CommitKind::Scores, ..CommitNote::default() }).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "a commit of scores holds rows of `contacts`, which is imported; commit them as an import"
    );
    assert_eq!(lake.latest().await.unwrap(), Version(1));
    let scores = of("health_scores");
    let mut writer = lake.write(day(1)).await.unwrap();
    let whole = StageMode::Snapshot { source: "crm".into() };
    let error = writer.stage(scores, stream_of(vec![], scores), whole).await.unwrap_err();
    assert!(error.to_string().starts_with("rows for `health_scores` do not fit: they have no source"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_day_opens_no_file_of_another() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::create(folder.path(), day(0)).await.unwrap();
    for number in 1..=4 {
        score(&lake, number, 5, "50").await.unwrap();
    }
    files(&lake).iter().for_each(spoil);
    let (_, verdicts) = score(&lake, 5, 5, "50").await.unwrap();
    assert_eq!(counts(&verdicts), [5, 0, 0, 0]);
    let (_, verdicts) = score(&lake, 5, 5, "60").await.unwrap();
    assert_eq!(counts(&verdicts), [0, 5, 0, 0], "its own file is opened");
    let error = score(&lake, 3, 5, "60").await.unwrap_err();
    assert!(matches!(&error, LakeError::DamagedFile { table, .. } if table == "health_scores"), "{error}");
    // Neither does a day before all others.
    score(&lake, 0, 5, "50").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn compacted_days_lie_one_after_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::create(folder.path(), day(0)).await.unwrap();
    // Not in the order of days, and one of them twice: a merge must sort them.
    for number in [7, 3, 1, 8, 5, 2, 6, 4, 3] {
        score(&lake, number, 30_000, if number == 3 { "33" } else { "50" }).await.unwrap();
    }
    let report = lake.compact(day(9)).await.unwrap();
    let merged = report.tables.iter().find(|table| table.name == "health_scores").unwrap();
    assert_eq!(merged.after, 1, "{report:?}");
    let latest = lake.latest().await.unwrap();
    let total = "SELECT count(*), count(DISTINCT day), sum(score) FROM health_scores";
    assert_eq!(query(&lake, latest, total).await, ["240000|8|11490000.000000"]);
    let file = files(&lake).pop().unwrap();
    let file_of_rows = std::fs::File::open(&file).unwrap();
    let metadata = ArrowReaderMetadata::load(&file_of_rows, ArrowReaderOptions::new()).unwrap();
    let days = StatisticsConverter::try_new("day", metadata.schema(), metadata.parquet_schema()).unwrap();
    let groups = metadata.metadata().row_groups();
    assert!(groups.len() > 1, "{} rows in one group", groups[0].num_rows());
    let (least, greatest) = (days.row_group_mins(groups.iter()).unwrap(), days.row_group_maxes(groups.iter()).unwrap());
    let days = |values: &arrow::array::ArrayRef| {
        let days: &arrow::array::Date32Array = values.as_any().downcast_ref().unwrap();
        days.values().to_vec()
    };
    let (least, greatest) = (days(&least), days(&greatest));
    for group in 1..groups.len() {
        assert!(least[group] >= greatest[group - 1], "{least:?} {greatest:?}");
    }
    // The next day does not open the merged file.
    spoil(&file);
    score(&lake, 9, 10, "50").await.unwrap();
    assert!(score(&lake, 8, 10, "50").await.is_err());
}
