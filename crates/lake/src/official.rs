//! What DuckDB's own DuckLake extension asks of a catalogue beyond what our library makes.
//!
//! The library must make the catalogue first: on one that DuckDB made, its first commit of two new tables fails.

use crate::error::Result;
use sqlx::AssertSqlSafe;
use sqlx::sqlite::SqlitePool;

/// Columns that the library's tables lack. It names the columns it inserts, so defaults fill these.
const COLUMNS: [(&str, &str); 7] = [
    ("ducklake_snapshot", "next_catalog_id BIGINT NOT NULL DEFAULT 0"),
    ("ducklake_snapshot", "next_file_id BIGINT NOT NULL DEFAULT 0"),
    ("ducklake_schema", "schema_uuid VARCHAR"),
    ("ducklake_table", "table_uuid VARCHAR"),
    ("ducklake_data_file", "file_order BIGINT"),
    ("ducklake_data_file", "file_format VARCHAR DEFAULT 'parquet'"),
    ("ducklake_delete_file", "format VARCHAR DEFAULT 'parquet'"),
];

/// Tables that the library does not make.
const TABLES: [&str; 6] = [
    "ducklake_column_mapping (mapping_id BIGINT, table_id BIGINT, type VARCHAR)",
    "ducklake_name_mapping (mapping_id BIGINT, column_id BIGINT, source_name VARCHAR, target_field_id BIGINT,
        parent_column BIGINT, is_partition BOOLEAN)",
    "ducklake_file_variant_stats (data_file_id BIGINT, table_id BIGINT, column_id BIGINT, variant_path VARCHAR,
        shredded_type VARCHAR, column_size_bytes BIGINT, value_count BIGINT, null_count BIGINT, min_value VARCHAR,
        max_value VARCHAR, contains_nan BOOLEAN, extra_stats VARCHAR)",
    "ducklake_macro (schema_id BIGINT, macro_id BIGINT, macro_name VARCHAR, begin_snapshot BIGINT,
        end_snapshot BIGINT)",
    "ducklake_macro_impl (macro_id BIGINT, impl_id BIGINT, dialect VARCHAR, sql VARCHAR, type VARCHAR)",
    "ducklake_macro_parameters (macro_id BIGINT, impl_id BIGINT, column_id BIGINT, parameter_name VARCHAR,
        parameter_type VARCHAR, default_value VARCHAR, default_value_type VARCHAR)",
];

/// Adds the columns and tables that DuckDB asks for.
pub(crate) async fn complete(pool: &SqlitePool) -> Result<()> {
    for (table, column) in COLUMNS {
        run(pool, format!("ALTER TABLE {table} ADD COLUMN {column}")).await?;
    }
    for table in TABLES {
        run(pool, format!("CREATE TABLE IF NOT EXISTS {table}")).await?;
    }
    // Any distinct values do: nobody but DuckDB looks at them, and only to tell objects apart.
    let uuid = "'00000000-0000-4000-8000-' || printf('%012x', schema_id)";
    run(pool, format!("UPDATE ducklake_schema SET schema_uuid = {uuid}")).await?;
    run(pool, "UPDATE ducklake_snapshot SET schema_version = 1".to_owned()).await?;
    // The library narrows a table's bounds when rows go, and DuckDB packs integers by these bounds at every version: an
    // older version's values came back wrong. Unknown bounds are always right; files keep theirs, for pruning.
    for event in ["INSERT", "UPDATE"] {
        let name = format!("tenure_unbounded_after_{}", event.to_lowercase());
        let trigger = format!(
            "CREATE TRIGGER {name} AFTER {event} ON ducklake_table_column_stats
             BEGIN
                 UPDATE ducklake_table_column_stats SET contains_null = 1, min_value = NULL, max_value = NULL
                 WHERE table_id = NEW.table_id AND column_id = NEW.column_id;
             END"
        );
        run(pool, trigger).await?;
    }
    Ok(())
}

async fn run(pool: &SqlitePool, sql: String) -> Result<()> {
    sqlx::query(AssertSqlSafe(sql)).execute(pool).await?;
    Ok(())
}
