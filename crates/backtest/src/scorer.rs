//! What is to be judged: a score a row.

use crate::error::BacktestError;
use crate::panel::{Panel, check_names};
use serde::Serialize;

/// The name under which the logistic churn model is judged.
pub const MODEL: &str = "churn model";
/// The name under which the churn model of boosted trees is judged.
pub const TREES: &str = "boosted trees";

/// What a score is called at a glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Colour {
    /// In danger.
    Red,
    /// To be watched.
    Amber,
    /// Well.
    Green,
}

impl Colour {
    /// All of them, worst first.
    pub const ALL: [Colour; 3] = [Colour::Red, Colour::Amber, Colour::Green];
}

/// A named column of scores, one a row of the panel in the panel's order: a scorecard's, a signal alone, or noise.
#[derive(Debug, Clone, PartialEq)]
pub struct Scorer {
    /// Its name.
    pub name: String,
    /// Higher is healthier; `None` where there is no score.
    pub scores: Vec<Option<f64>>,
    /// The scores' colours, where the scorer has colours at all.
    pub colours: Option<Vec<Option<Colour>>>,
}

/// Scorers fit the panel, and each has a name of its own.
pub(crate) fn check(scorers: &[Scorer], panel: &Panel) -> Result<(), BacktestError> {
    check_names("scorer", scorers.iter().map(|scorer| scorer.name.as_str()))?;
    let wanted = panel.rows().len();
    for scorer in scorers {
        if [MODEL, TREES].contains(&scorer.name.as_str()) {
            return Err(BacktestError::Reserved(scorer.name.clone()));
        }
        let colours = scorer.colours.as_ref().map_or(wanted, Vec::len);
        for (what, found) in [("scores", scorer.scores.len()), ("colours", colours)] {
            if found != wanted {
                return Err(BacktestError::Length { scorer: scorer.name.clone(), what, found, wanted });
            }
        }
        let odd = scorer.scores.iter().position(|score| score.is_some_and(|score| !score.is_finite()));
        if let Some(row) = odd.map(|row| &panel.rows()[row]) {
            let (account, name) = (row.account.clone(), scorer.name.clone());
            return Err(BacktestError::NotFinite { account, day: row.day, name });
        }
    }
    Ok(())
}
