//! Past quarters, to be drawn again: what became of each account in each, by the situation that it stood in.

use super::LEAST_CASES;
use super::book::Unit;
use super::windows::QUARTER;
use jiff::Timestamp;
use std::collections::BTreeMap;
use tenure_schema::period::Period;
use tenure_stats::beta_binomial::{Beta, Cases, alone};
use tenure_stats::bootstrap::SplitMix64;

/// Quarters in a year.
pub(super) const YEAR: usize = 4;

/// Fewer account-quarters of one situation in a quarter are drawn from all quarters instead.
const FEW: usize = 5;

/// What an account stands before in a quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Situation {
    /// A term of its own is due.
    Due,
    /// All its terms end later, and it has been a customer for less than a quarter: what was signed in error is broken off now.
    Begun,
    /// All its terms end later.
    Within,
    /// It has none: it can end any month.
    Monthly,
    /// It stopped paying at most a year ago, and may come back.
    Gone,
}

impl Situation {
    /// Those of accounts that pay.
    pub(super) const OF_CUSTOMERS: [Self; 4] = [Self::Due, Self::Begun, Self::Within, Self::Monthly];

    /// From the account's terms, each of which is due in the quarter or not, and the whole months since it first paid.
    pub(super) fn of(due: impl Iterator<Item = bool>, age: i64) -> Self {
        let later = if age < i64::from(QUARTER) { Self::Begun } else { Self::Within };
        due.fold(Self::Monthly, |found, due| if due || found == Self::Due { Self::Due } else { later })
    }

    /// In words: accounts …
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Due => "with a term due",
            Self::Begun | Self::Within => "within a term",
            Self::Monthly => "that can end any month",
            Self::Gone => "that left",
        }
    }
}

/// What accounts of one situation paid after a quarter, as factors of what they paid before it: 0 where they left, or stayed away.
#[derive(Debug, Clone, Default)]
struct Pool {
    factors: Vec<f64>,
    /// What was paid before, up to and including each.
    upto: Vec<f64>,
}

impl Pool {
    fn add(&mut self, paid: f64, factor: f64) {
        self.factors.push(factor);
        self.upto.push(self.upto.last().copied().unwrap_or_default() + paid);
    }

    /// One of them, as likely as its revenue is large: so what is drawn for a unit of money has the mean that a unit of money had.
    fn draw(&self, random: &mut SplitMix64) -> Option<f64> {
        let at = self.upto.last()? * random.unit();
        let place = self.upto.partition_point(|upto| *upto <= at).min(self.factors.len() - 1);
        Some(self.factors[place])
    }
}

/// A pool for each situation.
type Pools = [Pool; 5];

/// Past quarters, the earliest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Quarters {
    quarters: Vec<Pools>,
    all: Pools,
}

impl Quarters {
    /// From the first quarter at whose opening there were customers.
    pub(super) fn of(past: &[(Period, Vec<Unit>)]) -> Self {
        let mut quarters = Self::default();
        let mut gone = Gone::default();
        for (number, (quarter, units)) in past.iter().enumerate() {
            let mut outcomes = gone.back(number, units);
            outcomes.extend(accounts(units).into_values().filter_map(|units| outcome(&units, quarter.end)));
            gone.note(number, units);
            if quarters.quarters.is_empty() && outcomes.is_empty() {
                continue;
            }
            let mut pools = Pools::default();
            for (situation, paid, factor) in outcomes {
                pools[situation as usize].add(paid, factor);
                quarters.all[situation as usize].add(paid, factor);
            }
            quarters.quarters.push(pools);
        }
        quarters
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.quarters.len()
    }

    /// How many account-quarters of a situation there are.
    pub(super) fn cases(&self, situation: Situation) -> usize {
        self.all[self.told(situation) as usize].factors.len()
    }

