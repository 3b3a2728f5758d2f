//! Retention: item 15 of the index.

use crate::ask::over;
use tenure_engine::Number;

/// Two cohorts: a and b begin in January and are gone by February; c begins in February and stays.
const COHORTS: &str = "subscription_id,account_id,unit_price,started_at,ended_at\n1,a,10,2024-01-01,2024-02-10\n2,b,10,2024-01-01,2024-02-10\n\
                       3,c,10,2024-02-01,\n";

/// A mean over cohorts skipped those of which nobody was left: <https://github.com/PostHog/posthog/issues/30624>.
#[tokio::test]
async fn a_cohort_of_which_nobody_is_left_is_zero_and_counts() {
    let asked = over(&[("subscriptions", COHORTS)], "2024-04-01", "").await;
    let ages = asked.cells("cohort_retention", &["2024-01"], &[]).await;
    let values: Vec<Option<f64>> = ages.iter().map(|cell| cell.value.map(Number::as_f64)).collect();
    assert_eq!(values, [Some(1.0), Some(0.0), Some(0.0)]);
    // One of the three who began in the quarter is left a month later.
    let pooled = asked.cells("cohort_retention", &["2024-Q1"], &[]).await;
    assert_eq!(pooled[1].value.map(Number::as_f64), Some(1.0 / 3.0));
}

/// Every cohort was divided by the first one's size: <https://github.com/Data-Simply/openretailscience/pull/427>.
#[tokio::test]
async fn each_cohort_is_divided_by_its_own_size() {
    let asked = over(&[("subscriptions", COHORTS)], "2024-04-01", "").await;
    let cells = asked.cells("cohort_retention", &["2024-01", "2024-02"], &[]).await;
    let first: Vec<(String, i64, Option<f64>)> = cells
        .iter()
        .filter(|cell| cell.segment[0].1.as_deref() == Some("00"))
        .map(|cell| (cell.period.label.clone(), cell.n, cell.value.map(Number::as_f64)))
        .collect();
    assert_eq!(first, [("2024-01".to_owned(), 2, Some(1.0)), ("2024-02".to_owned(), 1, Some(1.0))]);
}

/// The table's count was not that of the list behind it: <https://github.com/PostHog/posthog/issues/2794>.
#[tokio::test]
async fn a_cell_opens_to_as_many_rows_as_it_says() {
    let asked = over(&[("subscriptions", COHORTS)], "2024-04-01", "").await;
    let cells = asked.cells("cohort_retention", &["2024-Q1"], &[]).await;
    let said: i64 = cells.iter().map(|cell| cell.n).sum();
    assert_eq!(asked.rows("cohort_retention", "2024-Q1").await, usize::try_from(said).unwrap());
}
