//! Parent groups, and accounts that were merged.

use crate::accounts::Account;
use crate::calendar::{Calendar, Day};
use crate::contracts::Life;
use crate::dice::Dice;

/// How many parent groups.
pub(crate) const GROUPS: usize = 12;

/// How many merges.
pub(crate) const MERGES: usize = 3;

/// A merge: all history of one account goes to another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Merge {
    /// The account that vanishes.
    pub from: usize,
    /// The survivor.
    pub into: usize,
    /// When.
    pub day: Day,
    /// Whether billing moved the running subscriptions to the survivor, or left them where they were.
    pub rebilled: bool,
}

/// Makes every group a parent and two to four children among accounts that stand alone.
pub(crate) fn found(seed: u64, accounts: &mut [Account]) {
    let mut dice = Dice::new(seed, "groups", 0);
    let mut order: Vec<usize> = (0..accounts.len()).collect();
    dice.shuffle(&mut order);
    let mut order = order.into_iter();
    for _ in 0..GROUPS {
        let Some(parent) = order.next() else { return };
        let stem = accounts[parent].name.split(' ').next().unwrap_or_default().to_owned();
        accounts[parent].name = format!("{stem} Group");
        let mut taken = vec![accounts[parent].name.clone()];
        for child in order.by_ref().take(2 + dice.below(3)) {
            let account = &mut accounts[child];
            account.parent = Some(parent);
            let trade = account.name.rsplit(' ').next().unwrap_or_default().to_owned();
            let mut name = format!("{stem} {trade} {}", account.country.code());
            while taken.contains(&name) {
                name.push_str(" II");
            }
            taken.push(name.clone());
            account.name = name;
        }
    }
}

/// Merges pairs that both live through the merge day and after, in one currency and outside groups.
pub(crate) fn merge(seed: u64, accounts: &[Account], lives: &mut [Life], calendar: &Calendar) -> Vec<Merge> {
    let mut dice = Dice::new(seed, "merges", 0);
    let parents: Vec<usize> = accounts.iter().filter_map(|account| account.parent).collect();
    let mut merges: Vec<Merge> = Vec::new();
    let months = calendar.months();
    for (nth, month) in [months / 2, months * 5 / 7, months - 5].into_iter().enumerate().take(MERGES) {
        let day = calendar.first(month) + dice.between(4, 24) as Day;
        let fits = |index: usize| {
            let account = &accounts[index];
            account.start + 120 < day
                && account.parent.is_none()
                && !parents.contains(&index)
                && lives[index].exits.is_empty()
                && lives[index].subscriptions.iter().all(|one| one.lines.iter().all(|line| line.pause.is_none()))
                && merges.iter().all(|merge| merge.from != index && merge.into != index)
        };
        let mut candidates: Vec<usize> = (0..accounts.len()).filter(|index| fits(*index)).collect();
        dice.shuffle(&mut candidates);
        let pair = candidates.iter().find_map(|&from| {
            let twin = |into: &&usize| **into != from && accounts[**into].currency == accounts[from].currency;
            candidates.iter().find(twin).map(|into| (from, *into))
        });
        let Some((from, into)) = pair else { continue };
        let rebilled = nth != 1;
        if rebilled {
            lives[from].rebill(day, into);
        }
        merges.push(Merge { from, into, day, rebilled });
    }
    merges
}
