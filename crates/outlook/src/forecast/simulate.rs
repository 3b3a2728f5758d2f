//! Futures of what is held today.
//!
//! In each future every chance is drawn from what is known of it, so that few cases widen the range. Quarter after quarter a whole past quarter is
//! drawn, whose accounts tell how those that stay grow: good and bad quarters come as they came. An account has one draw a quarter for the ends of its
//! terms and one for breaking off: what can end together stands or falls together, the likelier first. Who left does not come back.

use super::book::{Book, Holding};
use super::chances::{Chances, Length};
use super::growth::{Growth, Situation};
use super::{LEAST_QUARTERS, windows::QUARTER};
use crate::OrReason;
use std::collections::BTreeMap;
use tenure_stats::beta_binomial::Beta;
use tenure_stats::bootstrap::SplitMix64;

/// How something held can end.
#[derive(Debug, Clone, Copy)]
enum Ends {
    /// At each month's end, where it is not held on.
    Monthly { held: usize },
    /// When its term is due, where it is not renewed for as long again; and in each month before.
    Term { due: f64, months: f64, renewed: usize, held: usize },
}

/// Something held.
#[derive(Debug, Clone, Copy)]
struct Unit {
    mrr: f64,
    ends: Ends,
}

/// What futures are made of: the units of each account, chances that units point at, and past growth.
#[derive(Debug, Clone)]
pub(super) struct Model<'a> {
    accounts: Vec<Vec<Unit>>,
    chances: Vec<Beta>,
    growth: &'a Growth,
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
pub(super) fn model<'a>(book: &Book, chances: &Chances, growth: &'a Growth) -> OrReason<Model<'a>> {
    if book.holdings.is_empty() {
        return Err("no customers today".to_owned());
    }
    let quarters = growth.quarters();
    if quarters < LEAST_QUARTERS {
        return Err(format!(
            "only {quarters} closed quarters with customers at their opening: {LEAST_QUARTERS} are needed"
        ));
    }
    let mut model = Model { accounts: Vec::new(), chances: Vec::new(), growth };
    let mut places: BTreeMap<(&str, Length, Option<String>), usize> = BTreeMap::new();
    for holdings in book.by_account().into_values() {
        let mut units = Vec::new();
        for Holding { unit, due_in, mrr, .. } in holdings {
            if let Some(reason) = chances.lacking(unit.term) {
                return Err(reason);
            }
            let mut place = |kind: &'static str, length: Length, share: &dyn Fn() -> Beta| {
                *places.entry((kind, length, unit.plan.clone())).or_insert_with(|| {
                    model.chances.push(share());
                    model.chances.len() - 1
                })
            };
            let ends = match due_in {
                None => Ends::Monthly { held: place("monthly", unit.term, &|| chances.monthly.share(&unit.plan)) },
                Some(due) => Ends::Term {
                    due: *due,
                    months: unit.term_months as f64,
                    renewed: place("renewed", unit.term, &|| chances.renewed.share(&(unit.term, unit.plan.clone()))),
                    held: place("within", Length::AYear, &|| chances.within.share(&unit.plan)),
                },
            };
            units.push(Unit { mrr: mrr.clone()?, ends });
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
        let past = random.below(model.growth.quarters().max(1));
        let mut sums = Sums::default();
        for account in accounts.iter_mut().filter(|account| !account.units.is_empty()) {
            let opening = account.now;
            pass(account, &chances, model.growth, past, random);
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

/// Takes an account through a quarter.
fn pass(account: &mut Account, chances: &[f64], growth: &Growth, past: usize, random: &mut SplitMix64) {
    let quarter = f64::from(QUARTER);
    let situation = Situation::of(account.units.iter().map(|unit| match unit.ends {
        Ends::Monthly { .. } => None,
        Ends::Term { due, .. } => Some(due < quarter),
    }));
    let (broken, unrenewed) = (random.unit(), random.unit());
    account.units.retain_mut(|unit| match &mut unit.ends {
        Ends::Monthly { held } => broken < chances[*held].powi(QUARTER),
        Ends::Term { due, months, renewed, held } => {
            let mut renewals = 0;
            while *due < quarter {
                renewals += 1;
                *due += months.max(1.0);
            }
            *due -= quarter;
            broken < chances[*held].powi(QUARTER) && unrenewed < chances[*renewed].powi(renewals)
        }
    });
    account.grown *= growth.draw(past, situation, random);
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
