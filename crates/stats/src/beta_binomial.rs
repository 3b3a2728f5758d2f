//! Shares of several groups, each drawn towards the whole as far as its own cases are few: the beta-binomial model.

use crate::bootstrap::SplitMix64;
use crate::interval::Interval;
use statrs::distribution::{Beta as Distribution, ContinuousCDF};
use statrs::function::beta::ln_beta;

/// What is known of a share: a beta distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beta {
    /// Cases for it, those of the prior included; above zero.
    pub a: f64,
    /// Cases against it, those of the prior included; above zero.
    pub b: f64,
}

impl Beta {
    /// The expected share, `a / (a + b)`.
    pub fn mean(&self) -> f64 {
        self.a / (self.a + self.b)
    }

    /// The share below which a part `p` of the distribution lies; `None` with `p` outside 0 to 1.
    pub fn quantile(&self, p: f64) -> Option<f64> {
        let within = (0.0..=1.0).contains(&p);
        Distribution::new(self.a, self.b).ok().filter(|_| within).map(|known| known.inverse_cdf(p))
    }

    /// The interval that holds the share with 95 %, as much outside on either side.
    pub fn interval(&self) -> Option<Interval> {
        Some(Interval { low: self.quantile(0.025)?, high: self.quantile(0.975)? })
    }

    /// A share drawn at random: `X / (X + Y)` of two gamma variates.
    pub fn draw(&self, random: &mut SplitMix64) -> f64 {
        let (x, y) = (gamma(self.a, random), gamma(self.b, random));
        // Both underflow only where a + b is tiny: then the share is one end or the other.
        if x + y > 0.0 { x / (x + y) } else { f64::from(u8::from(random.unit() < self.mean())) }
    }
}

/// A gamma variate of unit scale, by rejection (Marsaglia and Tsang 2000); below shape 1 from that of one more.
fn gamma(shape: f64, random: &mut SplitMix64) -> f64 {
    if shape < 1.0 {
        return gamma(shape + 1.0, random) * libm::pow(1.0 - random.unit(), 1.0 / shape);
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / libm::sqrt(9.0 * d);
    loop {
        let x = normal(random);
        let v = (1.0 + c * x) * (1.0 + c * x) * (1.0 + c * x);
        if v > 0.0 && libm::log(1.0 - random.unit()) < 0.5 * x * x + d - d * v + d * libm::log(v) {
            return d * v;
        }
    }
}

/// A standard normal variate (Box and Muller 1958).
fn normal(random: &mut SplitMix64) -> f64 {
    let radius = libm::sqrt(-2.0 * libm::log(1.0 - random.unit()));
    radius * libm::cos(std::f64::consts::TAU * random.unit())
}

/// Cases of one group: how many went one way, of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cases {
    /// Those that did.
    pub of: u64,
    /// All of them.
    pub n: u64,
}

/// Prior strengths that are tried, in cases: from hardly any to as good as one share for all.
const STRENGTHS: std::ops::RangeInclusive<i32> = 0..=20;

/// The strength of the common prior, in cases: that which makes the groups' counts likeliest (Griffiths 1973; empirical Bayes as in Casella
/// 1985), among `√2ʲ`, `j = 0 … 20`. Groups come in families, each with a share of its own around which its groups lie. Groups that differ widely
/// get a weak prior; where no family has two groups with cases there is nothing to learn it from, and it is the weakest.
pub fn prior_strength(families: &[Vec<Cases>]) -> f64 {
    let told = |family: &&Vec<Cases>| family.iter().filter(|cases| cases.n > 0).count() > 1;
    let families: Vec<&Vec<Cases>> = families.iter().filter(told).collect();
    let strength = |step: i32| libm::pow(2.0, f64::from(step) / 2.0);
    if families.is_empty() {
        return strength(*STRENGTHS.start());
    }
    let likelihood = |m: f64| -> f64 { families.iter().map(|family| likelihood(family, m)).sum() };
    let best = STRENGTHS.max_by(|one, two| likelihood(strength(*one)).total_cmp(&likelihood(strength(*two))));
    strength(best.unwrap_or_default())
}

/// The log likelihood of a family's counts under a prior of strength `m`, without what does not depend on it.
fn likelihood(family: &[Cases], m: f64) -> f64 {
    let mean = mean(family.iter().copied());
    let (a, b) = (m * mean, m * (1.0 - mean));
    let one =
        |cases: &Cases| ln_beta(a + cases.of as f64, b + (cases.n - cases.of.min(cases.n)) as f64) - ln_beta(a, b);
    family.iter().map(one).sum()
}

/// What is known of a share from its cases alone, under Jeffreys' prior: `Beta(of + ½, n − of + ½)`.
pub fn alone(cases: Cases) -> Beta {
    Beta { a: cases.of as f64 + 0.5, b: (cases.n - cases.of.min(cases.n)) as f64 + 0.5 }
}

