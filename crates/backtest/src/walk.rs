//! Scores and probabilities along the blocks.

use crate::calibration::Calibration;
use crate::judge::{Column, Tested};
use crate::label::Labels;
use crate::model::{ChurnModel, Fitted, ModelKind, Trained};
use crate::panel::Panel;
use crate::scorer::Scorer;
use crate::split::Block;
use std::collections::BTreeMap;
use tenure_stats::regression::ModelError;

/// The blocks, and the rows they judge together.
pub(crate) struct Walk<'a> {
    pub panel: &'a Panel,
    pub labels: &'a Labels,
    pub blocks: &'a [Block],
    /// By account and day.
    rows: Vec<usize>,
}

/// A churn model along the blocks.
pub(crate) struct WalkedModel {
    kind: ModelKind,
    /// A model a block.
    trained: Vec<Trained>,
    /// Of every row judged, the log-odds before calibration that its block's model gives.
    log_odds: BTreeMap<usize, f64>,
}

impl WalkedModel {
    /// What was fitted before a block.
    pub fn fitted(&self, block: usize) -> Option<&Fitted> {
        self.trained.get(block).map(|trained| &trained.fitted)
    }

    fn last(&self) -> Result<&Fitted, ModelError> {
        self.trained.last().map(|trained| &trained.fitted).ok_or(ModelError::Empty)
    }
}

impl<'a> Walk<'a> {
    pub fn of(panel: &'a Panel, labels: &'a Labels, blocks: &'a [Block]) -> Walk<'a> {
        let mut rows: Vec<usize> = blocks.iter().flat_map(|block| block.test.iter().copied()).collect();
        rows.sort_by_key(|&row| (panel.account(row), panel.rows()[row].day));
        Walk { panel, labels, blocks, rows }
    }

    /// The rows of all blocks.
    pub fn rows(&self) -> &[usize] {
        &self.rows
    }

    /// The rows on which every scorer has a score, but for scorers that have none at all.
    pub fn scored_by_all(&self, scorers: &[Scorer]) -> Vec<usize> {
        let counted: Vec<&Scorer> = scorers.iter().filter(|scorer| self.scores_any(scorer)).collect();
        let all = |row: &usize| counted.iter().all(|scorer| scorer.scores[*row].is_some());
        self.rows.iter().copied().filter(all).collect()
    }

    /// Of how many rows of the blocks a scorer has no score.
    pub fn without_score(&self, scorer: &Scorer) -> usize {
        self.rows.iter().filter(|&&row| scorer.scores[row].is_none()).count()
    }

    fn scores_any(&self, scorer: &Scorer) -> bool {
        self.rows.iter().any(|&row| scorer.scores[row].is_some())
    }

    /// Rows to be judged, with their outcomes.
    pub fn tested(&self, rows: Vec<usize>) -> Tested<'a> {
        let days = self.blocks.iter().flat_map(|block| &block.test).map(|&row| self.panel.rows()[row].day).collect();
        Tested {
            panel: self.panel,
            labels: self.labels,
            outcomes: self.labels.outcomes(&rows),
            accounts: rows.iter().map(|&row| self.panel.account(row)).collect(),
            rows,
            days,
        }
    }

    /// A scorer on the rows tested, calibrated before every block; `None` where it has no scores.
    pub fn column<'s>(&self, scorer: &'s Scorer, tested: &Tested) -> Option<Column<'s>> {
        let scores: Vec<f64> = tested.rows.iter().map(|&row| scorer.scores[row]).collect::<Option<_>>()?;
        let calibrate = |block: &Block| {
            let known = |&row: &usize| Some((-scorer.scores[row]?, self.labels.left(row)));
            let (risks, outcomes): (Vec<f64>, Vec<bool>) = block.training.calibrated.iter().filter_map(known).unzip();
            Calibration::fit(&risks, &outcomes)
        };
        let calibration: Vec<Calibration> = self.blocks.iter().map(calibrate).collect();
        let probability = |(&row, score): (&usize, &f64)| calibration[self.block_of(row)].probability(-score);
        Some(Column {
            name: &scorer.name,
            probabilities: tested.rows.iter().zip(&scores).map(probability).collect(),
            scores,
            calibration,
            colours: scorer.colours.as_deref(),
        })
    }

    /// A churn model, refitted before every block.
    pub fn model(&self, kind: ModelKind) -> Result<WalkedModel, ModelError> {
        let (mut trained, mut log_odds) = (Vec::new(), BTreeMap::new());
        for block in self.blocks {
            let model = Trained::before_block(kind, self.panel, self.labels, &block.training)?;
            log_odds.extend(block.test.iter().copied().zip(model.fitted.of_rows(self.panel, &block.test)?));
            trained.push(model);
        }
        Ok(WalkedModel { kind, trained, log_odds })
    }

    /// A model on the rows tested, its score the risk with its sign turned.
    pub fn model_column(&self, model: &WalkedModel, tested: &Tested) -> Column<'static> {
        let one = |&row: &usize| {
            let trained = &model.trained[self.block_of(row)];
            let log_odds = model.log_odds[&row];
            (-trained.risk(log_odds), trained.calibration.probability(log_odds))
        };
        let (scores, probabilities) = tested.rows.iter().map(one).unzip();
        let calibration = model.trained.iter().map(|trained| trained.calibration).collect();
        Column { name: model.kind.scorer(), scores, probabilities, calibration, colours: None }
    }

    /// The model for accounts of today: `chosen` with the setting last chosen, calibrated on all rows of the blocks.
    pub fn last_model(&self, chosen: &WalkedModel, logistic: &WalkedModel) -> Result<ChurnModel, ModelError> {
        let penalty = logistic.last()?.penalty().ok_or(ModelError::Empty)?;
        let (log_odds, outcomes): (Vec<f64>, Vec<bool>) =
            chosen.log_odds.iter().map(|(&row, &x)| (x, self.labels.left(row))).unzip();
        ChurnModel::fit(self.panel, self.labels, chosen.last()?, penalty, (&log_odds, &outcomes))
    }

    /// Which block a row of theirs is in.
    fn block_of(&self, row: usize) -> usize {
        let day = self.panel.rows()[row].day;
        self.blocks.partition_point(|block| block.last_day < day)
    }
}
