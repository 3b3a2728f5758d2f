//! The whole company, simulated once; writers and truth only read it.

use jiff::tz::TimeZone;

use crate::accounts::{self, Account};
use crate::calendar::{Calendar, Day};
use crate::contracts::{self, Life};
use crate::dice::Dice;
use crate::fx::Rates;
use crate::groups::{self, Merge};
use crate::interactions::{self, Interaction};
use crate::invoices::{self, InvoiceLine};
use crate::offer::Product;
use crate::people::{self, Contact, Version};
use crate::ratings::{self, Rating};
use crate::referrals::{self, Referral};
use crate::staff::{self, Colleague};
use crate::staff_voice::{self, StaffVoice};
use crate::story::Story;
use crate::surveys::{self, Voice};
use crate::tickets::{self, Ticket};
use crate::usage;
use crate::{Error, FEWEST_ACCOUNTS, FEWEST_MONTHS, Options, Result};

/// The zone the company keeps its books in.
pub(crate) const ZONE: &str = "America/New_York";

/// Everything that happened.
pub(crate) struct Company {
    pub seed: u64,
    pub calendar: Calendar,
    pub story: Story,
    pub rates: Rates,
    pub staff: Vec<Colleague>,
    pub accounts: Vec<Account>,
    pub lives: Vec<Life>,
    pub merges: Vec<Merge>,
    pub versions: Vec<Vec<Version>>,
    pub people: Vec<Vec<Contact>>,
    pub invoices: Vec<InvoiceLine>,
    pub tickets: Vec<Ticket>,
    pub voice: Voice,
    pub staff_voice: StaffVoice,
    pub referrals: Vec<Referral>,
    pub interactions: Vec<Interaction>,
    pub ratings: Vec<Rating>,
}

impl Company {
    /// Lets it happen.
    pub fn simulate(options: &Options) -> Result<Self> {
        check(options)?;
        let seed = options.seed;
        let calendar = Calendar::new(options.end, options.months, TimeZone::get(ZONE)?);
        let story = Story::new(&calendar);
        let rates = Rates::walk(seed, &calendar);
        let staff = staff::hire(seed, &calendar);
        let mut accounts = accounts::sign_up(seed, options.accounts, &calendar, &story);
        groups::found(seed, &mut accounts);
        let mut lives: Vec<Life> = accounts
            .iter()
            .enumerate()
            .map(|(index, account)| contracts::live(seed, index, account, &calendar, &story))
            .collect();
        let merges = groups::merge(seed, &accounts, &mut lives, &calendar);
        meter(seed, &mut lives);
        number(&mut lives);
        let versions = people::versions(seed, &accounts, &lives, &merges, &calendar, &story);
        let people = accounts
            .iter()
            .zip(&lives)
            .enumerate()
            .map(|(index, (account, life))| people::people(seed, index, account, life));
        let mut company = Self {
            seed,
            people: people.collect(),
            rates,
            staff,
            accounts,
            lives,
            merges,
            versions,
            invoices: Vec::new(),
            tickets: Vec::new(),
            voice: Voice::default(),
            staff_voice: StaffVoice::default(),
            referrals: Vec::new(),
            interactions: Vec::new(),
            ratings: Vec::new(),
            calendar,
            story,
        };
        company.invoices = invoices::bill(&company);
        company.tickets = tickets::open(&company)?;
        company.voice = surveys::ask(&company)?;
        company.staff_voice = staff_voice::ask(&company)?;
        company.referrals = referrals::recommend(&company);
        company.interactions = interactions::meet(&company)?;
        company.ratings = ratings::rate(&company)?;
        Ok(company)
    }

    /// The account that carries an account's history now.
    pub fn root(&self, index: usize) -> usize {
        self.merges.iter().find(|merge| merge.from == index).map_or(index, |merge| merge.into)
    }

    /// The accounts whose history an account carries; none for one merged away.
    pub fn carried(&self, root: usize) -> Vec<usize> {
        if self.root(root) != root {
            return Vec::new();
        }
        std::iter::once(root)
            .chain(self.merges.iter().filter(|merge| merge.into == root).map(|merge| merge.from))
            .collect()
    }

    /// The steps of an account's journey that it truly reached, in service and before the end.
    pub fn steps(&self, index: usize) -> Vec<(&'static str, Day)> {
        let (account, life) = (&self.accounts[index], &self.lives[index]);
        let steps = &account.onboarding;
        let reached = |day: &Day| *day < self.calendar.end() && life.runs((*day).max(account.start));
        let first_value = match account.main {
            Product::Reports => usage::first_share(self, index),
            _ => steps.first_value.map(|day| day.max(account.start + 1)),
        };
        let all = [
            ("signed", Some(steps.signed)),
            ("kick_off", Some(steps.kick_off)),
            ("live", steps.live),
            ("first_value", first_value),
            ("value", steps.value),
        ];
        all.into_iter().filter_map(|(step, day)| Some((step, day.filter(reached)?))).collect()
    }

    /// The CSM of an account on a day.
    pub fn csm(&self, index: usize, day: Day) -> usize {
        let versions = &self.versions[index];
        versions
            .iter()
            .rev()
            .find(|version| version.from.is_none_or(|from| from <= day))
            .map_or(1, |version| version.csm)
    }
}

fn check(options: &Options) -> Result<()> {
    if options.accounts < FEWEST_ACCOUNTS {
        return Err(Error::TooFew { key: "accounts", value: options.accounts, least: FEWEST_ACCOUNTS });
    }
    if options.months < FEWEST_MONTHS {
        return Err(Error::TooFew { key: "months", value: options.months, least: FEWEST_MONTHS });
    }
    if options.end.day() != 1 {
        return Err(Error::NotAMonth(options.end));
    }
    Ok(())
}

/// Some who have the assistant also pay for what they ask of it: metered, and so outside MRR.
fn meter(seed: u64, lives: &mut [Life]) {
    let mut dice = Dice::new(seed, "metered", 0);
    for life in lives {
        let paid = life
            .subscriptions
            .iter()
            .find(|one| one.product == Product::Assist && one.lines.iter().all(|line| line.trial_to.is_none()));
        let Some(mut metered) = paid.filter(|_| dice.chance(0.25)).cloned() else { continue };
        metered.metered = true;
        for line in &mut metered.lines {
            line.monthly_cents = 2;
            line.quantity = 1_000;
            line.billing = crate::book::Billing::Month;
            line.discount = None;
        }
        life.subscriptions.push(metered);
    }
}

/// Gives subscriptions and terms their numbers across the company.
fn number(lives: &mut [Life]) {
    let (mut subscription, mut contract) = (1, 1);
    for life in lives {
        for one in &mut life.subscriptions {
            one.number = subscription;
            subscription += 1;
        }
        for one in &mut life.contracts {
            one.number += contract;
            one.renewal_of = one.renewal_of.map(|before| before + contract);
        }
        contract += life.contracts.len();
    }
}

#[cfg(test)]
mod tests;
