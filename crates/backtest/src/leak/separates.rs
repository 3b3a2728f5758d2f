//! Whether a signal alone tells who leaves.

use super::{Cases, IMPOSSIBLE, Known, accounts, chance};
use serde::Serialize;
use tenure_stats::Multiset;
use tenure_stats::evaluation::auc;
use tenure_stats::quantile::quantile;

/// From this area on, a signal alone is too good.
const TOO_GOOD: f64 = 0.95;
/// Accounts that must have left, and stayed, for that.
const LEAST: usize = 10;
/// Rows, and accounts, of a bin.
const LEAST_IN_BIN: usize = 30;
/// Up to so many distinct values each is a bin; of more, so many bins hold about equally many rows.
const BINS: usize = 20;

/// A signal that alone tells who leaves.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TooGood {
    /// The signal.
    pub signal: String,
    /// How well it ranks who leaves, either way round; `None` where too few left or stayed.
    pub auc: Option<f64>,
    /// Whether that alone is too good.
    pub separates: bool,
    /// Bins in which everybody left, or nobody did, from the lowest up.
    pub bins: Vec<SureBin>,
    /// Rows with a value.
    pub rows: usize,
}

/// Values of a signal with which everybody left, or nobody did.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SureBin {
    /// The least value in it.
    pub from: f64,
    /// The largest value in it.
    pub to: f64,
    /// Whether everybody left; else nobody did.
    pub everybody_left: bool,
    /// Its rows.
    pub rows: usize,
    /// Its accounts.
    pub accounts: usize,
    /// How likely that is by chance, at the rate of all rows and a trial an account.
    pub p: f64,
}

pub(super) fn too_good(cases: &Cases, signal: usize, name: &str) -> Option<TooGood> {
    let rate = cases.rate?;
    let mut known = cases.known(signal);
    let auc = area(&known);
    let separates = auc.is_some_and(|auc| auc >= TOO_GOOD);
    known.sort_by(|a, b| a.value.total_cmp(&b.value));
    let bins: Vec<SureBin> = binned(&known).filter_map(|bin| sure(rate, bin)).collect();
    let rows = known.len();
    (separates || !bins.is_empty()).then(|| TooGood { signal: name.to_owned(), auc, separates, bins, rows })
}

fn area(known: &[Known]) -> Option<f64> {
    let of = |left: bool| accounts(known.iter().filter(|row| row.left == left));
    if of(true) < LEAST || of(false) < LEAST {
        return None;
    }
    let (outcomes, values): (Vec<bool>, Vec<f64>) = known.iter().map(|row| (row.left, row.value)).unzip();
    let area = auc(&outcomes, &values).ok()?;
    Some(area.max(1.0 - area))
}

/// Neighbouring rows of a bin, from the lowest value up. Equal values are never parted.
fn binned(known: &[Known]) -> impl Iterator<Item = &[Known]> {
    let values: Multiset = known.iter().map(|row| row.value).collect();
    let cuts: Vec<f64> = if values.pairs().len() <= BINS {
        values.pairs().iter().map(|pair| pair.0).collect()
    } else {
        (1..=BINS).filter_map(|i| quantile(&values, i as f64 / BINS as f64)).collect()
    };
    let place = move |row: &Known| cuts.partition_point(|&cut| cut < row.value);
    known.chunk_by(move |a, b| place(a) == place(b))
}

fn sure(rate: f64, bin: &[Known]) -> Option<SureBin> {
    let (first, last) = (bin.first()?, bin.last()?);
    let everybody_left = first.left;
    if bin.len() < LEAST_IN_BIN || bin.iter().any(|row| row.left != everybody_left) {
        return None;
    }
    let accounts = accounts(bin.iter());
    let p = chance(rate, everybody_left, accounts);
    (accounts >= LEAST_IN_BIN && p < IMPOSSIBLE).then_some(SureBin {
        from: first.value,
        to: last.value,
        everybody_left,
        rows: bin.len(),
        accounts,
        p,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of one value each: value, whether they left, how many, of how many accounts.
    fn rows(groups: &[(f64, bool, usize, usize)]) -> Vec<Known> {
        let mut first = 0;
        let mut rows = Vec::new();
        for &(value, left, count, accounts) in groups {
            rows.extend((0..count).map(|i| Known { value, left, account: first + i % accounts }));
            first += accounts;
        }
        rows
    }

    #[test]
    fn what_chance_can_do_is_no_leak() {
        let all_left = rows(&[(1.0, true, 40, 40)]);
        assert!(sure(0.5, &all_left).is_some(), "0.5^40 is 9e-13");
        assert_eq!(sure(0.6, &all_left), None, "0.6^40 is 1e-9 and more");
        let none_left = rows(&[(1.0, false, 400, 400)]);
        assert_eq!(sure(0.05, &none_left), None, "0.95^400 is 1e-9 and more");
        assert!(!sure(0.06, &none_left).unwrap().everybody_left);
        assert_eq!(sure(0.5, &rows(&[(1.0, true, 39, 39), (1.0, false, 1, 1)])), None, "one stayed");
    }

    #[test]
    fn a_few_accounts_seen_often_are_few() {
        assert_eq!(sure(0.1, &rows(&[(1.0, true, 400, 29)])), None);
        assert_eq!(sure(0.1, &rows(&[(1.0, true, 29, 29)])), None);
        assert_eq!(sure(0.1, &rows(&[(1.0, true, 400, 30)])).unwrap().accounts, 30);
        assert_eq!(area(&rows(&[(1.0, true, 90, 9), (2.0, false, 90, 90)])), None);
        assert_eq!(area(&rows(&[(1.0, true, 90, 10), (2.0, false, 90, 10)])), Some(1.0));
    }

    #[test]
    fn equal_values_share_a_bin() {
        let groups: Vec<(f64, bool, usize, usize)> =
            (0..50).map(|i| (f64::from(i), i % 2 == 0, 1 + i as usize % 7, 1)).collect();
        let known = rows(&groups);
        let bins: Vec<(f64, f64)> = binned(&known).map(|bin| (bin[0].value, bin[bin.len() - 1].value)).collect();
        assert!(bins.len() <= BINS && bins.windows(2).all(|pair| pair[0].1 < pair[1].0), "{bins:?}");
        assert_eq!(binned(&rows(&[(1.0, true, 9, 9), (2.0, true, 1, 1)])).count(), 2);
    }
}
