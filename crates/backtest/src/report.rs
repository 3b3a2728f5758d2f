//! What a back-test found: numbers and names, no sentences. Days are days since 1970-01-01.

use crate::answer::Answer;
use crate::calibration::Calibration;
use crate::judge::{Difference, Judgement, Standing};
use crate::leak::{Leaks, ReadsAhead};
use crate::model::{Dropped, LearnedWeight, ModelKind, Trees};
use crate::number::Estimate;
use crate::support::SignalSupport;
use serde::Serialize;

/// The whole finding.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Observations.
    pub rows: usize,
    /// Their accounts.
    pub accounts: usize,
    /// The first day of observation; `None` without any.
    pub first_day: Option<i32>,
    /// The last day of observation.
    pub last_day: Option<i32>,
    /// The last day of which it is known who left.
    pub known_to: Option<i32>,
    /// The scorer that others are held against.
    pub baseline: Option<String>,
    /// What there is of each signal.
    pub signals: Vec<SignalSupport>,
    /// By horizon, in the order asked.
    pub horizons: Vec<HorizonReport>,
    /// Signals that the caller found to read later rows.
    pub reads_ahead: Vec<ReadsAhead>,
}

/// One horizon.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HorizonReport {
    /// In days.
    pub horizon: i32,
    /// Observations whose outcome is known.
    pub mature: usize,
    /// Observations that are too young, left out.
    pub immature: usize,
    /// Signals to look at.
    pub leaks: Leaks,
    /// How the scorers did.
    pub judged: Answer<Judged>,
}

/// How the scorers did on the same rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Judged {
    /// The blocks, in the order of their days.
    pub blocks: Vec<BlockReport>,
    /// Rows judged: those on which every scorer that has scores at all has one.
    pub rows: usize,
    /// Their accounts.
    pub accounts: usize,
    /// Of those, accounts that left within the horizon of one of their rows.
    pub churned_accounts: usize,
    /// The share of rows that left.
    pub base_rate: f64,
    /// Rows of the blocks that a scorer has no score for.
    pub left_out: usize,
    /// The scorers in the order given, then the two churn models: the logistic one and the boosted trees.
    pub scorers: Vec<Scored>,
    /// Every two scorers, the earlier first.
    pub differences: Vec<Difference>,
    /// Which of the two speaks for accounts of today; `None` where there is no logistic model, and so none at all.
    pub chosen: Option<Chosen>,
    /// The churn model for accounts of today, of the kind chosen.
    pub model: Answer<ModelReport>,
}

/// Which kind of churn model speaks for accounts of today.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Chosen {
    /// Boosted trees where the interval of the difference lies above zero, else the logistic model.
    pub kind: ModelKind,
    /// The trees' area less the logistic model's, on the rows judged; `None` where trees could not be grown.
    pub difference: Option<Estimate>,
}

impl Chosen {
    /// By the difference: trees have to show that they are better.
    pub(crate) fn by(difference: Option<Estimate>) -> Chosen {
        let better = difference.is_some_and(|difference| Standing::of(difference) == Standing::Better);
        Chosen { kind: if better { ModelKind::Boosted } else { ModelKind::Logistic }, difference }
    }
}

/// A run of days judged, and what was learned from before it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BlockReport {
    /// Its first day.
    pub first_day: i32,
    /// Its last day.
    pub last_day: i32,
    /// Rows fitted on.
    pub fitted: usize,
    /// Rows calibrated on, none of them among those fitted on.
    pub calibrated: usize,
    /// The first day calibrated on.
    pub calibrated_from: i32,
    /// Earlier rows left out because their horizon reaches into the block.
    pub purged: usize,
    /// Its rows that have an outcome.
    pub test: usize,
    /// The ridge penalty chosen; `None` where no model could be fitted.
    pub penalty: Option<f64>,
    /// The trees chosen; `None` where none could be grown.
    pub trees: Option<Trees>,
}

/// One scorer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scored {
    /// Its name.
    pub scorer: String,
    /// Rows of the blocks for which it has no score.
    pub without_score: usize,
    /// How it did.
    pub judgement: Answer<Judgement>,
}

/// The churn model for accounts of today.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ModelReport {
    /// What it is made of.
    pub kind: ModelKind,
    /// Rows fitted on.
    pub rows: usize,
    /// Their accounts.
    pub accounts: usize,
    /// The ridge penalty of the logistic model.
    pub penalty: f64,
    /// The trees; `None` of the logistic model.
    pub trees: Option<Trees>,
    /// How log-odds become probabilities: learned on the rows judged.
    pub calibration: Calibration,
    /// The weights the data would give the signals, the heaviest first: those of the logistic model, of whichever kind this one is.
    pub weights: Vec<LearnedWeight>,
    /// Signals left out.
    pub dropped: Vec<Dropped>,
}
