//! The customers as they are when they sign: who they are, what they buy, and what they will come to feel.

use crate::calendar::{Calendar, Day};
use crate::dice::Dice;
use crate::mood::{Mood, Temper};
use crate::names::{self, Companies};
use crate::offer::{COUNTRIES, Country, Currency, Plan, Product};
use crate::onboarding::{Onboarding, Outcome};
use crate::story::Story;

/// How a customer commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Term {
    /// Month to month.
    Monthly,
    /// A year at a time.
    Annual,
    /// Three years at a time.
    ThreeYears,
}

impl Term {
    /// Length in months.
    pub fn months(self) -> i32 {
        [1, 12, 36][self as usize]
    }

    /// What is left of the list price.
    pub fn price_factor(self) -> f64 {
        [1.0, 0.90, 0.82][self as usize]
    }
}

/// A customer.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    /// `A-0001`, in all systems.
    pub id: String,
    /// Name.
    pub name: String,
    /// Index into the industries.
    pub industry: usize,
    /// Country at first.
    pub country: Country,
    /// Billed in, for good.
    pub currency: Currency,
    /// Plan at first.
    pub plan: Plan,
    /// Seats of the main product at first.
    pub seats: i64,
    /// People employed.
    pub employees: i64,
    /// First product.
    pub main: Product,
    /// Commitment at first.
    pub term: Term,
    /// First known to the CRM.
    pub created: Day,
    /// First day of the first subscription.
    pub start: Day,
    /// Onboarding.
    pub onboarding: Onboarding,
    /// What leads it to leave.
    pub temper: Temper,
    /// What it feels.
    pub mood: Mood,
    /// Share of its seats that people use; above one, more people than seats.
    pub fill: f64,
    /// Its parent, an index.
    pub parent: Option<usize>,
}

/// Everybody who will sign, in the order they do.
pub(crate) fn sign_up(seed: u64, n: usize, calendar: &Calendar, story: &Story) -> Vec<Account> {
    let mut dice = Dice::new(seed, "accounts", 0);
    let starts = starts(&mut dice, n, calendar, story);
    let outcomes = Outcome::deal(&mut dice, n);
    let deck = deck(&mut dice, n);
    let mut companies = Companies::new(&mut dice);
    let width = n.to_string().len().max(4);
    (0..n)
        .map(|index| {
            let (plan, country) = deck[index];
            let start = starts[index];
            let outcome = outcomes[index];
            let stem = companies.stem();
            let industry = dice.below(4);
            let seats = match plan {
                Plan::Starter => dice.around(5.0, 0.4).clamp(2.0, 12.0),
                Plan::Growth => dice.around(15.0, 0.4).clamp(6.0, 40.0),
                Plan::Enterprise => dice.around(36.0, 0.4).clamp(18.0, 95.0),
            };
            let term = match dice.weighted(&[[0.76, 0.24, 0.0], [0.34, 0.60, 0.06], [0.04, 0.68, 0.28]][plan as usize])
            {
                0 => Term::Monthly,
                1 => Term::Annual,
                _ => Term::ThreeYears,
            };
            let temper = Temper::draw(&mut dice);
            let signed = start - dice.between(0, 6) as Day;
            Account {
                id: format!("A-{:0width$}", index + 1),
                name: names::company(&mut dice, &stem, industry),
                industry,
                country,
                currency: country.currency(),
                plan,
                seats: seats as i64,
                employees: (seats * dice.around(7.0, 0.7)) as i64 + 3,
                main: if dice.chance(0.92) { Product::Reports } else { Product::Flow },
                term,
                created: signed - dice.between(14, 120) as Day,
                start,
                onboarding: Onboarding::draw(&mut dice, outcome, signed),
                temper,
                mood: Mood::draw(&mut dice, temper, outcome, calendar.month(start), calendar.months(), story),
                fill: if dice.chance(0.06) { 1.05 + 0.2 * dice.unit() } else { 0.28 + 0.5 * dice.unit() },
                parent: None,
            }
        })
        .collect()
}

/// First days: a fifth come from the beta in the first month, the rest at a growing pace that the bad quarter breaks.
fn starts(dice: &mut Dice, n: usize, calendar: &Calendar, story: &Story) -> Vec<Day> {
    let months = calendar.months();
    let mut weights: Vec<f64> = (0..months).map(|month| 1.0 + 0.7 * month as f64 / months as f64).collect();
    for (month, weight) in weights.iter_mut().enumerate() {
        if story.is_bad(month) {
            *weight *= 0.6;
        }
    }
    weights[0] = weights.iter().skip(1).sum::<f64>() / 4.0;
    let mut starts: Vec<Day> = (0..n)
        .map(|_| {
            let month = dice.weighted(&weights);
            // Business starts on the first more often than not.
            let first = calendar.first(month);
            if dice.chance(0.4) {
                first
            } else {
                dice.between(i64::from(first), i64::from(calendar.first(month + 1) - 1)) as Day
            }
        })
        .collect();
    starts.sort_unstable();
    starts
}

/// Plan and country of each account: a floor for every pair, so that no segment is too thin to look at.
fn deck(dice: &mut Dice, n: usize) -> Vec<(Plan, Country)> {
    const OF_600: [[usize; 5]; 3] = [[84, 46, 42, 40, 40], [54, 40, 36, 34, 34], [38, 35, 33, 33, 33]];
    const PLANS: [Plan; 3] = [Plan::Starter, Plan::Growth, Plan::Enterprise];
    let mut deck = Vec::with_capacity(n);
    for (plan, row) in PLANS.into_iter().zip(OF_600) {
        for (country, share) in COUNTRIES.into_iter().zip(row) {
            deck.extend(std::iter::repeat_n((plan, country), share * n / 600));
        }
    }
    while deck.len() < n {
        deck.push((Plan::Growth, Country::Us));
    }
    dice.shuffle(&mut deck);
    deck
}
