//! Reading: all tables as they were at one version.

use crate::error::{LakeError, Result};
use crate::lake::Lake;
use crate::layout::layouts;
use crate::note::RETIRED;
use crate::store::SyncedStore;
use crate::version::{AsOf, Version};
use arrow::array::AsArray;
use arrow::compute::cast;
use arrow::datatypes::{DataType, TimestampMicrosecondType};
use datafusion::catalog::TableProvider;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::prelude::SessionContext;
use datafusion::scalar::ScalarValue;
use jiff::Timestamp;
use sqlx::Row;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// All tables of the lake at one version. It stays as it is, whatever is committed later.
///
/// Text columns read as `Utf8View`; instants as microseconds in UTC.
#[derive(Debug, Clone)]
pub struct Snapshot {
    version: Version,
    latest: bool,
    committed_at: Timestamp,
    tables: BTreeMap<&'static str, Arc<dyn TableProvider>>,
    /// Its files, each with its table.
    files: Vec<(String, PathBuf)>,
    /// Set where sessions would not find the files by themselves.
    store: Option<Arc<SyncedStore>>,
}

impl Snapshot {
    pub(crate) async fn open(lake: &Lake, version: Version) -> Result<Self> {
        lake.resolve(AsOf::Version(version)).await?;
        let history = lake.history().await?;
        let info = history.iter().find(|info| info.version == version);
        let files = check_files(lake, version).await?;
        let mut tables = BTreeMap::new();
        for layout in layouts() {
            tables.insert(layout.name, lake.table_at(layout.name, version).await?);
        }
        let committed_at = info.map_or(Timestamp::UNIX_EPOCH, |info| info.committed_at);
        let store = lake.store.renames().then(|| lake.store.clone());
        let latest = history.last().is_none_or(|last| last.version == version);
        Ok(Self { version, latest, committed_at, tables, files, store })
    }

    /// Which version this is.
    pub fn version(&self) -> Version {
        self.version
    }

    /// Whether it was the latest when it was opened.
    pub fn is_latest(&self) -> bool {
        self.latest
    }

    /// When it was committed.
    pub fn committed_at(&self) -> Timestamp {
        self.committed_at
    }

    /// A table: one of the schema's, or `tenure_imports`, `tenure_rejects`, `tenure_touched`.
    pub fn table(&self, name: &str) -> Result<Arc<dyn TableProvider>> {
        self.tables.get(name).cloned().ok_or_else(|| LakeError::UnknownTable(name.to_owned()))
    }

    /// Makes every table known to a session, by its bare name.
    pub fn register(&self, context: &SessionContext) -> Result<()> {
        if let Some(store) = &self.store {
            context.register_object_store(ObjectStoreUrl::local_filesystem().as_ref(), store.clone());
        }
        for (name, table) in &self.tables {
            context.register_table(*name, Arc::clone(table))?;
        }
        Ok(())
    }

    /// Reads every file of this version, and names the first that is damaged. A query that fails on one cannot say which:
    /// ask this then.
    pub async fn verify(&self) -> Result<()> {
        let files = self.files.clone();
        let read = move || files.iter().try_for_each(|(table, path)| crate::stage::verify(table, path));
        tokio::task::spawn_blocking(read).await.map_err(|error| LakeError::Task(error.to_string()))?
    }

    /// Up to when a table is complete: the earliest over its sources of what each last said; none if none said so. A source
    /// that was retired counts only where no other is left.
    pub async fn data_through(&self, table: &str) -> Result<Option<Timestamp>> {
        self.table(table)?;
        let context = SessionContext::new();
        self.register(&context)?;
        let sources = context.sql(
            "SELECT coalesce(min(CASE WHEN NOT retired THEN through END), min(through))
             FROM (SELECT max(data_through) AS through,
                          coalesce(max(CASE WHEN mapping_hash = $2 THEN import_id END), -1)
                              > max(CASE WHEN data_through IS NOT NULL THEN import_id END) AS retired
                   FROM tenure_imports WHERE table_name = $1 GROUP BY source)",
        );
        let answer = sources.await?.with_param_values(vec![ScalarValue::from(table), RETIRED.into()])?.collect();
        let answer = answer.await?;
        let column = answer.first().map(|batch| batch.column(0).as_primitive::<TimestampMicrosecondType>().clone());
        let micros = column.and_then(|column| column.iter().next().flatten());
        Ok(micros.and_then(|micros| Timestamp::from_microsecond(micros).ok()))
    }

    /// The sources of tables that said how far they are and were not retired since: each with its table.
    pub async fn sources_in_use(&self) -> Result<Vec<(String, String)>> {
        let context = SessionContext::new();
        self.register(&context)?;
        let sources = context.sql(
            "SELECT source, table_name FROM tenure_imports GROUP BY source, table_name
             HAVING max(CASE WHEN data_through IS NOT NULL THEN import_id END)
                    > coalesce(max(CASE WHEN mapping_hash = $1 THEN import_id END), -1)
             ORDER BY source, table_name",
        );
        let rows = sources.await?.with_param_values(vec![ScalarValue::from(RETIRED)])?.collect().await?;
        let mut found = Vec::new();
        for batch in &rows {
            let text = |column: usize| cast(batch.column(column), &DataType::Utf8);
            let (sources, tables) = (text(0)?, text(1)?);
            let (sources, tables) = (sources.as_string::<i32>(), tables.as_string::<i32>());
            found.extend(sources.iter().zip(tables).filter_map(|(s, t)| Some((s?.to_owned(), t?.to_owned()))));
        }
        Ok(found)
    }
}

/// Sees that every file of a version is there, and as long as it was written, before a query stumbles over it.
async fn check_files(lake: &Lake, version: Version) -> Result<Vec<(String, PathBuf)>> {
    let mut files = Vec::new();
    let rows = sqlx::query(
        "SELECT t.table_name, f.path, f.path_is_relative, f.file_size_bytes
         FROM (SELECT table_id, path, path_is_relative, file_size_bytes, begin_snapshot, end_snapshot
               FROM ducklake_data_file
               UNION ALL
               SELECT table_id, path, path_is_relative, file_size_bytes, begin_snapshot, end_snapshot
               FROM ducklake_delete_file) f
         JOIN ducklake_table t USING (table_id)
         WHERE f.begin_snapshot <= ?1 AND (f.end_snapshot IS NULL OR f.end_snapshot > ?1)",
    );
    for row in rows.bind(version.snapshot()).fetch_all(&lake.pool).await? {
        let (table, path): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let path = if row.try_get(2)? { lake.places.table(&table).join(path) } else { PathBuf::from(path) };
        let written: i64 = row.try_get(3)?;
        match std::fs::metadata(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(LakeError::MissingFile { path, table });
            }
            Err(error) => return Err(LakeError::io(&path)(error)),
            Ok(found) if u64::try_from(written).is_ok_and(|written| written == found.len()) => {
                files.push((table, path))
            }
            Ok(found) => {
                let reason = format!("it has {} bytes, and was written with {written}", found.len());
                return Err(LakeError::DamagedFile { path, table, reason });
            }
        }
    }
    Ok(files)
}
