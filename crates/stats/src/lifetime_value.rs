//! What a customer is worth over a horizon: revenue per account, margin, survival and discount.

use crate::bootstrap::SplitMix64;
use crate::interval::Interval;
use crate::multiset::Multiset;
use crate::quantile::quantile;

/// How many last observed months give the hazard of the months beyond.
const TAIL_MONTHS: usize = 12;
/// Resamples of the bootstrap interval.
const REPLICATES: usize = 400;
/// The bootstrap's seed: any fixed number serves.
const SEED: u64 = 0x7E40_0E5E_ED00_0001;

/// One account's time as a customer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lifetime {
    /// Months since it began, to its end or to the last look; fractions count.
    pub months: f64,
    /// Whether it has ended.
    pub ended: bool,
    /// What it pays a month now; looked at only while it has not ended.
    pub mrr: f64,
}

/// What stands beside the accounts in a lifetime value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// The share of revenue that is margin.
    pub margin: f64,
    /// The yearly discount rate `y`; a month's is `(1 + y)^(1/12) − 1`.
    pub yearly_discount: f64,
    /// How many months are added up.
    pub horizon: usize,
}

/// A lifetime value and what it rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LifetimeValue {
    /// Margin over the horizon of an account that starts now.
    pub value: f64,
    /// The share of the value that comes from months nobody has been seen to reach.
    pub tail_share: f64,
}

impl Terms {
    pub(crate) fn monthly_discount(&self) -> Option<f64> {
        let monthly = (1.0 + self.yearly_discount).powf(1.0 / 12.0) - 1.0;
        (self.yearly_discount > -1.0 && monthly.is_finite() && self.margin.is_finite()).then_some(monthly)
    }
}

/// The lifetime value `ARPA · margin · Σ S(k)/(1+d)^k` over the months `k = 0 … horizon − 1`.
///
/// `ARPA` is the mean MRR of the accounts that have not ended. `S(k)` is the Kaplan–Meier share whose lifetime passes
/// `k` months, `S(0) = 1`; beyond the longest lifetime seen it falls each month by the mean monthly hazard
/// `1 − S(j)/S(j−1)` of the last twelve months seen.
///
/// `None` where no account has ended (nothing is known of how long they stay), none is left, none was followed for a whole
/// month, or the terms are out of range.
pub fn lifetime_value(lifetimes: &[Lifetime], terms: &Terms) -> Option<LifetimeValue> {
    if !lifetimes.iter().any(|lifetime| lifetime.ended) {
        return None;
    }
    let sorted = sorted(lifetimes)?;
    weighted(&sorted, &vec![1; sorted.len()], terms, terms.monthly_discount()?)
}

/// The percentile interval of [`lifetime_value`] by a bootstrap over accounts: 400 resamples from a fixed seed (SplitMix64),
/// their 2.5 % and 97.5 % quantiles of type 7. A resample in which no account is left is dropped. `None` where the value is.
pub fn lifetime_value_interval(lifetimes: &[Lifetime], terms: &Terms) -> Option<Interval> {
    lifetime_value(lifetimes, terms)?;
    let sorted = sorted(lifetimes)?;
    let discount = terms.monthly_discount()?;
    let mut generator = SplitMix64::new(SEED);
    let mut counts = vec![0; sorted.len()];
    let values: Multiset = (0..REPLICATES)
        .filter_map(|_| {
            generator.resample(&mut counts);
            weighted(&sorted, &counts, terms, discount).map(|found| found.value)
        })
        .collect();
    Some(Interval { low: quantile(&values, 0.025)?, high: quantile(&values, 0.975)? })
}

/// The textbook `ARPA · margin / churn`, with all three of the same month. `None` where nobody churned: no floor is made up.
pub fn arpa_over_churn(arpa: f64, margin: f64, monthly_churn: f64) -> Option<f64> {
    let value = arpa * margin / monthly_churn;
    (monthly_churn > 0.0 && monthly_churn <= 1.0 && value.is_finite()).then_some(value)
}

/// By time, ends before censorings; `None` where a number is missing.
fn sorted(lifetimes: &[Lifetime]) -> Option<Vec<Lifetime>> {
    let known = |l: &Lifetime| l.months.is_finite() && l.months >= 0.0 && (l.ended || l.mrr.is_finite());
    if !lifetimes.iter().all(known) {
        return None;
    }
    let mut sorted = lifetimes.to_vec();
    sorted.sort_by(|a, b| a.months.total_cmp(&b.months).then(b.ended.cmp(&a.ended)).then(a.mrr.total_cmp(&b.mrr)));
    Some(sorted)
}

