//! The figures told in the pages of `examples/{telco,mrr_playbook,cdnow,ravenstack}`, from the data as published.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::collections::{BTreeMap, BTreeSet};
use tenure_engine::{Cell, Number};
use tenure_tests::{Example, public_data};

async fn imported(name: &str) -> Option<Example> {
    Example::import(name).await.unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A figure with so many digits after the point, as a page prints it.
fn printed(value: Option<Number>, digits: usize) -> String {
    value.map_or("none".to_owned(), |value| format!("{:.digits$}", value.as_f64()))
}

fn value(cell: &Cell, digits: usize) -> String {
    printed(cell.value, digits)
}

/// A ratio as a page prints it, in percent.
fn percent(cell: &Cell, digits: usize) -> String {
    cell.value.map_or("none".to_owned(), |value| format!("{:.digits$}", 100.0 * value.as_f64()))
}

fn part(cell: &Cell, name: &str, digits: usize) -> String {
    printed(cell.part(name).unwrap_or_else(|| panic!("{} has no part {name}", cell.metric)).value, digits)
}

fn excluded(cell: &Cell) -> Vec<(&str, i64)> {
    cell.excluded.iter().map(|(reason, count)| (reason.as_str(), *count)).collect()
}

/// Records read, of data in which no row is rejected and none is warned of.
fn read(example: &Example) -> BTreeMap<&'static str, u64> {
    assert_eq!(example.warnings(), [""; 0]);
    let tables = example.read();
    assert!(tables.iter().all(|(_, _, rejected)| *rejected == 0), "{tables:?}");
    tables.into_iter().map(|(table, read, _)| (table, read)).collect()
}

