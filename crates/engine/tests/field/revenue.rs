//! Revenue: items 10 to 14 of the index.

use crate::ask::{over, part};

/// Deleting the last subscription bypassed churn, and zero rows were missing: <https://github.com/bruin-data/bruin/pull/2702>.
#[tokio::test]
async fn the_end_of_the_last_subscription_is_churn() {
    let lines = "subscription_id,account_id,unit_price,started_at,ended_at\n1,a,100,2024-01-01,2024-02-10\n2,a,20,2024-01-01,2024-02-20\n";
    let asked = over(&[("subscriptions", lines)], "2024-04-01", "").await;
    assert_eq!(asked.value("contraction_mrr", "2024-02").await, Some(100.0));
    assert_eq!(asked.value("churned_mrr", "2024-02").await, Some(20.0));
    // Nothing left is zero, not absent.
    assert_eq!(asked.value("mrr", "2024-03").await, Some(0.0));
    assert_eq!(asked.value("active_customers", "2024-03").await, Some(0.0));
}

/// A sync that stopped left cancelled subscriptions active for ever: <https://github.com/PostHog/posthog/issues/58148>.
#[tokio::test]
async fn data_that_stopped_is_not_told_as_active() {
    let lines = "subscription_id,account_id,unit_price,started_at\n1,a,100,2024-01-01\n";
    let asked = over(&[("subscriptions", lines)], "2024-02-10", "").await;
    let open = asked.cell("mrr", "2024-02").await;
    assert!(!open.complete, "the data ends on the 10th");
    let later = asked.cell("mrr", "2024-03").await;
    assert_eq!((later.value, later.reason.as_deref()), (None, Some("not begun: the data goes through 2024-02-10")));
}

/// Months that lie ahead were filled in: <https://github.com/fivetran/dbt_stripe/pull/146>, <https://github.com/fivetran/dbt_stripe/pull/147>.
#[tokio::test]
async fn no_month_that_lies_ahead_has_a_value() {
    let lines = "subscription_id,account_id,unit_price,started_at\n1,a,100,2024-01-01\n2,b,50,2024-05-01\n";
    let asked = over(&[("subscriptions", lines)], "2024-02-01", "").await;
    for metric in ["mrr", "new_mrr", "active_customers", "arpa", "nrr/in_period", "retention_rate"] {
        let cell = asked.cell(metric, "2024-05").await;
        assert!(cell.value.is_none() && cell.reason.unwrap().starts_with("not begun"), "{metric}");
    }
}

/// Past months were rewritten with today's price and quantity: <https://github.com/fivetran/dbt_stripe/pull/153>.
#[tokio::test]
async fn a_new_price_does_not_rewrite_the_past() {
    let lines = "subscription_id,line_id,account_id,unit_price,quantity,started_at,ended_at\n\
                 1,1,a,100,1,2024-01-01,2024-03-01\n1,2,a,150,2,2024-03-01,\n";
    let asked = over(&[("subscriptions", lines)], "2024-04-01", "").await;
    assert_eq!(asked.value("mrr", "2024-01").await, Some(100.0));
    assert_eq!(asked.value("mrr", "2024-03").await, Some(300.0));
    assert_eq!(asked.value("expansion_mrr", "2024-03").await, Some(200.0));
}

/// MRR from the subscriptions themselves was wanted: <https://github.com/fivetran/dbt_stripe/issues/68>.
#[tokio::test]
async fn mrr_comes_from_subscriptions_by_whatever_interval() {
    let lines = "subscription_id,account_id,unit_price,interval,started_at\n1,a,1200,year,2024-01-01\n2,b,90,quarter,2024-01-01\n";
    let asked = over(&[("subscriptions", lines)], "2024-04-01", "").await;
    assert_eq!(asked.value("mrr", "2024-01").await, Some(130.0));
}

/// Net and gross churn were both wanted: <https://github.com/chartmogul/metrics-api/issues/7>, <https://github.com/chartmogul/metrics-api/issues/10>.
#[tokio::test]
async fn churn_is_told_net_and_gross() {
    let asked = over(&[("subscriptions", THREE)], "2024-04-01", "").await;
    assert_eq!(asked.value("revenue_churn_rate", "2024-02").await, Some(0.5));
    assert_eq!(asked.value("revenue_churn_rate/net", "2024-02").await, Some(0.25));
}

/// As a share and as money: <https://github.com/Cap-go/capgo.app/pull/2101>.
#[tokio::test]
async fn churn_is_told_as_a_share_and_as_money() {
    let asked = over(&[("subscriptions", THREE)], "2024-04-01", "").await;
    assert_eq!(asked.value("churned_mrr", "2024-02").await, Some(50.0));
    assert_eq!(asked.value("contraction_mrr", "2024-02").await, Some(50.0));
    let kept = asked.cell("grr/in_period", "2024-02").await;
    assert_eq!((part(&kept, "opening_mrr"), part(&kept, "closing_mrr")), (Some(200.0), Some(100.0)));
}

/// Of 200: a loses 50, b leaves with 50, c grows by 50.
const THREE: &str = "subscription_id,account_id,unit_price,started_at,ended_at\n1,a,100,2024-01-01,2024-02-10\n2,a,50,2024-02-10,\n\
                     3,b,50,2024-01-01,2024-02-10\n4,c,50,2024-01-01,2024-02-10\n5,c,100,2024-02-10,\n";

/// A tile looked broken that was right up to its data: "data through" is not "refreshed at": <https://github.com/superset-sh/superset/pull/7086>.
#[tokio::test]
async fn every_result_says_through_when_its_data_goes() {
    let lines = "subscription_id,account_id,unit_price,started_at\n1,a,20,2024-01-01\n2,b,40,2024-02-20\n";
    let asked = over(&[("subscriptions", lines)], "2024-02-10", "").await;
    let cell = asked.cell("mrr", "2024-02").await;
    assert_eq!(cell.observed_to.to_string(), "2024-02-10T00:00:00Z");
    assert!(!cell.complete);
    assert!(asked.cell("mrr", "2024-01").await.complete);
}

/// A vendor's clock runs at Pacific midnight: <https://github.com/TasmanAnalytics/tasman-dbt-revenuecat/pull/3>.
#[tokio::test]
async fn the_reporting_time_zone_decides_the_month() {
    let lines = "subscription_id,account_id,unit_price,started_at\n1,a,100,2024-02-01T05:00:00Z\n";
    let new = async |settings: &str| {
        let asked = over(&[("subscriptions", lines)], "2024-04-01", settings).await;
        (asked.value("new_mrr", "2024-01").await, asked.value("new_mrr", "2024-02").await)
    };
    assert_eq!(new("").await, (Some(0.0), Some(100.0)));
    assert_eq!(new("timezone = \"America/Los_Angeles\"").await, (Some(100.0), Some(0.0)));
}
