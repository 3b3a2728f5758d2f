//! From a signal's value to points.

use crate::exact::{FULL, rounded, share};
use rust_decimal::Decimal;
use serde::Deserialize;

/// How a value becomes points, 0 (worst) to 100 (best); under the formula `points`, points to add or take away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scale {
    /// The points of the band that holds the value. Bands cover every value once.
    Bands(Vec<Band>),
    /// In a straight line from the lowest points at `from` to the highest at `to`; beyond them it is held. `from` may be above `to`.
    Ramp {
        /// The value that is worst.
        from: Decimal,
        /// The value that is best.
        to: Decimal,
        /// Points at `from` and at `to`.
        points: (Decimal, Decimal),
    },
    /// The percentile rank among the accounts scored that day: the share of the others below, ties half.
    Percentile {
        /// Among the accounts with the same value of this attribute; all, if `None`.
        within: Option<String>,
        /// Which end is better.
        better: Better,
    },
}

/// Values from `from` (included) to `to` (not included).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band {
    /// The lowest value in it; `None`: no limit.
    pub from: Option<Decimal>,
    /// The lowest value above it; `None`: no limit.
    pub to: Option<Decimal>,
    /// What a value in it is worth.
    pub points: Decimal,
}

impl Band {
    fn holds(&self, value: Decimal) -> bool {
        self.from.is_none_or(|from| from <= value) && self.to.is_none_or(|to| value < to)
    }
}

/// Which direction is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Better {
    /// More is better.
    Up,
    /// Less is better.
    Down,
}

impl Scale {
    /// The points of a value. `rank` is its percentile rank, 0 to 100, which only a percentile scale reads; none without it.
    pub fn points(&self, value: Decimal, rank: Option<Decimal>) -> Option<Decimal> {
        match self {
            Self::Bands(bands) => bands.iter().find(|band| band.holds(value)).map(|band| band.points),
            Self::Ramp { from, to, points: (worst, best) } => {
                let way = share(value - *from, *to - *from).clamp(Decimal::ZERO, Decimal::ONE);
                Some(rounded(*worst + (*best - *worst) * way))
            }
            Self::Percentile { better, .. } => rank.map(|rank| {
                let rank = rounded(rank.clamp(Decimal::ZERO, FULL));
                if *better == Better::Up { rank } else { FULL - rank }
            }),
        }
    }

    /// The lowest points it can give.
    pub fn lowest(&self) -> Decimal {
        match self {
            Self::Bands(bands) => bands.iter().map(|band| band.points).min().unwrap_or_default(),
            Self::Ramp { points: (worst, best), .. } => (*worst).min(*best),
            Self::Percentile { .. } => Decimal::ZERO,
        }
    }

    /// The highest points it can give.
    pub fn highest(&self) -> Decimal {
        match self {
            Self::Bands(bands) => bands.iter().map(|band| band.points).max().unwrap_or_default(),
            Self::Ramp { points: (worst, best), .. } => (*worst).max(*best),
            Self::Percentile { .. } => FULL,
        }
    }
}

/// Percentile ranks of values, 0 to 100 with six places: `(below + (equal − 1) / 2) / (n − 1)`; 50 for one alone.
pub(crate) fn percentile_ranks(values: &[Decimal]) -> Vec<Decimal> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let others = Decimal::from(values.len().saturating_sub(1));
    let rank = |value: &Decimal| {
        let below = sorted.partition_point(|other| other < value);
        let through = sorted.partition_point(|other| other <= value);
        let halves = Decimal::from(below) + Decimal::from(through - below - 1) / Decimal::TWO;
        if others.is_zero() { FULL / Decimal::TWO } else { rounded(FULL * halves / others) }
    };
    values.iter().map(rank).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(values: &[i64]) -> Vec<Decimal> {
        values.iter().map(|value| Decimal::from(*value)).collect()
    }

    #[test]
    fn a_band_holds_its_lower_edge_and_not_its_upper_one() {
        let band = |from: Option<i64>, to: Option<i64>, points: i64| Band {
            from: from.map(Decimal::from),
            to: to.map(Decimal::from),
            points: Decimal::from(points),
        };
        let scale = Scale::Bands(vec![band(None, Some(5), 100), band(Some(5), None, 0)]);
        assert_eq!(scale.points(Decimal::from(4), None), Some(FULL));
        assert_eq!(scale.points(Decimal::from(5), None), Some(Decimal::ZERO));
    }

    #[test]
    fn a_ramp_may_fall_and_is_held_beyond_its_ends() {
        let scale = Scale::Ramp { from: Decimal::from(30), to: Decimal::ZERO, points: (Decimal::ZERO, FULL) };
        let points = |value: i64| scale.points(Decimal::from(value), None).unwrap();
        assert_eq!(
            [points(-5), points(0), points(15), points(30), points(99)],
            [FULL, FULL, Decimal::from(50), Decimal::ZERO, Decimal::ZERO]
        );
    }

    #[test]
    fn ties_share_a_rank_and_one_alone_is_in_the_middle() {
        assert_eq!(
            percentile_ranks(&numbers(&[1, 2, 2, 4, 9])),
            numbers(&[0, 37, 37, 75, 100])
                .iter()
                .map(|rank| if *rank == Decimal::from(37) { "37.5".parse().unwrap() } else { *rank })
                .collect::<Vec<_>>()
        );
        assert_eq!(percentile_ranks(&numbers(&[7])), numbers(&[50]));
    }
}
