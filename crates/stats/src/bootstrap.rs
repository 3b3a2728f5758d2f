//! A small seeded generator for resampling, so that an interval by bootstrap has the same bytes every time.

/// SplitMix64 (Steele, Lea and Flood 2014): 64 bits of state, equidistributed, the same on every machine. Not for secrets.
#[derive(Debug, Clone)]
pub struct SplitMix64(u64);

impl SplitMix64 {
    /// A generator that always gives the same numbers from the same seed.
    pub fn new(seed: u64) -> SplitMix64 {
        SplitMix64(seed)
    }

    /// The next 64 bits.
    pub fn next_bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 to `n − 1`, by Lemire's multiplication; its bias is at most `n / 2⁶⁴`.
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next_bits()) * n as u128) >> 64) as usize
    }

    /// A number from 0 up to, but not including, 1, of 53 bits.
    pub fn unit(&mut self) -> f64 {
        (self.next_bits() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// How often each of `n` cases is drawn in `n` draws with replacement.
    pub fn resample(&mut self, counts: &mut [u32]) {
        counts.fill(0);
        for _ in 0..counts.len() {
            let drawn = self.below(counts.len());
            counts[drawn] += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_gives_the_published_numbers() {
        // The reference C code's first outputs from seed 1234567.
        let mut generator = SplitMix64::new(1_234_567);
        let found = [generator.next_bits(), generator.next_bits(), generator.next_bits()];
        assert_eq!(found, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn a_resample_draws_as_many_as_there_are() {
        let mut counts = [7u32; 50];
        SplitMix64::new(1).resample(&mut counts);
        assert_eq!(counts.iter().sum::<u32>(), 50);
        assert!(counts.contains(&0) && counts.iter().any(|&count| count > 1));
        SplitMix64::new(1).resample(&mut []);
    }
}
