//! What the lake's tests share: rows from text, and reading them back.
#![allow(dead_code, reason = "each test file uses its part")]

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::SchemaRef;
use arrow::util::display::array_value_to_string;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::prelude::SessionContext;
use futures::stream;
use jiff::Timestamp;
use std::path::Path;
use std::sync::Arc;
use tenure_lake::{AsOf, CommitNote, ImportNote, Lake, StageMode, Verdicts, Version, own_schema, staged_schema};
use tenure_schema::table::{Table, readable};

/// A row: column names and texts.
pub type Row<'a> = &'a [(&'a str, &'a str)];

/// The clock of the tests: so many days after a first one.
pub fn day(number: i64) -> Timestamp {
    "2026-01-01T12:00:00Z".parse::<Timestamp>().unwrap() + jiff::SignedDuration::from_hours(24 * number)
}

pub fn of(name: &str) -> &'static Table {
    readable(name).unwrap()
}

/// The columns that rows of a table are staged with.
pub fn schema_of(table: &Table) -> SchemaRef {
    let imported = tenure_schema::table::table(table.name).is_some();
    if imported { staged_schema(table) } else { own_schema(table) }
}

/// A batch of rows of a table; columns not named are null. `_source`, `_file` and `_row` are made up.
pub fn batch(table: &Table, source: &str, file: &str, rows: &[Row<'_>]) -> RecordBatch {
    let schema = schema_of(table);
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
    Box::pin(RecordBatchStreamAdapter::new(schema_of(table), batches))
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
        ..CommitNote::default()
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

/// The tables that came after the first lakes.
pub const LATER: [&str; 4] = ["health_ratings", "health_scorecards", "health_scores", "health_signals"];

/// Opens a lake of three versions that knew no later tables.
pub async fn earlier_lake(workspace: &Path) -> Lake {
    let lake = Lake::create(workspace, day(0)).await.unwrap();
    import(&lake, 1, contacts(&[("c1", "Ann", "a1")]), StageMode::Upsert).await;
    import(&lake, 2, contacts(&[("c1", "Anna", "a1"), ("c2", "Bob", "a1")]), StageMode::Upsert).await;
    lake.close().await;
    forget_later_tables(workspace).await;
    Lake::open(workspace).await.unwrap()
}

/// Makes the catalogue as an earlier build would have: without the later tables.
pub async fn forget_later_tables(workspace: &Path) {
    let pool = catalogue(workspace).await;
    for table in LATER {
        let id: i64 = sqlx::query_scalar("SELECT table_id FROM ducklake_table WHERE table_name = ?")
            .bind(table)
            .fetch_one(&pool)
            .await
            .unwrap();
        for part in ["column", "schema_versions", "sort_info", "sort_expression", "table"] {
            let forget = format!("DELETE FROM ducklake_{part} WHERE table_id = ?");
            sqlx::query(sqlx::AssertSqlSafe(forget)).bind(id).execute(&pool).await.unwrap();
        }
        let told = format!(",created_table:\"main\".\"{table}\"");
        sqlx::query("UPDATE ducklake_snapshot_changes SET changes_made = replace(changes_made, ?, '')")
            .bind(told)
            .execute(&pool)
            .await
            .unwrap();
    }
    pool.close().await;
}

/// The catalogue, as SQLite has it.
pub async fn catalogue(workspace: &Path) -> sqlx::SqlitePool {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(workspace.join("tenure.db"));
    sqlx::SqlitePool::connect_with(options).await.unwrap()
}
