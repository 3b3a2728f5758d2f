//! Use of the products, day by day, streamed: nothing is kept but who was seen in the current month.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::Result;
use crate::calendar::Day;
use crate::company::Company;
use crate::dice::Dice;
use crate::mood::Temper;
use crate::offer::{COUNTRIES, Product};

/// The feature whose first use is the first value of Reports.
pub(crate) const FIRST_VALUE_FEATURE: &str = "share_report";

/// Events of a person on a working day, at an even mood.
const USUAL: f64 = 0.108;

/// One thing somebody did.
pub(crate) struct Event {
    /// Running number.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// Account.
    pub account: usize,
    /// Person, an index into the account's people.
    pub person: usize,
    /// Product.
    pub product: Product,
    /// Feature.
    pub feature: &'static str,
    /// How often.
    pub quantity: i64,
}

/// What was seen in a month.
#[derive(Debug, Clone, Default)]
pub(crate) struct MonthOfUse {
    /// Events.
    pub events: u64,
    /// Distinct people.
    pub people: u64,
    /// Distinct accounts.
    pub accounts: u64,
}

/// The day of an account's first value as usage shows it: for accounts that began with Reports.
pub(crate) fn first_share(company: &Company, index: usize) -> Option<Day> {
    let account = &company.accounts[index];
    let day = account.onboarding.first_value?.max(account.start + 1);
    let day = if company.story.is_outage(day) { company.story.outage + 2 } else { day };
    let used = account.main == Product::Reports && day < company.calendar.end() && company.lives[index].runs(day);
    used.then_some(day)
}

/// Tells every event to `sink`, in the order of days; gives what each month saw.
pub(crate) fn stream(
    company: &Company,
    about: Option<u64>,
    sink: &mut dyn FnMut(&Event) -> Result<()>,
) -> Result<Vec<MonthOfUse>> {
    let calendar = &company.calendar;
    let days = 0..calendar.end();
    let scale = about.map_or(1.0, |about| {
        let usual: f64 = (0..company.accounts.len())
            .map(|index| days.clone().map(|day| mean(company, index, day).0).sum::<f64>())
            .sum();
        about as f64 / usual.max(1.0)
    });
    let mut zones = Vec::new();
    for country in COUNTRIES {
        zones.push(TimeZone::get(country.zone())?);
    }
    let shares: Vec<Option<Day>> = (0..company.accounts.len()).map(|index| first_share(company, index)).collect();
    let weights: Vec<Vec<f64>> = company
        .people
        .iter()
        .map(|people| {
            people
                .iter()
                .scan(0.0, |sum, person| {
                    *sum += person.weight;
                    Some(*sum)
                })
                .collect()
        })
        .collect();
    let mut seen: Vec<Vec<usize>> = company.people.iter().map(|people| vec![usize::MAX; people.len()]).collect();
    let mut seen_account = vec![usize::MAX; company.accounts.len()];
    let mut months = vec![MonthOfUse::default(); calendar.months()];
    let mut dice = Dice::new(company.seed, "usage", 0);
    let mut number = 0;
    for day in days.filter(|day| !company.story.is_outage(*day)) {
        let month = calendar.month(day);
        let mut midnights = Vec::with_capacity(zones.len());
        for zone in &zones {
            midnights.push(calendar.instant(day, 0, zone)?.as_second());
        }
        for index in 0..company.accounts.len() {
            let (mean, users) = mean(company, index, day);
            let first_share = shares[index].filter(|first| *first == day).is_some();
            let n = dice.poisson(mean * scale) + u64::from(first_share);
            if n == 0 || users == 0 {
                continue;
            }
            let held = held(company, index, day);
            let midnight = midnights[company.accounts[index].country as usize];
            for nth in 0..n {
                let reach = dice.unit() * weights[index][users - 1];
                let person = weights[index].partition_point(|sum| *sum <= reach).min(users - 1);
                let share = first_share && nth == 0;
                let product = if share { Product::Reports } else { dice.pick(&held) };
                let may_share = shares[index].is_some_and(|first| first <= day);
                let feature = if share { FIRST_VALUE_FEATURE } else { feature(&mut dice, product, may_share) };
                let hour = 7.0 + 6.5 * (dice.unit() + dice.unit());
                number += 1;
                let event = Event {
                    number,
                    at: Timestamp::from_second(midnight + (hour * 3_600.0) as i64)?,
                    account: index,
                    person,
                    product,
                    feature,
                    quantity: 1 + dice.below(3) as i64 * i64::from(dice.chance(0.3)),
                };
                months[month].events += 1;
                if seen[index][person] != month {
                    seen[index][person] = month;
                    months[month].people += 1;
                }
                if seen_account[index] != month {
                    seen_account[index] = month;
                    months[month].accounts += 1;
                }
                sink(&event)?;
            }
        }
    }
    Ok(months)
}

/// Events to expect of an account on a day, and how many of its people use it.
fn mean(company: &Company, index: usize, day: Day) -> (f64, usize) {
    let (account, life) = (&company.accounts[index], &company.lives[index]);
    if day < account.start || !life.runs(day) {
        return (0.0, 0);
    }
    let users = ((life.seats(day) as f64 * account.fill).ceil() as usize).clamp(1, company.people[index].len());
    let mood = account.mood.at(company.calendar.month(day));
    let mut factor = (0.55 * mood).exp().clamp(0.1, 2.3);
    if company.calendar.is_weekend(day) {
        factor *= 0.08;
    }
    if account.onboarding.live.is_none_or(|live| day < live) {
        factor *= 0.4;
    }
    // Who has made up their mind stops coming, except where nobody could have told.
    let leaving = |exit: &crate::contracts::Exit| {
        (exit.day - 60..exit.day).contains(&day) && exit.voluntary && !exit.reason.is_empty()
    };
    if account.temper != Temper::SilentGreen && life.exits.iter().any(leaving) {
        factor *= 0.4;
    }
    (USUAL * factor * users as f64, users)
}

fn held(company: &Company, index: usize, day: Day) -> Vec<Product> {
    let running = company.lives[index]
        .subscriptions
        .iter()
        .filter(|one| !one.metered && one.lines.iter().any(|line| line.runs(day)));
    let mut held: Vec<Product> = running.map(|one| one.product).collect();
    // People live in what they bought first.
    held.push(company.accounts[index].main);
    held
}

fn feature(dice: &mut Dice, product: Product, may_share: bool) -> &'static str {
    let features = product.features();
    loop {
        // The first features are used most.
        let feature = features[dice.below(features.len()).min(dice.below(features.len()))];
        if may_share || feature != FIRST_VALUE_FEATURE {
            return feature;
        }
    }
}
