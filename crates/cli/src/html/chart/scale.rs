//! From values to places on a drawing.

/// A straight axis whose ends and ticks are round numbers.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scale {
    pub(super) low: f64,
    pub(super) high: f64,
    step: f64,
}

impl Scale {
    /// An axis over these values with about so many ticks.
    pub(super) fn over(values: impl Iterator<Item = f64>, ticks: usize) -> Option<Self> {
        let finite = values.filter(|value| value.is_finite());
        let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
        if low > high {
            return None;
        }
        // A flat line stands in the middle.
        let pad = if high > low { 0.0 } else { (high.abs() * 0.05).max(0.5) };
        let (low, high) = (low - pad, high + pad);
        let step = round((high - low) / ticks.max(1) as f64);
        Some(Self { low: (low / step).floor() * step, high: (high / step).ceil() * step, step })
    }

    /// The ticks, from the lowest.
    pub(super) fn ticks(&self) -> impl Iterator<Item = f64> {
        let count = ((self.high - self.low) / self.step).round() as u32;
        // Multiples rather than sums: no error adds up.
        let first = (self.low / self.step).round();
        (0..=count).map(move |at| (first + f64::from(at)) * self.step)
    }

    /// Where a value lies, 0 at the low end and 1 at the high.
    pub(super) fn share(&self, value: f64) -> f64 {
        (value - self.low) / (self.high - self.low)
    }
}

/// The next of 1, 2, 2.5, 5 and 10 times a power of ten.
fn round(rough: f64) -> f64 {
    let power = 10_f64.powf(rough.log10().floor());
    let lead = [1.0, 2.0, 2.5, 5.0].into_iter().find(|lead| lead * power >= rough * 0.999_999);
    lead.unwrap_or(10.0) * power
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticks(values: &[f64], count: usize) -> Vec<f64> {
        Scale::over(values.iter().copied(), count).unwrap().ticks().collect()
    }

    #[test]
    fn ends_are_round() {
        assert_eq!(
            ticks(&[0.873, 1.062], 4),
            [0.85, 0.9, 0.95, 1.0, 1.05, 1.1].map(|t: f64| (t / 0.05).round() * 0.05)
        );
        assert_eq!(ticks(&[381_000.0, 412_000.0], 4), [380e3, 390e3, 400e3, 410e3, 420e3]);
        assert_eq!(ticks(&[5.0], 2), [4.5, 5.0, 5.5]);
        assert!(Scale::over([f64::NAN].into_iter(), 4).is_none());
    }

    #[test]
    fn ends_are_the_ends() {
        let scale = Scale::over([0.0, 10.0].into_iter(), 5).unwrap();
        assert_eq!((scale.share(0.0), scale.share(5.0), scale.share(10.0)), (0.0, 0.5, 1.0));
    }
}
