//! Which referrals count, which do not, and why.

use std::collections::BTreeSet;
use std::path::Path;

use super::movements::History;
use super::table;
use crate::Result;
use crate::company::Company;
use crate::referrals::{Referral, WINDOW};

/// Why a referral does not count; nothing if it does.
fn verdict(company: &Company, histories: &[History], referral: &Referral) -> &'static str {
    let customer = |index: usize| histories.iter().find(|history| history.root == company.root(index));
    let active = |index: usize| {
        company.carried(company.root(index)).into_iter().any(|one| {
            company.lives[one]
                .subscriptions
                .iter()
                .any(|sub| !sub.metered && sub.lines.iter().any(|line| line.is_paid(referral.day)))
        })
    };
    let first = referral.to.and_then(customer).and_then(|history| history.won.first());
    match (referral.by, first) {
        _ if referral.partner => "partner",
        (_, None) => "nobody became a customer",
        (None, _) => "no referrer",
        (Some(by), _) if !active(by) => "referrer was no customer",
        (_, Some(first)) if *first < referral.day => "was a customer already",
        (_, Some(first)) if first - referral.day > WINDOW => "too old",
        _ => "",
    }
}

/// Writes `referrals.csv` and `first_time_customers.csv`.
pub(super) fn write(dir: &Path, company: &Company, histories: &[History]) -> Result<()> {
    let calendar = &company.calendar;
    let id = |index: Option<usize>| index.map(|index| company.accounts[index].id.clone()).unwrap_or_default();
    let mut counted = BTreeSet::new();
    let mut rows = Vec::new();
    for referral in &company.referrals {
        let mut why = verdict(company, histories, referral);
        if let Some(to) = referral.to.filter(|_| why.is_empty())
            && !counted.insert(company.root(to))
        {
            why = "not the first touch";
        }
        let day = calendar.date(referral.day).to_string();
        rows.push(vec![
            id(referral.by),
            id(referral.to),
            day,
            referral.told.to_owned(),
            why.is_empty().to_string(),
            why.to_owned(),
        ]);
    }
    table(dir, "referrals.csv", "referrer,referred,day,story,counts,why_not", rows)?;
    let rows = (0..calendar.months()).map(|month| {
        let firsts =
            histories.iter().filter(|history| history.won.first().is_some_and(|day| calendar.month(*day) == month));
        let referred = firsts.clone().filter(|history| counted.contains(&history.root)).count();
        vec![calendar.label(month), firsts.count().to_string(), referred.to_string()]
    });
    table(dir, "first_time_customers.csv", "month,first_time_customers,of_them_referred", rows)
}
