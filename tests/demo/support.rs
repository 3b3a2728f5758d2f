//! Tickets: how many, answered how soon, and those still open.

use crate::company::{Differences, company, part, value};
use std::collections::BTreeMap;
use tenure_engine::{MetricRef, RowsQuestion};

#[test]
fn tickets_of_every_month() {
    let company = company();
    let (months, truth) = (company.months(), company.truth("support.csv"));
    let volume = company.totals("ticket_volume", &months);
    let mut differences = Differences::default();
    for row in &truth {
        let month = row.text("month");
        let left_out = ["of_them_spam", "merged"].map(|column| row.count(column)).iter().sum::<i64>();
        let excluded: i64 = volume[month].excluded.iter().map(|(_, count)| count).sum();
        differences.same(&format!("tickets {month}"), volume[month].n, row.count("created") - left_out);
        differences.same(&format!("spam and merged {month}"), excluded, left_out);
    }
    differences.none();
}

#[test]
fn what_is_open_at_the_end() {
    let company = company();
    let months = company.months();
    let last = months.last().unwrap();
    let open = company.truth("support.csv").iter().map(|row| row.count("open_at_end")).sum();
    let mut differences = Differences::default();
    differences.same("backlog", company.totals("backlog", std::slice::from_ref(last))[last].n, open);
    differences.none();
}

#[test]
fn the_first_reply_to_every_ticket() {
    let company = company();
    let quarter = "2026-Q1";
    let truth: BTreeMap<String, Option<f64>> = company
        .truth("tickets.csv")
        .iter()
        .map(|row| (row.text("ticket_id").to_owned(), row.number("first_reply_minutes")))
        .collect();
    let question = RowsQuestion {
        metric: MetricRef::default_of("first_response_time"),
        period: company.period(quarter),
        filter: Vec::new(),
        excluded: false,
        now: None,
        limit: None,
    };
    let answer = company.block_on(company.engine.rows(&question)).unwrap();
    let column = |name: &str| answer.columns.iter().position(|column| column == name).unwrap();
    let (ticket, seconds) = (column("row_id"), column("seconds"));
    let (mut differences, mut total, mut answered) = (Differences::default(), 0.0, 0);
    for row in &answer.rows {
        let id = row[ticket].as_deref().unwrap();
        let measured: Option<f64> = row[seconds].as_deref().map(|text| text.parse().unwrap());
        let minutes = truth[id];
        // The truth has four decimals of a minute.
        differences.near(
            &format!("first reply to {id}"),
            measured,
            minutes.map(|minutes| (minutes * 60.0).round()),
            0.5,
        );
        total += measured.unwrap_or_default();
        answered += usize::from(measured.is_some());
    }
    differences.none();
    let cell = &company.totals("first_response_time", &[quarter.to_owned()])[quarter];
    assert_eq!(usize::try_from(cell.n).unwrap(), answer.total);
    assert!((value(cell).unwrap() - total / answered as f64).abs() < 1e-6);
    assert_eq!(part(cell, "answered"), Some(answered as f64));
}
