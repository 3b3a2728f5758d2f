//! Two scorers on the same rows.

use super::{Column, Tested};
use crate::error::BacktestError;
use crate::number::Estimate;
use crate::scorer::Colour;
use serde::Serialize;
use tenure_stats::evaluation::auc_difference;

/// How much better the first of two scorers ranked the same rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// The first scorer.
    pub first: String,
    /// The second.
    pub second: String,
    /// The first's area less the second's; paired, clustered by account.
    pub auc: Estimate,
    /// The two-sided p-value of no difference; `None` where the two never differ.
    pub p: Option<f64>,
    /// Who has which colour under either; `None` where one of them has no colours.
    pub recoloured: Option<Recoloured>,
}

/// The rows by their colours under two scorers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Recoloured {
    /// Rows by the first's colour and then the second's: red, amber, green.
    pub rows: [[u64; 3]; 3],
    /// Of those, the rows that left.
    pub left: [[u64; 3]; 3],
    /// Rows whose colours differ.
    pub changed: u64,
    /// Accounts that have such a row.
    pub changed_accounts: usize,
    /// Rows to which one of the two gives no colour: they are in no other number here.
    pub without: u64,
}

/// Compares two scorers.
pub(crate) fn difference(tested: &Tested, first: &Column, second: &Column) -> Result<Difference, BacktestError> {
    let found = auc_difference(&tested.outcomes, &first.risks(), &second.risks(), Some(&tested.accounts))
        .map_err(BacktestError::judging(first.name))?;
    Ok(Difference {
        first: first.name.to_owned(),
        second: second.name.to_owned(),
        auc: Estimate::new(found.difference, Some(found.interval)),
        p: found.p,
        recoloured: first.colours.zip(second.colours).map(|(a, b)| recoloured(tested, a, b)),
    })
}

fn recoloured(tested: &Tested, first: &[Option<Colour>], second: &[Option<Colour>]) -> Recoloured {
    let mut found = Recoloured { rows: [[0; 3]; 3], left: [[0; 3]; 3], changed: 0, changed_accounts: 0, without: 0 };
    let mut changed = Vec::new();
    for (&row, &left) in tested.rows.iter().zip(&tested.outcomes) {
        let (Some(a), Some(b)) = (first[row], second[row]) else {
            found.without += 1;
            continue;
        };
        found.rows[a as usize][b as usize] += 1;
        found.left[a as usize][b as usize] += u64::from(left);
        if a != b {
            changed.push(row);
        }
    }
    found.changed = changed.len() as u64;
    found.changed_accounts = tested.panel.count_accounts(changed);
    found
}
