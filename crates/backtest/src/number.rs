//! Numbers with what they rest on.

use serde::Serialize;
use tenure_stats::Interval;
use tenure_stats::interval::wilson;

/// A number and its interval of 95 %.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// The number.
    pub value: f64,
    /// The lower limit; `None` where the data give no interval.
    pub low: Option<f64>,
    /// The upper limit; `None` where the data give no interval.
    pub high: Option<f64>,
}

impl Estimate {
    pub(crate) fn new(value: f64, interval: Option<Interval>) -> Estimate {
        Estimate { value, low: interval.map(|i| i.low), high: interval.map(|i| i.high) }
    }

    /// The same of the difference the other way round.
    pub(crate) fn turned(self) -> Estimate {
        Estimate { value: -self.value, low: self.high.map(|x| -x), high: self.low.map(|x| -x) }
    }
}

/// So many of so many, with Wilson's interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Share {
    /// How many.
    pub count: u64,
    /// Of how many.
    pub of: u64,
    /// The share; `None` of none.
    pub share: Option<f64>,
    /// The lower limit of 95 %.
    pub low: Option<f64>,
    /// The upper limit of 95 %.
    pub high: Option<f64>,
}

impl Share {
    /// A share of cases that are independent: accounts.
    pub(crate) fn of_accounts(count: u64, of: u64) -> Share {
        Share::with(count, of, of as f64)
    }

    /// A share of rows, whose interval knows that an account's rows are not independent: Wilson's with the effective number of
    /// rows `n / d`, where `d` is the variance of the share by accounts over that of independent rows, at least 1 (Kish 1965; Korn
    /// and Graubard 1998). Where all rows are alike the variance is no guide, and accounts are counted.
    ///
    /// `accounts` holds rows and those that count, an entry an account.
    pub(crate) fn of_rows(accounts: impl Iterator<Item = (u64, u64)> + Clone) -> Share {
        let (mut clusters, mut rows, mut count) = (0u64, 0u64, 0u64);
        for (n, k) in accounts.clone() {
            clusters += 1;
            rows += n;
            count += k;
        }
        let (n, p) = (rows as f64, count as f64 / rows as f64);
        if count == 0 || count == rows || clusters < 2 {
            return Share::with(count, rows, clusters as f64);
        }
        let squares: f64 = accounts.map(|(n, k)| (k as f64 - p * n as f64).powi(2)).sum();
        let c = clusters as f64;
        let inflation = (c / (c - 1.0) * squares / n / (p * (1.0 - p))).max(1.0);
        Share::with(count, rows, n / inflation)
    }

    fn with(count: u64, of: u64, effective: f64) -> Share {
        let share = (of > 0).then(|| count as f64 / of as f64);
        let interval = share.and_then(|share| wilson(share * effective, effective));
        Share { count, of, share, low: interval.map(|i| i.low), high: interval.map(|i| i.high) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_an_account_is_wilson_s() {
        let once = Share::of_rows((0..40).map(|i| (1, u64::from(i < 10))));
        let plain = Share::of_accounts(10, 40);
        // The correction for accounts, 40/39, is all that differs.
        assert!((once.low.unwrap() - plain.low.unwrap()).abs() < 3e-3);
        assert_eq!((once.count, once.of, once.share), (10, 40, Some(0.25)));
    }

    #[test]
    fn rows_seen_again_do_not_narrow_the_interval() {
        let once = Share::of_rows((0..40).map(|i| (1, u64::from(i < 10))));
        let often = Share::of_rows((0..40).map(|i| (12, if i < 10 { 12 } else { 0 })));
        assert!((once.low.unwrap() - often.low.unwrap()).abs() < 1e-12);
        let none = Share::of_rows((0..40).map(|_| (12, 0)));
        assert_eq!(none.high, Share::of_accounts(0, 40).high);
    }

    #[test]
    fn a_share_of_none_is_none() {
        let empty = Share::of_rows(std::iter::empty());
        assert_eq!((empty.share, empty.low, Share::of_accounts(0, 0).high), (None, None, None));
    }
}
