//! What became of accounts that stayed, quarter by quarter: past account-quarters, to be drawn again.

use super::book::Unit;
use jiff::Timestamp;
use std::collections::BTreeMap;
use tenure_schema::period::Period;
use tenure_stats::bootstrap::SplitMix64;

/// Fewer account-quarters of one situation in a quarter are drawn from all quarters instead.
const FEW: usize = 5;

/// What stood before an account in a quarter: prices and seats change when a term is renewed, less so within one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Situation {
    /// A term is due.
    Due,
    /// All is under terms that end later, or the rest can end any month.
    Within,
    /// All can end any month.
    Monthly,
}

impl Situation {
    /// From the ends of an account's terms; `None`: no term.
    pub(super) fn of(dues: impl Iterator<Item = Option<bool>>) -> Self {
        let mut found = Self::Monthly;
        for due in dues.flatten() {
            if due {
                return Self::Due;
            }
            found = Self::Within;
        }
        found
    }
}

/// Factors of accounts that stayed, with the revenue behind each.
#[derive(Debug, Clone, Default)]
struct Pool {
    factors: Vec<f64>,
    /// Opening revenue up to and including each.
    upto: Vec<f64>,
}

impl Pool {
    fn add(&mut self, opening: f64, factor: f64) {
        self.factors.push(factor);
        self.upto.push(self.upto.last().copied().unwrap_or_default() + opening);
    }

    /// One of them, as likely as its revenue is large: so what is drawn for a unit of money has the mean that a unit of money had.
    fn draw(&self, random: &mut SplitMix64) -> Option<f64> {
        let at = self.upto.last()? * random.unit();
        let place = self.upto.partition_point(|upto| *upto <= at).min(self.factors.len() - 1);
        Some(self.factors[place])
    }
}

/// Past quarters.
#[derive(Debug, Clone, Default)]
pub(super) struct Growth {
    quarters: Vec<[Pool; 3]>,
    all: [Pool; 3],
}

impl Growth {
    /// The quarters at whose opening there were customers.
    pub(super) fn of(past: &[(Period, Vec<Unit>)]) -> Self {
        let mut growth = Self::default();
        for (quarter, units) in past {
            let mut accounts: BTreeMap<&str, Vec<&Unit>> = BTreeMap::new();
            for unit in units {
                accounts.entry(&unit.account).or_default().push(unit);
            }
            if !units.iter().any(|unit| unit.held) {
                continue;
            }
            let mut pools: [Pool; 3] = Default::default();
            for units in accounts.values() {
                if let Some((situation, opening, factor)) = grown(units, quarter.end) {
                    pools[situation as usize].add(opening, factor);
                    growth.all[situation as usize].add(opening, factor);
                }
            }
            growth.quarters.push(pools);
        }
        growth
    }

    /// How many quarters there are.
    pub(super) fn quarters(&self) -> usize {
        self.quarters.len()
    }

    /// A factor out of one quarter; out of all, where that has too few of the situation; 1 where none has.
    pub(super) fn draw(&self, quarter: usize, situation: Situation, random: &mut SplitMix64) -> f64 {
        let own = self.quarters.get(quarter).map(|pools| &pools[situation as usize]);
        let pool = own.filter(|pool| pool.factors.len() >= FEW).unwrap_or(&self.all[situation as usize]);
        pool.draw(random).unwrap_or(1.0)
    }
}

/// What the products that an account kept over a quarter brought, and by what factor that changed, new products included. What it dropped is left
/// out, for that is foretold by chances. `None` where it kept nothing that brought something.
fn grown(units: &[&Unit], end: Timestamp) -> Option<(Situation, f64, f64)> {
    let kept = || units.iter().filter(|unit| unit.held && unit.kept);
    if units.iter().any(|unit| unit.unpriced.is_some()) {
        return None;
    }
    let opening: f64 = kept().map(|unit| unit.opening).sum();
    let closing: f64 = units.iter().filter(|unit| unit.kept).map(|unit| unit.closing).sum();
    let situation = Situation::of(units.iter().filter(|unit| unit.held).map(|unit| unit.due.map(|due| due < end)));
    (opening > 0.0).then_some((situation, opening, closing / opening))
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::chances::Length;
    use super::*;

    pub(in super::super) fn unit(account: &str, product: &str, opening: f64, closing: f64) -> Unit {
        Unit {
            account: account.to_owned(),
            product: product.to_owned(),
            plan: None,
            opening,
            closing,
            unpriced: None,
            held: opening > 0.0,
            kept: closing > 0.0,
            due: None,
            term: Length::Monthly,
            term_months: 0,
            age: 0,
        }
    }

    #[test]
    fn what_was_dropped_is_left_out_and_what_is_new_counts() {
        let end: Timestamp = "2026-04-01T00:00Z".parse().unwrap();
        let (kept, dropped, new) = (unit("a", "x", 100.0, 120.0), unit("a", "y", 50.0, 0.0), unit("a", "z", 0.0, 30.0));
        assert_eq!(grown(&[&kept, &dropped, &new], end), Some((Situation::Monthly, 100.0, 1.5)));
        assert_eq!(grown(&[&dropped], end), None);
        let due = Unit { due: Some("2026-02-01T00:00Z".parse().unwrap()), ..kept.clone() };
        assert_eq!(grown(&[&due], end), Some((Situation::Due, 100.0, 1.2)));
        let later = Unit { due: Some(end), ..kept };
        assert_eq!(grown(&[&later], end), Some((Situation::Within, 100.0, 1.2)));
    }

    #[test]
    fn money_is_drawn_not_accounts() {
        let mut pool = Pool::default();
        pool.add(900.0, 1.0);
        pool.add(100.0, 2.0);
        let mut random = SplitMix64::new(1);
        let mean = (0..10_000).filter_map(|_| pool.draw(&mut random)).sum::<f64>() / 10_000.0;
        assert!((mean - 1.1).abs() < 0.012, "{mean}");
    }
}
