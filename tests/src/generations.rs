//! A small company whose every row, in every table, says which export it came from.

use crate::Error;
use crate::command::succeed;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const SETTINGS: &str = "name = \"Generations\"\ncurrency = \"USD\"\n";

const SOURCE: &str = r#"
data_through = "2026-01-01"
[files.accounts]
path = "accounts.csv"
[files.subs]
path = "subs.csv"
[files.log]
path = "usage.csv"
[tables]
accounts = "SELECT id AS account_id, export AS name FROM accounts"
subscriptions = """
SELECT id AS subscription_id, account AS account_id, price AS unit_price, export AS product, start AS started_at FROM subs
"""
usage_events = "SELECT id AS event_id, account AS account_id, export AS feature, ts AS occurred_at FROM log"
"#;

/// How many rows the smallest table has.
const ACCOUNTS: usize = 400;
/// Each account's subscriptions and uses.
const EACH: [usize; 2] = [3, 50];

/// A workspace that can be exported anew, generation after generation: same keys, other content.
pub struct Generations {
    folder: tempfile::TempDir,
}

impl Generations {
    /// A workspace with an empty lake.
    pub fn new() -> Result<Self, Error> {
        let folder = tempfile::tempdir()?;
        std::fs::create_dir(folder.path().join("sources"))?;
        std::fs::write(folder.path().join("tenure.toml"), SETTINGS)?;
        std::fs::write(folder.path().join("sources/app.toml"), SOURCE)?;
        Ok(Self { folder })
    }

    /// The workspace.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes the exports of a generation. Each has one row more in every table than the one before it.
    pub fn export(&self, generation: usize) -> Result<(), Error> {
        let (mut accounts, mut subs, mut log) = (
            "id,export\n".to_owned(),
            "id,account,price,export,start\n".to_owned(),
            "id,account,export,ts\n".to_owned(),
        );
        for account in 0..ACCOUNTS {
            writeln!(accounts, "a{account},g{generation}")?;
            for number in 0..EACH[0] {
                writeln!(subs, "s{account}-{number},a{account},{},g{generation},2025-01-01", 10 + generation)?;
            }
            for number in 0..EACH[1] {
                let (day, minute) = (1 + number % 28, account % 60);
                writeln!(log, "u{account}-{number},a{account},g{generation},2025-03-{day:02}T10:{minute:02}:00Z")?;
            }
        }
        for more in 0..generation {
            writeln!(accounts, "b{more},g{generation}")?;
            writeln!(subs, "t{more},b{more},5,g{generation},2025-02-01")?;
            writeln!(log, "v{more},b{more},g{generation},2025-04-01T10:00:00Z")?;
        }
        for (name, text) in [("accounts.csv", accounts), ("subs.csv", subs), ("usage.csv", log)] {
            std::fs::write(self.path().join(name), text)?;
        }
        Ok(())
    }

    /// The generation that the lake is at. An error: it is between two, or a row is there twice or not at all.
    pub fn at(&self) -> Result<usize, Error> {
        let sql = "SELECT 'accounts' AS t, name AS g, count(*) AS n, count(DISTINCT account_id) AS keys FROM accounts GROUP BY 2
             UNION ALL SELECT 'subscriptions', product, count(*), count(DISTINCT subscription_id) FROM subscriptions GROUP BY 2
             UNION ALL SELECT 'usage_events', feature, count(*), count(DISTINCT event_id) FROM usage_events GROUP BY 2 ORDER BY 1";
        let told = succeed(self.path(), &["sql", "--format", "csv", sql])?;
        let rows: Vec<&str> = told.lines().skip(1).collect();
        let generation = rows.first().and_then(|row| row.split(",g").nth(1)?.split(',').next()?.parse().ok());
        let generation: usize = generation.ok_or_else(|| format!("no generation in\n{told}"))?;
        let expected: Vec<String> = [("accounts", 1), ("subscriptions", EACH[0]), ("usage_events", EACH[1])]
            .into_iter()
            .map(|(table, each)| (table, ACCOUNTS * each + generation))
            .map(|(table, rows)| format!("{table},g{generation},{rows},{rows}"))
            .collect();
        if rows == expected { Ok(generation) } else { Err(format!("neither before nor after:\n{told}").into()) }
    }

    /// Files below a folder of the workspace, in order.
    pub fn files(&self, below: &str) -> Result<Vec<PathBuf>, Error> {
        let mut files = files_under(&self.path().join(below))?;
        files.sort();
        Ok(files)
    }

    /// How many versions the lake has, the empty one included.
    pub async fn versions(&self) -> Result<usize, Error> {
        let pool = self.catalogue().await?;
        let versions: i64 = sqlx::query_scalar("SELECT count(*) FROM ducklake_snapshot").fetch_one(&pool).await?;
        pool.close().await;
        Ok(usize::try_from(versions)?)
    }

    async fn catalogue(&self) -> Result<sqlx::SqlitePool, Error> {
        let url = format!("sqlite://{}?mode=ro", self.path().join("tenure.db").display());
        Ok(sqlx::SqlitePool::connect(&url).await?)
    }

    /// Every data and delete file that the catalogue knows, in order.
    pub async fn catalogued(&self) -> Result<Vec<PathBuf>, Error> {
        let pool = self.catalogue().await?;
        let files: Vec<(String, String, bool)> = sqlx::query_as(
            "SELECT t.table_name, f.path, f.path_is_relative FROM ducklake_data_file f JOIN ducklake_table t USING (table_id)
             UNION SELECT t.table_name, f.path, f.path_is_relative FROM ducklake_delete_file f JOIN ducklake_table t USING (table_id)",
        )
        .fetch_all(&pool)
        .await?;
        pool.close().await;
        let data = self.path().join("lake/main");
        let place = |(table, path, relative): (String, String, bool)| match relative {
            true => data.join(table).join(path),
            false => PathBuf::from(path),
        };
        let mut files: Vec<PathBuf> = files.into_iter().map(place).collect();
        files.sort();
        Ok(files)
    }
}

fn files_under(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    if !folder.is_dir() {
        return Ok(files);
    }
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?.path();
        if entry.is_dir() { files.extend(files_under(&entry)?) } else { files.push(entry) }
    }
    Ok(files)
}
