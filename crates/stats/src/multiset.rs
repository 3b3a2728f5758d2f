//! A multiset: each value with how often it occurs. The mergeable state behind exact quantiles and survival curves.

/// Values and their counts, sorted by value, each value once, each count above zero.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Multiset(Vec<(f64, u64)>);

impl Multiset {
    /// From pairs in any order, values repeated or not. What is not a number or counts zero is left out.
    pub fn from_counts(pairs: impl IntoIterator<Item = (f64, u64)>) -> Multiset {
        let mut pairs: Vec<(f64, u64)> = pairs
            .into_iter()
            .filter(|&(value, count)| !value.is_nan() && count > 0)
            .map(|(value, count)| (value + 0.0, count)) // −0 and 0 are one value
            .collect();
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        pairs.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
        Multiset(pairs)
    }

    /// The pairs of value and count, smallest value first.
    pub fn pairs(&self) -> &[(f64, u64)] {
        &self.0
    }

    /// How many values there are, repeated ones counted each time.
    pub fn count(&self) -> u64 {
        self.0.iter().map(|pair| pair.1).sum()
    }

    /// Whether there is no value at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The largest value.
    pub fn max(&self) -> Option<f64> {
        self.0.last().map(|pair| pair.0)
    }

    /// The mean of the values; `None` of none.
    pub fn mean(&self) -> Option<f64> {
        let n = self.count();
        (n > 0).then(|| self.0.iter().map(|&(value, count)| value * count as f64).sum::<f64>() / n as f64)
    }
}

impl FromIterator<f64> for Multiset {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Multiset {
        Multiset::from_counts(values.into_iter().map(|value| (value, 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn counts_are_merged_by_value() {
        let set = Multiset::from_counts([(2.0, 1), (0.0, 3), (2.0, 4), (-0.0, 1), (f64::NAN, 9), (7.0, 0)]);
        assert_eq!(set.pairs(), [(0.0, 4), (2.0, 5)]);
        assert_eq!((set.count(), set.max(), set.mean()), (9, Some(2.0), Some(10.0 / 9.0)));
    }

    #[test]
    fn of_nothing_there_is_no_mean() {
        let none = Multiset::default();
        assert!(none.is_empty());
        assert_eq!((none.count(), none.max(), none.mean()), (0, None, None));
    }

    proptest! {
        #[test]
        fn order_does_not_matter(mut values in prop::collection::vec(-1e3f64..1e3, 0..40)) {
            let forward: Multiset = values.iter().copied().collect();
            values.reverse();
            prop_assert_eq!(forward, values.into_iter().collect::<Multiset>());
        }
    }
}
