//! The Kaplan–Meier estimator: how many of those who start are still without the end after some time.

use super::error::SurvivalError;
use super::observation::{self, Observation};
use super::risk::{self, TOLERANCE};
use crate::interval::{Interval, Z};
use crate::multiset::Multiset;

/// The limits of an interval of a time: either may lie beyond what was observed.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct TimeInterval {
    /// The lower limit, if the curve's upper side got there.
    pub low: Option<f64>,
    /// The upper limit, if the curve's lower side got there.
    pub high: Option<f64>,
}

/// The scale on which a curve's interval is symmetric before it is brought back to shares. `σ² = Σ d/(n·(n − d))`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Transform {
    /// `S^exp(±z·σ/ln S)` (Kalbfleisch and Prentice 1980): stays within 0 and 1 and holds its level well in
    /// small samples (Borgan and Liestøl 1990); the default of SAS and lifelines.
    #[default]
    LogLog,
    /// `S·exp(±z·σ)`, cut at 1; R's default.
    Log,
    /// `S ± z·S·σ`, cut at 0 and 1 (Greenwood 1926).
    Plain,
}

impl Transform {
    fn interval(self, step: &Step) -> Option<Interval> {
        let (s, sigma) = (step.survival, step.greenwood.max(0.0).sqrt());
        if !(s > TOLERANCE && s < 1.0 - TOLERANCE && sigma.is_finite()) {
            return None;
        }
        match self {
            Transform::LogLog => risk::log_log(s, s * s * step.greenwood),
            Transform::Log => Some(Interval { low: s * (-Z * sigma).exp(), high: (s * (Z * sigma).exp()).min(1.0) }),
            Transform::Plain => Some(Interval::around(s, Z * s * sigma)?.clamp(0.0, 1.0)),
        }
    }
}

/// Which time stands for a quantile where the curve is flat at just that share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Convention {
    /// The first of those times: `min {t : S(t) ≤ 1 − p}` (lifelines, most textbooks).
    #[default]
    LeftEnd,
    /// The middle of the flat part, which ends at the next end, or at the last time seen if none follows (R's
    /// `quantile.survfit`).
    Midpoint,
}

/// The curve just after a time at which something ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The time.
    pub time: f64,
    /// `S(t) = Π (1 − d/n)` over the times up to this one (Kaplan and Meier 1958).
    pub survival: f64,
    /// Greenwood's sum `Σ d / (n·(n − d))`; infinite once nobody is left.
    pub greenwood: f64,
}

/// A Kaplan–Meier curve. At equal times ends come before censorings.
#[derive(Debug, Clone, PartialEq)]
pub struct KaplanMeier {
    steps: Vec<Step>,
    last: Option<f64>,
}

impl KaplanMeier {
    /// The curve of durations that ended, and of durations still open when last seen.
    pub fn new(ended: &Multiset, open: &Multiset) -> KaplanMeier {
        let steps = risk::table(ended, open, &Multiset::default());
        KaplanMeier { steps: curve(&steps), last: max(ended.max(), open.max()) }
    }

    /// The curve of cases one by one, some of them perhaps first seen late. Such a case is at risk after its entry only;
    /// where few are at risk early on the curve is unsteady, and where the last of them ends it stays at 0 for good.
    pub fn from_observations(observations: &[Observation]) -> Result<KaplanMeier, SurvivalError> {
        KaplanMeier::from_weighted(observations.iter().map(|&seen| (seen, 1.0)))
    }

    /// The curve of cases that count for so many cases each. Whole weights are counts, and then the intervals are right;
    /// with sampling weights the curve is right and its intervals are not.
    pub fn from_weighted(cases: impl IntoIterator<Item = (Observation, f64)>) -> Result<KaplanMeier, SurvivalError> {
        let cases: Vec<(Observation, f64)> = cases.into_iter().collect();
        observation::check(cases.iter().map(|case| case.0))?;
        if let Some(row) = cases.iter().position(|case| !(case.1 >= 0.0 && case.1.is_finite())) {
            return Err(SurvivalError::Weight { row, weight: cases[row].1 });
        }
        let last = cases.iter().filter(|case| case.1 > 0.0).map(|case| case.0.time).max_by(f64::total_cmp);
        Ok(KaplanMeier { steps: curve(&risk::table_of(&cases)), last })
    }

