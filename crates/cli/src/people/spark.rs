//! A trend in one line of text.

const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// One bar a value, from the least to the greatest; a gap where there is none.
pub(crate) fn spark(values: &[Option<f64>]) -> String {
    let known = || values.iter().flatten().copied().filter(|value| value.is_finite());
    let (low, high) = known().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    spark_within(values, low, high)
}

/// The same between bounds, so that several can be held against each other.
pub(crate) fn spark_within(values: &[Option<f64>], low: f64, high: f64) -> String {
    let bar = |value: f64| {
        if high <= low {
            return BARS[3];
        }
        // The product lies in 0..=7, so the cast is exact.
        BARS[((value.clamp(low, high) - low) / (high - low) * 7.0).round() as usize % BARS.len()]
    };
    values.iter().map(|value| value.filter(|value| value.is_finite()).map_or(' ', bar)).collect()
}

#[cfg(test)]
mod tests {
    use super::{spark, spark_within};

    #[test]
    fn bars_span_the_values() {
        assert_eq!(spark(&[Some(0.0), None, Some(3.5), Some(7.0)]), "▁ ▅█");
        assert_eq!(spark(&[Some(2.0), Some(2.0)]), "▄▄");
        assert_eq!(spark(&[None, Some(f64::NAN)]), "  ");
        assert_eq!(spark(&[]), "");
        assert_eq!(spark_within(&[Some(1.0), Some(0.5), None, Some(0.0)], 0.0, 1.0), "█▅ ▁");
    }
}
