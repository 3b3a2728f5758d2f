//! The Aalen–Johansen estimator: how many reach an end by some time, where others are lost to a different end first.
//!
//! Censoring the lost instead (Kaplan–Meier) would say what happened had nobody been lost, and so flatter whoever loses
//! the slow ones. With nobody lost the two agree.

use crate::interval::Interval;
use crate::multiset::Multiset;
use crate::survival::kaplan_meier::{TimeInterval, max, time_interval};
use crate::survival::risk::{self, TOLERANCE};

/// The curve just after a time at which a case ended, either way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The time.
    pub time: f64,
    /// `F(t) = Σ S(t−)·d/n`: the share that has reached the end, with `S` over both ends (Aalen and Johansen 1978).
    pub incidence: f64,
    /// The variance of that share, by the delta method (Dinse and Larson 1986; Marubini and Valsecchi 1995, 10.12).
    pub variance: f64,
}

/// A cumulative incidence curve. At equal times ends come before censorings.
#[derive(Debug, Clone, PartialEq)]
pub struct CumulativeIncidence {
    steps: Vec<Step>,
    last: Option<f64>,
    /// Whether no case is open after the last step: then the curve is known for all time.
    exhausted: bool,
}

/// The sums of the variance formula, so far. With `g = d/(n(n−d))` over both ends, `h = S(t−)·r/n²` and
/// `v = S(t−)²·r(n−r)/n³` of the end asked about, the variance at `F` is `Σ (F−Fᵢ)²·gᵢ + Σ vᵢ − 2 Σ (F−Fᵢ)·hᵢ`.
#[derive(Default)]
struct Variance {
    g: f64,
    gf: f64,
    gff: f64,
    v: f64,
    h: f64,
    hf: f64,
}

impl Variance {
    fn add(&mut self, before: f64, after: f64, step: &risk::Step) {
        let (n, r, ended) = (step.at_risk, step.reached, step.reached + step.lost);
        // Where all end at once nothing follows: F − Fᵢ stays zero, and the infinite term never counts.
        if n > ended {
            let g = ended / (n * (n - ended));
            self.g += g;
            self.gf += g * after;
            self.gff += g * after * after;
        }
        let h = before * r / (n * n);
        self.h += h;
        self.hf += h * after;
        self.v += before * before * r * (n - r) / (n * n * n);
    }

    fn at(&self, f: f64) -> f64 {
        let spread = f * f * self.g - 2.0 * f * self.gf + self.gff;
        (spread + self.v - 2.0 * (f * self.h - self.hf)).max(0.0)
    }
}

impl CumulativeIncidence {
    /// The curve of the durations until the end was reached, until the case was lost, and of those still open.
    pub fn new(reached: &Multiset, open: &Multiset, lost: &Multiset) -> CumulativeIncidence {
        let (mut survival, mut incidence) = (1.0, 0.0);
        let mut variance = Variance::default();
        let steps = risk::table(reached, open, lost)
            .into_iter()
            .map(|step| {
                incidence += survival * step.reached / step.at_risk;
                variance.add(survival, incidence, &step);
                survival *= (step.at_risk - step.reached - step.lost) / step.at_risk;
                Step { time: step.time, incidence, variance: variance.at(incidence) }
            })
            .collect();
        let last = max(max(reached.max(), lost.max()), open.max());
        CumulativeIncidence { steps, last, exhausted: survival == 0.0 }
    }

    /// The steps of the curve, in time; a step at which cases were only lost has the incidence of the one before.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    fn step_at(&self, t: f64) -> Option<&Step> {
        let passed = self.steps.partition_point(|step| step.time <= t);
        self.steps.get(passed.checked_sub(1)?)
    }

    /// The share of all cases that has reached the end by `t`. `None` without cases, and where nobody was followed that
    /// long while some were still open.
    pub fn share(&self, t: f64) -> Option<f64> {
        if !(t <= self.last? || (self.exhausted && !t.is_nan())) {
            return None;
        }
        Some(self.step_at(t).map_or(0.0, |step| step.incidence))
    }

    /// The log-log interval of [`CumulativeIncidence::share`], taken on `1 − F` so that it is Kaplan–Meier's where nobody
    /// is lost. `None` while nobody has reached the end, and where all have.
    pub fn share_interval(&self, t: f64) -> Option<Interval> {
        self.share(t)?;
        let rest = sides(self.step_at(t)?)?;
        Some(Interval { low: 1.0 - rest.high, high: 1.0 - rest.low })
    }

    /// The first time by which a share `p` of all cases has reached the end. `None` where that share was never reached:
    /// so many may be lost that it never can be.
    pub fn quantile(&self, p: f64) -> Option<f64> {
        let first = self.steps.iter().find(|step| step.incidence >= p - TOLERANCE);
        (p > 0.0 && p <= 1.0).then_some(first?.time)
    }

    /// The interval of [`CumulativeIncidence::quantile`]: where the sides of the curve's log-log interval reach `p`.
    pub fn quantile_interval(&self, p: f64) -> TimeInterval {
        time_interval(self.steps.iter().map(|step| (step.time, sides(step))), p)
    }
}

