//! What happened to the company as a whole: the dates the rest of the simulation bends around.

use crate::calendar::{Calendar, Day};

/// The company's own history.
#[derive(Debug, Clone)]
pub(crate) struct Story {
    /// First month of the bad quarter: an outage, a price rise, slow support.
    pub bad_from: usize,
    /// First month of the quarter that recovers.
    pub recovery_from: usize,
    /// First month after it.
    pub recovery_to: usize,
    /// The day list prices rose.
    pub price_rise: Day,
    /// By how much.
    pub price_rise_factor: f64,
    /// First day of the two on which usage tracking was down.
    pub outage: Day,
    /// The day one CSM's book went to another, in the middle of a quarter.
    pub handover: Day,
    /// The day the second version of the effort survey replaced the first.
    pub effort_v2: Day,
}

impl Story {
    /// The story of a calendar: the bad quarter stands four sevenths in, which is the first of 2025 by default.
    pub fn new(calendar: &Calendar) -> Self {
        let bad_from = calendar.months() * 4 / 7;
        Self {
            bad_from,
            recovery_from: bad_from + 3,
            recovery_to: bad_from + 6,
            price_rise: calendar.first(bad_from + 1),
            price_rise_factor: 1.06,
            outage: calendar.first(bad_from + 2) + 10,
            handover: calendar.first(calendar.months() - 8) + 13,
            effort_v2: calendar.first(bad_from),
        }
    }

    /// Whether a month belongs to the bad quarter.
    pub fn is_bad(&self, month: usize) -> bool {
        (self.bad_from..self.recovery_from).contains(&month)
    }

    /// Whether a month belongs to the recovering quarter.
    pub fn is_recovering(&self, month: usize) -> bool {
        (self.recovery_from..self.recovery_to).contains(&month)
    }

    /// Whether usage was not tracked on a day.
    pub fn is_outage(&self, day: Day) -> bool {
        (self.outage..self.outage + 2).contains(&day)
    }

    /// How the month pushes every customer's mood.
    pub fn push(&self, month: usize) -> f64 {
        match () {
            () if self.is_bad(month) => -0.33,
            () if self.is_recovering(month) => 0.22,
            () => 0.0,
        }
    }

    /// How much more likely the month makes leaving.
    pub fn leaving(&self, month: usize) -> f64 {
        match () {
            () if self.is_bad(month) => 1.9,
            () if self.is_recovering(month) => 0.75,
            () => 1.0,
        }
    }

    /// How much longer support takes to answer.
    pub fn slowness(&self, month: usize) -> f64 {
        match () {
            () if self.is_bad(month) => 2.3,
            () if self.is_recovering(month) => 1.2,
            () => 1.0,
        }
    }
}
