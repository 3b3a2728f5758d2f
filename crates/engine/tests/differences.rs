//! Two definitions of one metric, row by row: what one counts and the other does not, and why.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod support;

use std::collections::BTreeMap;
use support::{data_of, engine_over};
use tenure_engine::{Condition, CountedBy, DifferenceAnswer, DifferenceQuestion, Number};
use tenure_schema::as_of::Level;
use tenure_schema::period::Period;

/// Ten customers at the opening, of whom two leave and one comes back; of two who join, one leaves again. Its sister at the same prices
/// would say nothing new, so c1 and c2 alone are German.
const SUBSCRIPTIONS: &str = "
subscription_id,account_id,unit_price,started_at,ended_at
1,a1,10,2024-01-01,
2,a2,10,2024-01-01,
3,a9,10,2024-01-01,2024-02-05
4,b0,10,2024-01-01,2024-02-10
5,b0,10,2024-02-20,
6,c1,10,2024-02-03,
7,c2,10,2024-02-03,2024-02-23
";

const ACCOUNTS: &str = "
account_id,country,valid_from
a1,US,2024-01-01
a2,US,2024-01-01
a9,US,2024-01-01
b0,US,2024-01-01
c1,DE,2024-01-01
c2,DE,2024-01-01
";

/// x answers twice and so is superseded once; u answers off the scale.
const RESPONSES: &str = "
response_id,survey,survey_kind,account_id,contact_id,score,responded_at
1,yearly,nps,a1,x,9,2024-02-03
2,yearly,nps,a1,x,3,2024-02-04
3,yearly,nps,a2,z,7,2024-02-05
4,yearly,nps,a2,u,11,2024-02-06
5,yearly,enps,,s,9,2024-02-06
";

async fn difference(metric: &str, variants: [&str; 2], filter: &[(&str, &str)]) -> Result<DifferenceAnswer, String> {
    let tables = [("subscriptions", SUBSCRIPTIONS), ("accounts", ACCOUNTS), ("survey_responses", RESPONSES)];
    let tables: BTreeMap<String, String> = tables.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    let engine = engine_over(data_of(&tables, Some("2024-04-01"), ""), "", Level::Account, &[]).await?;
    let period = Period::parse("2024-02", &engine.clock(), support::instant("2024-04-01")).unwrap();
    let condition = |(name, value): &(&str, &str)| Condition { name: (*name).into(), value: Some((*value).into()) };
    let question = DifferenceQuestion {
        metric: metric.to_owned(),
        variants: variants.map(str::to_owned),
        period,
        filter: filter.iter().map(condition).collect(),
        now: None,
    };
    engine.difference(&question).await.map_err(|error| error.to_string())
}

/// `account counted-by figures reason`, a line a row.
fn rows(found: &DifferenceAnswer) -> Vec<String> {
    let figure = |side: Option<Number>| side.map_or_else(|| "–".to_owned(), |number| number.as_f64().to_string());
    let line = |row: &tenure_engine::DifferingRow| {
        let figures = found.figures.iter().zip(&row.figures);
        let figures: Vec<String> =
            figures.map(|(named, [a, b])| format!("{} {}→{}", named.name, figure(*a), figure(*b))).collect();
        let account = row.account_id.as_deref().unwrap_or_default();
        let id = row.row_id.as_deref().unwrap_or_default();
        format!("{account}/{id} {:?} [{}] {}", row.counted_by, figures.join(", "), row.reason.as_deref().unwrap_or(""))
    };
    found.rows.iter().map(line).collect()
}

/// Rows of each kind: the first's alone, the second's alone, both's with different figures, both's alike.
fn counts(found: &DifferenceAnswer) -> [usize; 4] {
    let of = |kind| found.totals.iter().find(|total| total.counted_by == kind).unwrap().rows;
    [CountedBy::First, CountedBy::Second, CountedBy::Differently, CountedBy::Alike].map(of)
}

#[tokio::test]
async fn churn_by_cohort_and_by_losses() {
    let found = difference("logo_churn_rate", ["default", "stripe"], &[]).await.unwrap();
    let values: Vec<(f64, i64)> =
        found.cells.iter().map(|cells| (cells[0].value.unwrap().as_f64(), cells[0].n)).collect();
    // One of four is lost; three losses over four and two.
    assert_eq!(values, [(0.25, 4), (0.5, 6)]);
    let lines = rows(&found);
    assert_eq!(counts(&found), [0, 2, 1, 3], "{lines:#?}");
    let reason = |account: &str| lines.iter().find(|line| line.starts_with(account)).unwrap().clone();
    assert!(reason("c1/").ends_with("not a customer at the opening"), "{lines:#?}");
    assert!(reason("c2/").contains("Second") && reason("c2/").contains("lost –→1"), "{lines:#?}");
    assert!(reason("b0/").contains("Differently") && reason("b0/").contains("lost 0→1"), "{lines:#?}");
}

#[tokio::test]
async fn figures_add_up_to_both_values() {
    let found = difference("churned_mrr", ["default", "endpoint"], &[]).await.unwrap();
    let place = found.figures.iter().position(|figure| figure.name == "amount").unwrap();
    for side in [0, 1] {
        let sum: f64 = found.totals.iter().filter_map(|total| total.figures[place][side]).map(Number::as_f64).sum();
        assert_eq!(Some(sum), found.cells[side][0].value.map(Number::as_f64), "{:#?}", rows(&found));
        let counted = if side == 0 { CountedBy::Second } else { CountedBy::First };
        let n: usize = found.totals.iter().filter(|total| total.counted_by != counted).map(|total| total.rows).sum();
        assert_eq!(i64::try_from(n).unwrap(), found.cells[side][0].n);
    }
    // a9 is lost by either, told by another table; who came back or joined since the opening is so by the flow alone.
    assert_eq!(counts(&found), [2, 0, 0, 1], "{:#?}", rows(&found));
    assert!(rows(&found).iter().all(|line| line.ends_with("not a candidate")), "{:#?}", rows(&found));
}

#[tokio::test]
async fn the_reason_is_the_other_definitions() {
    let found = difference("nps", ["default", "per_response"], &[]).await.unwrap();
    assert_eq!(rows(&found).len(), 1);
    assert!(
        rows(&found)[0].starts_with("a1/1 Second") && rows(&found)[0].ends_with("superseded"),
        "{:?}",
        rows(&found)
    );
    assert!(found.figures.iter().any(|figure| figure.name == "score" && !figure.adds), "{:?}", found.figures);
}

#[tokio::test]
async fn only_rows_that_were_asked_for() {
    let found = difference("logo_churn_rate", ["default", "stripe"], &[("account.country", "DE")]).await.unwrap();
    assert_eq!(counts(&found), [0, 2, 0, 0], "{:#?}", rows(&found));
}

#[tokio::test]
async fn a_derived_metrics_rows_have_roles() {
    let found = difference("quick_ratio", ["default", "default"], &[]).await.unwrap();
    assert!(found.rows.is_empty() && counts(&found)[3] > 0);
}

#[tokio::test]
async fn staff_answers_stay_closed() {
    let error = difference("enps", ["default", "default"], &[]).await.unwrap_err();
    assert!(error.contains("about staff"), "{error}");
}