/// The months of the playbook: 2018-01 to 2020-02.
fn playbook_months() -> Vec<String> {
    (2018..=2020).flat_map(|year| (1..=12).map(move |month| format!("{year}-{month:02}"))).take(26).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_telco_without_dates() {
    let Some(telco) = imported("telco").await else { return };
    assert_eq!(
        read(&telco),
        [("accounts", 7_043), ("referrals", 13_747), ("subscriptions", 7_043), ("survey_responses", 7_043)].into()
    );
    let quarter = "2021-Q3";
    let churn = telco.ask("logo_churn_rate", quarter).await.unwrap();
    assert_eq!((percent(&churn, 2).as_str(), churn.n), ("21.23", 5_992));
    assert_eq!(excluded(&churn), [("not a customer at the opening", 1_051)]);
    let kept = telco.ask("retention_rate", quarter).await.unwrap();
    assert_eq!(percent(&kept, 2), "78.77");
    let stripe = telco.ask_variant("logo_churn_rate", Some("stripe"), quarter).await.unwrap();
    assert_eq!((percent(&stripe, 2).as_str(), stripe.n), ("26.54", 7_043));

    let csat = telco.ask("csat", quarter).await.unwrap();
    assert_eq!((percent(&csat, 1).as_str(), csat.n, part(&csat, "satisfied", 0).as_str()), ("41.7", 7_043, "2938"));
    assert_eq!(csat.segment, [("scale".to_owned(), Some("1-5".to_owned()))]);
    assert_eq!(value(&telco.ask_variant("csat", Some("mean"), quarter).await.unwrap(), 3), "3.245");

    let referring = telco.ask_variant("referral_rate", Some("participation"), quarter).await.unwrap();
    assert_eq!((percent(&referring, 1).as_str(), referring.n), ("45.7", 7_043));
    let referred = telco.ask("referral_rate", quarter).await.unwrap();
    assert_eq!((percent(&referred, 1).as_str(), referred.n), ("0.0", 1_051), "whom the referrals brought is not told");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_telco_by_contract() {
    let Some(telco) = imported("telco").await else { return };
    let plans = telco.ask_by("logo_churn_rate", None, "2021-Q3", &["plan"]).await.unwrap();
    let told: Vec<(Option<&str>, String, i64)> =
        plans.iter().map(|cell| (cell.segment[0].1.as_deref(), percent(cell, 1), cell.n)).collect();
    assert_eq!(
        told,
        [
            (Some("Month-to-Month"), "40.7".to_owned(), 2_607),
            (Some("One Year"), "10.8".to_owned(), 1_524),
            (Some("Two Year"), "2.6".to_owned(), 1_861),
        ]
    );
    assert_eq!(plans.iter().map(|cell| cell.n).sum::<i64>(), 5_992);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_playbook_ties_out_every_month() {
    let Some(playbook) = imported("mrr_playbook").await else { return };
    assert_eq!(read(&playbook), [("accounts", 55), ("subscriptions", 121)].into());
    let mut opening = 0.0;
    let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
    for month in playbook_months() {
        let mut net = 0.0;
        for (metric, sign) in [
            ("new_mrr", 1.0),
            ("reactivation_mrr", 1.0),
            ("expansion_mrr", 1.0),
            ("contraction_mrr", -1.0),
            ("churned_mrr", -1.0),
        ] {
            let amount = playbook.ask(metric, &month).await.unwrap().value.unwrap().as_f64();
            *sums.entry(metric).or_default() += amount;
            net += sign * amount;
        }
        let closing = playbook.ask("mrr", &month).await.unwrap().value.unwrap().as_f64();
        assert_eq!(closing, opening + net, "{month}");
        opening = closing;
    }
    assert_eq!(
        sums,
        [
            ("new_mrr", 2_195.0),
            ("reactivation_mrr", 150.0),
            ("expansion_mrr", 660.0),
            ("contraction_mrr", 555.0),
            ("churned_mrr", 2_450.0),
        ]
        .into()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_playbook_closes_its_months() {
    let Some(playbook) = imported("mrr_playbook").await else { return };
    let closing = [("2018-01", "55"), ("2019-01", "620"), ("2019-11", "1840"), ("2019-12", "1255"), ("2020-02", "0")];
    for (month, mrr) in closing {
        assert_eq!(value(&playbook.ask("mrr", month).await.unwrap(), 0), mrr, "{month}");
    }
    assert_eq!(value(&playbook.ask("active_customers", "2019-11").await.unwrap(), 0), "42");
    for (month, churned) in [("2019-12", "705"), ("2020-01", "1255"), ("2020-02", "175")] {
        assert_eq!(value(&playbook.ask("churned_mrr", month).await.unwrap(), 0), churned, "{month}");
    }
    let before = playbook.ask("new_mrr", "2017").await.unwrap();
    assert_eq!((value(&before, 0).as_str(), before.n), ("100", 3), "three customers lived in 2017 only");
}

/// A purchase as the file has it: customer, day (yyyymmdd) and cents.
struct Purchase {
    customer: String,
    day: u32,
    cents: i64,
}

/// The file, read by a few lines of its own, to compute the same figures with no part of the product.
fn purchases() -> Vec<Purchase> {
    let file = public_data().unwrap().join("cdnow/CDNOW_sample.txt");
    let text = std::fs::read_to_string(file).unwrap();
    text.lines()
        .map(|line| match line.split_whitespace().collect::<Vec<_>>()[..] {
            [_, customer, day, _, dollars] => Purchase {
                customer: customer.to_owned(),
                day: day.parse().unwrap(),
                cents: dollars.replace('.', "").parse().unwrap(),
            },
            _ => panic!("not five columns: {line}"),
        })
        .collect()
}

/// The first day of each quarter of the file, and the day after the last.
const QUARTERS: [(&str, u32); 7] = [
    ("1997-Q1", 19_970_101),
    ("1997-Q2", 19_970_401),
    ("1997-Q3", 19_970_701),
    ("1997-Q4", 19_971_001),
    ("1998-Q1", 19_980_101),
    ("1998-Q2", 19_980_401),
    ("", 19_980_701),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_record_shop_is_bought_from_again() {
    let Some(shop) = imported("cdnow").await else { return };
    assert_eq!(read(&shop), [("accounts", 2_357), ("invoices", 6_919)].into());
    let purchases = purchases();
    let buyers = |from: u32, to: u32| -> BTreeSet<&str> {
        purchases.iter().filter(|p| from <= p.day && p.day < to).map(|p| p.customer.as_str()).collect()
    };
    let mut told = Vec::new();
    for [(_, before), (quarter, from), (_, to)] in QUARTERS.array_windows() {
        let (bought_before, bought) = (buyers(*before, *from), buyers(*from, *to));
        let again = bought_before.intersection(&bought).count();
        let cell = shop.ask_variant("retention_rate", Some("by_purchase"), quarter).await.unwrap();
        assert_eq!(cell.n, bought_before.len() as i64, "{quarter}");
        assert_eq!(cell.value.unwrap().as_f64(), again as f64 / bought_before.len() as f64, "{quarter}");
        told.push(percent(&cell, 1));
    }
    assert_eq!(told, ["22.2", "40.8", "48.6", "48.5", "44.0"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_shop_knows_what_its_customers_brought() {
    let Some(shop) = imported("cdnow").await else { return };
    let purchases = purchases();
    let (cents, customers): (i64, BTreeSet<&str>) =
        (purchases.iter().map(|p| p.cents).sum(), purchases.iter().map(|p| p.customer.as_str()).collect());
    assert_eq!((cents, customers.len()), (24_409_194, 2_357));
    assert_eq!(
        shop.sql("SELECT sum(amount), count(*), count(DISTINCT account_id) FROM invoices").await.unwrap(),
        ["244091.940000|6919|2357"]
    );
    for [(quarter, _), (_, to)] in QUARTERS.array_windows() {
        let until: Vec<&Purchase> = purchases.iter().filter(|p| p.day < *to).collect();
        let cents: i64 = until.iter().map(|p| p.cents).sum();
        let customers = until.iter().map(|p| p.customer.as_str()).collect::<BTreeSet<_>>().len();
        let cell = shop.ask_variant("clv", Some("historic"), quarter).await.unwrap();
        assert_eq!(cell.n, customers as i64, "{quarter}");
        assert_eq!(value(&cell, 6), format!("{:.6}", cents as f64 / 100.0 / customers as f64), "{quarter}");
    }
    assert_eq!(value(&shop.ask("clv", "1998-Q2").await.unwrap(), 2), "103.56", "the workspace chooses `historic`");
}

/// All that RavenStack's export covers.
const TWO_YEARS: &str = "2023-01-01..2025-01-01";

#[tokio::test(flavor = "multi_thread")]
async fn a_company_that_disagrees_with_itself() {
    let Some(company) = imported("ravenstack").await else { return };
    assert_eq!(
        read(&company),
        [
            ("accounts", 500),
            ("milestones", 600),
            ("subscriptions", 5_000),
            ("survey_responses", 2_000),
            ("tickets", 2_000),
            ("usage_events", 25_000),
        ]
        .into()
    );
    let flags = company
        .sql(
            "SELECT attribute(account.attributes, 'churn_flag'), event.account_id IS NOT NULL, count(*) FROM accounts account \
             LEFT JOIN (SELECT DISTINCT account_id FROM milestones) event ON event.account_id = account.account_id \
             GROUP BY 1, 2 ORDER BY 1, 2",
        )
        .await
        .unwrap();
    assert_eq!(flags, ["FALSE|false|113", "FALSE|true|277", "TRUE|false|35", "TRUE|true|75"]);
    let events = company.sql("SELECT milestone, count(*) FROM milestones GROUP BY 1 ORDER BY 1").await.unwrap();
    assert_eq!(events, ["crm_churn|539", "crm_reactivation|61"]);

    let churned = company.ask("churned_mrr", TWO_YEARS).await.unwrap();
    assert_eq!((value(&churned, 0).as_str(), churned.n), ("43703", 9));
    let returned = company.ask("reactivation_mrr", TWO_YEARS).await.unwrap();
    assert_eq!((value(&returned, 0).as_str(), returned.n), ("22431", 9));
    let customers = company.ask_by("active_customers", None, "2024-12", &["churn_flag"]).await.unwrap();
    let customers: Vec<String> = customers.iter().map(|cell| value(cell, 0)).collect();
    assert_eq!(customers, ["390", "110"], "every account pays, flagged or not");
    assert_eq!(value(&company.ask("mrr", "2024-12").await.unwrap(), 0), "10259509");
    let churn = company.ask("logo_churn_rate", "2024").await.unwrap();
    assert_eq!((percent(&churn, 1).as_str(), churn.n), ("0.0", 185));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_whose_tickets_and_usage_have_holes() {
    let Some(company) = imported("ravenstack").await else { return };
    let csat = company.ask("csat", TWO_YEARS).await.unwrap();
    assert_eq!((percent(&csat, 1).as_str(), csat.n, part(&csat, "satisfied", 0).as_str()), ("66.3", 1_175, "779"));
    assert_eq!(excluded(&csat), [("not answered", 825)]);
    let reply = company.ask("first_response_time", TWO_YEARS).await.unwrap();
    assert_eq!((value(&reply, 1).as_str(), reply.n), ("5308.8", 2_000), "88.48 minutes");
    let solve = company.ask("resolution_time", TWO_YEARS).await.unwrap();
    assert_eq!((value(&solve, 1).as_str(), solve.n), ("129099.6", 2_000), "35.861 hours");
    let contacts = company.ask("first_contact_resolution", "2024").await.unwrap();
    assert_eq!((contacts.value, excluded(&contacts)), (None, vec![("replies are not recorded", 1_010)]));
    let tickets = company
        .sql(
            "SELECT count(*) FILTER (WHERE tickets.created_at < account.created_at), \
             count(*) FILTER (WHERE first_reply_at > solved_at), count(*) FILTER (WHERE escalated) \
             FROM tickets JOIN accounts account ON account.account_id = tickets.account_id",
        )
        .await
        .unwrap();
    assert_eq!(tickets, ["1077|36|95"]);
    let usage = company
        .sql(
            "SELECT count(*), count(DISTINCT event_id), count(*) FILTER (WHERE occurred_at < started_at), \
             count(*) FILTER (WHERE occurred_at >= ended_at) FROM usage_events \
             JOIN subscriptions ON subscription_id = attribute(usage_events.attributes, 'subscription_id')",
        )
        .await
        .unwrap();
    assert_eq!(usage, ["25000|24979|19142|290"]);
}
