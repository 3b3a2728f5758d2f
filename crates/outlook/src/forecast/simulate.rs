//! Futures of what is held today.
//!
//! In each future every chance is drawn from what is known of it, so that few cases widen the range. Quarter after quarter a whole past quarter is
//! drawn, as likely as not one of the same season: its accounts tell how those that stay grow, and its leavings by how much leaving is likelier or less likely than chances say. So good and
//! bad quarters come as they came. An account has one draw a quarter for the ends of its
//! terms and one for breaking off: what can end together stands or falls together, the likelier first. Who left does not come back.

use super::book::{Age, Book, Kind};
use super::chances::{Chances, Shares};
use super::growth::{Growth, Situation};
use super::{LEAST_QUARTERS, windows::QUARTER};
use crate::OrReason;
use std::collections::BTreeMap;
use tenure_stats::beta_binomial::Beta;
use tenure_stats::bootstrap::SplitMix64;

/// Quarters in a year.
const SEASONS: usize = 4;

/// How something held can end.
#[derive(Debug, Clone, Copy)]
enum Ends {
    /// At each month's end, where it is not held on: by its chance in the account's first year, and after.
    Monthly { held: [usize; 2] },
    /// When its term is due, where it is not renewed for as long again; and in each month before.
    Term { due: f64, months: f64, renewed: usize, held: [usize; 2] },
}

/// Something held.
#[derive(Debug, Clone, Copy)]
struct Unit {
    mrr: f64,
    /// Months since the account first paid.
    age: i64,
    ends: Ends,
}

impl Unit {
    /// The place of its chance to be held on.
    fn held(&self) -> usize {
        let (Ends::Monthly { held } | Ends::Term { held, .. }) = self.ends;
        held[Age::of(self.age) as usize]
    }
}

/// What futures are made of: the units of each account, chances that units point at, and past growth.
#[derive(Debug, Clone)]
pub(super) struct Model<'a> {
    accounts: Vec<Vec<Unit>>,
    chances: Vec<Beta>,
    growth: &'a Growth,
    /// How much likelier leaving was in each past quarter.
    luck: &'a [f64],
}

/// NRR and GRR in each future.
pub(super) type Ratios = (Vec<f64>, Vec<f64>);

/// What came of them. A future in which nobody is left at a quarter's opening says nothing of that quarter.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Futures {
    pub(super) quarters: Vec<Ratios>,
    /// The first four quarters together.
    pub(super) year: Ratios,
}

/// The model of a book; or why there is none.
pub(super) fn model<'a>(book: &Book, chances: &Chances, growth: &'a Growth, luck: &'a [f64]) -> OrReason<Model<'a>> {
    if book.holdings.is_empty() {
        return Err("no customers today".to_owned());
    }
    let quarters = growth.quarters();
    if quarters < LEAST_QUARTERS {
        return Err(format!(
            "too few closed quarters with customers at their opening: {quarters} of the {LEAST_QUARTERS} needed"
        ));
    }
    let mut model = Model { accounts: Vec::new(), chances: Vec::new(), growth, luck };
    let mut places: BTreeMap<(&str, Kind), usize> = BTreeMap::new();
    for holdings in book.by_account().into_values() {
        let mut units = Vec::new();
        for holding in holdings {
            let unit = &holding.unit;
            if let Some(reason) = chances.lacking(unit.term) {
                return Err(reason);
            }
            let mut place = |name: &'static str, shares: &Shares, age: Age| {
                let kind = unit.kind_at(age, book.large_from);
                let share = shares.share(&kind);
                *places.entry((name, kind)).or_insert_with(|| {
                    model.chances.push(share);
                    model.chances.len() - 1
                })
            };
            let ends = match holding.due_in {
                None => {
                    Ends::Monthly { held: [Age::New, Age::Settled].map(|age| place("monthly", &chances.monthly, age)) }
                }
                Some(due) => Ends::Term {
                    due,
                    months: unit.term_months as f64,
                    renewed: place("renewed", &chances.renewed, Age::Settled),
                    held: [Age::New, Age::Settled].map(|age| place("within", &chances.within, age)),
                },
            };
            units.push(Unit { mrr: holding.mrr.clone()?, age: unit.age, ends });
        }
        model.accounts.push(units);
    }
    Ok(model)
}

