//! A trend in one line of text.

const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// One bar a value, from the least to the greatest; a gap where there is none.
pub(crate) fn spark(values: &[Option<f64>]) -> String {
    let known = || values.iter().flatten().copied().filter(|value| value.is_finite());
    let (low, high) = known().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    let bar = |value: f64| {
        if high <= low {
            return BARS[3];
        }
        // The product lies in 0..=7, so the cast is exact.
        BARS[((value - low) / (high - low) * 7.0).round() as usize % BARS.len()]
    };
    values.iter().map(|value| value.filter(|value| value.is_finite()).map_or(' ', bar)).collect()
}

#[cfg(test)]
mod tests {
    use super::spark;

    #[test]
    fn bars_span_the_values() {
        assert_eq!(spark(&[Some(0.0), None, Some(3.5), Some(7.0)]), "▁ ▅█");
        assert_eq!(spark(&[Some(2.0), Some(2.0)]), "▄▄");
        assert_eq!(spark(&[None, Some(f64::NAN)]), "  ");
        assert_eq!(spark(&[]), "");
    }
}
