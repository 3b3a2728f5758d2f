//! The back-test of a panel: one report a horizon.

use crate::answer::{Answer, NotEnough};
use crate::error::BacktestError;
use crate::judge::{Column, Difference, difference, judge};
use crate::label::Labels;
use crate::leak::{Over, ReadsAhead, inspect};
use crate::model::{ChurnModel, Fitted, ModelKind};
use crate::number::Estimate;
use crate::panel::Panel;
use crate::report::{BlockReport, Chosen, HorizonReport, Judged, ModelReport, Report, Scored};
use crate::scorer::{MODEL, Scorer, TREES, check};
use crate::split::{Block, CALIBRATED, FITTED, walk_forward};
use crate::support::support;
use crate::walk::{Walk, WalkedModel};
use std::collections::{BTreeMap, BTreeSet};
use tenure_stats::regression::ModelError;

/// Accounts that must have left, and stayed, among the rows judged.
const LEAST_ACCOUNTS: usize = 20;
/// Blocks that must have enough before them.
const LEAST_BLOCKS: usize = 2;

/// What is asked of a back-test.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Within how many days of an observation leaving counts; each from 1 up.
    pub horizons: Vec<i32>,
    /// How many blocks of days to judge; at least 2. Where there are fewer days, there are fewer.
    pub blocks: usize,
    /// The scorer that others are held against: something simple, such as the recency of use.
    pub baseline: Option<String>,
}

impl Default for Settings {
    /// 30, 90 and 180 days; 5 blocks; no baseline.
    fn default() -> Self {
        Settings { horizons: vec![30, 90, 180], blocks: 5, baseline: None }
    }
}

/// What a back-test gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Backtest {
    /// The finding.
    pub report: Report,
    /// By horizon in days: the churn model for accounts of today, of the kind that proved better, where there was enough to fit and
    /// judge one.
    pub models: BTreeMap<i32, ChurnModel>,
}

/// Judges scorers and two churn models by what came of the accounts they scored.
///
/// Refused is input that is wrong; what is too little gives [`NotEnough`] in the report. `reads_ahead` is passed on.
pub fn backtest(
    panel: &Panel,
    scorers: &[Scorer],
    settings: &Settings,
    reads_ahead: &[ReadsAhead],
) -> Result<Backtest, BacktestError> {
    check(scorers, panel)?;
    check_settings(settings, scorers)?;
    let (mut horizons, mut models) = (Vec::new(), BTreeMap::new());
    for &days in &settings.horizons {
        let (report, model) = one_horizon(panel, scorers, settings, days)?;
        horizons.push(report);
        models.extend(model.map(|model| (days, model)));
    }
    let days = || panel.rows().iter().map(|row| row.day);
    let report = Report {
        rows: panel.rows().len(),
        accounts: panel.accounts(),
        first_day: days().min(),
        last_day: days().max(),
        known_to: (!panel.rows().is_empty()).then(|| panel.known_to()),
        baseline: settings.baseline.clone(),
        signals: support(panel),
        horizons,
        reads_ahead: reads_ahead.to_vec(),
    };
    Ok(Backtest { report, models })
}

fn check_settings(settings: &Settings, scorers: &[Scorer]) -> Result<(), BacktestError> {
    if let Some(&days) = settings.horizons.iter().find(|&&days| days < 1) {
        return Err(BacktestError::Horizon(days));
    }
    let distinct: BTreeSet<i32> = settings.horizons.iter().copied().collect();
    if distinct.is_empty() || distinct.len() != settings.horizons.len() {
        return Err(BacktestError::Horizons(settings.horizons.clone()));
    }
    if settings.blocks < LEAST_BLOCKS {
        return Err(BacktestError::Blocks(settings.blocks));
    }
    match &settings.baseline {
        Some(name) if scorers.iter().all(|scorer| scorer.name != *name) => Err(BacktestError::Baseline(name.clone())),
        _ => Ok(()),
    }
}

fn one_horizon(
    panel: &Panel,
    scorers: &[Scorer],
    settings: &Settings,
    days: i32,
) -> Result<(HorizonReport, Option<ChurnModel>), BacktestError> {
    let labels = Labels::of(panel, days);
    let blocks = walk_forward(panel, &labels, settings.blocks);
    let walk = Walk::of(panel, &labels, &blocks);
    let leaks = match walk.rows() {
        [] => inspect(panel, &labels, labels.mature(), Over::AllMature),
        rows => inspect(panel, &labels, rows, Over::Judged),
    };
    let (judged, model) = match too_little(panel, &labels, &blocks) {
        Some(why) => (Answer::NotEnough(why), None),
        None => judged(&walk, scorers, settings.baseline.as_deref())?,
    };
    let mature = labels.mature().len();
    let report = HorizonReport { horizon: days, mature, immature: panel.rows().len() - mature, leaks, judged };
    Ok((report, model))
}

/// Why there is nothing to judge.
fn too_little(panel: &Panel, labels: &Labels, blocks: &[Block]) -> Option<NotEnough> {
    let rows = labels.mature();
    let (left, stayed) = labels.accounts(panel, rows);
    let accounts = panel.count_accounts(rows.iter().copied());
    let days = || rows.iter().map(|&row| panel.rows()[row].day).collect::<BTreeSet<_>>().len();
    match (panel.accounts(), rows.len()) {
        (0, _) => Some(NotEnough::NoRows),
        (1, _) => Some(NotEnough::OneAccount),
        (_, 0) => Some(NotEnough::TooYoung { horizon: labels.horizon }),
        _ if left == 0 => Some(NotEnough::NobodyLeft { accounts }),
        _ if stayed == 0 => Some(NotEnough::EverybodyLeft { accounts }),
        _ if blocks.len() < LEAST_BLOCKS => Some(NotEnough::FewBlocks {
            found: blocks.len(),
            wanted: LEAST_BLOCKS,
            days: days(),
            fitted: FITTED,
            calibrated: CALIBRATED,
            left,
            accounts,
        }),
        _ => None,
    }
}

