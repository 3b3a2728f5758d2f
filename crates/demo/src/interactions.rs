//! Calls, mails and reviews with customers; one-on-ones with colleagues, where somebody found the hour.

use jiff::Timestamp;

use crate::Result;
use crate::calendar::Day;
use crate::company::Company;
use crate::dice::Dice;

/// A meeting of some sort.
#[derive(Debug, Clone)]
pub(crate) struct Interaction {
    /// With a customer.
    pub account: Option<usize>,
    /// The person there.
    pub person: Option<usize>,
    /// The colleague; of a one-on-one, the report.
    pub staff: usize,
    /// The manager of a one-on-one.
    pub manager: Option<usize>,
    /// As the lake has it.
    pub kind: &'static str,
    /// When.
    pub at: Timestamp,
    /// What was said.
    pub notes: &'static str,
}

const NOTES: [&str; 8] = [
    "agreed on next quarter's goals",
    "walked through the new editor",
    "asked for a discount",
    "new champion introduced",
    "left a message",
    "open ticket discussed",
    "budget under review",
    "happy, wants to expand to a second site",
];

/// Everything, customers first.
pub(crate) fn meet(company: &Company) -> Result<Vec<Interaction>> {
    let mut dice = Dice::new(company.seed, "interactions", 0);
    let mut all = Vec::new();
    for (index, account) in company.accounts.iter().enumerate() {
        for month in company.calendar.month(account.start)..company.calendar.months() {
            touch(company, &mut dice, &mut all, index, month)?;
        }
    }
    one_on_ones(company, &mut all)?;
    Ok(all)
}

fn touch(company: &Company, dice: &mut Dice, all: &mut Vec<Interaction>, index: usize, month: usize) -> Result<()> {
    let calendar = &company.calendar;
    let (first, next) = (calendar.first(month), calendar.first(month + 1));
    let often = [0.15, 0.5, 1.2][company.accounts[index].plan as usize];
    for _ in 0..dice.poisson(often) {
        let day = dice.between(i64::from(first), i64::from(next - 1)) as Day;
        if calendar.is_weekend(day) || !company.lives[index].runs(day) {
            continue;
        }
        let kind = ["call", "email", "meeting", "review"][dice.weighted(&[0.4, 0.35, 0.15, 0.10])];
        all.push(Interaction {
            account: Some(index),
            person: Some(dice.below(company.people[index].len().min(3))),
            staff: company.csm(index, day),
            manager: None,
            kind,
            at: calendar.instant(day, dice.between(32_400, 61_200), &calendar.zone)?,
            notes: if dice.chance(0.3) { dice.pick(&NOTES) } else { "" },
        });
    }
    Ok(())
}

fn one_on_ones(company: &Company, all: &mut Vec<Interaction>) -> Result<()> {
    let mut dice = Dice::new(company.seed, "one-on-ones", 0);
    let calendar = &company.calendar;
    for month in 0..calendar.months() {
        for (staff, colleague) in company.staff.iter().enumerate() {
            let Some(manager) = colleague.manager else { continue };
            let (first, next) = (calendar.first(month), calendar.first(month + 1));
            // The bad quarter eats calendars too.
            let busy = if company.story.is_bad(month) { 0.7 } else { 1.0 };
            if colleague.start >= next || !dice.chance(colleague.one_on_one * busy) {
                continue;
            }
            let day = dice.between(i64::from(first.max(colleague.start)), i64::from(next - 1)) as Day;
            all.push(Interaction {
                account: None,
                person: None,
                staff,
                manager: Some(manager),
                kind: "one_on_one",
                at: calendar.instant(day, dice.between(32_400, 61_200), &calendar.zone)?,
                notes: "",
            });
        }
    }
    Ok(())
}
