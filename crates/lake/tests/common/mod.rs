//! What the lake's tests share: rows from text, and reading them back.
#![allow(dead_code, reason = "each test file uses its part")]

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::util::display::array_value_to_string;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::prelude::SessionContext;
use futures::stream;
use jiff::Timestamp;
use std::sync::Arc;
use tenure_lake::{AsOf, CommitNote, ImportNote, Lake, StageMode, Verdicts, Version, staged_schema};
use tenure_schema::table::{Table, table};

/// A row: column names and texts.
pub type Row<'a> = &'a [(&'a str, &'a str)];

/// The clock of the tests: so many days after a first one.
pub fn day(number: i64) -> Timestamp {
    "2026-01-01T12:00:00Z".parse::<Timestamp>().unwrap() + jiff::SignedDuration::from_hours(24 * number)
}

pub fn of(name: &str) -> &'static Table {
    table(name).unwrap()
}

/// A batch of rows of a table; columns not named are null. `_source`, `_file` and `_row` are made up.
pub fn batch(table: &Table, source: &str, file: &str, rows: &[Row<'_>]) -> RecordBatch {
    let schema = staged_schema(table);
    let columns = schema.fields().iter().map(|field| -> ArrayRef {
        let name = field.name().as_str();
        match name {
            "_source" => Arc::new(StringArray::from(vec![source; rows.len()])),
            "_file" => Arc::new(StringArray::from(vec![file; rows.len()])),
            "_row" => Arc::new(Int64Array::from_iter_values(1..=rows.len() as i64)),
            _ => {
                let texts =
                    rows.iter().map(|row| row.iter().find(|(column, _)| *column == name).map(|(_, text)| *text));
                cast(&(Arc::new(StringArray::from_iter(texts)) as ArrayRef), field.data_type()).unwrap()
            }
        }
    });
    let columns = columns.collect();
    RecordBatch::try_new(schema, columns).unwrap()
}

pub fn stream_of(batches: Vec<RecordBatch>, table: &Table) -> SendableRecordBatchStream {
    let batches = stream::iter(batches.into_iter().map(Ok));
    Box::pin(RecordBatchStreamAdapter::new(staged_schema(table), batches))
}

/// Contacts as (id, name, account).
pub fn contacts(rows: &[(&str, &str, &str)]) -> RecordBatch {
    contacts_of("crm", rows)
}

pub fn contacts_of(source: &str, rows: &[(&str, &str, &str)]) -> RecordBatch {
    let rows: Vec<[(&str, &str); 4]> = rows
        .iter()
        .map(|(id, name, account)| {
            [
                ("contact_id", *id),
                ("name", *name),
                ("account_id", *account),
                ("created_at", "2025-03-04T05:06:07.000008Z"),
            ]
        })
        .collect();
    let rows: Vec<Row<'_>> = rows.iter().map(|row| row.as_slice()).collect();
    batch(of("contacts"), source, "contacts.csv", &rows)
}

/// Imports contacts alone.
pub async fn import(lake: &Lake, number: i64, rows: RecordBatch, mode: StageMode) -> (Version, Verdicts) {
    let mut writer = lake.write(day(number)).await.unwrap();
    let verdicts = writer.stage(of("contacts"), stream_of(vec![rows], of("contacts")), mode).await.unwrap();
    let note = CommitNote {
        message: format!("import {number}"),
        imports: vec![ImportNote {
            source: "crm".into(),
            table: "contacts".into(),
            verdicts: verdicts.clone(),
            ..ImportNote::default()
        }],
    };
    (writer.commit(note).await.unwrap(), verdicts)
}

/// The rows of a query at a version: columns by `|`, rows in order.
pub async fn query(lake: &Lake, version: Version, sql: &str) -> Vec<String> {
    let context = SessionContext::new();
    lake.snapshot(version).await.unwrap().register(&context).unwrap();
    let batches = context.sql(sql).await.unwrap().collect().await.unwrap();
    let mut rows = Vec::new();
    for batch in &batches {
        for row in 0..batch.num_rows() {
            let values = batch.columns().iter().map(|column| array_value_to_string(column, row).unwrap());
            rows.push(values.collect::<Vec<_>>().join("|"));
        }
    }
    rows
}

/// The contacts at a version, as `id|name`.
pub async fn names(lake: &Lake, version: Version) -> Vec<String> {
    query(lake, version, "SELECT contact_id, name FROM contacts ORDER BY 1").await
}

pub async fn at(lake: &Lake, timestamp: Timestamp) -> Version {
    lake.resolve(AsOf::Timestamp(timestamp)).await.unwrap()
}

/// Verdict counts: accepted, updated, duplicate, removed.
pub fn counts(verdicts: &Verdicts) -> [u64; 4] {
    [verdicts.accepted, verdicts.updated, verdicts.duplicate, verdicts.removed]
}
