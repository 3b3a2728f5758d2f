//! Exact quantiles.

use crate::multiset::Multiset;

/// The quantile of type 7 (Hyndman and Fan 1996; the default of R, NumPy and spreadsheets): linear between the ranks
/// either side of `(n − 1)·p`, counted from zero. `None` of no values, or with `p` outside 0 to 1.
pub fn quantile(values: &Multiset, p: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&p) || values.is_empty() {
        return None;
    }
    let rank = (values.count() - 1) as f64 * p;
    let below = rank.floor();
    let low = at_rank(values, below as u64)?;
    let high = at_rank(values, rank.ceil() as u64)?;
    Some((low + (rank - below) * (high - low)).min(high))
}

/// The value at a rank counted from zero.
fn at_rank(values: &Multiset, rank: u64) -> Option<f64> {
    let mut passed = 0;
    for &(value, count) in values.pairs() {
        passed += count;
        if passed > rank {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn it_is_linear_between_ranks() {
        let four: Multiset = [1.0, 2.0, 3.0, 4.0].into_iter().collect();
        for (p, wanted) in [(0.0, 1.0), (0.25, 1.75), (0.5, 2.5), (0.9, 3.7), (1.0, 4.0)] {
            assert!((quantile(&four, p).unwrap() - wanted).abs() < 1e-12);
        }
    }

    #[test]
    fn counts_stand_for_repeated_values() {
        let counted = Multiset::from_counts([(1.0, 3), (10.0, 2)]);
        assert_eq!(quantile(&counted, 0.5), Some(1.0));
        assert_eq!(quantile(&counted, 0.625), Some(5.5));
        assert_eq!(quantile(&counted, 0.75), Some(10.0));
    }

    #[test]
    fn it_is_undefined_of_nothing_and_off_the_scale() {
        assert_eq!(quantile(&Multiset::default(), 0.5), None);
        let one: Multiset = [7.0].into_iter().collect();
        assert_eq!(quantile(&one, 0.9), Some(7.0));
        assert_eq!(quantile(&one, 1.1), None);
        assert_eq!(quantile(&one, f64::NAN), None);
    }

    proptest! {
        #[test]
        fn it_rises_with_p_and_stays_within_the_values(
            values in prop::collection::vec(-1e6f64..1e6, 1..60), p in 0.0f64..=1.0, q in 0.0f64..=1.0,
        ) {
            let set: Multiset = values.iter().copied().collect();
            let (low, high) = (quantile(&set, p.min(q)).unwrap(), quantile(&set, p.max(q)).unwrap());
            prop_assert!(low <= high);
            prop_assert!(set.pairs()[0].0 <= low && high <= set.max().unwrap());
        }
    }
}