/// What is known of a group's share: its own cases, and a prior around what the other groups tell, `Beta(m·μ + of, m·(1 − μ) + n − of)` with `μ` the mean of
/// `others` and `m` the strength, at most what `others` itself rests on. So no case counts twice: where all groups are alike it is the share of all
/// of them together.
pub fn drawn_towards(others: Beta, own: Cases, strength: f64) -> Beta {
    let m = strength.min(others.a + others.b);
    let mean = others.mean();
    Beta { a: m * mean + own.of as f64, b: m * (1.0 - mean) + (own.n - own.of.min(own.n)) as f64 }
}

fn mean(groups: impl Iterator<Item = Cases>) -> f64 {
    let (of, n) = groups.fold((0, 0), |sum, cases| (sum.0 + cases.of, sum.1 + cases.n));
    (of as f64 + 0.5) / (n as f64 + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cases(of: u64, n: u64) -> Cases {
        Cases { of, n }
    }

    #[test]
    fn a_small_case_by_hand() {
        // Others 16 of 19: μ = 16.5/20 = 0.825. Strength 4: 3.3 for, 0.7 against. Own 2 of 5.
        let found = drawn_towards(alone(cases(16, 19)), cases(2, 5), 4.0);
        assert!((found.a - 5.3).abs() < 1e-12 && (found.b - 3.7).abs() < 1e-12, "{found:?}");
        assert!((found.mean() - 5.3 / 9.0).abs() < 1e-12);
    }

    #[test]
    fn no_case_counts_twice() {
        // However strong the prior, all cases together under Jeffreys' prior are the most there is.
        let found = drawn_towards(alone(cases(7, 20)), cases(3, 10), 1e9);
        assert!((found.a - 10.5).abs() < 1e-12 && (found.b - 20.5).abs() < 1e-12, "{found:?}");
        assert_eq!(drawn_towards(alone(cases(0, 0)), cases(3, 10), 8.0), Beta { a: 3.5, b: 7.5 });
    }

    #[test]
    fn groups_that_differ_keep_their_own_share() {
        let apart = prior_strength(&[vec![cases(95, 100), cases(5, 100), cases(50, 100)]]);
        let alike = prior_strength(&[vec![cases(80, 100), cases(81, 100), cases(79, 100)]]);
        assert!(apart <= 4.0 && alike >= 500.0, "{apart} {alike}");
        let families = [vec![cases(80, 100), cases(81, 100)], vec![cases(20, 100), cases(21, 100)]];
        assert!(prior_strength(&families) >= 500.0, "families lie around shares of their own");
        assert_eq!((prior_strength(&[]), prior_strength(&[vec![cases(3, 4)]])), (1.0, 1.0));
    }

    #[test]
    fn quantiles_give_the_tabled_values() {
        // R: qbeta(c(0.025, 0.5, 0.975), 2, 3); the middle is also the root of 6x² − 8x³ + 3x⁴ = ½.
        let beta = Beta { a: 2.0, b: 3.0 };
        for (p, x) in [(0.025, 0.067_585_99), (0.5, 0.385_727_57), (0.975, 0.805_879_55)] {
            assert!((beta.quantile(p).unwrap() - x).abs() < 1e-6, "{p}: {:?}", beta.quantile(p));
        }
        assert_eq!(beta.quantile(1.5), None);
    }

    #[test]
    fn draws_have_the_mean_and_the_variance() {
        let mut random = SplitMix64::new(7);
        for beta in [Beta { a: 0.5, b: 0.5 }, Beta { a: 5.3, b: 3.7 }, Beta { a: 200.0, b: 20.0 }] {
            let draws: Vec<f64> = (0..20_000).map(|_| beta.draw(&mut random)).collect();
            let mean = draws.iter().sum::<f64>() / 20_000.0;
            let spread = draws.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 20_000.0;
            let (n, m) = (beta.a + beta.b, beta.mean());
            let wanted = m * (1.0 - m) / (n + 1.0);
            // Four standard errors of a mean of so many draws.
            assert!((mean - m).abs() < 4.0 * (wanted / 20_000.0).sqrt(), "{beta:?}: {mean}");
            assert!((spread / wanted - 1.0).abs() < 0.06, "{beta:?}: {spread} is not {wanted}");
        }
    }

    proptest! {
        #[test]
        fn a_group_lies_between_its_own_share_and_the_others(k in 0u64..40, more in 0u64..40, j in 0u64..400, rest in 0u64..400, m in 0.5f64..2000.0) {
            let (own, others) = (cases(k, k + more), cases(j, j + rest));
            prop_assume!(own.n > 0);
            let prior = (j as f64 + 0.5) / (others.n as f64 + 1.0);
            let share = k as f64 / own.n as f64;
            let mean = drawn_towards(alone(others), own, m).mean();
            prop_assert!(mean >= share.min(prior) - 1e-12 && mean <= share.max(prior) + 1e-12);
        }

        #[test]
        fn draws_are_shares(a in 0.01f64..300.0, b in 0.01f64..300.0, seed in any::<u64>()) {
            let x = Beta { a, b }.draw(&mut SplitMix64::new(seed));
            prop_assert!((0.0..=1.0).contains(&x));
        }
    }
}
