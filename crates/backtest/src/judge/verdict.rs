//! What to think of a scorer.

use super::Difference;
use crate::number::Estimate;
use serde::Serialize;

/// What to think of a scorer: the words are made in [`crate::words`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// Against a coin.
    pub against_chance: AgainstChance,
    /// Against the baseline; `None` without one, and of the baseline itself.
    pub against_baseline: Option<AgainstBaseline>,
}

/// A scorer against chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AgainstChance {
    /// The interval of its area lies above one half.
    Better,
    /// The interval includes one half.
    NoBetter,
    /// The interval lies below one half: the score ranks the wrong way round.
    WrongWayRound,
    /// All who left were scored below all who stayed, or the other way round: there is no interval.
    NoInterval,
}

/// A scorer against the baseline.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgainstBaseline {
    /// The baseline.
    pub baseline: String,
    /// How it stands.
    pub standing: Standing,
    /// Its area less the baseline's.
    pub auc: Estimate,
}

/// How two scorers stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// The interval of the difference lies above zero.
    Better,
    /// It includes zero.
    NotShown,
    /// It lies below zero.
    Worse,
}

impl Standing {
    /// By the interval of a difference.
    pub fn of(difference: Estimate) -> Standing {
        match (difference.low, difference.high) {
            (Some(low), _) if low > 0.0 => Standing::Better,
            (_, Some(high)) if high < 0.0 => Standing::Worse,
            _ => Standing::NotShown,
        }
    }
}

impl AgainstBaseline {
    /// How a scorer stands to the baseline, by the difference of the two, whichever of them comes first; `None` of the baseline.
    pub(super) fn among(differences: &[Difference], scorer: &str, baseline: &str) -> Option<AgainstBaseline> {
        let auc = differences.iter().find_map(|difference| match (&*difference.first, &*difference.second) {
            (first, second) if first == scorer && second == baseline => Some(difference.auc),
            (first, second) if first == baseline && second == scorer => Some(difference.auc.turned()),
            _ => None,
        })?;
        Some(AgainstBaseline { baseline: baseline.to_owned(), standing: Standing::of(auc), auc })
    }
}

impl Verdict {
    pub(super) fn of(auc: Estimate, against_baseline: Option<AgainstBaseline>) -> Verdict {
        let against_chance = match (auc.low, auc.high) {
            (Some(low), _) if low > 0.5 => AgainstChance::Better,
            (_, Some(high)) if high < 0.5 => AgainstChance::WrongWayRound,
            (Some(_), Some(_)) => AgainstChance::NoBetter,
            _ => AgainstChance::NoInterval,
        };
        Verdict { against_chance, against_baseline }
    }
}
