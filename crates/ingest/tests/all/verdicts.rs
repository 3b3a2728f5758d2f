//! Each line of the table of verdicts, with its message.

use crate::world::{World, counts, now, rejects};
use tenure_ingest::Options;

const HEAD: &str = "id,account,price,start,end\n";

async fn rejected(line: &str) -> String {
    let world = World::new().await;
    world.subscriptions(&format!("{HEAD}ok,A,10,2024-01-01,\n{line}\n"));
    let report = world.import().await;
    assert_eq!(counts(&report), [2, 1, 0, 0, 1, 0]);
    assert_eq!(world.sql("SELECT subscription_id FROM subscriptions").await, ["ok"]);
    assert_eq!(world.sql("SELECT count(*) FROM tenure_rejects WHERE resolved_at IS NULL").await, ["1"]);
    rejects(&report).remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_known_and_same_keys() {
    let world = World::new().await;
    world.accounts("id,name\nA,Acme\nB,Bolt\n");
    assert_eq!(counts(&world.import().await), [2, 2, 0, 0, 0, 0]);
    assert_eq!(counts(&world.import().await), [2, 0, 0, 2, 0, 0]);
    world.accounts("id,name\nA,Acme\nB,Bolt Ltd\nC,Cord\nC,Cord\nC,Cord Inc\n");
    assert_eq!(counts(&world.import().await), [5, 1, 2, 2, 0, 0]);
    let rows = world.sql("SELECT account_id, name, _source, _file, _row FROM accounts ORDER BY 1").await;
    assert_eq!(rows, ["A|Acme|crm|accounts.csv|1", "B|Bolt Ltd|crm|accounts.csv|2", "C|Cord Inc|crm|accounts.csv|5"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn required_and_empty() {
    assert_eq!(
        rejected("S2,,10,2024-01-01,").await,
        "subs.csv, record 2: subscriptions.account_id: is required and empty; fill it in at the source, or leave such rows out with WHERE"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_type() {
    assert_eq!(
        rejected("S2,A,ten,2024-01-01,").await,
        "subs.csv, record 2: subscriptions.unit_price: 'ten' is not a number; write it as digits with a decimal point, \
         such as replace(x, ',', '.') in the mapping"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_digits() {
    assert_eq!(
        rejected("S2,A,1234567890123,2024-01-01,").await,
        "subs.csv, record 2: subscriptions.unit_price: '1234567890123' has more than 12 digits before the point; correct it, \
         or map it in larger units"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn price_by_quantity_beyond_what_can_be_reckoned_with() {
    let world = World::new().await;
    world
        .file("subs.csv", "id,price,quantity\n1,999999999999,1000\n2,999999999999,1001\n3,999999999999,999999999999\n");
    world.file(
        "sources/billing.toml",
        "[files.s]\npath = \"subs.csv\"\n[tables]\nsubscriptions = \"SELECT id AS subscription_id, 'A' AS account_id, price AS unit_price, \
         quantity, '2024-01-01' AS started_at FROM s\"\n",
    );
    let report = world.import().await;
    assert_eq!(counts(&report), [3, 1, 0, 0, 2, 0]);
    assert_eq!(
        rejects(&report),
        [
            "subs.csv, record 2: subscriptions.unit_price: 999999999999 × 1001, the quantity, has more than 15 digits before the point; \
             correct the price or the quantity at the source",
            "subs.csv, record 3: subscriptions.unit_price: 999999999999 × 999999999999, the quantity, has more than 15 digits before the \
             point; correct the price or the quantity at the source",
        ]
    );
    assert_eq!(world.sql("SELECT subscription_id FROM subscriptions").await, ["1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn end_before_start() {
    assert_eq!(
        rejected("S2,A,10,2024-02-01,2024-01-01").await,
        "subs.csv, record 2: subscriptions.ended_at: 2024-01-01T00:00:00Z is not after started_at 2024-02-01T00:00:00Z; correct \
         the dates; a last day that is meant inclusively becomes the next day with + INTERVAL '1 day'"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn negative_price() {
    assert_eq!(
        rejected("S2,A,-5.50,2024-01-01,").await,
        "subs.csv, record 2: subscriptions.unit_price: -5.5 is negative; correct it at the source; credits and refunds belong in invoices"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn unparsable_date() {
    assert_eq!(
        rejected("S2,A,10,31/02/2024,").await,
        "subs.csv, record 2: subscriptions.started_at: '31/02/2024' is not a date or time; read it in the mapping, such as \
         to_date(x, '%d-%m-%Y') or to_timestamp(x, '%d/%m/%Y %H:%M')"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn several_faults_are_one_reject() {
    assert_eq!(
        rejected("S2,,ten,2024-01-01,").await,
        "subs.csv, record 2: subscriptions.account_id: is required and empty; also unit_price: 'ten' is not a number; fill it in \
         at the source, or leave such rows out with WHERE"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn not_an_allowed_word() {
    let world = World::new().await;
    world.file("t.csv", "id,opener,at\n1,Customer,2024-01-01\n2,robot,2024-01-01\n");
    world.file(
        "sources/desk.toml",
        "[files.t]\npath = \"t.csv\"\n[tables]\ntickets = \"SELECT id AS ticket_id, opener AS opened_by, at AS created_at FROM t\"",
    );
    let report = world.import().await;
    assert_eq!(counts(&report), [2, 1, 0, 0, 1, 0]);
    assert_eq!(
        rejects(&report),
        [
            "t.csv, record 2: tickets.opened_by: 'robot' is not one of customer, agent, system; translate it with CASE in the mapping"
        ]
    );
    assert_eq!(world.sql("SELECT opened_by FROM tickets").await, ["customer"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn dry_run_changes_nothing() {
    let world = World::new().await;
    world.accounts("id,name\nA,Acme\n,Bolt\n");
    let before = world.lake.latest().await.unwrap();
    let report = world.try_import(&Options { dry_run: true, ..Options::at(now()) }).await.unwrap();
    assert_eq!(counts(&report), [2, 1, 0, 0, 1, 0]);
    assert_eq!(report.version, None);
    assert_eq!(world.lake.latest().await.unwrap(), before);
    assert_eq!(world.sql("SELECT count(*) FROM accounts").await, ["0"]);
    assert_eq!(world.sql("SELECT count(*) FROM tenure_rejects").await, ["0"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_sources_make_one_version() {
    let world = World::new().await;
    world.accounts("id,name\nA,Acme\n");
    world.subscriptions(&format!("{HEAD}S1,A,10,2024-01-01,\n"));
    let before = world.lake.latest().await.unwrap();
    let report = world.import().await;
    assert_eq!(report.version.map(|version| version.0), Some(before.0 + 1));
    assert_eq!(report.tables.len(), 2);
    assert_eq!(report.warnings, []);
    let through: Vec<_> = report.sources.iter().map(|s| s.data_through.map(|t| t.to_string())).collect();
    assert_eq!(through, [Some("2024-01-01T00:00:00Z".to_owned()), None]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_of_a_row() {
    let world = World::new().await;
    world.file("a.csv", "id,Name,Region,seats,odd\nA,Acme,\"North \"\"1\"\"\",12,\nB,Bolt,,,\n");
    world.file(
        "sources/crm.toml",
        "[files.a]\npath = \"a.csv\"\n[tables]\naccounts = \"SELECT id AS account_id, name, Region, CAST(seats AS INT) AS seats, odd FROM a\"",
    );
    assert_eq!(counts(&world.import().await), [2, 2, 0, 0, 0, 0]);
    assert_eq!(
        world.sql("SELECT account_id, name, attributes, valid_from FROM accounts ORDER BY 1").await,
        ["A|Acme|{\"Region\":\"North \\\"1\\\"\",\"seats\":12}|1970-01-01T00:00:00Z", "B|Bolt||1970-01-01T00:00:00Z"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_sources_fill_one_table() {
    let world = World::new().await;
    world.accounts("id,name\nA,Acme\nB,Bolt\n");
    world.file("b.csv", "id,name\nB,Bolt\nC,Cord\n,nobody\n");
    world.file(
        "sources/erp.toml",
        "[files.b]\npath = \"b.csv\"\n[tables]\naccounts = \"SELECT id AS account_id, name FROM b\"\n",
    );
    let report = world.import().await;
    let told: Vec<_> = report
        .tables
        .iter()
        .map(|t| (t.source.as_str(), t.read, t.accepted, t.updated, t.duplicate, t.rejected))
        .collect();
    assert_eq!(told, [("crm", 2, 2, 0, 0, 0), ("erp", 3, 1, 0, 1, 1)]);
    assert_eq!(world.sql("SELECT source, read FROM tenure_imports ORDER BY 1").await, ["crm|2", "erp|3"]);
    world.file("sources/erp.toml", "mode = \"snapshot\"\n[files.b]\npath = \"b.csv\"\n[tables]\naccounts = \"SELECT id AS account_id, name FROM b\"\n");
    assert_eq!(
        world.error().await,
        "sources/erp.toml: fills accounts as a snapshot, and another source of this import fills it too; import it alone: tenure import erp"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn good_rows_are_kept_where_asked() {
    let world = World::new().await;
    world.accounts("id,name\nA,Acme\n");
    world.file(
        "sources/broken.toml",
        "[files.x]\npath = \"none.csv\"\n[tables]\naccounts = \"SELECT id AS account_id FROM x\"\n",
    );
    world.file("sources/worse.toml", "[files");
    let error = world.error().await;
    assert_eq!(
        error,
        "sources/broken.toml:1: files.x.path: there is no file 'none.csv'; put the export there, or correct the path (it is relative to the workspace)"
    );
    let report = world.try_import(&Options { keep_good: true, ..Options::at(now()) }).await.unwrap();
    assert_eq!(counts(&report), [1, 1, 0, 0, 0, 0]);
    assert_eq!(report.problems.len(), 2);
    assert_eq!(report.problems[0].to_string(), error);
}