    /// The steps of the curve, in time.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The longest duration seen, ended or open.
    pub fn last(&self) -> Option<f64> {
        self.last
    }

    /// The step in force at a time; `None` before the first.
    fn step_at(&self, t: f64) -> Option<&Step> {
        let passed = self.steps.partition_point(|step| step.time <= t);
        self.steps.get(passed.checked_sub(1)?)
    }

    /// The share still without the end just after `t`. `None` where nobody was followed that long and some were still
    /// open: the curve is unknown there, not flat.
    pub fn survival(&self, t: f64) -> Option<f64> {
        let survival = self.step_at(t).map_or(1.0, |step| step.survival);
        (t <= self.last? || survival == 0.0).then_some(survival)
    }

    /// Greenwood's standard error of [`KaplanMeier::survival`]: `S·√Σ d/(n·(n − d))`.
    pub fn standard_error(&self, t: f64) -> Option<f64> {
        let survival = self.survival(t)?;
        let greenwood = self.step_at(t).map_or(0.0, |step| step.greenwood);
        (survival > 0.0).then(|| survival * greenwood.sqrt())
    }

    /// The log-log interval of [`KaplanMeier::survival`]; `None` while the curve is at 1, and once at 0.
    pub fn survival_interval(&self, t: f64) -> Option<Interval> {
        self.survival_interval_by(t, Transform::LogLog)
    }

    /// The interval of [`KaplanMeier::survival`] on a scale of choice; `None` while the curve is at 1, and once at 0.
    pub fn survival_interval_by(&self, t: f64, transform: Transform) -> Option<Interval> {
        self.survival(t)?;
        transform.interval(self.step_at(t)?)
    }

    /// The first time by which a share `p` has ended: `min {t : S(t) ≤ 1 − p}`, the left end where the curve is flat there
    /// (R's `quantile.survfit` takes the middle). `None` where that share was never reached.
    pub fn quantile(&self, p: f64) -> Option<f64> {
        self.quantile_by(p, Convention::LeftEnd)
    }

    /// [`KaplanMeier::quantile`] by the convention of choice.
    pub fn quantile_by(&self, p: f64, convention: Convention) -> Option<f64> {
        if !(p > 0.0 && p <= 1.0) {
            return None;
        }
        let first = self.steps.iter().position(|step| step.survival <= 1.0 - p + TOLERANCE)?;
        let left = self.steps[first];
        if convention == Convention::LeftEnd || left.survival < 1.0 - p - TOLERANCE {
            return Some(left.time);
        }
        let next = self.steps.get(first + 1).map(|step| step.time);
        Some((left.time + next.or(self.last)?) / 2.0)
    }

    /// The interval of [`KaplanMeier::quantile`] by turning the log-log interval of the curve on its side (Brookmeyer and
    /// Crowley 1982; R with `conf.type = "log-log"`).
    pub fn quantile_interval(&self, p: f64) -> TimeInterval {
        self.quantile_interval_by(p, Transform::LogLog)
    }

    /// [`KaplanMeier::quantile_interval`] on a scale of choice.
    pub fn quantile_interval_by(&self, p: f64, transform: Transform) -> TimeInterval {
        time_interval(self.steps.iter().map(|step| (step.time, transform.interval(step))), p)
    }
}

/// The product over the table of who was at risk.
fn curve(table: &[risk::Step]) -> Vec<Step> {
    let (mut survival, mut greenwood) = (1.0, 0.0);
    table
        .iter()
        .map(|step| {
            survival *= (step.at_risk - step.reached) / step.at_risk;
            greenwood += step.reached / (step.at_risk * (step.at_risk - step.reached));
            Step { time: step.time, survival, greenwood }
        })
        .collect()
}

/// The larger of two times, where either may be missing.
pub(crate) fn max(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    [a, b].into_iter().flatten().max_by(f64::total_cmp)
}