/// So many futures of so many quarters, at least four.
pub(super) fn futures(model: &Model<'_>, quarters: usize, runs: usize, seed: u64) -> Futures {
    let mut random = SplitMix64::new(seed);
    let mut futures = Futures { quarters: vec![Ratios::default(); quarters], year: Ratios::default() };
    for _ in 0..runs {
        run(model, &mut random, &mut futures);
    }
    futures
}

/// An account on its way through a future.
struct Account {
    units: Vec<Unit>,
    /// By what its revenue has grown.
    grown: f64,
    first: f64,
    now: f64,
}

fn run(model: &Model<'_>, random: &mut SplitMix64, futures: &mut Futures) {
    let chances: Vec<f64> = model.chances.iter().map(|chance| chance.draw(random)).collect();
    let revenue = |units: &[Unit]| units.iter().map(|unit| unit.mrr).sum::<f64>();
    let account = |units: &Vec<Unit>| {
        let first = revenue(units);
        Account { units: units.clone(), grown: 1.0, first, now: first }
    };
    let mut accounts: Vec<Account> = model.accounts.iter().map(account).collect();
    for (number, ratios) in futures.quarters.iter_mut().enumerate() {
        let past = drawn(model.growth.quarters(), number, random);
        let mut sums = Sums::default();
        for account in accounts.iter_mut().filter(|account| !account.units.is_empty()) {
            let opening = account.now;
            pass(account, &chances, model, past, random);
            sums.add(opening, account.now);
        }
        sums.tell(ratios);
        if number == 3 {
            let mut year = Sums::default();
            accounts.iter().for_each(|account| year.add(account.first, account.now));
            year.tell(&mut futures.year);
        }
    }
}

/// A past quarter for one to come: as likely as not one of the same season, else any. `ahead` counts from the first to come.
fn drawn(quarters: usize, ahead: usize, random: &mut SplitMix64) -> usize {
    let of_season: Vec<usize> =
        (0..quarters).filter(|past| (quarters - past + ahead).is_multiple_of(SEASONS)).collect();
    let seasonal = random.unit() < 0.5;
    match of_season.len() {
        some if some > 0 && seasonal => of_season[random.below(some)],
        _ => random.below(quarters.max(1)),
    }
}

/// Takes an account through a quarter.
fn pass(account: &mut Account, chances: &[f64], model: &Model<'_>, past: usize, random: &mut SplitMix64) {
    let likelier = model.luck.get(past).copied().unwrap_or(1.0);
    let stays = |chance: f64| 1.0 - likelier * (1.0 - chance);
    let quarter = f64::from(QUARTER);
    let situation = Situation::of(account.units.iter().map(|unit| match unit.ends {
        Ends::Monthly { .. } => None,
        Ends::Term { due, .. } => Some(due < quarter),
    }));
    let (broken, unrenewed) = (random.unit(), random.unit());
    account.units.retain_mut(|unit| {
        let held = stays(chances[unit.held()].powi(QUARTER));
        unit.age += i64::from(QUARTER);
        match &mut unit.ends {
            Ends::Monthly { .. } => broken < held,
            Ends::Term { due, months, renewed, .. } => {
                let mut renewals = 0;
                while *due < quarter {
                    renewals += 1;
                    *due += months.max(1.0);
                }
                *due -= quarter;
                broken < held && unrenewed < stays(chances[*renewed].powi(renewals))
            }
        }
    });
    account.grown *= model.growth.draw(past, situation, random);
    account.now = account.grown * account.units.iter().map(|unit| unit.mrr).sum::<f64>();
}

#[derive(Default)]
struct Sums {
    opening: f64,
    closing: f64,
    kept: f64,
}

impl Sums {
    fn add(&mut self, opening: f64, closing: f64) {
        self.opening += opening;
        self.closing += closing;
        self.kept += closing.min(opening);
    }

    fn tell(&self, (nrr, grr): &mut Ratios) {
        if self.opening > 0.0 {
            nrr.push(self.closing / self.opening);
            grr.push(self.kept / self.opening);
        }
    }
}

#[cfg(test)]
#[path = "simulate/tests.rs"]
mod tests;
