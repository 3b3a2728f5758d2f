//! Intervals of shares, Net Promoter Scores and means.

/// The normal quantile of a two-sided level of 95 %.
pub const Z: f64 = 1.959_963_984_540_054;

/// Two limits, each of them known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower limit.
    pub low: f64,
    /// The upper limit, never below the lower one.
    pub high: f64,
}

impl Interval {
    /// `centre ± half`, or `None` where either is not a finite number.
    pub(crate) fn around(centre: f64, half: f64) -> Option<Interval> {
        let (low, high) = (centre - half, centre + half);
        (low.is_finite() && high.is_finite()).then_some(Interval { low, high })
    }

    /// The part of the interval that lies within a scale.
    pub fn clamp(self, low: f64, high: f64) -> Interval {
        Interval { low: self.low.clamp(low, high), high: self.high.clamp(low, high) }
    }

    /// Whether a number lies between the limits, or on one.
    pub fn contains(&self, x: f64) -> bool {
        self.low <= x && x <= self.high
    }
}

/// The quantile of Student's t at a two-sided level of 95 %, for whole degrees of freedom (a fraction is dropped).
/// `None` under one.
pub fn t_quantile(degrees_of_freedom: f64) -> Option<f64> {
    if degrees_of_freedom.is_nan() || degrees_of_freedom < 1.0 {
        return None;
    }
    Some(if degrees_of_freedom > EXPANSION_FROM {
        t_expansion(degrees_of_freedom)
    } else {
        t_solved(degrees_of_freedom)
    })
}

/// Above so many degrees of freedom the expansion is good to all digits.
const EXPANSION_FROM: f64 = 400.0;

/// Fisher and Cornish's expansion of a t quantile around the normal one (Abramowitz and Stegun 26.7.5).
fn t_expansion(v: f64) -> f64 {
    let z2 = Z * Z;
    let g1 = Z * (z2 + 1.0) / 4.0;
    let g2 = Z * ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0;
    let g3 = Z * (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0;
    let g4 = Z * ((((79.0 * z2 + 776.0) * z2 + 1482.0) * z2 - 1920.0) * z2 - 945.0) / 92160.0;
    Z + (g1 + (g2 + (g3 + g4 / v) / v) / v) / v
}

/// The t quantile by halving the angle `θ = atan(t/√ν)`, in which `P(|T| < t)` is a finite series.
fn t_solved(v: f64) -> f64 {
    let v = v.floor();
    let (mut low, mut high) = (0.0, std::f64::consts::FRAC_PI_2);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if t_within(v as u32, middle) < 0.95 { low = middle } else { high = middle }
    }
    v.sqrt() * low.tan()
}

/// `P(|T| < √ν·tan θ)` for whole `ν` (Abramowitz and Stegun 26.7.3 and 26.7.4).
fn t_within(v: u32, theta: f64) -> f64 {
    let (sin, cos) = theta.sin_cos();
    let odd = v % 2 == 1;
    let (mut term, mut sum) = if odd { (cos, cos) } else { (1.0, 1.0) };
    for k in (if odd { 3 } else { 2 }..v).step_by(2) {
        term *= cos * cos * f64::from(k - 1) / f64::from(k);
        sum += term;
    }
    match v {
        1 => theta * std::f64::consts::FRAC_2_PI,
        _ if odd => (theta + sin * sum) * std::f64::consts::FRAC_2_PI,
        _ => sin * sum,
    }
}

/// Wilson's score interval of a share of `k` in `n` (Wilson 1927; Newcombe 1998, method 3):
/// `centre = (p + z²/2n) / (1 + z²/n)`, `half = z / (1 + z²/n) · √(p(1−p)/n + z²/4n²)`.
///
/// `None` where nothing was counted, or `k` lies outside 0 to `n`.
pub fn wilson(k: f64, n: f64) -> Option<Interval> {
    if !(n > 0.0 && k >= 0.0 && k <= n && n.is_finite()) {
        return None;
    }
    let p = k / n;
    let z2n = Z * Z / n;
    let centre = (p + z2n / 2.0) / (1.0 + z2n);
    let half = Z / (1.0 + z2n) * (p * (1.0 - p) / n + z2n / (4.0 * n)).sqrt();
    // At none and at all the formula gives 0 and 1 exactly; rounding must not move the limit off the estimate.
    let low = if k == 0.0 { 0.0 } else { (centre - half).max(0.0) };
    let high = if k == n { 1.0 } else { (centre + half).min(1.0) };
    Some(Interval { low, high })
}

