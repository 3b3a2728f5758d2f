//! Simulated figures in short.

use tenure_stats::quantile::quantile;
use tenure_stats::{Interval, Multiset};

/// A figure in many futures: its middle, and the ranges that hold it with 80 % and 95 %.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Half of the futures lie below.
    pub median: f64,
    /// The mean over them.
    pub mean: f64,
    /// From the 10th to the 90th percentile.
    pub range80: Interval,
    /// From the 2.5th to the 97.5th percentile.
    pub range95: Interval,
}

impl Spread {
    /// Of the figure in each future, by quantiles of type 7; `None` of no future.
    pub fn of(futures: &[f64]) -> Option<Self> {
        let all: Multiset = futures.iter().copied().collect();
        let at = |p| quantile(&all, p);
        Some(Self {
            median: at(0.5)?,
            mean: all.mean()?,
            range80: Interval { low: at(0.1)?, high: at(0.9)? },
            range95: Interval { low: at(0.025)?, high: at(0.975)? },
        })
    }
}
