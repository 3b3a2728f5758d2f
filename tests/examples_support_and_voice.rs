//! The figures told in the pages of `examples/{bank_nps,helpdesk,fivetran}`, from the data as published.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use tenure_engine::{Cell, Number};
use tenure_tests::Example;

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

fn part(cell: &Cell, name: &str, digits: usize) -> String {
    printed(cell.part(name).unwrap_or_else(|| panic!("{} has no part {name}", cell.metric)).value, digits)
}

/// Rows that do not count, reasons in order.
fn excluded(cell: &Cell) -> Vec<(&str, i64)> {
    let mut reasons: Vec<_> = cell.excluded.iter().map(|(reason, count)| (reason.as_str(), *count)).collect();
    reasons.sort_unstable();
    reasons
}

const QUARTERS: [&str; 4] = ["2021-Q1", "2021-Q2", "2021-Q3", "2021-Q4"];

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_counts_each_customer_once() {
    let Some(bank) = imported("bank_nps").await else { return };
    let year = bank.ask("nps", "2021").await.unwrap();
    assert_eq!((value(&year, 2).as_str(), year.n), ("11.70", 4_829));
    assert_eq!(excluded(&year), [("superseded", 171)]);
    let expected = [("13.83", 10), ("11.28", 10), ("9.53", 12), ("11.40", 10)];
    for (quarter, (nps, superseded)) in QUARTERS.into_iter().zip(expected) {
        let cell = bank.ask("nps", quarter).await.unwrap();
        assert_eq!((value(&cell, 2).as_str(), excluded(&cell)), (nps, vec![("superseded", superseded)]), "{quarter}");
    }
}

