//! Whether a score works for everybody.

use super::Tested;
use crate::answer::{Answer, NotEnough};
use crate::number::Estimate;
use serde::Serialize;
use std::collections::BTreeMap;
use tenure_stats::evaluation::auc_interval;

/// Accounts that must have left, and as many that must have stayed, for a segment to have an area.
const LEAST: usize = 10;

/// The area of one segment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SegmentAuc {
    /// The segment; `None` of rows that have none.
    pub segment: Option<String>,
    /// Its rows.
    pub rows: usize,
    /// Its accounts.
    pub accounts: usize,
    /// Of those, the ones that left.
    pub churned_accounts: usize,
    /// The area, clustered by account.
    pub auc: Answer<Estimate>,
}

/// By segment; nothing where no row has one.
pub(super) fn segments(tested: &Tested, risks: &[f64]) -> Vec<SegmentAuc> {
    let mut by_segment: BTreeMap<Option<&str>, Vec<usize>> = BTreeMap::new();
    for (i, &row) in tested.rows.iter().enumerate() {
        by_segment.entry(tested.panel.rows()[row].segment.as_deref()).or_default().push(i);
    }
    if by_segment.keys().all(Option::is_none) {
        return Vec::new();
    }
    by_segment.into_iter().map(|(segment, places)| one(tested, risks, segment, &places)).collect()
}

fn one(tested: &Tested, risks: &[f64], segment: Option<&str>, places: &[usize]) -> SegmentAuc {
    let rows: Vec<usize> = places.iter().map(|&i| tested.rows[i]).collect();
    let (left, stayed) = tested.labels.accounts(tested.panel, &rows);
    let area = || {
        let outcomes: Vec<bool> = places.iter().map(|&i| tested.outcomes[i]).collect();
        let risks: Vec<f64> = places.iter().map(|&i| risks[i]).collect();
        let accounts: Vec<usize> = places.iter().map(|&i| tested.accounts[i]).collect();
        auc_interval(&outcomes, &risks, Some(&accounts)).ok()
    };
    let auc = if left < LEAST {
        Answer::NotEnough(NotEnough::FewChurned { found: left, wanted: LEAST })
    } else {
        // With so many accounts of either kind there is an area; were there none, too few stayed.
        match area().filter(|_| stayed >= LEAST) {
            Some(area) => Answer::Enough(Estimate::new(area.area, area.interval)),
            None => Answer::NotEnough(NotEnough::FewStayed { found: stayed, wanted: LEAST }),
        }
    };
    SegmentAuc {
        segment: segment.map(str::to_owned),
        rows: rows.len(),
        accounts: tested.panel.count_accounts(rows.iter().copied()),
        churned_accounts: left,
        auc,
    }
}
