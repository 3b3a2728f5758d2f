//! The people at customers, and the customers' profiles as the CRM saw them change.

use crate::accounts::Account;
use crate::calendar::{Calendar, Day};
use crate::contracts::Life;
use crate::dice::Dice;
use crate::groups::Merge;
use crate::names;
use crate::offer::{COUNTRIES, Country, Plan};
use crate::staff::csms;
use crate::story::Story;

/// A person at a customer.
#[derive(Debug, Clone)]
pub(crate) struct Contact {
    /// `A-0001-u01`.
    pub id: String,
    /// Name.
    pub name: String,
    /// Mail address.
    pub email: String,
    /// Role.
    pub role: &'static str,
    /// First known.
    pub created: Day,
    /// How much of the account's use is theirs.
    pub weight: f64,
}

/// The people of an account: as many as its seats ever called for.
pub(crate) fn people(seed: u64, index: usize, account: &Account, life: &Life) -> Vec<Contact> {
    let mut dice = Dice::new(seed, "people", index as u64);
    let seats = life.subscriptions.iter().filter(|one| one.product.by_seat()).flat_map(|one| &one.lines);
    let most = seats.map(|line| line.quantity).max().unwrap_or(1);
    let n = ((most as f64 * account.fill).ceil() as usize).max(3);
    let domain = names::domain(&account.name);
    (0..n)
        .map(|nth| {
            let name = names::person(&mut dice);
            let local: String = name.to_lowercase().replace(' ', ".");
            Contact {
                id: format!("{}-u{:02}", account.id, nth + 1),
                email: if nth < 4 { format!("{local}@{domain}") } else { format!("{local}{nth}@{domain}") },
                name,
                role: match nth {
                    0 => "admin",
                    1 => "sponsor",
                    2 | 3 => "manager",
                    _ => "user",
                },
                created: if nth < 3 { account.created } else { account.start + dice.between(0, 60) as Day },
                weight: dice.around(1.0, 0.8),
            }
        })
        .collect()
}

/// An account's profile from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Version {
    /// From when; none: since always.
    pub from: Option<Day>,
    /// Plan.
    pub plan: Plan,
    /// Country.
    pub country: Country,
    /// The CSM, an index into the staff.
    pub csm: usize,
    /// Merged into, an index.
    pub merged_into: Option<usize>,
}

/// The profiles every account went through.
pub(crate) fn versions(
    seed: u64,
    accounts: &[Account],
    lives: &[Life],
    merges: &[Merge],
    calendar: &Calendar,
    story: &Story,
) -> Vec<Vec<Version>> {
    let mut dice = Dice::new(seed, "versions", 0);
    let mut movers: Vec<usize> = (0..accounts.len())
        .filter(|index| accounts[*index].start + 200 < calendar.end() && accounts[*index].parent.is_none())
        .collect();
    dice.shuffle(&mut movers);
    movers.truncate(accounts.len() / 75);
    let from = *csms().start() + 1;
    let into = *csms().end();
    let mut of_book = 0;
    accounts
        .iter()
        .enumerate()
        .map(|(index, account)| {
            let csm = csms().nth(dice.weighted(&[1.0, 1.6, 1.1, 1.0, 0.9, 0.5])).unwrap_or(into);
            let first = Version { from: None, plan: account.plan, country: account.country, csm, merged_into: None };
            let mut changes: Vec<(Day, Change)> =
                lives[index].plans.iter().map(|(day, plan)| (*day, Change::Plan(*plan))).collect();
            if movers.contains(&index) {
                let day = dice.between(i64::from(account.start) + 60, i64::from(calendar.end()) - 60) as Day;
                let others: Vec<Country> =
                    COUNTRIES.into_iter().filter(|country| *country != account.country).collect();
                changes.push((day, Change::Country(dice.pick(&others))));
            }
            if csm == from {
                of_book += 1;
                // Half of the book goes.
                if of_book % 2 == 0 && account.created < story.handover {
                    changes.push((story.handover, Change::Csm(into)));
                }
            }
            changes.extend(
                merges.iter().filter(|merge| merge.from == index).map(|merge| (merge.day, Change::Merged(merge.into))),
            );
            changes.sort_by_key(|(day, _)| *day);
            let mut versions = vec![first];
            for (day, change) in changes {
                let Some(mut next) = versions.last().cloned() else { continue };
                if next.from != Some(day) {
                    next.from = Some(day);
                    versions.push(next);
                }
                if let Some(last) = versions.last_mut() {
                    change.apply(last);
                }
            }
            versions
        })
        .collect()
}

enum Change {
    Plan(Plan),
    Country(Country),
    Csm(usize),
    Merged(usize),
}

impl Change {
    fn apply(self, version: &mut Version) {
        match self {
            Self::Plan(plan) => version.plan = plan,
            Self::Country(country) => version.country = country,
            Self::Csm(csm) => version.csm = csm,
            Self::Merged(into) => version.merged_into = Some(into),
        }
    }
}