fn judged(
    walk: &Walk,
    scorers: &[Scorer],
    baseline: Option<&str>,
) -> Result<(Answer<Judged>, Option<ChurnModel>), BacktestError> {
    let rows = walk.scored_by_all(scorers);
    let tested = walk.tested(rows);
    let (left, stayed) = walk.labels.accounts(walk.panel, &tested.rows);
    let too_few =
        |found, why: fn(usize, usize) -> NotEnough| (found < LEAST_ACCOUNTS).then(|| why(found, LEAST_ACCOUNTS));
    let few_churned = too_few(left, |found, wanted| NotEnough::FewChurned { found, wanted });
    let few_stayed = too_few(stayed, |found, wanted| NotEnough::FewStayed { found, wanted });
    if let Some(why) = few_churned.or(few_stayed) {
        return Ok((Answer::NotEnough(why), None));
    }
    let models = ModelKind::ALL.map(|kind| walk.model(kind));
    let mut columns: Vec<Option<Column>> = scorers.iter().map(|scorer| walk.column(scorer, &tested)).collect();
    columns.extend(models.iter().map(|model| model.as_ref().ok().map(|model| walk.model_column(model, &tested))));
    let names = scorers.iter().map(|scorer| scorer.name.as_str()).chain(ModelKind::ALL.map(ModelKind::scorer));
    let without = scorers.iter().map(|scorer| walk.without_score(scorer)).chain([0, 0]);

    let found: Vec<&Column> = columns.iter().flatten().collect();
    let against = found.iter().copied().find(|column| Some(column.name) == baseline);
    let mut differences = Vec::new();
    for (place, &first) in found.iter().enumerate() {
        for &second in &found[place + 1..] {
            differences.push(difference(&tested, first, second)?);
        }
    }
    let mut judgements = Vec::new();
    for ((name, without_score), column) in names.zip(without).zip(&columns) {
        let refused = models.iter().zip(ModelKind::ALL).find(|(_, kind)| kind.scorer() == name);
        let judgement = match (column, refused) {
            (Some(column), _) => Answer::Enough(judge(&tested, column, against, &differences)?),
            (None, Some((Err(error), _))) => Answer::NotEnough(no_model(error)),
            (None, _) => Answer::NotEnough(NotEnough::NoScores),
        };
        judgements.push(Scored { scorer: name.to_owned(), without_score, judgement });
    }
    let [logistic, trees] = &models;
    let chosen = logistic.is_ok().then(|| Chosen::by(trees_less_logistic(&differences)));
    let last = match (logistic, trees, chosen.map(|chosen| chosen.kind)) {
        (Ok(logistic), Ok(trees), Some(ModelKind::Boosted)) => walk.last_model(trees, logistic),
        (Ok(logistic), ..) => walk.last_model(logistic, logistic),
        (Err(error), ..) => Err(error.clone()),
    };
    let report = Judged {
        blocks: block_reports(walk, &models),
        rows: tested.rows.len(),
        accounts: walk.panel.count_accounts(tested.rows.iter().copied()),
        churned_accounts: left,
        base_rate: tested.outcomes.iter().filter(|&&left| left).count() as f64 / tested.rows.len() as f64,
        left_out: walk.rows().len() - tested.rows.len(),
        scorers: judgements,
        differences,
        chosen,
        model: match &last {
            Ok(model) => Answer::Enough(model_report(model)),
            Err(error) => Answer::NotEnough(no_model(error)),
        },
    };
    Ok((Answer::Enough(report), last.ok()))
}

fn no_model(error: &ModelError) -> NotEnough {
    NotEnough::NoModel { why: error.to_string() }
}

fn trees_less_logistic(differences: &[Difference]) -> Option<Estimate> {
    let found = differences.iter().find(|one| one.first == MODEL && one.second == TREES)?;
    Some(found.auc.turned())
}

fn block_reports(walk: &Walk, models: &[Result<WalkedModel, ModelError>; 2]) -> Vec<BlockReport> {
    let fitted = |place: usize| models.iter().flatten().filter_map(move |model| model.fitted(place));
    let one = |(place, block): (usize, &Block)| BlockReport {
        first_day: block.first_day,
        last_day: block.last_day,
        fitted: block.training.fitted.len(),
        calibrated: block.training.calibrated.len(),
        calibrated_from: block.training.calibrated_from,
        purged: block.purged,
        test: block.test.len(),
        penalty: fitted(place).find_map(Fitted::penalty),
        trees: fitted(place).find_map(Fitted::trees),
    };
    walk.blocks.iter().enumerate().map(one).collect()
}

fn model_report(model: &ChurnModel) -> ModelReport {
    let (rows, accounts) = model.size();
    ModelReport {
        kind: model.kind(),
        rows,
        accounts,
        penalty: model.penalty(),
        trees: model.trees(),
        calibration: model.calibration(),
        weights: model.weights().to_vec(),
        dropped: model.dropped().to_vec(),
    }
}
