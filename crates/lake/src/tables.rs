//! The tables of a catalogue: those of a new one, and those that an earlier build did not know.

use crate::catalog::{SCHEMA, columns};
use crate::error::Result;
use crate::layout::{Layout, layouts};
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use std::collections::HashSet;

/// Adds every table that the catalogue lacks: all of them or none, and no version is made.
///
/// They are added as of the lake's first version. A table that an earlier build did not know held nothing at any version, and so
/// it reads at each of them; and the version that first writes to one is a version like any other. An earlier build leaves alone
/// what it does not know: that is why the lake's format stays what it is.
pub(crate) async fn add_missing(pool: &SqlitePool) -> Result<()> {
    if missing(&mut *pool.acquire().await?).await?.is_empty() {
        return Ok(());
    }
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    // Another process may have been faster.
    for layout in missing(&mut transaction).await? {
        add(&mut transaction, layout).await?;
    }
    Ok(transaction.commit().await?)
}

async fn missing(connection: &mut SqliteConnection) -> Result<Vec<&'static Layout>> {
    let known = sqlx::query_scalar("SELECT table_name FROM ducklake_table WHERE end_snapshot IS NULL");
    let known: HashSet<String> = known.fetch_all(connection).await?.into_iter().collect();
    Ok(layouts().iter().filter(|layout| !known.contains(layout.name)).collect())
}

/// Describes a table as our library and DuckDB expect it: its columns, its order, the schema its files are written under.
async fn add(connection: &mut SqliteConnection, layout: &Layout) -> Result<()> {
    let first = sqlx::query_as(
        "SELECT schema.schema_id, snapshot.snapshot_id, snapshot.schema_version
         FROM ducklake_schema schema JOIN ducklake_snapshot snapshot ON snapshot.snapshot_id = schema.begin_snapshot
         WHERE schema.schema_name = ? AND schema.end_snapshot IS NULL",
    );
    let (schema, snapshot, schema_version): (i64, i64, i64) = first.bind(SCHEMA).fetch_one(&mut *connection).await?;
    let made = sqlx::query_scalar(
        "INSERT INTO ducklake_table (schema_id, table_name, path, path_is_relative, begin_snapshot)
         VALUES (?, ?, ?, 1, ?) RETURNING table_id",
    );
    let made = made.bind(schema).bind(layout.name).bind(format!("{}/", layout.name)).bind(snapshot);
    let table: i64 = made.fetch_one(&mut *connection).await?;
    // Any distinct value does: nobody but DuckDB looks at it, and only to tell objects apart.
    sqlx::query(
        "UPDATE ducklake_table SET table_uuid = '00000000-0000-4000-8000-' || printf('%012x', 4096 + table_id)
         WHERE table_id = ?",
    )
    .bind(table)
    .execute(&mut *connection)
    .await?;
    add_columns(connection, layout, table, snapshot).await?;
    // Merging looks here for the schema a file was written under, and leaves files alone that have none.
    sqlx::query("INSERT INTO ducklake_schema_versions (begin_snapshot, schema_version, table_id) VALUES (?, ?, ?)")
        .bind(snapshot)
        .bind(schema_version)
        .bind(table)
        .execute(&mut *connection)
        .await?;
    sort_by_key(connection, layout, table, snapshot).await?;
    sqlx::query(
        "UPDATE ducklake_snapshot_changes SET changes_made = coalesce(changes_made || ',', '') || ? WHERE snapshot_id = ?",
    )
    .bind(format!("created_table:\"{SCHEMA}\".\"{}\"", layout.name))
    .bind(snapshot)
    .execute(connection)
    .await?;
    Ok(())
}

async fn add_columns(connection: &mut SqliteConnection, layout: &Layout, table: i64, snapshot: i64) -> Result<()> {
    for (order, column) in (0_i64..).zip(columns(layout)?) {
        let id: i64 = sqlx::query_scalar(
            "UPDATE ducklake_metadata SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)
             WHERE key = 'next_column_id' AND scope IS NULL RETURNING CAST(value AS INTEGER)",
        )
        .fetch_one(&mut *connection)
        .await?;
        sqlx::query(
            "INSERT INTO ducklake_column
                 (column_id, table_id, column_name, column_type, column_order, nulls_allowed, begin_snapshot)
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(id)
        .bind(table)
        .bind(column.name())
        .bind(column.ducklake_type())
        .bind(order)
        .bind(column.is_nullable())
        .bind(snapshot)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Says that a table is sorted by its key, which compaction keeps.
///
/// The library's own call would make a version of its own for every table.
async fn sort_by_key(connection: &mut SqliteConnection, layout: &Layout, table: i64, snapshot: i64) -> Result<()> {
    sqlx::query("INSERT INTO ducklake_sort_info (sort_id, table_id, begin_snapshot) VALUES (?, ?, ?)")
        .bind(table)
        .bind(table)
        .bind(snapshot)
        .execute(&mut *connection)
        .await?;
    for (index, column) in (0_i64..).zip(&layout.key) {
        sqlx::query(
            "INSERT INTO ducklake_sort_expression
                 (sort_id, table_id, sort_key_index, expression, dialect, sort_direction, null_order)
             VALUES (?, ?, ?, ?, 'duckdb', 'ASC', 'NULLS_FIRST')",
        )
        .bind(table)
        .bind(table)
        .bind(index)
        .bind(column)
        .execute(&mut *connection)
        .await?;
    }
    sqlx::query("UPDATE ducklake_metadata SET value = MAX(CAST(value AS INTEGER), ?) WHERE key = 'next_sort_id'")
        .bind(table)
        .execute(connection)
        .await?;
    Ok(())
}