/// The value of the accounts, each counted so many times.
fn weighted(sorted: &[Lifetime], counts: &[u32], terms: &Terms, discount: f64) -> Option<LifetimeValue> {
    let arpa = arpa(sorted, counts)?;
    let observed = monthly_survival(sorted, counts);
    if observed.len() < 2 {
        return None;
    }
    let hazard = tail_hazard(&observed);
    let (mut survival, mut factor) = (1.0, 1.0);
    let (mut seen, mut tail) = (0.0, 0.0);
    for month in 0..terms.horizon {
        match observed.get(month) {
            Some(&known) => {
                survival = known;
                seen += survival * factor;
            }
            None => {
                survival *= 1.0 - hazard;
                tail += survival * factor;
            }
        }
        factor /= 1.0 + discount;
    }
    let total = seen + tail;
    (total > 0.0).then(|| LifetimeValue { value: arpa * terms.margin * total, tail_share: tail / total })
}

fn arpa(sorted: &[Lifetime], counts: &[u32]) -> Option<f64> {
    let (mut sum, mut n) = (0.0, 0.0);
    for (lifetime, &count) in sorted.iter().zip(counts).filter(|(lifetime, _)| !lifetime.ended) {
        sum += lifetime.mrr * f64::from(count);
        n += f64::from(count);
    }
    (n > 0.0).then(|| sum / n)
}

/// `S(0) … S(K)`, `K` the whole months of the longest lifetime seen; the Kaplan–Meier curve read at whole months.
fn monthly_survival(sorted: &[Lifetime], counts: &[u32]) -> Vec<f64> {
    let mut at_risk: f64 = counts.iter().map(|&count| f64::from(count)).sum();
    let (mut survival, mut months) = (1.0, vec![1.0]);
    let drawn = sorted.iter().zip(counts).filter(|(_, count)| **count > 0);
    for (lifetime, &count) in drawn {
        let passed = lifetime.months.ceil() as usize;
        if months.len() < passed {
            months.resize(passed, survival);
        }
        if lifetime.ended {
            survival *= (at_risk - f64::from(count)) / at_risk;
        }
        at_risk -= f64::from(count);
        if lifetime.months == lifetime.months.floor() && lifetime.months > 0.0 {
            // An end at a whole month is over by then: the month's own entry takes it in.
            months.truncate(lifetime.months as usize);
            months.push(survival);
        }
    }
    months
}