fn sides(step: &Step) -> Option<Interval> {
    risk::log_log(1.0 - step.incidence, step.variance)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::survival::KaplanMeier;
    use proptest::prelude::*;

    fn set(values: &[f64]) -> Multiset {
        values.iter().copied().collect()
    }

    #[test]
    fn the_lost_never_reach_the_end() {
        // Ten accounts: five reach value on days 1 to 5, three are lost on day 2, two are open on day 6.
        let curve =
            CumulativeIncidence::new(&set(&[1.0, 2.0, 3.0, 4.0, 5.0]), &set(&[6.0, 6.0]), &set(&[2.0, 2.0, 2.0]));
        for (t, share) in [(0.5, 0.0), (1.0, 0.1), (2.0, 0.2), (3.0, 0.3), (5.0, 0.5), (6.0, 0.5)] {
            assert!((curve.share(t).unwrap() - share).abs() < 1e-12, "share by {t}");
        }
        assert_eq!(curve.quantile(0.5), Some(5.0));
        assert_eq!(curve.share(6.5), None, "nobody was followed that long");
        let censored = KaplanMeier::new(&set(&[1.0, 2.0, 3.0, 4.0, 5.0]), &set(&[2.0, 2.0, 2.0, 6.0, 6.0]));
        assert_eq!(censored.quantile(0.5), Some(4.0), "censoring the lost flatters");
    }

    #[test]
    fn without_censoring_the_variance_is_the_binomial_one() {
        let curve =
            CumulativeIncidence::new(&set(&[1.0, 3.0, 3.0, 6.0]), &set(&[]), &set(&[1.0, 2.0, 4.0, 4.0, 5.0, 6.0]));
        for step in curve.steps() {
            let f = step.incidence;
            assert!((step.variance - f * (1.0 - f) / 10.0).abs() < 1e-12, "at {}", step.time);
        }
        assert_eq!(curve.share(99.0), Some(curve.share(6.0).unwrap()), "all are over: known for all time");
        assert_eq!(curve.quantile(0.5), None, "six of ten are lost");
    }

    #[test]
    fn of_nothing_everything_is_unknown() {
        let none = CumulativeIncidence::new(&set(&[]), &set(&[]), &set(&[]));
        assert_eq!((none.share(1.0), none.quantile(0.5), none.share_interval(1.0)), (None, None, None));
        let open = CumulativeIncidence::new(&set(&[]), &set(&[4.0]), &set(&[]));
        assert_eq!((open.share(1.0), open.share_interval(1.0)), (Some(0.0), None));
        assert_eq!(open.quantile_interval(0.5), TimeInterval::default());
    }

    fn durations() -> impl Strategy<Value = Multiset> {
        prop::collection::vec(0u8..30, 0..50).prop_map(|days| days.into_iter().map(f64::from).collect())
    }

    proptest! {
        #[test]
        fn with_nobody_lost_it_is_kaplan_meier(reached in durations(), open in durations()) {
            let incidence = CumulativeIncidence::new(&reached, &open, &Multiset::default());
            let survival = KaplanMeier::new(&reached, &open);
            prop_assert_eq!(incidence.quantile(0.5), survival.quantile(0.5));
            prop_assert_eq!(incidence.quantile_interval(0.5), survival.quantile_interval(0.5));
            for (f, s) in incidence.steps().iter().zip(survival.steps()) {
                prop_assert!((f.incidence - (1.0 - s.survival)).abs() < 1e-12);
                if s.survival > 0.0 {
                    prop_assert!((f.variance - s.survival * s.survival * s.greenwood).abs() < 1e-12);
                }
            }
        }

        #[test]
        fn both_ends_and_the_open_make_the_whole(reached in durations(), open in durations(), lost in durations()) {
            let ours = CumulativeIncidence::new(&reached, &open, &lost);
            let theirs = CumulativeIncidence::new(&lost, &open, &reached);
            let ended = Multiset::from_counts(reached.pairs().iter().chain(lost.pairs()).copied());
            let survival = KaplanMeier::new(&ended, &open);
            for ((a, b), s) in ours.steps().iter().zip(theirs.steps()).zip(survival.steps()) {
                prop_assert!((a.incidence + b.incidence + s.survival - 1.0).abs() < 1e-9);
            }
        }

        #[test]
        fn intervals_contain_the_share(reached in durations(), open in durations(), lost in durations(), t in 0u8..30) {
            let curve = CumulativeIncidence::new(&reached, &open, &lost);
            if let Some(interval) = curve.share_interval(f64::from(t)) {
                let share = curve.share(f64::from(t)).unwrap();
                prop_assert!(interval.low - 1e-12 <= share && share <= interval.high + 1e-12);
                prop_assert!(0.0 <= interval.low && interval.high <= 1.0);
            }
        }
    }
}
