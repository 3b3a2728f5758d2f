//! Futures of today's customers, made of past quarters.
//!
//! For each quarter ahead of each future a whole past quarter is drawn; in it every account meets what an account in its situation met then: it left,
//! shrank, stayed or grew, or came back. So losses, changes of product and growth go together as they did, and good and bad quarters come as they came.
//! Good and bad times last: quarters of one future are more alike than any two ([`drawn`]).

use super::book::{Book, Unit};
use super::quarters::{Quarters, Situation, YEAR};
use super::{LEAST_CASES, LEAST_QUARTERS, windows::QUARTER};
use crate::OrReason;
use tenure_stats::beta_binomial::Beta;
use tenure_stats::bootstrap::SplitMix64;

/// A term: months until it is due, and those that it runs once renewed.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Term {
    due: f64,
    months: f64,
}

/// A customer, today or on its way through a future.
#[derive(Debug, Clone)]
struct Account {
    terms: Vec<Term>,
    /// What it pays a month; once it has left, what it paid last.
    mrr: f64,
    pays: bool,
    /// Whole months since it first paid.
    age: i64,
}

impl Account {
    fn situation(&self) -> Situation {
        match self.pays {
            true => Situation::of(self.terms.iter().map(|term| term.due < f64::from(QUARTER)), self.age),
            false => Situation::Gone,
        }
    }

    fn paid(&self) -> f64 {
        if self.pays { self.mrr } else { 0.0 }
    }

    /// After a quarter that changed what it pays by a factor. Who comes back signs new terms.
    fn pass(&mut self, factor: f64) {
        let returned = !self.pays && factor > 0.0;
        self.pays = factor > 0.0;
        self.age += i64::from(QUARTER);
        if self.pays {
            self.mrr *= factor;
        }
        for term in &mut self.terms {
            while term.due < f64::from(QUARTER) {
                term.due += term.months;
            }
            term.due = if returned { term.months } else { term.due - f64::from(QUARTER) };
        }
    }
}

/// What futures are made of.
#[derive(Debug, Clone)]
pub(super) struct Model<'a> {
    accounts: Vec<Account>,
    past: &'a Quarters,
    /// The chance to leave in situations in which nobody ever did.
    unseen: Vec<(Situation, Beta)>,
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
pub(super) fn model<'a>(book: &Book, past: &'a Quarters) -> OrReason<Model<'a>> {
    if book.holdings.is_empty() {
        return Err("no customers today".to_owned());
    }
    if past.count() < LEAST_QUARTERS {
        return Err(format!(
            "too few closed quarters with customers at their opening: {} of the {LEAST_QUARTERS} needed",
            past.count()
        ));
    }
    let mut accounts = Vec::new();
    for holdings in book.by_account().into_values() {
        let mrr = holdings.iter().map(|held| held.mrr.clone()).sum::<OrReason<f64>>()?;
        let terms = holdings.iter().filter_map(|held| Some(Term { due: held.due_in?, months: months(&held.unit) }));
        if mrr > 0.0 {
            let age = holdings.iter().map(|held| held.unit.age).max().unwrap_or_default();
            accounts.push(Account { terms: terms.collect(), mrr, pays: true, age });
        }
    }
    enough(&accounts, past)?;
    Ok(of(accounts, past))
}

/// How long a term runs: a month at least, so that time goes on.
fn months(unit: &Unit) -> f64 {
    (unit.term_months as f64).max(1.0)
}

fn of(accounts: Vec<Account>, past: &Quarters) -> Model<'_> {
    let unseen = Situation::OF_CUSTOMERS.into_iter().filter_map(|one| Some((one, past.unseen(one)?)));
    Model { accounts, past, unseen: unseen.collect() }
}

/// That the past tells of every situation that a customer comes into within a year.
fn enough(accounts: &[Account], past: &Quarters) -> OrReason<()> {
    for situation in Situation::OF_CUSTOMERS {
        let cases = past.cases(situation);
        let comes = |account: &&Account| {
            let mut account = (*account).clone();
            (0..YEAR).any(|_| {
                let found = account.situation() == situation;
                account.pass(1.0);
                found
            })
        };
        let coming = accounts.iter().filter(comes).count();
        if coming > 0 && cases < LEAST_CASES {
            return Err(format!(
                "too few past quarters of accounts {}, as {coming} of today's customers are or will be within a year: {cases} of the {LEAST_CASES} needed",
                situation.words()
            ));
        }
    }
    Ok(())
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

fn run(model: &Model<'_>, random: &mut SplitMix64, futures: &mut Futures) {
    let mut times = Vec::with_capacity(futures.quarters.len());
    let unseen: Vec<(Situation, f64)> = model.unseen.iter().map(|(of, chance)| (*of, chance.draw(random))).collect();
    let mut accounts = model.accounts.clone();
    for (number, ratios) in futures.quarters.iter_mut().enumerate() {
        let past = drawn(&times, model.past.count(), random);
        times.push(past);
        let mut sums = Sums::default();
        for account in &mut accounts {
            let (situation, opening) = (account.situation(), account.paid());
            let leaves = unseen.iter().any(|(of, chance)| *of == situation && random.unit() < *chance);
            account.pass(if leaves { 0.0 } else { model.past.draw(past, situation, random) });
            sums.add(opening, account.paid());
        }
        sums.tell(ratios);
        if number + 1 == YEAR {
            let mut year = Sums::default();
            model.accounts.iter().zip(&accounts).for_each(|(first, now)| year.add(first.paid(), now.paid()));
            year.tell(&mut futures.year);
        }
    }
}

/// How far a future's quarters stand apart: with 2, the second is the first again with chance 1/3, and any two are alike as often.
const APART: usize = 2;

/// A past quarter for the next one of a future: with chance `n / (n + 2)` one of the `n` drawn before it, else any (Pólya's urn: Blackwell and
/// MacQueen 1973). It comes to the same as drawing first how much each past quarter counts in that future.
fn drawn(before: &[usize], past: usize, random: &mut SplitMix64) -> usize {
    let place = random.below(before.len() + APART);
    before.get(place).copied().unwrap_or_else(|| random.below(past.max(1)))
}

/// What accounts that paid at an opening pay at a close.
#[derive(Default)]
struct Sums {
    opening: f64,
    closing: f64,
    kept: f64,
}

impl Sums {
    fn add(&mut self, opening: f64, closing: f64) {
        if opening > 0.0 {
            self.opening += opening;
            self.closing += closing;
            self.kept += closing.min(opening);
        }
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
