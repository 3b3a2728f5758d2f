//! The catalogue `tenure.db`: a SQLite database in DuckLake's format.

use crate::error::{LakeError, Result};
use crate::files::Places;
use crate::layout::Layout;
use crate::version::{Version, VersionInfo, VersionKind};
use crate::{files, official, tables};
use datafusion_ducklake::{ColumnDef, MetadataWriter, SqliteMetadataWriter};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The DuckLake schema that holds all tables.
pub(crate) const SCHEMA: &str = "main";
/// The lake format this build writes, and the newest it reads. Kept in SQLite's `user_version`. It is to grow when an older build would
/// misread what a newer one wrote; more tables are no reason, see [`tables::add_missing`].
pub(crate) const FORMAT: u32 = 1;

/// What we add to a snapshot: the injected clock, and why it was made.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Stamp {
    committed_at: String,
    kind: String,
}

impl Stamp {
    pub fn text(at: Timestamp, kind: VersionKind) -> String {
        let kind = match kind {
            VersionKind::Created => "created",
            VersionKind::Import => "import",
            VersionKind::Scores => "scores",
            VersionKind::Compaction => "compaction",
        };
        serde_json::json!({ "committed_at": at.to_string(), "kind": kind }).to_string()
    }
}

/// How the library is told where the catalogue is: its characters that mean something in a URL are escaped.
pub(crate) fn url(path: &Path) -> String {
    let mut url = String::from("sqlite://");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'%' | b'?' | b'#' => url.push_str(&format!("%{byte:02X}")),
            0..0x80 => url.push(char::from(*byte)),
            _ => url.push_str(&format!("%{byte:02X}")),
        }
    }
    url
}

/// Makes an empty catalogue: all tables at one version, so that no later import makes a table half.
///
/// It is built under another name and then renamed, so that `tenure.db` is whole whenever it is there.
pub(crate) async fn create(places: &Places, now: Timestamp) -> Result<()> {
    let building = places.workspace.join("tenure.db.new");
    let leftovers = ["", "-journal", "-wal", "-shm", ".commit.lock"];
    let remove = || {
        for ending in leftovers {
            let mut name = building.clone().into_os_string();
            name.push(ending);
            // Not there is as good as removed.
            let _ = std::fs::remove_file(name);
        }
    };
    remove();
    // The library creates no missing database, and an empty file is an empty database.
    std::fs::File::create(&building).map_err(LakeError::io(&building))?;
    // Nothing of this counts until the renaming, which is synced: until then, syncing less is only faster.
    let pool = connect(&building, SqliteSynchronous::Off).await?;
    let writer = SqliteMetadataWriter::new_with_init(&url(&building)).await?;
    let data = places.data.to_string_lossy();
    writer.set_data_path(&data)?;
    let snapshot = writer.create_snapshot()?;
    writer.get_or_create_schema(SCHEMA, None, snapshot)?;
    official::complete(&pool).await?;
    tables::add_missing(&pool).await?;
    sqlx::query("UPDATE ducklake_snapshot_changes SET commit_message = 'made', commit_extra_info = ?")
        .bind(Stamp::text(now, VersionKind::Created))
        .execute(&pool)
        .await?;
    sqlx::query(sqlx::AssertSqlSafe(format!("PRAGMA user_version = {FORMAT}"))).execute(&pool).await?;
    let busy: i64 = sqlx::query_scalar("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&pool).await?;
    if busy != 0 {
        let reason = "its log could not be written back".to_owned();
        return Err(LakeError::DamagedCatalog { path: building, reason });
    }
    pool.close().await;
    drop(writer);
    files::sync(&building)?;
    std::fs::rename(&building, &places.catalog).map_err(LakeError::io(&places.catalog))?;
    files::sync(&places.workspace)?;
    remove();
    Ok(())
}

/// A table's columns, as DuckLake is told of them.
pub(crate) fn columns(layout: &Layout) -> Result<Vec<ColumnDef>> {
    let fields = layout.schema.fields().iter();
    Ok(fields.map(|field| ColumnDef::from_arrow(field.name(), field.data_type(), true)).collect::<Result<_, _>>()?)
}

/// How long a connection waits for one that writes.
const BUSY: Duration = Duration::from_secs(30);
/// How long the log waits for those that read, before it is left as it is.
const READERS_WAIT: Duration = Duration::from_secs(2);

/// Our own connections, with a write-ahead log.
async fn connect(path: &Path, synchronous: SqliteSynchronous) -> Result<SqlitePool> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous)
        .busy_timeout(BUSY);
    // No reaping of idle connections: the pool's maintenance can spin for ever when it races a release (sqlx-core 0.9.0), and the command
    // would not end.
    let pool = SqlitePoolOptions::new().max_connections(2).idle_timeout(None).max_lifetime(None);
    let pool = pool.connect_with(options).await;
    pool.map_err(|error| damaged(path, error))
}

