//! Sets of keys in bounded memory.
//!
//! A key is held as a hash of 64 bits. A set that grows too large keeps only the hashes with so many zero bits in one place, which are
//! the same keys in every set: what is counted among them is then multiplied.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, DefaultHasher, Hasher};

/// The hash of a key, the same in every run.
pub(super) fn hash(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(key.as_bytes());
    hasher.finish()
}

/// A hash is hashed already.
#[derive(Default)]
pub(super) struct Ready(u64);

impl Hasher for Ready {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

type BuildReady = BuildHasherDefault<Ready>;

/// Which keys a set speaks for: those whose hash has so many zero bits in one place.
fn speaks_for(bits: u32, hash: u64) -> bool {
    // A hash table uses the lowest and the highest bits.
    bits == 0 || (hash >> 32).trailing_zeros() >= bits
}

/// Keys that are known.
#[derive(Debug)]
pub(super) struct Known {
    hashes: HashSet<u64, BuildReady>,
    pub bits: u32,
    limit: usize,
}

impl Known {
    pub fn holding(limit: usize) -> Self {
        Known { hashes: HashSet::default(), bits: 0, limit }
    }

    pub fn insert(&mut self, hash: u64) {
        if !speaks_for(self.bits, hash) || !self.hashes.insert(hash) {
            return;
        }
        while self.hashes.len() > self.limit {
            self.bits += 1;
            let bits = self.bits;
            self.hashes.retain(|hash| speaks_for(bits, *hash));
        }
    }

    /// Whether a key is known, as far as this set speaks for it.
    pub fn lacks(&self, hash: u64) -> bool {
        speaks_for(self.bits, hash) && !self.hashes.contains(&hash)
    }
}

/// Keys that are named and not known yet, each with how many rows name it.
#[derive(Debug)]
pub(super) struct Named {
    rows: HashMap<u64, (u64, Option<String>), BuildReady>,
    bits: u32,
    limit: usize,
}

impl Named {
    pub fn holding(limit: usize) -> Self {
        Named { rows: HashMap::default(), bits: 0, limit }
    }

    /// Counts a row that names a key; the key is given where this row may show it.
    pub fn add(&mut self, hash: u64, key: Option<&str>) {
        if !speaks_for(self.bits, hash) {
            return;
        }
        let (rows, shown) = self.rows.entry(hash).or_default();
        *rows += 1;
        if shown.is_none() {
            *shown = key.map(str::to_owned);
        }
        while self.rows.len() > self.limit {
            self.bits += 1;
            let bits = self.bits;
            self.rows.retain(|hash, _| speaks_for(bits, *hash));
        }
    }

    /// Rows and distinct keys that are not known, whether these are estimates, and the first keys in order that may be shown.
    pub fn unknown(&self, known: &Known, examples: usize) -> Unknown {
        let bits = self.bits.max(known.bits);
        let mut keys: Vec<&(u64, Option<String>)> = self
            .rows
            .iter()
            .filter(|(hash, _)| speaks_for(bits, **hash) && known.lacks(**hash))
            .map(|(_, named)| named)
            .collect();
        keys.sort_by(|a, b| a.1.cmp(&b.1));
        let times = 1u64 << bits.min(63);
        Unknown {
            rows: keys.iter().map(|(rows, _)| rows).sum::<u64>() * times,
            keys: keys.len() as u64 * times,
            estimated: bits > 0,
            examples: keys.into_iter().filter_map(|(_, key)| key.clone()).take(examples).collect(),
        }
    }
}

/// What is named and not known.
pub(super) struct Unknown {
    pub rows: u64,
    pub keys: u64,
    pub estimated: bool,
    pub examples: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sets(known_limit: usize, named_limit: usize) -> (Known, Named) {
        let (mut known, mut named) = (Known::holding(known_limit), Named::holding(named_limit));
        for key in 0..20_000 {
            let key = key.to_string();
            if key.len() < 5 {
                known.insert(hash(&key));
            }
        }
        for key in 0..20_000 {
            let key = key.to_string();
            if known.lacks(hash(&key)) {
                named.add(hash(&key), Some(&key));
            }
        }
        (known, named)
    }

    #[test]
    fn small_sets_are_exact() {
        let (known, named) = sets(1 << 20, 1 << 20);
        let unknown = named.unknown(&known, 2);
        assert_eq!((unknown.rows, unknown.keys, unknown.estimated), (10_000, 10_000, false));
        assert_eq!(unknown.examples, ["10000", "10001"]);
    }

    #[test]
    fn large_sets_estimate() {
        let (known, named) = sets(1_000, 500);
        let unknown = named.unknown(&known, 2);
        assert!(unknown.estimated);
        assert!((7_000..13_000).contains(&unknown.keys), "{}", unknown.keys);
    }
}
