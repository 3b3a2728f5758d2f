//! A sum of doubles that does not depend on their order.

/// The exact sum of doubles as a few parts that do not overlap, rounded once when read (Shewchuk 1997; Python's `fsum`).
/// Sums of parts of the data merge to the very sum of the whole, whichever way it was cut.
#[derive(Debug, Clone, Default)]
pub struct ExactSum {
    parts: Vec<f64>,
    /// The sum of what is infinite or not a number.
    off_scale: f64,
}

impl ExactSum {
    /// Adds one number.
    pub fn add(&mut self, mut x: f64) {
        if !x.is_finite() {
            self.off_scale += x;
            return;
        }
        let mut kept = 0;
        for i in 0..self.parts.len() {
            let mut y = self.parts[i];
            if x.abs() < y.abs() {
                (x, y) = (y, x);
            }
            let high = x + y;
            let low = y - (high - x);
            if low != 0.0 {
                self.parts[kept] = low;
                kept += 1;
            }
            x = high;
        }
        self.parts.truncate(kept);
        self.parts.push(x);
    }

    /// Numbers whose exact sum this is, smallest first: what to hand on to merge with another sum.
    pub fn parts(&self) -> impl Iterator<Item = f64> {
        let off_scale = (self.off_scale != 0.0).then_some(self.off_scale);
        self.parts.iter().copied().chain(off_scale)
    }

    /// The sum, rounded to the nearest double.
    pub fn value(&self) -> f64 {
        if self.off_scale != 0.0 {
            return self.off_scale;
        }
        let Some((&last, mut rest)) = self.parts.split_last() else { return 0.0 };
        let (mut high, mut low) = (last, 0.0);
        while let Some((&part, before)) = rest.split_last() {
            rest = before;
            let sum = high + part;
            low = part - (sum - high);
            high = sum;
            if low != 0.0 {
                break;
            }
        }
        // A half-way case is decided by the sign of what comes after it.
        if rest.last().is_some_and(|next| (low < 0.0) == (*next < 0.0) && low != 0.0 && *next != 0.0) {
            let doubled = low * 2.0;
            let sum = high + doubled;
            if sum - high == doubled {
                high = sum;
            }
        }
        high + 0.0
    }
}

impl Extend<f64> for ExactSum {
    fn extend<I: IntoIterator<Item = f64>>(&mut self, numbers: I) {
        numbers.into_iter().for_each(|x| self.add(x));
    }
}

impl FromIterator<f64> for ExactSum {
    fn from_iter<I: IntoIterator<Item = f64>>(numbers: I) -> ExactSum {
        let mut sum = ExactSum::default();
        sum.extend(numbers);
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sum(numbers: &[f64]) -> f64 {
        numbers.iter().copied().collect::<ExactSum>().value()
    }

    #[test]
    fn it_rounds_once() {
        // Python's test_math.py, testFsum.
        assert_eq!(sum(&[]), 0.0);
        assert_eq!(sum(&[1e100, 1.0, -1e100, 1e-100, 1e50, -1.0, -1e50]), 1e-100);
        assert_eq!(sum(&[1.0, 2.0_f64.powi(-53), 2.0_f64.powi(-106)]), 1.0 + f64::EPSILON);
        assert_eq!(sum(&[0.1; 10]), 1.0);
        assert_eq!(sum(&[2.0_f64.powi(53), -0.5, -(2.0_f64.powi(-54))]), 2.0_f64.powi(53) - 1.0);
        assert_eq!(sum(&[2.0_f64.powi(53), 1.0, 2.0_f64.powi(-100)]), 2.0_f64.powi(53) + 2.0);
        assert!(sum(&[1.0, f64::INFINITY, f64::NEG_INFINITY]).is_nan());
    }

    proptest! {
        #[test]
        fn neither_order_nor_cut_matters(mut numbers in prop::collection::vec(-1e12f64..1e12, 1..50), cut in 0usize..50) {
            let whole = sum(&numbers);
            numbers.reverse();
            prop_assert_eq!(whole, sum(&numbers));
            let (left, right) = numbers.split_at(cut.min(numbers.len()));
            let mut merged: ExactSum = left.iter().copied().collect();
            merged.extend(right.iter().copied().collect::<ExactSum>().parts());
            prop_assert_eq!(whole, merged.value());
        }
    }
}