    /// What tells of a situation: those who have just begun are like others within their term, where too few are known.
    fn told(&self, situation: Situation) -> Situation {
        let few = self.all[situation as usize].factors.len() < LEAST_CASES;
        if situation == Situation::Begun && few { Situation::Within } else { situation }
    }

    /// A factor out of one quarter; out of all, where that has too few of the situation. Where none has any, nothing changes: who pays goes on
    /// paying, who left stays away.
    pub(super) fn draw(&self, quarter: usize, situation: Situation, random: &mut SplitMix64) -> f64 {
        let situation = self.told(situation);
        let own = self.quarters.get(quarter).map(|pools| &pools[situation as usize]);
        let pool = own.filter(|pool| pool.factors.len() >= FEW).unwrap_or(&self.all[situation as usize]);
        pool.draw(random).unwrap_or(if situation == Situation::Gone { 0.0 } else { 1.0 })
    }

    /// The chance to leave in a quarter, where nobody in a situation ever did: that it did not happen yet does not say that it cannot. `None` where
    /// some did.
    pub(super) fn unseen(&self, situation: Situation) -> Option<Beta> {
        let factors = &self.all[self.told(situation) as usize].factors;
        let never = situation != Situation::Gone && factors.iter().all(|factor| *factor > 0.0);
        never.then(|| alone(Cases { of: 0, n: factors.len() as u64 }))
    }
}

fn accounts(units: &[Unit]) -> BTreeMap<&str, Vec<&Unit>> {
    let mut accounts: BTreeMap<&str, Vec<&Unit>> = BTreeMap::new();
    for unit in units {
        accounts.entry(&unit.account).or_default().push(unit);
    }
    accounts
}

/// What an account paid at a quarter's opening, whatever for, and by what factor that changed until its close. `None`: nothing at the opening, or
/// in a currency without a rate.
fn outcome(units: &[&Unit], end: Timestamp) -> Option<(Situation, f64, f64)> {
    let (opening, closing) = priced(units)?;
    let terms = units.iter().filter(|unit| unit.held).filter_map(|unit| unit.due);
    let age = units.iter().map(|unit| unit.age).max().unwrap_or_default();
    (opening > 0.0).then(|| (Situation::of(terms.map(|due| due < end), age), opening, closing / opening))
}

fn priced(units: &[&Unit]) -> Option<(f64, f64)> {
    let priced = units.iter().all(|unit| unit.unpriced.is_none());
    priced.then(|| (units.iter().map(|unit| unit.opening).sum(), units.iter().map(|unit| unit.closing).sum()))
}

/// Accounts that stopped paying: the quarter in which they did, and what they paid before.
#[derive(Default)]
struct Gone<'a>(BTreeMap<&'a str, (usize, f64)>);

impl<'a> Gone<'a> {
    /// What became in a quarter of those who had stopped paying before it, at most a year ago.
    fn back(&self, quarter: usize, units: &[Unit]) -> Vec<(Situation, f64, f64)> {
        let accounts = accounts(units);
        let one = |(account, (_, paid)): (&&str, &(usize, f64))| {
            let (_, closing) = accounts.get(*account).map_or(Some((0.0, 0.0)), |units| priced(units))?;
            Some((Situation::Gone, *paid, closing / paid))
        };
        self.0.iter().filter(|(_, (stopped, _))| quarter - stopped <= YEAR).filter_map(one).collect()
    }

    /// Notes who stopped in a quarter, and who pays again.
    fn note(&mut self, quarter: usize, units: &'a [Unit]) {
        for (account, units) in accounts(units) {
            match priced(&units) {
                Some((opening, closing)) if opening > 0.0 && closing <= 0.0 => {
                    self.0.insert(account, (quarter, opening));
                }
                Some((_, closing)) if closing <= 0.0 => {}
                _ => {
                    self.0.remove(account);
                }
            }
        }
    }
}

#[cfg(test)]
#[path = "quarters/tests.rs"]
pub(super) mod tests;
