use super::super::book::{Kind, Unit};
use super::super::chances::Shares;
use super::super::windows;
use super::*;
use std::collections::BTreeMap;
use tenure_schema::period::Clock;
use tenure_schema::zone::Zone;
use tenure_stats::beta_binomial::Cases;

fn at(day: &str) -> Timestamp {
    format!("{day}T00:00Z").parse().unwrap()
}

fn ahead() -> Vec<Period> {
    let clock = Clock { zone: Zone::utc(), fiscal_year_start: 1 };
    windows::quarters_ahead(at("2026-07-01"), 4, &clock).unwrap()
}

fn shares(length: Length, of: u64, n: u64) -> Shares {
    let kind: Kind = (length, None, Size::Small, Age::Settled);
    Shares::of(BTreeMap::from([(kind, Cases { of, n })]))
}

/// 24 of 30 terms renewed: under Jeffreys' prior 24.5 / 31. No term was ever broken off; of 99 months 89 were held.
fn chances(terms: u64) -> Chances {
    Chances {
        renewed: shares(Length::AYear, terms * 4 / 5, terms),
        within: shares(Length::AYear, 1_000_000_000, 1_000_000_000),
        monthly: shares(Length::Monthly, 89, 99),
    }
}

fn holding(account: &str, mrr: f64, due: Option<(&str, f64)>) -> Holding {
    let term = if due.is_some() { Length::AYear } else { Length::Monthly };
    let unit = Unit {
        account: account.to_owned(),
        product: "Desk".to_owned(),
        plan: None,
        opening: mrr,
        closing: mrr,
        unpriced: None,
        held: true,
        kept: true,
        due: due.map(|(day, _)| at(day)),
        term,
        term_months: 12,
        age: 30,
    };
    let segment = Some(account.chars().take(1).collect());
    Holding { unit, name: None, segment, due_in: due.map(|(_, months)| months), mrr: Ok(mrr) }
}

fn book(holdings: Vec<Holding>) -> Book {
    Book { holdings, today: at("2026-07-01"), large_from: f64::INFINITY }
}

fn asked() -> Question {
    Question { by: Some("letter".to_owned()), ..Question::default() }
}

fn near(found: &OrReason<f64>, wanted: f64) {
    let found = found.as_ref().unwrap();
    assert!((found - wanted).abs() < 1e-6, "{found} is not {wanted}");
}

#[test]
fn a_quarter_is_the_sum_of_its_chances() {
    let book = book(vec![
        holding("a1", 100.0, Some(("2026-07-01", 0.0))),
        holding("a2", 40.0, Some(("2026-06-20", 0.0))),
        holding("b1", 60.0, Some(("2026-09-30", 2.99))),
        holding("b2", 500.0, Some(("2026-10-01", 3.0))),
        holding("c", 10.0, None),
    ]);
    let found = renewals(&book, &chances(30), &ahead(), &asked());
    let p = 24.5 / 31.0;
    let first = &found.quarters[0];
    assert_eq!((first.all.terms, found.due[0].overdue, found.due[1].overdue), (3, true, false));
    near(&first.all.mrr, 200.0);
    near(&first.all.expected, 200.0 * p);
    near(&found.quarters[1].all.expected, 500.0 * p);
    near(&found.quarters[2].all.expected, 0.0);
    let segments: Vec<_> = first.segments.iter().map(|(value, share)| (value.as_deref(), share.terms)).collect();
    assert_eq!(segments, [(Some("a"), 2), (Some("b"), 1)]);
    near(&first.segments[0].1.expected, 140.0 * p);
    // A month is held with 89.5 of 100.
    let evergreen = found.quarters[1].evergreen.as_ref().unwrap();
    assert_eq!(evergreen.units, 1);
    near(&Ok(evergreen.opening), 10.0 * 0.895_f64.powi(3));
    near(&Ok(evergreen.expected), 10.0 * 0.895_f64.powi(6));
}

#[test]
fn a_range_holds_its_expectation_and_is_the_same_each_time() {
    let book = book((0..40).map(|n| holding(&format!("a{n}"), 10.0, Some(("2026-08-01", 1.0)))).collect());
    let spread = || renewals(&book, &chances(30), &ahead(), &asked()).quarters[0].spread.unwrap();
    let (found, expected) = (spread(), 400.0 * 24.5 / 31.0);
    assert_eq!(found, spread());
    assert!((found.mean - expected).abs() < 5.0, "{found:?}");
    assert!(found.range95.low < found.range80.low && found.range80.contains(expected), "{found:?}");
}

#[test]
fn of_few_decided_terms_no_chance_is_told() {
    let book = book(vec![holding("a", 100.0, Some(("2026-08-01", 1.0)))]);
    let found = renewals(&book, &chances(15), &ahead(), &asked());
    assert_eq!(found.due[0].chance.as_ref().unwrap_err(), "too few decided terms: 15 of the 20 needed");
    assert_eq!(found.quarters[0].all.mrr, Ok(100.0));
    assert!(found.quarters[0].all.expected.is_err() && found.quarters[0].spread.is_none());
    assert!(found.quarters[1].all.expected == Ok(0.0) && found.quarters[1].spread.is_none());
}

#[test]
fn without_a_rate_what_is_at_stake_is_not_known() {
    let unpriced =
        Holding { mrr: Err("no exchange rate for XYZ".to_owned()), ..holding("a", 0.0, Some(("2026-08-01", 1.0))) };
    let found = renewals(&book(vec![unpriced]), &chances(30), &ahead(), &asked());
    assert_eq!(found.quarters[0].all.mrr.as_ref().unwrap_err(), "no exchange rate for XYZ");
    assert!(found.due[0].chance.is_ok() && found.due[0].expected().is_err());
}

#[test]
fn months_before_a_term_is_due_count() {
    let within = shares(Length::AYear, 98, 99);
    let chances = Chances { within, ..chances(30) };
    let found = renewals(&book(vec![holding("a", 1.0, Some(("2026-09-01", 2.0)))]), &chances, &ahead(), &asked());
    // 98.5 of 100 a month, twice.
    near(&found.due[0].expected(), 0.985 * 0.985 * 24.5 / 31.0);
}