/// The Net Promoter Score in points, `100 · (promoters − detractors) / n`. `None` without answers.
pub fn nps(detractors: f64, passives: f64, promoters: f64) -> Option<f64> {
    let n = answers(detractors, passives, promoters)?;
    Some(100.0 * (promoters - detractors) / n)
}

/// The plain Wald interval of a Net Promoter Score, in points, within −100 to 100:
/// `NPS ± z · √(v/n)`, `v = (promoters + detractors)/n − NPS²`. Of no width where all answers are of one class.
pub fn nps_wald(detractors: f64, passives: f64, promoters: f64) -> Option<Interval> {
    answers(detractors, passives, promoters)?;
    wald_points(detractors, passives, promoters)
}

/// The adjusted Wald interval of a Net Promoter Score, in points, within −100 to 100: Wald's after adding three
/// answers, ¾ detractor, 1½ passive, ¾ promoter (Bonett and Price 2012; Rocks 2016; Lewis and Sauro).
///
/// Its centre lies nearer to zero than the score; with a single answer the score itself can lie outside.
pub fn nps_adjusted_wald(detractors: f64, passives: f64, promoters: f64) -> Option<Interval> {
    answers(detractors, passives, promoters)?;
    wald_points(detractors + 0.75, passives + 1.5, promoters + 0.75)
}

fn answers(detractors: f64, passives: f64, promoters: f64) -> Option<f64> {
    let n = detractors + passives + promoters;
    let counts = detractors >= 0.0 && passives >= 0.0 && promoters >= 0.0;
    (counts && n > 0.0 && n.is_finite()).then_some(n)
}

fn wald_points(detractors: f64, passives: f64, promoters: f64) -> Option<Interval> {
    let n = detractors + passives + promoters;
    let score = (promoters - detractors) / n;
    let variance = ((promoters + detractors) / n - score * score).max(0.0);
    let half = Z * (variance / n).sqrt();
    Some(Interval::around(100.0 * score, 100.0 * half)?.clamp(-100.0, 100.0))
}

