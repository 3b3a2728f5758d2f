//! What weights the data would give the signals, to be shown beside those set by hand.

use super::logistic::LogisticFit;
use super::prepare::Kind;
use crate::label::Labels;
use crate::panel::Panel;
use serde::Serialize;
use tenure_stats::evaluation::auc;

/// What more of a signal goes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Staying.
    Healthier,
    /// Leaving.
    Riskier,
    /// Neither.
    Neither,
}

impl Direction {
    fn of_leaving(sign: f64) -> Direction {
        match sign {
            sign if sign > 0.0 => Direction::Riskier,
            sign if sign < 0.0 => Direction::Healthier,
            _ => Direction::Neither,
        }
    }
}

/// What weight the logistic model gives a signal.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LearnedWeight {
    /// The signal.
    pub signal: String,
    /// Its share of the sum of all standardised coefficients' sizes, that of its absence included.
    pub share: f64,
    /// The log-odds for one standard deviation more, before calibration; zero where only its absence tells.
    pub coefficient: f64,
    /// The log-odds for one standard deviation more of being missing; `None` where it is never, or always, missing.
    pub missing: Option<f64>,
    /// What more of it goes with among accounts that are alike in all other signals.
    pub more_is: Direction,
    /// What more of it goes with alone.
    pub alone: Direction,
    /// Whether the two agree. Where they do not, the signal stands in for another: its weight is no basis for a hand-made one.
    pub agrees: bool,
}

/// A weight for each signal in the model, the heaviest first.
pub(super) fn learned_weights(panel: &Panel, labels: &Labels, fitted: &LogisticFit) -> Vec<LearnedWeight> {
    let features = &fitted.preparation.features;
    let standardised: Vec<f64> =
        features.iter().zip(&fitted.model.coefficients).map(|(feature, c)| c.estimate * feature.spread).collect();
    let total: f64 = standardised.iter().map(|weight| weight.abs()).sum();
    let mut weights = Vec::new();
    for (signal, name) in panel.signals().iter().enumerate() {
        let own = |missing: bool| {
            let of = |kind: Kind| (kind == Kind::Missing) == missing;
            let place = features.iter().position(|feature| feature.signal == signal && of(feature.kind))?;
            Some(standardised[place])
        };
        let (value, missing) = (own(false), own(true));
        if value.is_none() && missing.is_none() {
            continue;
        }
        let size = value.unwrap_or(0.0).abs() + missing.unwrap_or(0.0).abs();
        let more_is = Direction::of_leaving(value.unwrap_or(0.0));
        let alone = alone(panel, labels, signal);
        weights.push(LearnedWeight {
            signal: name.clone(),
            share: if total > 0.0 { size / total } else { 0.0 },
            coefficient: value.unwrap_or(0.0),
            missing,
            more_is,
            alone,
            agrees: more_is == alone,
        });
    }
    weights.sort_by(|a, b| b.share.total_cmp(&a.share));
    weights
}

/// What more of a signal goes with, by how it ranks the accounts that have it; neither, where all left or all stayed.
fn alone(panel: &Panel, labels: &Labels, signal: usize) -> Direction {
    let known = |row: &usize| Some((labels.left(*row), panel.rows()[*row].values[signal]?));
    let (outcomes, values): (Vec<bool>, Vec<f64>) = labels.mature().iter().filter_map(known).unzip();
    auc(&outcomes, &values).map_or(Direction::Neither, |area| Direction::of_leaving(area - 0.5))
}