/// The mean of the monthly hazards of the last months seen. Where the curve has reached zero the next month adds nothing.
fn tail_hazard(observed: &[f64]) -> f64 {
    let from = (observed.len() - 1).saturating_sub(TAIL_MONTHS);
    let hazards: Vec<f64> =
        observed[from..].windows(2).map(|pair| if pair[0] > 0.0 { 1.0 - pair[1] / pair[0] } else { 1.0 }).collect();
    hazards.iter().sum::<f64>() / hazards.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::survival::KaplanMeier;
    use proptest::prelude::*;

    fn ended(months: f64) -> Lifetime {
        Lifetime { months, ended: true, mrr: 0.0 }
    }

    fn open(months: f64, mrr: f64) -> Lifetime {
        Lifetime { months, ended: false, mrr }
    }

    const PLAIN: Terms = Terms { margin: 1.0, yearly_discount: 0.0, horizon: 60 };

    #[test]
    fn a_constant_hazard_gives_the_closed_form() {
        // Of 1,000 accounts a tenth of the rest ends in each of three months: S = 1, .9, .81, .729, then the same hazard.
        let mut lifetimes = Vec::new();
        for (months, count) in [(1.0, 100), (2.0, 90), (3.0, 81)] {
            lifetimes.extend(vec![ended(months); count]);
        }
        lifetimes.extend(vec![open(3.0, 50.0); 729]);
        let terms = Terms { margin: 0.8, ..PLAIN };
        let found = lifetime_value(&lifetimes, &terms).unwrap();
        let sum = (1.0 - 0.9_f64.powi(60)) / 0.1;
        assert!((found.value - 50.0 * 0.8 * sum).abs() < 1e-9);
        let tail = sum - (1.0 + 0.9 + 0.81 + 0.729);
        assert!((found.tail_share - tail / sum).abs() < 1e-12);
    }

    #[test]
    fn retention_and_discount_of_the_reference_are_approached() {
        // m 80, r .95, d .01 a month: 1346.6667 with the first payment now, over an endless horizon.
        let mut lifetimes = vec![ended(1.0); 5];
        lifetimes.extend(vec![open(1.0, 80.0); 95]);
        let terms = Terms { margin: 1.0, yearly_discount: 1.01_f64.powi(12) - 1.0, horizon: 2000 };
        let found = lifetime_value(&lifetimes, &terms).unwrap();
        assert!((found.value - 1_346.666_666_7).abs() < 1e-6);
    }

    #[test]
    fn the_curve_is_read_just_after_whole_months() {
        let lifetimes = [ended(0.5), ended(2.0), open(2.0, 10.0), ended(2.5), open(3.7, 30.0)];
        let found = monthly_survival(&lifetimes, &[1; 5]);
        let wanted = [1.0, 0.8, 0.6, 0.3];
        assert_eq!(found.len(), wanted.len());
        assert!(found.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?}");
    }

    #[test]
    fn the_tail_is_the_mean_hazard_of_twelve_months() {
        let mut observed = vec![1.0, 0.1];
        for month in 0..12 {
            let last = observed[month + 1];
            observed.push(last * if month % 2 == 0 { 0.9 } else { 1.0 });
        }
        assert!((tail_hazard(&observed) - 0.05).abs() < 1e-12);
    }

    #[test]
    fn it_is_unknown_where_nothing_ended_or_nobody_is_left() {
        assert_eq!(lifetime_value(&[], &PLAIN), None);
        assert_eq!(lifetime_value(&[open(5.0, 10.0)], &PLAIN), None, "nobody churned");
        assert_eq!(lifetime_value(&[ended(5.0)], &PLAIN), None, "nobody is left to pay");
        assert_eq!(lifetime_value(&[ended(0.2), open(0.9, 10.0)], &PLAIN), None, "less than a month was seen");
        assert_eq!(lifetime_value(&[ended(2.0), open(3.0, f64::NAN)], &PLAIN), None, "an MRR is unknown");
        let off = Terms { yearly_discount: -1.0, ..PLAIN };
        assert_eq!(lifetime_value(&[ended(2.0), open(3.0, 10.0)], &off), None);
        assert_eq!(lifetime_value_interval(&[open(5.0, 10.0)], &PLAIN), None);
    }

    #[test]
    fn arpa_over_churn_gives_the_published_values() {
        assert!((arpa_over_churn(100.0, 1.0, 0.05).unwrap() - 2000.0).abs() < 1e-9);
        assert!((arpa_over_churn(80.0, 0.8, 0.04).unwrap() - 1600.0).abs() < 1e-9);
        assert_eq!(arpa_over_churn(100.0, 1.0, 0.0), None);
    }

    fn lifetimes() -> impl Strategy<Value = Vec<Lifetime>> {
        let one = (0u8..60, 0u8..4, any::<bool>(), 0.0f64..1000.0);
        prop::collection::vec(one, 1..40).prop_map(|all| {
            all.into_iter()
                .map(|(whole, part, ended, mrr)| Lifetime {
                    months: f64::from(whole) + f64::from(part) / 4.0,
                    ended,
                    mrr,
                })
                .collect()
        })
    }

    proptest! {
        #[test]
        fn the_months_are_those_of_kaplan_meier(all in lifetimes()) {
            let of = |ended| all.iter().filter(|l| l.ended == ended).map(|l| l.months).collect::<Multiset>();
            let curve = KaplanMeier::new(&of(true), &of(false));
            let all = sorted(&all).unwrap();
            let months = monthly_survival(&all, &vec![1; all.len()]);
            prop_assert_eq!(months.len() - 1, curve.last().unwrap().floor() as usize);
            for (month, found) in months.iter().enumerate().skip(1) {
                prop_assert!((curve.survival(month as f64).unwrap() - found).abs() < 1e-9);
            }
        }

        #[test]
        fn order_does_not_matter_and_limits_stand_in_order(all in lifetimes(), turn in 0usize..40) {
            let terms = Terms { margin: 0.7, yearly_discount: 0.1, horizon: 60 };
            let mut turned = all.clone();
            let middle = turn % turned.len();
            turned.rotate_left(middle);
            prop_assert_eq!(lifetime_value(&all, &terms), lifetime_value(&turned, &terms));
            let interval = lifetime_value_interval(&all, &terms);
            prop_assert_eq!(interval, lifetime_value_interval(&turned, &terms));
            prop_assert!(interval.is_none_or(|limits| limits.low <= limits.high));
            if let Some(found) = lifetime_value(&all, &terms) {
                prop_assert!((0.0..=1.0).contains(&found.tail_share));
            }
        }
    }
}
