//! How long accounts took to get going.

use crate::company::{Differences, company};
use std::collections::BTreeMap;
use tenure_engine::{MetricRef, RowsQuestion};

/// Accounts whose history holds another's too, as the story tells: `A-1 merged into A-2; …`.
fn survivors() -> Vec<String> {
    let story = company().truth("story.csv");
    let told = story.iter().filter_map(|row| row.text("what").split_once(" merged into "));
    told.filter_map(|(_, rest)| Some(rest.split_once(';')?.0.to_owned())).collect()
}

#[test]
fn the_days_of_every_account() {
    let company = company();
    let accounts = company.truth("accounts.csv");
    let truth: BTreeMap<&str, _> = accounts.iter().map(|row| (row.text("account_id"), row)).collect();
    let (survivors, mut differences) = (survivors(), Differences::default());
    assert_eq!(survivors.len(), 3);
    for (metric, column) in [
        ("onboarding_time", "days_to_live"),
        ("time_to_first_value", "days_to_first_value"),
        ("time_to_value", "days_to_value"),
    ] {
        let question = RowsQuestion {
            metric: MetricRef::default_of(metric),
            period: company.period("2024"),
            filter: Vec::new(),
            excluded: false,
            now: None,
            limit: None,
        };
        let answer = company.block_on(company.engine.rows(&question)).unwrap();
        let column_of = |name: &str| answer.columns.iter().position(|column| column == name).unwrap();
        let (account, days, arrived) = (column_of("account_id"), column_of("days"), column_of("arrived"));
        assert!(answer.total > 100, "{metric}: {} accounts", answer.total);
        for row in &answer.rows {
            let id = row[account].as_deref().unwrap();
            if survivors.iter().any(|survivor| survivor == id) {
                continue;
            }
            // Whoever is still on the way, or left, has not arrived however long that took.
            let measured = row[days].as_deref().filter(|_| row[arrived].as_deref() == Some("true"));
            let measured = measured.map(|days| days.parse().unwrap());
            differences.near(&format!("{metric} of {id}"), measured, truth[id].number(column), 0.0);
        }
    }
    differences.none();
}