/// A name met in several markets counts in that of its latest answer, so the markets add up.
#[tokio::test(flavor = "multi_thread")]
async fn a_bank_by_market() {
    let Some(bank) = imported("bank_nps").await else { return };
    let of = |cell: &Cell| {
        let market = cell.segment.first().and_then(|(_, value)| value.clone()).unwrap();
        (market, cell.n, value(cell, 1))
    };
    let year = bank.ask_by("nps", None, "2021", &["market"]).await.unwrap();
    let counted: Vec<_> = year.iter().map(of).map(|(market, n, _)| (market, n)).collect();
    assert_eq!(counted, [("MEX".to_owned(), 1_592), ("UK".to_owned(), 1_658), ("US".to_owned(), 1_579)]);
    let last = bank.ask_by("nps", None, "2021-Q4", &["market"]).await.unwrap();
    let values: Vec<_> = last.iter().map(of).map(|(_, _, nps)| nps).collect();
    assert_eq!(values, ["22.4", "12.9", "-0.5"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_counts_each_answer() {
    let Some(bank) = imported("bank_nps").await else { return };
    let year = bank.ask_variant("nps", Some("per_response"), "2021").await.unwrap();
    assert_eq!((value(&year, 2).as_str(), year.n), ("11.80", 5_000));
    assert_eq!(excluded(&year), []);
    for (quarter, nps) in QUARTERS.into_iter().zip(["14.12", "11.52", "9.90", "11.80"]) {
        let cell = bank.ask_variant("nps", Some("per_response"), quarter).await.unwrap();
        assert_eq!((value(&cell, 2).as_str(), excluded(&cell).len()), (nps, 0), "{quarter}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_help_desk_from_its_event_log() {
    let Some(desk) = imported("helpdesk").await else { return };
    assert_eq!(desk.read(), [("staff", 22, 0), ("tickets", 4_580, 0), ("ticket_events", 21_348, 0)]);
    assert_eq!(desk.warnings(), [""; 0]);
    // By a program of its own over the same file: tickets, days to the last solve, solved and reopened, open at the end of the year.
    let years = [
        ("2010", 977, "10.52", (933, "55"), 43),
        ("2011", 1_518, "8.72", (1_527, "64"), 35),
        ("2012", 1_412, "8.52", (1_414, "13"), 33),
        ("2013", 673, "25.21", (695, "20"), 12),
    ];
    for (year, tickets, days, (solved, reopened), open) in years {
        assert_eq!(desk.ask("ticket_volume", year).await.unwrap().n, tickets, "{year}");
        let resolution = desk.ask("resolution_time", year).await.unwrap();
        let seconds = resolution.value.map(Number::as_f64).unwrap();
        assert_eq!((format!("{:.2}", seconds / 86_400.0).as_str(), resolution.n), (days, solved), "{year}");
        let reopen = desk.ask("reopen_rate", year).await.unwrap();
        assert_eq!((part(&reopen, "reopened", 0).as_str(), reopen.n), (reopened, solved), "{year}");
        assert_eq!(desk.ask("backlog", year).await.unwrap().n, open, "{year}");
    }
    let year = desk.ask("resolution_time", "2013").await.unwrap();
    assert_eq!((value(&year, 3).as_str(), part(&year, "median", 1).as_str()), ("2177910.376", "1943123.5"));
    assert_eq!((part(&year, "resolved", 0).as_str(), part(&year, "waiting", 0).as_str()), ("694", "1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_without_messages_tells_nothing_about_replies() {
    let Some(desk) = imported("helpdesk").await else { return };
    let first = desk.ask("first_response_time", "2013").await.unwrap();
    assert_eq!((first.value, first.reason.as_deref()), (None, Some("no answered tickets")));
    assert_eq!(excluded(&first), [("replies are not recorded", 673)]);
    let contact = desk.ask("first_contact_resolution", "2013").await.unwrap();
    assert_eq!((contact.value, excluded(&contact)), (None, vec![("replies are not recorded", 695)]));
}

#[tokio::test(flavor = "multi_thread")]
async fn three_raw_systems() {
    let Some(raw) = imported("fivetran").await else { return };
    // In the order of filling, sources of a table by name: read and rejected.
    assert_eq!(
        raw.read(),
        [
            ("staff", 101, 0),
            ("accounts", 45, 0),
            ("contacts", 28, 0),
            ("opportunities", 44, 0),
            ("interactions", 103, 0),
            ("subscriptions", 14, 12),
            ("invoices", 4, 0),
            ("tickets", 10, 0),
            ("ticket_events", 60, 0),
            ("survey_responses", 0, 0),
        ]
    );
    let tickets = raw.ask("ticket_volume", "2020").await.unwrap();
    assert_eq!((tickets.n, excluded(&tickets)), (8, vec![("spam", 2)]));
    let first = raw.ask("first_response_time", "2020").await.unwrap();
    assert_eq!((first.value, excluded(&first)), (None, vec![("solved without a reply", 8), ("spam", 2)]));
    // Both subscriptions end with their trial.
    for metric in ["mrr", "active_customers"] {
        assert_eq!(raw.ask(metric, "@2021-02-19T00:00").await.unwrap().n, 0, "{metric}");
    }
}

/// The median of seven tickets is the fourth; the longest one spans the end of summer time. Business seconds by a program of its own.
#[tokio::test(flavor = "multi_thread")]
async fn business_hours_over_the_end_of_summer_time() {
    let Some(raw) = imported("fivetran").await else { return };
    let year = raw.ask("resolution_time", "2020").await.unwrap();
    assert_eq!((year.n, value(&year, 4).as_str()), (7, "2294997.1429"));
    assert_eq!(part(&year, "median", 0), "1228395");
    assert_eq!(
        (part(&year, "business_mean", 4).as_str(), part(&year, "business_median", 0).as_str()),
        ("824870.5714", "443879")
    );
    let urgent = raw.ask_by("resolution_time", None, "2020", &["priority"]).await.unwrap();
    let urgent =
        urgent.iter().find(|cell| cell.segment.iter().any(|(_, value)| value.as_deref() == Some("urgent"))).unwrap();
    assert_eq!((urgent.n, value(urgent, 0).as_str()), (1, "6713691"));
    assert_eq!(part(urgent, "business_mean", 0), "2408004");
}
