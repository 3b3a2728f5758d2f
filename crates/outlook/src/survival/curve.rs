//! A group's curve: how many last how long.

use super::{Ending, Life, Of};
use crate::OrReason;
use std::collections::BTreeMap;
use tenure_stats::survival::TimeInterval;
use tenure_stats::{CumulativeIncidence, Interval, KaplanMeier, Multiset};

/// The months after which shares are told.
pub const HORIZONS: [u32; 5] = [1, 3, 6, 12, 24];

/// The mean length of a month, in days.
const MONTH: f64 = 365.25 / 12.0;

/// A curve: Kaplan–Meier of customers' lives, with log-log intervals; Aalen–Johansen of journeys, in which who leaves first never arrives.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Every day on which a life ended, was lost or was last seen.
    pub points: Vec<Point>,
    /// By when a quarter, a half and three quarters have ended.
    pub quartiles: [Quartile; 3],
    /// The share that has not ended after [`HORIZONS`].
    pub shares: Vec<ShareAt>,
}

/// A curve on a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Days since the start.
    pub days: f64,
    /// Lives seen just before that day and not over.
    pub at_risk: usize,
    /// Those that ended on it.
    pub ended: usize,
    /// Those lost on it.
    pub lost: usize,
    /// Those last seen on it.
    pub censored: usize,
    /// The share that has not ended by the end of that day.
    pub share: f64,
    /// The share's 95 % interval; `None` while none has ended, and once all have.
    pub interval: Option<Interval>,
}

/// The first day by which a share of lives has ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Quartile {
    /// The share that has ended.
    pub p: f64,
    /// The day, in days since the start; or why it is not known.
    pub days: OrReason<f64>,
    /// Its 95 % interval; a side that lies beyond what was seen is `None`.
    pub interval: TimeInterval,
}

/// The share that has not ended after some months.
#[derive(Debug, Clone, PartialEq)]
pub struct ShareAt {
    /// The months, of 365.25 / 12 days.
    pub months: u32,
    /// The share, or why it is not known.
    pub share: OrReason<f64>,
    /// Its 95 % interval.
    pub interval: Option<Interval>,
}

/// Either estimator, seen as the share that has not ended.
enum Estimate {
    Survival(KaplanMeier),
    Incidence(CumulativeIncidence),
}

impl Estimate {
    fn share(&self, days: f64) -> Option<f64> {
        match self {
            Self::Survival(curve) => curve.survival(days),
            Self::Incidence(curve) => curve.share(days).map(|share| 1.0 - share),
        }
    }

    fn interval(&self, days: f64) -> Option<Interval> {
        match self {
            Self::Survival(curve) => curve.survival_interval(days),
            Self::Incidence(curve) => {
                curve.share_interval(days).map(|sides| Interval { low: 1.0 - sides.high, high: 1.0 - sides.low })
            }
        }
    }

    fn quantile(&self, p: f64) -> Option<f64> {
        match self {
            Self::Survival(curve) => curve.quantile(p),
            Self::Incidence(curve) => curve.quantile(p),
        }
    }

    fn quantile_interval(&self, p: f64) -> TimeInterval {
        match self {
            Self::Survival(curve) => curve.quantile_interval(p),
            Self::Incidence(curve) => curve.quantile_interval(p),
        }
    }
}

/// The curve of some lives.
pub(super) fn curve(lives: &[&Life], of: Of) -> OrReason<Curve> {
    let estimate = match of {
        Of::Churn => {
            let seen: Vec<_> = lives.iter().map(|life| life.observation()).collect();
            Estimate::Survival(KaplanMeier::from_observations(&seen).map_err(|error| error.to_string())?)
        }
        Of::Journey(_) => {
            let days = |ending| -> Multiset {
                lives.iter().filter(|life| life.ending == ending).map(|life| life.days).collect()
            };
            let (ended, open, lost) = (days(Ending::Ended), days(Ending::Open), days(Ending::Lost));
            Estimate::Incidence(CumulativeIncidence::new(&ended, &open, &lost))
        }
    };
    let points = points(lives, &estimate);
    let last = points.last().map(|point| (point.days, point.share));
    let quartile = |p: f64| Quartile {
        p,
        days: estimate.quantile(p).ok_or_else(|| never(p, last)),
        interval: estimate.quantile_interval(p),
    };
    let share = |&months: &u32| {
        let days = f64::from(months) * MONTH;
        ShareAt {
            months,
            share: estimate.share(days).ok_or_else(|| format!("nobody was seen for {months} months yet")),
            interval: estimate.interval(days),
        }
    };
    Ok(Curve { quartiles: [0.25, 0.5, 0.75].map(quartile), shares: HORIZONS.iter().map(share).collect(), points })
}

fn points(lives: &[&Life], estimate: &Estimate) -> Vec<Point> {
    #[derive(Default)]
    struct Day {
        ended: usize,
        lost: usize,
        censored: usize,
    }
    // Days are whole and not negative: their bits sort as they do.
    let mut days: BTreeMap<u64, Day> = BTreeMap::new();
    for life in lives {
        let day = days.entry(life.days.max(0.0).to_bits()).or_default();
        match life.ending {
            Ending::Ended => day.ended += 1,
            Ending::Lost => day.lost += 1,
            Ending::Open => day.censored += 1,
        }
    }
    let mut entries: Vec<f64> = lives.iter().map(|life| life.entry.unwrap_or(f64::NEG_INFINITY)).collect();
    entries.sort_by(f64::total_cmp);
    let mut over = 0;
    let point = |(bits, day): (u64, Day)| {
        let time = f64::from_bits(bits);
        let at_risk = entries.partition_point(|entry| *entry < time) - over;
        over += day.ended + day.lost + day.censored;
        Point {
            days: time,
            at_risk,
            ended: day.ended,
            lost: day.lost,
            censored: day.censored,
            share: estimate.share(time).unwrap_or(f64::NAN),
            interval: estimate.interval(time),
        }
    };
    days.into_iter().map(point).collect()
}

fn never(p: f64, last: Option<(f64, f64)>) -> String {
    let wanted = match p {
        0.25 => "a quarter of them",
        0.5 => "half of them",
        _ => "three quarters of them",
    };
    match last {
        Some((days, share)) => {
            format!("fewer than {wanted} so far: after {days:.0} days {:.1} % have not", 100.0 * share)
        }
        None => "no lives".to_owned(),
    }
}

#[cfg(test)]
#[path = "curve/tests.rs"]
mod tests;
