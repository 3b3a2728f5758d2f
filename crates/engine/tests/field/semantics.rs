//! Joins that multiply rows: item 16 of the index.

use crate::ask::{over, part};

/// An account with versions of its attributes, contracts, people and tickets beside its two lines.
const BESIDE: [(&str, &str); 4] = [
    ("accounts", "account_id,plan,valid_from\na,Basic,\na,Pro,2024-01-10\na,Basic,2024-01-20\n"),
    ("contracts", "contract_id,account_id,started_at,ends_at\n1,a,2024-01-01,2025-01-01\n2,a,2024-01-01,2025-01-01\n"),
    ("contacts", "contact_id,account_id\nx,a\ny,a\nz,a\n"),
    ("tickets", "ticket_id,account_id,created_at\n1,a,2024-01-05\n2,a,2024-01-06\n3,a,2024-01-07\n"),
];

/// Sums, means and percentiles over a join counted rows twice: <https://github.com/lightdash/lightdash/issues/16343>,
/// <https://github.com/OWOX/owox-data-marts/pull/1488>.
#[tokio::test]
async fn what_stands_beside_an_account_does_not_multiply_it() {
    let lines = "subscription_id,account_id,unit_price,started_at\n1,a,100,2024-01-01\n2,a,30,2024-01-01\n";
    let events = "ticket_id,event_id,at,kind,actor\n1,1,2024-01-05T01:00:00Z,message,agent\n1,2,2024-01-05T02:00:00Z,message,agent\n\
                  1,3,2024-01-05T03:00:00Z,message,agent\n2,1,2024-01-06T05:00:00Z,message,agent\n3,1,2024-01-07T03:00:00Z,message,agent\n";
    let mut tables = vec![("subscriptions", lines), ("ticket_events", events)];
    tables.extend(BESIDE);
    let asked = over(&tables, "2024-04-01", "").await;
    // A sum, a count, a mean and a quantile, whole and split by an attribute that changed twice.
    assert_eq!(asked.value("mrr", "2024-01").await, Some(130.0));
    assert_eq!(asked.value("ticket_volume", "2024-01").await, Some(3.0));
    let times = asked.cell("first_response_time", "2024-01").await;
    assert_eq!(times.value.map(|mean| mean.as_f64()), Some(3.0 * 3600.0));
    assert_eq!(part(&times, "median"), Some(3.0 * 3600.0));
    for metric in ["mrr", "ticket_volume", "first_response_time", "active_customers"] {
        let cells = asked.cells(metric, &["2024-01"], &["account.plan"]).await;
        let rows: i64 = cells.iter().map(|cell| cell.n).sum();
        assert_eq!(usize::try_from(rows).unwrap(), asked.rows(metric, "2024-01").await, "{metric}");
    }
}

/// One conversion was counted for every event before it: <https://github.com/dbt-labs/metricflow/issues/2111>.
#[tokio::test]
async fn a_conversion_counts_once_however_often_it_was_touched() {
    let lines = "subscription_id,account_id,unit_price,started_at\n1,a,100,2024-01-01\n2,n,100,2024-03-01\n3,m,100,2024-03-02\n";
    let referrals = "referral_id,referrer_account_id,referred_account_id,referred_at\n1,a,n,2024-02-01\n2,a,n,2024-02-02\n3,a,n,2024-02-03\n";
    let asked = over(&[("subscriptions", lines), ("referrals", referrals)], "2024-04-01", "").await;
    assert_eq!(asked.value("referral_rate", "2024-03").await, Some(0.5));
    assert_eq!(asked.cell("referral_rate", "2024-03").await.n, 2);
}