/// Student's t interval of a mean, from the number of values, their sum and the sum of their squares:
/// `mean ± t(n−1) · √(s²/n)`, `s² = (Σx² − (Σx)²/n) / (n−1)`. `None` under two values.
pub fn mean_t(n: f64, sum: f64, sum_of_squares: f64) -> Option<Interval> {
    if n.is_nan() || n < 2.0 {
        return None;
    }
    let mean = sum / n;
    // Equal values can leave a tiny negative difference of two large sums.
    let variance = ((sum_of_squares - sum * mean) / (n - 1.0)).max(0.0);
    Interval::around(mean, t_quantile(n - 1.0)? * (variance / n).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn assert_close(found: Option<Interval>, low: f64, high: f64, tolerance: f64) {
        let found = found.expect("an interval");
        assert!((found.low - low).abs() < tolerance, "low {} is not {low}", found.low);
        assert!((found.high - high).abs() < tolerance, "high {} is not {high}", found.high);
    }

    #[test]
    fn wilson_gives_the_published_values() {
        let cases = [
            (81.0, 263.0, 0.255289, 0.366210),
            (15.0, 148.0, 0.062386, 0.160487),
            (0.0, 20.0, 0.0, 0.161125),
            (1.0, 29.0, 0.006113, 0.171755),
            (8.0, 10.0, 0.490162, 0.943318),
            (10.0, 10.0, 0.722467, 1.0),
            (0.0, 10.0, 0.0, 0.277533),
            (5.0, 10.0, 0.236593, 0.763407),
            (80.0, 100.0, 0.711171, 0.866633),
            (0.0, 1.0, 0.0, 0.793451),
            (1.0, 1.0, 0.206549, 1.0),
        ];
        for (k, n, low, high) in cases {
            assert_close(wilson(k, n), low, high, 5.1e-7);
        }
    }

    #[test]
    fn wilson_is_undefined_without_cases() {
        for (k, n) in [(0.0, 0.0), (-1.0, 5.0), (6.0, 5.0), (f64::NAN, 5.0), (1.0, f64::INFINITY)] {
            assert_eq!(wilson(k, n), None, "{k} of {n}");
        }
    }

    #[test]
    fn nps_intervals_give_the_published_values() {
        let cases = [
            ((20.0, 30.0, 50.0), (14.6922, 45.3078), (14.0511, 44.2013)),
            ((200.0, 300.0, 500.0), (25.1592, 34.8408), (25.0770, 34.7435)),
            ((20.0, 55.0, 25.0), (-8.1113, 18.1113), (-8.0876, 17.7964)),
            ((5.0, 12.0, 19.0), (15.4367, 62.3410), (13.1575, 58.6373)),
            ((0.0, 0.0, 10.0), (100.0, 100.0), (47.5036, 100.0)),
        ];
        for ((d, pa, p), wald, adjusted) in cases {
            assert_close(nps_wald(d, pa, p), wald.0, wald.1, 5.1e-5);
            assert_close(nps_adjusted_wald(d, pa, p), adjusted.0, adjusted.1, 5.1e-5);
        }
    }

    #[test]
    fn nps_standard_errors_give_the_published_values() {
        // Counts, score, standard error: the R package NPS, test_01_basics.R.
        for ((d, pa, p), score, se) in [
            ((1.0, 2.0, 3.0), 1.0 / 3.0, 0.304),
            ((1.0, 0.0, 1.0), 0.0, 0.707),
            ((0.0, 1.0, 1.0), 0.5, 0.354),
            ((1.0, 1.0, 1.0), 0.0, 0.471),
        ] {
            assert!((nps(d, pa, p).unwrap() - 100.0 * score).abs() < 1e-12);
            assert_close(
                nps_wald(d, pa, p),
                (100.0 * (score - Z * se)).max(-100.0),
                (100.0 * (score + Z * se)).min(100.0),
                0.11,
            );
        }
    }

    #[test]
    fn nps_is_undefined_without_answers() {
        assert_eq!(nps(0.0, 0.0, 0.0), None);
        assert_eq!(nps_wald(0.0, 0.0, 0.0), None);
        assert_eq!(nps_adjusted_wald(0.0, 0.0, 0.0), None);
        assert_eq!(nps_adjusted_wald(-1.0, 0.0, 3.0), None);
    }

    #[test]
    fn t_quantiles_give_the_tabled_values() {
        for (df, t) in [
            (1.0, 12.706_204_736_174_696),
            (2.0, 4.302_652_729_749_463),
            (9.0, 2.262_157_162_798_2),
            (30.0, 2.042_272_456_301_3),
            (1000.0, 1.962_339_080_826_408_2),
            (1e6, 1.959_966_356_814_106_8),
        ] {
            let found = t_quantile(df).unwrap();
            assert!((found - t).abs() < 1e-11 * t, "{found} is not {t}");
        }
        assert_eq!(t_quantile(0.0), None);
        let joint = t_quantile(EXPANSION_FROM).unwrap();
        assert!((joint - t_expansion(EXPANSION_FROM)).abs() < 1e-12, "both ways agree where they meet");
    }

    #[test]
    fn mean_t_of_one_to_ten() {
        // mean 5.5, s² = 55/6, half = 2.2621571627 · √(55/60)
        assert_close(mean_t(10.0, 55.0, 385.0), 3.334_149_38, 7.665_850_62, 1e-7);
        assert_eq!(mean_t(1.0, 4.0, 16.0), None);
        assert_eq!(mean_t(f64::NAN, 4.0, 16.0), None);
        assert_close(mean_t(3.0, 0.3, 0.03), 0.1, 0.1, 1e-7);
    }

    proptest! {
        #[test]
        fn wilson_contains_the_share_and_stays_within_zero_and_one(n in 1u32..1_000_000, part in 0.0f64..=1.0) {
            let k = (f64::from(n) * part).floor();
            let interval = wilson(k, f64::from(n)).unwrap();
            prop_assert!(interval.contains(k / f64::from(n)));
            prop_assert!(0.0 <= interval.low && interval.high <= 1.0);
        }

        #[test]
        fn nps_intervals_contain_the_score(d in 0u32..5000, pa in 0u32..5000, p in 0u32..5000) {
            prop_assume!(d + pa + p >= 2);
            let (d, pa, p) = (f64::from(d), f64::from(pa), f64::from(p));
            let score = nps(d, pa, p).unwrap();
            prop_assert!(nps_wald(d, pa, p).unwrap().contains(score));
            prop_assert!(nps_adjusted_wald(d, pa, p).unwrap().contains(score));
        }

        #[test]
        fn mean_t_contains_the_mean(values in prop::collection::vec(-1e6f64..1e6, 2..50)) {
            let n = values.len() as f64;
            let sum: f64 = values.iter().sum();
            let squares: f64 = values.iter().map(|x| x * x).sum();
            prop_assert!(mean_t(n, sum, squares).unwrap().contains(sum / n));
        }
    }
}
