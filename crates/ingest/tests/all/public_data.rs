//! The public data as published, where it is present.

use crate::world::World;
use std::io::Write;
use std::path::PathBuf;
use tenure_ingest::{ImportReport, Options, Source, import};

/// The folder of the public data; none: say so and skip.
fn data(folder: &str) -> Option<PathBuf> {
    let root = std::env::var_os("TENURE_DATA").map(PathBuf::from);
    let root = root.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"));
    let path = root.join(folder);
    if path.is_dir() {
        return Some(path);
    }
    // Past the test harness, which keeps to itself what a test that passes prints.
    let _ = writeln!(std::io::stderr(), "skipped: there is no {}; set TENURE_DATA", path.display());
    None
}

async fn run(world: &World, folder: PathBuf, source: &str) -> ImportReport {
    let folder = folder.to_string_lossy().into_owned();
    let env = move |name: &str| (name == "DATA").then(|| folder.clone());
    let source = Source::parse("s", source, &world.workspace, &env);
    import(&world.lake, &world.workspace, vec![source], &Options::at(crate::world::now())).await.unwrap()
}

fn read(report: &ImportReport) -> Vec<(&'static str, u64, u64)> {
    let mut tables: Vec<_> = report.tables.iter().map(|table| (table.table, table.read, table.rejected)).collect();
    tables.sort_unstable();
    tables
}

#[tokio::test(flavor = "multi_thread")]
async fn ravenstack() {
    let Some(folder) = data("ravenstack") else { return };
    let world = World::new().await;
    let source = r#"
[files.accounts]
path = "${DATA}/ravenstack_accounts.csv"
[files.subs]
path = "${DATA}/ravenstack_subscriptions.csv"
[files.usage]
path = "${DATA}/ravenstack_feature_usage.csv"
[files.tickets]
path = "${DATA}/ravenstack_support_tickets.csv"
[files.churn]
path = "${DATA}/ravenstack_churn_events.csv"
[tables]
accounts = "SELECT account_id, account_name AS name, industry, country, plan_tier AS plan, to_date(signup_date, '%d-%m-%Y') AS created_at, churn_flag FROM accounts"
subscriptions = """SELECT subscription_id, account_id, plan_tier AS plan, seats, mrr_amount AS unit_price, to_date(start_date, '%d-%m-%Y') AS started_at,
  to_date(end_date, '%d-%m-%Y') + INTERVAL '1 day' AS ended_at FROM subs"""
usage_events = """SELECT usage_id AS event_id, s.account_id, feature_name AS feature, usage_count AS quantity, to_date(usage_date, '%d-%m-%Y') AS occurred_at
  FROM usage u LEFT JOIN subs s ON s.subscription_id = u.subscription_id"""
tickets = "SELECT ticket_id, account_id, priority, to_date(submitted_at, '%d-%m-%Y') AS created_at, escalation_flag AS escalated FROM tickets"
survey_responses = """SELECT 'churn-' || churn_event_id AS response_id, 'other' AS survey_kind, account_id, feedback_text AS comment,
  to_date(churn_date, '%d-%m-%Y') AS responded_at FROM churn"""
"#;
    let report = run(&world, folder.clone(), source).await;
    assert_eq!(
        read(&report),
        [
            ("accounts", 500, 0),
            ("subscriptions", 5_000, 0),
            ("survey_responses", 600, 0),
            ("tickets", 2_000, 0),
            ("usage_events", 25_000, 0)
        ]
    );
    assert_eq!(report.warnings, []);
    let again = run(&world, folder, source).await;
    assert!(again.tables.iter().all(|table| table.duplicate == table.read), "{:?}", again.tables);
    assert_eq!(world.sql("SELECT count(*), count(DISTINCT event_id) FROM usage_events").await, ["25000|24979"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn telco() {
    let Some(folder) = data("telco") else { return };
    let world = World::new().await;
    let source = r#"
[files.demographics]
path = "${DATA}/Telco_customer_churn_demographics.csv"
[files.status]
path = "${DATA}/Telco_customer_churn_status.csv"
[tables]
accounts = """SELECT d."Customer ID" AS account_id, Gender, Age, s."Churn Reason" AS churn_reason
  FROM demographics d LEFT JOIN status s ON s."Customer ID" = d."Customer ID" """
survey_responses = """SELECT "Customer ID" AS response_id, 'csat' AS survey_kind, "Customer ID" AS account_id, "Satisfaction Score" AS score, 1 AS scale_min,
  5 AS scale_max FROM status"""
"#;
    let report = run(&world, folder, source).await;
    assert_eq!(read(&report), [("accounts", 7_043, 0), ("survey_responses", 7_043, 0)]);
    assert_eq!(report.warnings, []);
    assert_eq!(world.sql("SELECT round(avg(CAST(score AS DOUBLE)), 3) FROM survey_responses").await, ["3.245"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn cdnow() {
    let Some(folder) = data("cdnow") else { return };
    let world = World::new().await;
    let source = r#"
[files.tx]
path = "${DATA}/CDNOW_sample.txt"
delimiter = " +"
header = false
columns = ["master", "id", "day", "cds", "dollars"]
[tables]
accounts = "SELECT DISTINCT id AS account_id FROM tx"
invoices = """SELECT id || '-' || CAST(_row AS VARCHAR) AS invoice_id, id AS account_id, 'one_off' AS kind, dollars AS amount, cds AS quantity,
  to_date(day, '%Y%m%d') AS issued_at FROM tx"""
"#;
    let report = run(&world, folder, source).await;
    assert_eq!(read(&report), [("accounts", 2_357, 0), ("invoices", 6_919, 0)]);
    assert_eq!(
        world.sql("SELECT sum(amount), min(issued_at) FROM invoices").await,
        ["244091.940000|1997-01-01T00:00:00Z"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn bank_nps() {
    let Some(folder) = data("bank_nps") else { return };
    let world = World::new().await;
    let source = r#"
[files.nps]
path = "${DATA}/*.csv"
[tables]
survey_responses = """SELECT ID AS response_id, 'nps' AS survey_kind, Market, "Customer Name" AS email, NPS AS score,
  to_date("Survey date", '%d/%m/%y') AS responded_at FROM nps"""
"#;
    let report = run(&world, folder, source).await;
    assert_eq!(read(&report), [("survey_responses", 5_000, 0)]);
    let nps = "SELECT 100.0 * (count(*) FILTER (WHERE score >= 9) - count(*) FILTER (WHERE score <= 6)) / count(*) FROM survey_responses";
    assert!(world.sql(nps).await.concat().starts_with("11.8"));
    assert_eq!(world.sql("SELECT count(DISTINCT email) FROM survey_responses").await, ["4829"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn helpdesk() {
    let Some(folder) = data("helpdesk") else { return };
    let world = World::new().await;
    let source = r#"
[files.log]
path = "${DATA}/helpdesk_full.csv"
[tables]
tickets = "SELECT DISTINCT \"case:concept:name\" AS ticket_id, '2010-01-01' AS created_at FROM log"
"#;
    let report = run(&world, folder, source).await;
    assert_eq!(read(&report), [("tickets", 4_580, 0)]);
}