/// Writes the log back, so that `tenure.db` alone is whole. Where somebody still reads an older state, it stays for the next time.
pub(crate) async fn write_back(pool: &SqlitePool) {
    // The commit counts with or without this: the log has it.
    let Ok(mut connection) = pool.acquire().await else { return };
    let waits = |limit: Duration| sqlx::AssertSqlSafe(format!("PRAGMA busy_timeout = {}", limit.as_millis()));
    let _ = sqlx::query(waits(READERS_WAIT)).execute(&mut *connection).await;
    let _ = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut *connection).await;
    let _ = sqlx::query(waits(BUSY)).execute(&mut *connection).await;
}

/// Opens an existing catalogue, if it is one that this build reads.
pub(crate) async fn open(places: &Places) -> Result<SqlitePool> {
    if !places.catalog.is_file() {
        return Err(absent(places));
    }
    let pool = connect(&places.catalog, SqliteSynchronous::Full).await?;
    let checked = check(places, &pool).await;
    checked.map_err(|error| match error {
        LakeError::Catalog(error) => damaged(&places.catalog, error),
        error => error,
    })?;
    Ok(pool)
}

/// Why there is no catalogue: a new workspace, or a loss that a new catalogue would hide.
pub(crate) fn absent(places: &Places) -> LakeError {
    let has_files = |folder: PathBuf| std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
    let tables = std::fs::read_dir(places.data.join(SCHEMA)).into_iter().flatten().flatten();
    if tables.map(|table| table.path()).any(has_files) {
        return LakeError::MissingCatalog(places.catalog.clone());
    }
    LakeError::Absent(places.workspace.clone())
}

async fn check(places: &Places, pool: &SqlitePool) -> Result<()> {
    let found: u32 = sqlx::query_scalar("PRAGMA user_version").fetch_one(pool).await?;
    let path = places.catalog.clone();
    if found > FORMAT {
        return Err(LakeError::NewerFormat { path, found, known: FORMAT });
    }
    if found == 0 {
        return Err(LakeError::DamagedCatalog { path, reason: "it says no lake format".to_owned() });
    }
    // A workspace may have been moved, and DuckLake keeps the folder's absolute path.
    let data = format!("{}/", places.data.to_string_lossy());
    let moved = "UPDATE ducklake_metadata SET value = ?1 WHERE key = 'data_path' AND scope IS NULL AND value <> ?1";
    let known: Option<String> =
        sqlx::query_scalar("SELECT value FROM ducklake_metadata WHERE key = 'data_path' AND scope IS NULL")
            .fetch_optional(pool)
            .await?;
    match known {
        None => return Err(LakeError::DamagedCatalog { path, reason: "it names no data folder".to_owned() }),
        Some(known) if known == data => {}
        Some(_) => {
            sqlx::query(moved).bind(&data).execute(pool).await?;
        }
    }
    tables::add_missing(pool).await
}

fn damaged(path: &Path, error: sqlx::Error) -> LakeError {
    let code = error.as_database_error().and_then(|error| error.code());
    // 11: malformed; 26: not a database; 1: a table is missing; 14: cannot be opened.
    match code.as_deref() {
        Some("1" | "11" | "14" | "26") => {
            LakeError::DamagedCatalog { path: path.to_owned(), reason: error.to_string() }
        }
        _ => LakeError::Catalog(error),
    }
}

/// All versions, oldest first.
pub(crate) async fn history(pool: &SqlitePool) -> Result<Vec<VersionInfo>> {
    let rows = sqlx::query(
        "SELECT s.snapshot_id, CAST(s.snapshot_time AS TEXT), c.changes_made, c.commit_message, c.commit_extra_info
         FROM ducklake_snapshot s LEFT JOIN ducklake_snapshot_changes c USING (snapshot_id) ORDER BY s.snapshot_id",
    );
    let rows = rows.fetch_all(pool).await?;
    rows.iter()
        .map(|row| {
            let text = |column| row.try_get::<Option<String>, _>(column);
            let stamp = text(4)?.and_then(|text| serde_json::from_str::<Stamp>(&text).ok());
            let compacted = text(2)?.is_some_and(|changes| changes.contains("compacted_table"));
            let kind = match stamp.as_ref().map(|stamp| stamp.kind.as_str()) {
                Some("created") => VersionKind::Created,
                Some("scores") => VersionKind::Scores,
                Some("compaction") => VersionKind::Compaction,
                None if compacted => VersionKind::Compaction,
                _ => VersionKind::Import,
            };
            let stamped = stamp.and_then(|stamp| stamp.committed_at.parse().ok());
            // A compaction cut short has only SQLite's own time.
            let recorded = || text(1).ok().flatten().and_then(|time| format!("{}Z", time.trim()).parse().ok());
            Ok(VersionInfo {
                version: Version::from_snapshot(row.try_get(0)?),
                committed_at: stamped.or_else(recorded).unwrap_or(Timestamp::UNIX_EPOCH),
                kind,
                note: text(3)?,
            })
        })
        .collect()
}
