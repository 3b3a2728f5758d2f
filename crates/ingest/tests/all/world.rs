//! A workspace in a temporary folder.

use arrow::util::display::array_value_to_string;
use datafusion::prelude::SessionContext;
use jiff::Timestamp;
use std::path::Path;
use std::sync::Arc;
use tenure_ingest::{Error, ImportReport, Options, Source, Workspace, import};
use tenure_lake::Lake;
use tenure_schema::settings::Settings;

pub struct World {
    pub folder: tempfile::TempDir,
    pub lake: Lake,
    pub workspace: Workspace,
}

pub fn now() -> Timestamp {
    "2026-07-01T12:00:00Z".parse().unwrap()
}

impl World {
    pub async fn new() -> Self {
        Self::with("currency = \"USD\"").await
    }

    pub async fn with(settings: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("sources")).unwrap();
        let lake = Lake::create(folder.path(), now()).await.unwrap();
        let settings = Arc::new(Settings::parse(settings).unwrap());
        let workspace = Workspace { root: folder.path().to_owned(), settings };
        World { folder, lake, workspace }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
        self
    }

    /// Accounts from `accounts.csv`.
    pub fn accounts(&self, text: &str) -> &Self {
        self.file("accounts.csv", text);
        self.file(
            "sources/crm.toml",
            "[files.a]\npath = \"accounts.csv\"\n[tables]\naccounts = \"SELECT id AS account_id, name FROM a\"\n",
        )
    }

    /// Subscriptions from `subs.csv`, with these columns.
    pub fn subscriptions(&self, text: &str) -> &Self {
        self.file("subs.csv", text);
        self.file(
            "sources/billing.toml",
            "[files.subs]\npath = \"subs.csv\"\n[tables]\nsubscriptions = \"\"\"SELECT id AS subscription_id, account AS account_id, \
             price AS unit_price, start AS started_at, \"end\" AS ended_at FROM subs\"\"\"\n",
        )
    }

    pub fn sources(&self) -> Vec<Result<Source, tenure_ingest::Problem>> {
        Source::load_all(&self.workspace, &|_| None)
    }

    pub async fn try_import(&self, options: &Options) -> Result<ImportReport, Error> {
        import(&self.lake, &self.workspace, self.sources(), options).await
    }

    pub async fn import(&self) -> ImportReport {
        self.try_import(&Options::at(now())).await.unwrap()
    }

    /// The message of an import that fails; the lake stays as it was.
    pub async fn error(&self) -> String {
        let before = self.lake.latest().await.unwrap();
        let error = self.try_import(&Options::at(now())).await.unwrap_err().to_string();
        assert_eq!(self.lake.latest().await.unwrap(), before, "nothing is committed");
        error
    }

    /// The answer to a query on the latest version: a line a row, columns between bars.
    pub async fn sql(&self, query: &str) -> Vec<String> {
        let context = SessionContext::new();
        let latest = self.lake.latest().await.unwrap();
        self.lake.snapshot(latest).await.unwrap().register(&context).unwrap();
        let batches = context.sql(query).await.unwrap().collect().await.unwrap();
        let mut lines = Vec::new();
        for batch in batches {
            for row in 0..batch.num_rows() {
                let cells: Vec<String> =
                    batch.columns().iter().map(|column| array_value_to_string(column, row).unwrap()).collect();
                lines.push(cells.join("|"));
            }
        }
        lines
    }
}

/// read, accepted, updated, duplicate, rejected, removed of the only table.
pub fn counts(report: &ImportReport) -> [u64; 6] {
    let [table] = report.tables.as_slice() else { panic!("{:?}", report.tables) };
    assert_eq!(table.read, table.accepted + table.updated + table.duplicate + table.rejected);
    [table.read, table.accepted, table.updated, table.duplicate, table.rejected, table.removed]
}

/// The rejects as a user reads them.
pub fn rejects(report: &ImportReport) -> Vec<String> {
    report.rejects.iter().map(ToString::to_string).collect()
}
