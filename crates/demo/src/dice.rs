//! Chance, seeded. Each part of the simulation throws its own dice, so that a change in one leaves the others as they were.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A stream of chance.
#[derive(Debug, Clone)]
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream called `name`, number `id`, of a seed.
    pub fn new(seed: u64, name: &str, id: u64) -> Self {
        // FNV-1a: the standard hasher may change between releases, and with it every demo company.
        let hash = name
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
        let mut rng = ChaCha8Rng::seed_from_u64(seed ^ hash);
        rng.set_stream(id);
        Self(rng)
    }

    /// Uniform in `[0, 1)`.
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// True with probability `p`.
    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// Uniform in `low..=high`.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        if high <= low {
            return low;
        }
        low + (self.unit() * (high - low + 1) as f64) as i64
    }

    /// Uniform in `0..n`; 0 of nothing.
    pub fn below(&mut self, n: usize) -> usize {
        ((self.unit() * n as f64) as usize).min(n.saturating_sub(1))
    }

    /// One of several.
    pub fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    /// An index, by weight.
    pub fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        for (index, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return index;
            }
        }
        weights.len().saturating_sub(1)
    }

    /// Standard normal (Box–Muller).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// Log-normal with this median.
    pub fn around(&mut self, median: f64, sigma: f64) -> f64 {
        median * (sigma * self.normal()).exp()
    }

    /// Poisson: by multiplication, in slices so that a large mean does not underflow.
    pub fn poisson(&mut self, mean: f64) -> u64 {
        let mut left = mean;
        let mut count = 0;
        while left > 0.0 {
            let floor = (-left.min(30.0)).exp();
            let mut product = self.unit();
            while product > floor {
                count += 1;
                product *= self.unit();
            }
            left -= 30.0;
        }
        count
    }

    /// Puts a list into random order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_repeat_and_differ() {
        let throw = |name, id| Dice::new(7, name, id).unit();
        assert_eq!(throw("a", 0), throw("a", 0));
        assert_ne!(throw("a", 0), throw("a", 1));
        assert_ne!(throw("a", 0), throw("b", 0));
    }

    #[test]
    fn means_are_right() {
        let mut dice = Dice::new(1, "means", 0);
        let n = 20_000;
        let poisson: u64 = (0..n).map(|_| dice.poisson(45.0)).sum();
        assert!((poisson as f64 / f64::from(n) - 45.0).abs() < 0.3);
        let normal: f64 = (0..n).map(|_| dice.normal()).sum();
        assert!((normal / f64::from(n)).abs() < 0.03);
    }
}