/// Where the two sides of a survival curve first fall to `1 − p`.
pub(crate) fn time_interval(sides: impl Iterator<Item = (f64, Option<Interval>)>, p: f64) -> TimeInterval {
    let mut found = TimeInterval::default();
    if !(p > 0.0 && p < 1.0) {
        return found;
    }
    for (time, side) in sides {
        let Some(side) = side else { continue };
        if found.low.is_none() && side.low <= 1.0 - p {
            found.low = Some(time);
        }
        if side.high <= 1.0 - p {
            found.high = Some(time);
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn set(values: &[f64]) -> Multiset {
        values.iter().copied().collect()
    }

    fn assert_curve(curve: &KaplanMeier, wanted: &[(f64, f64)]) {
        for &(t, survival) in wanted {
            let found = curve.survival(t).expect("a known survival");
            assert!((found - survival).abs() < 5.1e-7, "S({t}) = {found}, not {survival}");
        }
    }

    /// Freireich, Gehan and others 1963: weeks of remission under 6-mercaptopurine.
    fn gehan() -> KaplanMeier {
        KaplanMeier::new(
            &set(&[6.0, 6.0, 6.0, 7.0, 10.0, 13.0, 16.0, 22.0, 23.0]),
            &set(&[6.0, 9.0, 10.0, 11.0, 17.0, 19.0, 20.0, 25.0, 32.0, 32.0, 34.0, 35.0]),
        )
    }

    /// The placebo arm of the same trial.
    fn placebo() -> KaplanMeier {
        let weeks = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23];
        KaplanMeier::new(&weeks.iter().map(|&w| f64::from(w)).collect(), &Multiset::default())
    }

    #[test]
    fn gehan_gives_the_published_curve() {
        let curve = gehan();
        assert_curve(
            &curve,
            &[
                (5.9, 1.0),
                (6.0, 0.857143),
                (7.0, 0.806723),
                (10.0, 0.752941),
                (13.0, 0.690196),
                (16.0, 0.627451),
                (22.0, 0.537815),
                (23.0, 0.448179),
                (35.0, 0.448179),
            ],
        );
        assert_eq!(curve.quantile(0.5), Some(23.0));
        assert!((curve.standard_error(10.0).unwrap() - 0.096350).abs() < 5.1e-7);
        assert_eq!(placebo().quantile(0.5), Some(8.0));
        assert_curve(&placebo(), &[(8.0, 0.380952)]);
    }

    #[test]
    fn gehan_gives_the_published_intervals() {
        for (t, low, high) in [(6.0, 0.619718, 0.951552), (10.0, 0.503200, 0.889362), (23.0, 0.188052, 0.680143)] {
            let found = gehan().survival_interval(t).unwrap();
            assert!((found.low - low).abs() < 5.1e-7 && (found.high - high).abs() < 5.1e-7, "{t}: {found:?}");
        }
        let by = |transform| gehan().survival_interval_by(10.0, transform).unwrap();
        for (found, low, high) in [
            (by(Transform::Plain), 0.564099, 0.941783),
            (by(Transform::Log), 0.585919, 0.967575),
            (by(Transform::default()), 0.503200, 0.889362),
            (gehan().survival_interval_by(23.0, Transform::Plain).unwrap(), 0.184385, 0.711974),
        ] {
            assert!((found.low - low).abs() < 5.1e-7 && (found.high - high).abs() < 5.1e-7, "{found:?}");
        }
        // SAS PROC LIFETEST on the same trial, log-log: medians 23 (13, .) and 8 (4, 11).
        assert_eq!(gehan().quantile_interval(0.5), TimeInterval { low: Some(13.0), high: None });
        assert_eq!(placebo().quantile_interval(0.5), TimeInterval { low: Some(4.0), high: Some(11.0) });
    }

    #[test]
    fn small_vectors_give_the_published_curves() {
        let open = KaplanMeier::new(&set(&[1.0, 2.0, 2.0, 3.0, 5.0, 8.0, 13.0]), &set(&[14.0, 14.0, 14.0]));
        assert_curve(&open, &[(1.0, 0.9), (2.0, 0.7), (3.0, 0.6), (5.0, 0.5), (8.0, 0.4), (13.0, 0.3)]);
        assert_eq!(open.quantile(0.5), Some(5.0), "the left end of the flat part at one half");

        let ties = KaplanMeier::new(&set(&[1.0, 2.0, 2.0, 3.0, 5.0, 8.0, 13.0]), &set(&[4.0, 4.0, 6.0]));
        assert_curve(&ties, &[(3.0, 0.6), (4.0, 0.6), (5.0, 0.45), (6.0, 0.45), (8.0, 0.225), (13.0, 0.0)]);
        assert_eq!(ties.quantile(0.5), Some(5.0));

        let four = KaplanMeier::new(&set(&[1.0, 2.0, 3.0, 4.0]), &Multiset::default());
        assert_eq!(four.quantile(0.5), Some(2.0));

        let answer = KaplanMeier::new(&set(&[3.0, 4.5, 3.5]), &set(&[4.0, 7.0]));
        assert_eq!(answer.quantile(0.5), Some(4.5));

        let one = KaplanMeier::new(&set(&[8.0]), &set(&[5.0, 6.0, 7.0, 9.0, 10.0]));
        assert_eq!(one.quantile(0.5), None, "never reached");
    }

    #[test]
    fn a_flat_part_at_one_half_has_two_medians() {
        let four = KaplanMeier::new(&set(&[1.0, 2.0, 3.0, 4.0]), &Multiset::default());
        let open = KaplanMeier::new(&set(&[1.0, 2.0, 2.0, 3.0, 5.0, 8.0, 13.0]), &set(&[14.0, 14.0, 14.0]));
        let both = |curve: &KaplanMeier| {
            (curve.quantile_by(0.5, Convention::LeftEnd), curve.quantile_by(0.5, Convention::Midpoint))
        };
        assert_eq!(both(&four), (Some(2.0), Some(2.5)));
        assert_eq!(both(&open), (Some(5.0), Some(6.5)), "and 4.857 is the mean of those who got there");
        let to_the_end = KaplanMeier::new(&set(&[1.0, 2.0]), &set(&[4.0, 6.0]));
        assert_eq!(both(&to_the_end), (Some(2.0), Some(4.0)), "R: half way to the last time seen");
        assert_eq!(both(&gehan()), (Some(23.0), Some(23.0)), "not flat at one half");
        // The many inexact steps do not hide that the curve is flat at one half.
        let many = KaplanMeier::new(&(1..=9998).map(f64::from).collect(), &Multiset::default());
        assert_eq!(many.quantile_by(0.5, Convention::Midpoint), Some(4999.5));
    }

    #[test]
    fn weights_give_the_published_curve() {
        let cases = [(0.6, false, 1.5), (0.4, true, 2.0), (0.8, true, 0.8), (0.9, false, 0.9)]
            .map(|(time, ended, weight)| (Observation { entry: None, time, ended }, weight));
        let curve = KaplanMeier::from_weighted(cases).unwrap();
        // lifelines: 3.2/5.2, then that times 0.9/1.7.
        assert_curve(&curve, &[(0.4, 0.615_384_615), (0.6, 0.615_384_615), (0.8, 0.325_791_855)]);
    }

    #[test]
    fn late_entries_give_the_published_curve() {
        let cases = [
            Observation::ended(2.0).entering(1.0),
            Observation::ended(10.0).entering(2.0),
            Observation::ended(5.0).entering(4.0),
            Observation::ended(4.0).entering(0.0),
            Observation::ended(3.0).entering(0.0),
        ];
        let curve = KaplanMeier::from_observations(&cases).unwrap();
        let ninth = |n: f64| n / 9.0;
        assert_curve(
            &curve,
            &[(1.0, 1.0), (2.0, ninth(6.0)), (3.0, ninth(4.0)), (4.0, ninth(2.0)), (5.0, ninth(1.0)), (10.0, 0.0)],
        );
        let naive: Vec<Observation> = cases.iter().map(|case| Observation::ended(case.time)).collect();
        assert!(
            KaplanMeier::from_observations(&naive).unwrap().survival(3.0) > curve.survival(3.0),
            "it would flatter"
        );
    }

    #[test]
    fn what_no_curve_can_take_is_refused() {
        let refused = |case: (Observation, f64)| KaplanMeier::from_weighted([case]).unwrap_err();
        let time = Observation::ended(1.0);
        assert!(matches!(refused((Observation::ended(f64::INFINITY), 1.0)), SurvivalError::Time { row: 0, .. }));
        assert!(matches!(refused((time.entering(1.0), 1.0)), SurvivalError::Entry { row: 0, .. }));
        assert!(matches!(refused((time, -1.0)), SurvivalError::Weight { row: 0, .. }));
        assert!(matches!(refused((time, f64::NAN)), SurvivalError::Weight { row: 0, .. }));
    }

    #[test]
    fn glioma_gives_the_published_intervals() {
        // lifelines, g3 without RIT: six cases, ends at 9, 19, 32 and 34.
        let curve = KaplanMeier::new(&set(&[9.0, 19.0, 32.0, 34.0]), &set(&[50.0, 55.0]));
        for (t, survival, low, high) in [
            (9.0, 0.833, 0.2731, 0.975),
            (19.0, 0.667, 0.1946, 0.904),
            (32.0, 0.5, 0.1109, 0.804),
            (34.0, 0.333, 0.0461, 0.676),
        ] {
            let found = curve.survival_interval(t).unwrap();
            assert!((curve.survival(t).unwrap() - survival).abs() < 5e-4);
            assert!((found.low - low).abs() < 5e-4 && (found.high - high).abs() < 5e-4, "{t}: {found:?}");
        }
        assert_eq!(curve.quantile(0.5), Some(32.0));
    }

    #[test]
    fn one_half_is_found_through_many_inexact_steps() {
        for n in [6u32, 10, 14, 30, 98, 1000, 9998] {
            let curve = KaplanMeier::new(&(1..=n).map(f64::from).collect(), &Multiset::default());
            assert_eq!(curve.quantile(0.5), Some(f64::from(n / 2)), "of {n}");
        }
    }

    #[test]
    fn what_nobody_was_followed_to_is_unknown() {
        let curve = KaplanMeier::new(&set(&[1.0]), &set(&[5.0]));
        assert_eq!(curve.survival(5.0), Some(0.5));
        assert_eq!(curve.survival(5.1), None);
        let all = KaplanMeier::new(&set(&[1.0, 2.0]), &Multiset::default());
        assert_eq!(all.survival(9.0), Some(0.0));
        assert_eq!(all.survival_interval(9.0), None);
        let none = KaplanMeier::new(&Multiset::default(), &Multiset::default());
        assert_eq!((none.survival(0.0), none.quantile(0.5)), (None, None));
    }

    fn durations() -> impl Strategy<Value = Multiset> {
        prop::collection::vec(0u8..40, 0..60).prop_map(|days| days.into_iter().map(f64::from).collect())
    }

    proptest! {
        #[test]
        fn cases_one_by_one_give_the_curve_of_the_multisets(ended in durations(), open in durations()) {
            let each = |set: &Multiset, case: fn(f64) -> Observation| -> Vec<(Observation, f64)> {
                set.pairs().iter().map(|&(time, count)| (case(time), count as f64)).collect()
            };
            let cases = [each(&open, Observation::open), each(&ended, Observation::ended)].concat();
            prop_assert_eq!(KaplanMeier::from_weighted(cases).unwrap(), KaplanMeier::new(&ended, &open));
        }

        #[test]
        fn the_curve_never_rises(ended in durations(), open in durations()) {
            let curve = KaplanMeier::new(&ended, &open);
            let mut before = 1.0;
            for step in curve.steps() {
                prop_assert!(0.0 <= step.survival && step.survival <= before);
                before = step.survival;
            }
        }

        #[test]
        fn intervals_contain_what_they_are_of(ended in durations(), open in durations(), p in 0.01f64..0.99) {
            let curve = KaplanMeier::new(&ended, &open);
            for step in curve.steps() {
                if let Some(interval) = curve.survival_interval(step.time) {
                    prop_assert!(interval.contains(step.survival));
                }
            }
            let (quantile, sides) = (curve.quantile(p), curve.quantile_interval(p));
            if let (Some(quantile), Some(low)) = (quantile, sides.low) {
                prop_assert!(low <= quantile);
            }
            if let Some(high) = sides.high {
                prop_assert!(quantile.is_some_and(|quantile| quantile <= high));
            }
        }

        #[test]
        fn quantiles_rise_with_p(ended in durations(), open in durations(), p in 0.01f64..1.0, q in 0.01f64..1.0) {
            let curve = KaplanMeier::new(&ended, &open);
            if let Some(high) = curve.quantile(p.max(q)) {
                prop_assert!(curve.quantile(p.min(q)).is_some_and(|low| low <= high));
            }
        }
    }
}
