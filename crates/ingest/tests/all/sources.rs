//! What is wrong in a source's file, and where.

use crate::world::World;
use tenure_ingest::Source;

async fn broken(text: &str) -> String {
    let world = World::new().await;
    world.file("s.csv", "id,Customer Name,start\n1,Ann,x\n");
    world.file("sources/s.toml", text);
    world.error().await
}

fn select(sql: &str) -> String {
    format!("[files.subs]\npath = \"s.csv\"\n[tables]\naccounts = \"\"\"{sql}\"\"\"\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_toml() {
    assert_eq!(
        broken("[files.s]\npath = \"s.csv\n").await,
        "sources/s.toml:2: path: invalid basic string; expected `\"`"
    );
    assert_eq!(
        broken("[files.s]\npath = \"s.csv\"\ndelimeter = \";\"\n[tables]\n").await,
        "sources/s.toml:3: unknown field `delimeter`; expected one of `path`, `format`, `delimiter`, `encoding`, `header`, `columns`, \
         `quote`, `null`"
    );
    assert_eq!(
        broken("timezone = \"Mars\"\n").await,
        "sources/s.toml:1: timezone: unknown time zone 'Mars'; use an IANA name such as 'Europe/Paris'"
    );
    assert_eq!(
        broken("mode = \"replace\"\n").await,
        "sources/s.toml:1: mode: unknown mode 'replace'; use 'upsert' or 'snapshot'"
    );
    assert_eq!(
        broken("data_through = \"soon\"\n").await,
        "sources/s.toml:1: data_through: 'soon' is neither a date nor an instant; write it as \"2026-07-01\": everything before that day is in the export"
    );
    assert_eq!(
        broken("[files.s]\npath = \"${EXPORTS}/s.csv\"\n").await,
        "sources/s.toml:2: files.s.path: the environment variable EXPORTS is not set; set it, or give a default: ${EXPORTS:-exports}"
    );
    assert_eq!(
        broken("[files.s]\npath = \"s.csv\"\nencoding = \"latin9000\"\n").await,
        "sources/s.toml:3: files.s.encoding: unknown encoding 'latin9000'; use a name such as 'utf-8', 'windows-1252', 'iso-8859-15' or 'utf-16le'"
    );
    assert_eq!(
        broken("[files.s]\npath = \"s.csv\"\n[tables]\nacounts = \"SELECT 1\"\n").await,
        "sources/s.toml:4: tables.acounts: there is no table 'acounts'; did you mean 'accounts'?"
    );
    assert_eq!(
        broken("about = \"x\"\n").await,
        "sources/s.toml: fills no table; add [tables] with a SELECT for each table"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_columns_and_relations() {
    assert_eq!(
        broken(&select("SELECT id AS account_id, strat AS created_at FROM subs")).await,
        "sources/s.toml:4: tables.accounts: there is no column 'strat' in subs; did you mean 'start'? the columns are id, Customer Name, start"
    );
    assert_eq!(
        broken(&select("SELECT id AS account_id FROM sub")).await,
        "sources/s.toml:4: tables.accounts: there is no relation 'sub'; did you mean 'subs'?"
    );
    assert_eq!(
        broken(&select("SELECT start AS name FROM subs")).await,
        "sources/s.toml:4: tables.accounts: the required column 'account_id' of accounts is not filled; add … AS account_id: the customer's id"
    );
    assert_eq!(
        broken(&select("SELECT id AS account_id, upper(start) FROM subs")).await,
        "sources/s.toml:4: tables.accounts: the column upper(start) has no name; name it with AS"
    );
    assert_eq!(
        broken("[files.s]\npath = \"s.csv\"\n[tables]\nfx_rates = \"SELECT id AS currency, start AS day, 1 AS rate, id AS source FROM s\"\n").await,
        "sources/s.toml:4: tables.fx_rates: fx_rates has no column 'source'; its columns are currency, quote, day, rate"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_sql() {
    let error = broken(&select("SELECT id AS account_id FORM subs")).await;
    assert!(
        error.starts_with("sources/s.toml:4: tables.accounts: ") && error.ends_with("; correct the SELECT"),
        "{error}"
    );
    let error = broken(&select("SELECT id AS account_id, to_dat(start) AS created_at FROM subs")).await;
    assert!(
        error.starts_with("sources/s.toml:4: tables.accounts: cannot be planned: ") && error.contains("to_date"),
        "{error}"
    );
    assert_eq!(
        broken(&select("DELETE FROM subs")).await,
        "sources/s.toml:4: tables.accounts: is not a SELECT; correct the SELECT"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_is_not_there() {
    let world = World::new().await;
    world.accounts("id,name\n");
    let error = Source::load("cmr", &world.workspace, &|_| None).unwrap_err().to_string();
    assert!(error.starts_with("sources/cmr.toml: cannot be read: "), "{error}");
    assert!(error.ends_with("; did you mean 'crm'?") || error.ends_with("; the sources are crm"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn names_in_any_case_and_variables() {
    let world = World::new().await;
    world.file("in/s.csv", "ID,Customer Name,CreatedAt\n1,Ann,2024-01-01\n");
    world.file(
        "sources/s.toml",
        "data_through = 2024-05-01\n[files.Subs]\npath = \"${DIR:-in}/s.csv\"\n[tables]\naccounts = 'SELECT s.id AS account_id, \"Customer Name\" AS name, createdat AS created_at FROM subs s'",
    );
    let report = world.import().await;
    assert_eq!(world.sql("SELECT account_id, name, created_at FROM accounts").await, ["1|Ann|2024-01-01T00:00:00Z"]);
    assert_eq!(report.sources[0].data_through.unwrap().to_string(), "2024-05-01T00:00:00Z");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_is_gone_no_longer_holds_world_time_back() {
    let world = World::new().await;
    let through = async || {
        let latest = world.lake.latest().await.unwrap();
        let snapshot = world.lake.snapshot(latest).await.unwrap();
        snapshot.data_through("subscriptions").await.unwrap().map(|at| at.to_string())
    };
    let source = |until: &str, file: &str| {
        format!(
            "data_through = {until}\n[files.s]\npath = \"{file}\"\n[tables]\nsubscriptions = \"SELECT id AS subscription_id, 'A' AS account_id, \
             price AS unit_price, '2024-01-01' AS started_at FROM s\"\n"
        )
    };
    world.file("s.csv", "id,price\nS1,10\nS2,20\n").file("other.csv", "id,price\nX,10\n");
    world.file("sources/s.toml", source("2024-02-01", "s.csv"));
    world.import().await;
    assert_eq!(through().await.as_deref(), Some("2024-02-01T00:00:00Z"));
    let old = world.lake.latest().await.unwrap();
    // Renamed: its rows, which say nothing new, still bear the old name.
    std::fs::rename(world.path().join("sources/s.toml"), world.path().join("sources/stripe.toml")).unwrap();
    world.file("sources/stripe.toml", source("2024-07-01", "s.csv"));
    let report = world.import().await;
    assert_eq!(report.retired, [("s".to_owned(), "subscriptions".to_owned())]);
    assert_eq!(world.sql("SELECT DISTINCT _source FROM subscriptions").await, ["s"]);
    assert_eq!(through().await.as_deref(), Some("2024-07-01T00:00:00Z"));
    assert_eq!(world.import().await.retired, [], "once");
    // A version answers as it did.
    let snapshot = world.lake.snapshot(old).await.unwrap();
    assert_eq!(snapshot.data_through("subscriptions").await.unwrap().unwrap().to_string(), "2024-02-01T00:00:00Z");
    // A second source that is behind holds back, imported or not, until its mapping of the table is gone.
    world.file("sources/erp.toml", source("2024-03-01", "other.csv"));
    assert_eq!(world.import().await.retired, []);
    assert_eq!(through().await.as_deref(), Some("2024-03-01T00:00:00Z"));
    world.file(
        "sources/erp.toml",
        "data_through = 2024-03-01\n[files.s]\npath = \"other.csv\"\n[tables]\naccounts = \"SELECT id AS account_id FROM s\"\n",
    );
    assert_eq!(world.import().await.retired, [("erp".to_owned(), "subscriptions".to_owned())]);
    assert_eq!(through().await.as_deref(), Some("2024-07-01T00:00:00Z"));
    // What comes back counts again; where none is left, the last that was said stands.
    std::fs::remove_file(world.path().join("sources/stripe.toml")).unwrap();
    world.import().await;
    assert_eq!(through().await.as_deref(), Some("2024-02-01T00:00:00Z"));
    world.file("sources/s.toml", source("2024-08-01", "s.csv"));
    world.import().await;
    assert_eq!(through().await.as_deref(), Some("2024-08-01T00:00:00Z"));
}
