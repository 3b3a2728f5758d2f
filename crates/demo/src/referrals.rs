//! Customers bringing customers: chains, one too old to count, one brought by a partner, and some that came to nothing.

use crate::calendar::Day;
use crate::company::Company;
use crate::dice::Dice;

/// Days a referral counts for.
pub(crate) const WINDOW: Day = 180;

/// Who brought whom.
#[derive(Debug, Clone)]
pub(crate) struct Referral {
    /// Who referred; none: somebody who is no customer.
    pub by: Option<usize>,
    /// Whom; none: nobody came.
    pub to: Option<usize>,
    /// A paid partner.
    pub partner: bool,
    /// When.
    pub day: Day,
    /// What is special about it.
    pub told: &'static str,
}

/// All referrals, by day.
pub(crate) fn recommend(company: &Company) -> Vec<Referral> {
    let mut dice = Dice::new(company.seed, "referrals", 0);
    let accounts = &company.accounts;
    let mut referrals: Vec<Referral> = Vec::new();
    let (mut old, mut partners) = (0, 0);
    for (to, account) in accounts.iter().enumerate() {
        if account.start < 150 || account.parent.is_some() || !dice.chance(0.13) {
            continue;
        }
        let day = account.start - dice.between(12, 150) as Day;
        let active = |by: &usize| *by != to && company.root(*by) == *by && company.lives[*by].mrr(day) > 0;
        let mut happy: Vec<usize> = (0..to).filter(active).collect();
        let liking = |by: &usize| accounts[*by].mood.at(company.calendar.month(day));
        happy.sort_by(|a, b| liking(b).total_cmp(&liking(a)));
        // Those who were brought themselves like to bring others.
        let chained = happy.iter().find(|by| referrals.iter().any(|before| before.to == Some(**by))).copied();
        let by = chained.filter(|_| dice.chance(0.3));
        let told = if by.is_some() { "chain" } else { "" };
        let Some(by) = by.or_else(|| happy.get(dice.below(happy.len().min(60))).copied()) else { continue };
        if partners == 0 && account.start > 400 {
            partners += 1;
            referrals.push(Referral { by: None, to: Some(to), partner: true, day, told: "partner" });
        } else if old == 0 && account.start > 500 {
            let day = account.start - WINDOW - 65;
            if company.lives[by].mrr(day) > 0 {
                old += 1;
                referrals.push(Referral { by: Some(by), to: Some(to), partner: false, day, told: "too_old" });
            }
        } else {
            referrals.push(Referral { by: Some(by), to: Some(to), partner: false, day, told });
        }
    }
    for _ in 0..accounts.len() / 25 {
        let by = dice.below(accounts.len());
        let day = accounts[by].start + dice.between(60, 500) as Day;
        if day < company.calendar.end() && company.lives[by].mrr(day) > 0 {
            referrals.push(Referral { by: Some(by), to: None, partner: false, day, told: "came_to_nothing" });
        }
    }
    referrals.sort_by_key(|one| (one.day, one.to, one.by));
    referrals
}
