//! By how much what an account was hastens its end: a Cox model over attributes at the start.

use super::{Ending, Life};
use crate::OrReason;
use std::collections::{BTreeMap, BTreeSet};
use tenure_stats::regression::{Coefficient, Features, ModelError};
use tenure_stats::survival::concordance;
use tenure_stats::survival::cox::{Cox, Options};
use tenure_stats::{ChiSquared, Interval};

/// With fewer ends a coefficient its interval is not to be trusted (Peduzzi and others 1995).
pub const ENDS_A_COEFFICIENT: usize = 10;

/// A fitted model (Cox 1972; ties by Efron 1977). Of journeys: the hazard of arriving among those who have not left.
#[derive(Debug, Clone, PartialEq)]
pub struct Hazards {
    /// A ratio a level other than the commonest.
    pub ratios: Vec<Ratio>,
    /// Attribute and commonest level, that the others are held against.
    pub references: Vec<(String, Option<String>)>,
    /// Levels that no model can place.
    pub left_out: Vec<LeftOut>,
    /// Lives that the model saw.
    pub lives: usize,
    /// Ends among them.
    pub ends: usize,
    /// Harrell's concordance: ½ is chance, 1 a perfect order.
    pub concordance: OrReason<f64>,
    /// Whether the attributes together say anything: the likelihood ratio test.
    pub test: Option<ChiSquared>,
}

impl Hazards {
    /// Whether there are too few ends for so many levels.
    pub fn is_thin(&self) -> bool {
        self.ends < ENDS_A_COEFFICIENT * self.ratios.len()
    }
}

/// How much sooner the end comes at one level.
#[derive(Debug, Clone, PartialEq)]
pub struct Ratio {
    /// The attribute.
    pub attribute: String,
    /// Its level; `None`: accounts without one.
    pub level: Option<String>,
    /// Lives at that level.
    pub lives: usize,
    /// Ends among them.
    pub ends: usize,
    /// The hazard over that of the commonest level: above 1 ends come sooner.
    pub ratio: f64,
    /// Its 95 % interval (Wald, on the log scale).
    pub interval: Option<Interval>,
    /// Wald's two-sided p.
    pub p: f64,
}

/// A level at which nothing ended: its hazard has no finite estimate, and its lives are not in the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The attribute.
    pub attribute: String,
    /// The level.
    pub level: Option<String>,
    /// Lives at it.
    pub lives: usize,
}

type Level = Option<String>;

/// Fits the model. `values` are the levels of each life, in the order of `names`.
pub(super) fn hazards(lives: &[Life], names: &[String], values: &[&[Level]]) -> OrReason<Hazards> {
    let mut rows: Vec<usize> = (0..lives.len()).collect();
    let left_out = without_ends(&mut rows, lives, names, values);
    let mut references = Vec::new();
    let mut dummies: Vec<(usize, Level)> = Vec::new();
    for (place, name) in names.iter().enumerate() {
        let counts = levels(&rows, lives, place, values);
        // Of levels as common as each other the first by name.
        let Some(commonest) = counts.iter().rev().max_by_key(|(_, (lives, _))| *lives) else {
            return Err("nothing has ended yet".to_owned());
        };
        if counts.len() < 2 {
            return Err(format!("{name} has one level only among lives that could end"));
        }
        let reference = commonest.0.clone();
        dummies.extend(counts.keys().filter(|level| **level != reference).map(|level| (place, level.clone())));
        references.push((name.clone(), reference));
    }
    let mut features = Features::new(dummies.iter().map(|(place, level)| told(&names[*place], level)));
    for &row in &rows {
        let is = |(place, level): &(usize, Level)| f64::from(u8::from(values[row][*place] == *level));
        features.push(&dummies.iter().map(is).collect::<Vec<_>>()).map_err(|error| error.to_string())?;
    }
    let seen: Vec<_> = rows.iter().map(|&row| lives[row].observation()).collect();
    let model = Cox::fit(&seen, &features, Options::default()).map_err(|error| refused(&error))?;
    let risk: Vec<f64> = (0..features.len())
        .map(|row| model.log_hazard_ratio(features.row(row).unwrap_or_default()))
        .collect::<Result<_, _>>()
        .map_err(|error| error.to_string())?;
    let ratio = |((place, level), coefficient): (&(usize, Level), &Coefficient)| {
        let counts = levels(&rows, lives, *place, values);
        let (lives, ends) = counts.get(level).copied().unwrap_or_default();
        Ratio {
            attribute: names[*place].clone(),
            level: level.clone(),
            lives,
            ends,
            ratio: coefficient.estimate.exp(),
            interval: coefficient.interval().map(|sides| Interval { low: sides.low.exp(), high: sides.high.exp() }),
            p: coefficient.p(),
        }
    };
    Ok(Hazards {
        ratios: dummies.iter().zip(&model.coefficients).map(ratio).collect(),
        references,
        left_out,
        lives: model.rows,
        ends: model.ends,
        concordance: concordance(&seen, &risk, None).map(|found| found.index()).map_err(|error| error.to_string()),
        test: model.likelihood_ratio(),
    })
}

/// Takes the lives out whose level of some attribute saw no end, until every level left has seen one.
fn without_ends(rows: &mut Vec<usize>, lives: &[Life], names: &[String], values: &[&[Level]]) -> Vec<LeftOut> {
    let mut left_out = Vec::new();
    loop {
        let before = rows.len();
        for (place, name) in names.iter().enumerate() {
            let empty: BTreeMap<Level, usize> = levels(rows, lives, place, values)
                .into_iter()
                .filter(|(_, (_, ends))| *ends == 0)
                .map(|(level, (lives, _))| (level, lives))
                .collect();
            let gone: BTreeSet<&Level> = empty.keys().collect();
            rows.retain(|&row| !gone.contains(&values[row][place]));
            let told = |(level, lives)| LeftOut { attribute: name.clone(), level, lives };
            left_out.extend(empty.clone().into_iter().map(told));
        }
        if rows.len() == before {
            return left_out;
        }
    }
}

/// The levels of an attribute with their lives and ends.
fn levels(rows: &[usize], lives: &[Life], place: usize, values: &[&[Level]]) -> BTreeMap<Level, (usize, usize)> {
    let mut counts: BTreeMap<Level, (usize, usize)> = BTreeMap::new();
    for &row in rows {
        let count = counts.entry(values[row][place].clone()).or_default();
        count.0 += 1;
        count.1 += usize::from(lives[row].ending == Ending::Ended);
    }
    counts
}

/// A model's refusal in the words of attributes.
fn refused(error: &ModelError) -> String {
    match error {
        ModelError::Collinear(names) => {
            format!("{} say the same: leave one of their attributes out", names.join(" and "))
        }
        ModelError::Infinite(names) => {
            format!("{} tell who ends first without fail: leave their attribute out", names.join(" and "))
        }
        other => other.to_string(),
    }
}

fn told(name: &str, level: &Level) -> String {
    format!("{name} {}", level.as_deref().unwrap_or("(none)"))
}

#[cfg(test)]
#[path = "hazard/tests.rs"]
mod tests;
