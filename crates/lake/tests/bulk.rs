//! Tables of several row groups and stretches, loaded and updated with little memory.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod common;
use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray, new_null_array};
use common::*;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use std::sync::Arc;
use tenure_lake::{CommitNote, Lake, LakeOptions, StageMode, Verdicts, Version, staged_schema};

const EVENTS: i64 = 300_000;

/// Events by number, scattered over a year; `feature` says which are changed.
fn events(numbers: Vec<i64>, feature: fn(i64) -> &'static str) -> SendableRecordBatchStream {
    let schema = staged_schema(of("usage_events"));
    let batches: Vec<_> = numbers
        .chunks(8192)
        .map(|numbers| {
            let texts = |text: &dyn Fn(i64) -> String| -> ArrayRef {
                Arc::new(StringArray::from_iter_values(numbers.iter().map(|number| text(*number))))
            };
            let minute = |number: &i64| 1_700_000_000_000_000 + number * 7919 % 525_600 * 60_000_000;
            let columns = schema.fields().iter().map(|field| match field.name().as_str() {
                "event_id" => texts(&|number| format!("e{number}")),
                "account_id" => texts(&|number| format!("a{}", number % 500)),
                "feature" => texts(&|number| feature(number).to_owned()),
                "_source" => texts(&|_| "app".to_owned()),
                "_row" => Arc::new(Int64Array::from(numbers.to_vec())),
                "occurred_at" => {
                    let micros = TimestampMicrosecondArray::from_iter_values(numbers.iter().map(minute));
                    Arc::new(micros.with_timezone("UTC"))
                }
                _ => new_null_array(field.data_type(), numbers.len()),
            });
            RecordBatch::try_new(schema.clone(), columns.collect())
        })
        .collect();
    let batches = batches.into_iter().map(|batch| Ok(batch?));
    Box::pin(RecordBatchStreamAdapter::new(schema.clone(), futures::stream::iter(batches.collect::<Vec<_>>())))
}

async fn load(lake: &Lake, number: i64, rows: SendableRecordBatchStream, mode: StageMode) -> (Version, Verdicts) {
    let mut writer = lake.write(day(number)).await.unwrap();
    let verdicts = writer.stage(of("usage_events"), rows, mode).await.unwrap();
    (writer.commit(CommitNote::default()).await.unwrap(), verdicts)
}

#[tokio::test(flavor = "multi_thread")]
async fn many_rows_are_compared_one_by_one() {
    let folder = tempfile::tempdir().unwrap();
    drop(Lake::create(folder.path(), day(0)).await.unwrap());
    // So little memory that sorting spills.
    let options = LakeOptions { memory: 24 << 20, touched_pairs: 1000, ..LakeOptions::default() };
    let lake = Lake::open_with(folder.path(), options).await.unwrap();
    let (first, verdicts) = load(&lake, 1, events((0..EVENTS).collect(), |_| "old"), StageMode::Upsert).await;
    assert_eq!(counts(&verdicts), [EVENTS as u64, 0, 0, 0]);
    let total = "SELECT count(*), count(DISTINCT event_id), sum(_row) FROM usage_events";
    let sum = EVENTS * (EVENTS - 1) / 2;
    assert_eq!(query(&lake, first, total).await, [format!("{EVENTS}|{EVENTS}|{sum}")]);
    let touched = "SELECT count(*), count(day), count(account_id) FROM tenure_touched";
    assert_eq!(query(&lake, first, touched).await, ["366|366|0"], "beyond the limit only days");

    // A few rows far apart.
    let (second, verdicts) = load(&lake, 2, events(vec![5, EVENTS + 1, 299_999], |_| "new"), StageMode::Upsert).await;
    assert_eq!(counts(&verdicts), [1, 2, 0, 0]);
    assert_eq!(query(&lake, second, "SELECT count(*) FROM usage_events WHERE feature = 'new'").await, ["3"]);

    // The whole source again: some rows gone, some changed, some new.
    let numbers: Vec<i64> = (0..EVENTS + 10).filter(|number| number % 1000 != 0).collect();
    let changed = |number: i64| if number % 777 == 5 { "changed" } else { "old" };
    let (third, verdicts) =
        load(&lake, 3, events(numbers.clone(), changed), StageMode::Snapshot { source: "app".into() }).await;
    let updated = numbers.iter().filter(|number| **number < EVENTS && **number % 777 == 5).count() as u64;
    // Two more are no longer `new`: event 299,999 and the one beyond the end; event 5 is among the changed.
    let updated = updated + 2;
    let accepted = numbers.iter().filter(|number| **number >= EVENTS && **number != EVENTS + 1).count() as u64;
    let duplicate = numbers.len() as u64 - updated - accepted;
    assert_eq!(counts(&verdicts), [accepted, updated, duplicate, EVENTS as u64 / 1000]);
    let sum: i64 = numbers.iter().sum();
    assert_eq!(query(&lake, third, total).await, [format!("{0}|{0}|{sum}", numbers.len())]);
    assert_eq!(query(&lake, first, "SELECT count(*) FROM usage_events WHERE feature = 'old'").await, ["300000"]);

    lake.compact(day(4)).await.unwrap();
    let latest = lake.latest().await.unwrap();
    assert_eq!(query(&lake, latest, total).await, [format!("{0}|{0}|{sum}", numbers.len())]);
    assert_eq!(query(&lake, second, total).await[0].split('|').next(), Some("300001"));
    let (_, verdicts) = load(&lake, 5, events(numbers.clone(), changed), StageMode::Upsert).await;
    assert_eq!(counts(&verdicts), [0, 0, numbers.len() as u64, 0]);
}
