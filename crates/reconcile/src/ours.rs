//! Our figure per account: the metric's own rows, so that it cannot disagree with the metric.

use crate::asked::Asked;
use crate::error::ReconcileError;
use crate::measure::{AMOUNT, Reading};
use jiff::Timestamp;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::str::FromStr;
use tenure_engine::{Engine, MetricRef, Number, Question, RowsQuestion};

/// Our side.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ours {
    /// The figure of each account that has rows.
    pub(crate) accounts: BTreeMap<String, Decimal>,
    /// The metric's value, as it is published.
    pub(crate) total: Decimal,
    /// Whether the period is over and all in it decided.
    pub(crate) complete: bool,
    /// World time of the answer.
    pub(crate) observed_to: Timestamp,
}

/// What stands for the account of rows that name none.
pub(crate) const UNASSIGNED: &str = "(no account)";

/// Asks the engine for the metric and its rows.
pub(crate) async fn read(engine: &Engine, asked: &Asked, now: Option<Timestamp>) -> Result<Ours, ReconcileError> {
    let metric = MetricRef::default_of(asked.measure.metric);
    let question = Question { now, ..Question::metric(&metric.id, vec![asked.period.clone()]) };
    let answer = engine.answer(&question).await?;
    let unknown = |reason: &str| ReconcileError::NoFigure { metric: metric.id.clone(), reason: reason.to_owned() };
    let cell = answer.cells.first().ok_or_else(|| unknown("there is no answer"))?;
    let total = match cell.value.map(|value| value.published(cell.unit)) {
        Some(Number::Exact(value)) => value,
        Some(Number::Float(value)) => Decimal::try_from(value).map_err(|_| unknown("it is no number"))?,
        None => return Err(unknown(cell.reason.as_deref().unwrap_or("no reason is given"))),
    };
    let rows = RowsQuestion {
        metric: metric.clone(),
        period: asked.period.clone(),
        filter: Vec::new(),
        excluded: false,
        now,
        limit: None,
    };
    let rows = engine.rows(&rows).await?;
    let place = |name: &str| rows.columns.iter().position(|column| column == name);
    let lacks = |column: &str| ReconcileError::Definition {
        metric: metric.id.clone(),
        problem: format!("its rows have no column {column}"),
        remedy: "reconcile needs it to tell accounts apart: give the metric's file one".to_owned(),
    };
    let account = place("account_id").ok_or_else(|| lacks("account_id"));
    let (account, amount) = match (account, asked.measure.reading) {
        _ if rows.rows.is_empty() => (0, None),
        (account, Reading::Presence) => (account?, None),
        (account, Reading::Money { .. }) => (account?, Some(place(AMOUNT).ok_or_else(|| lacks(AMOUNT))?)),
    };
    let mut accounts: BTreeMap<String, Decimal> = BTreeMap::new();
    for row in &rows.rows {
        let name = row.get(account).cloned().flatten().unwrap_or_else(|| UNASSIGNED.to_owned());
        let figure = accounts.entry(name).or_default();
        match amount {
            None => *figure = Decimal::ONE,
            Some(place) => {
                let money =
                    row.get(place).and_then(|text| Decimal::from_str(text.as_deref()?).ok()).unwrap_or_default();
                *figure += money * Decimal::from(asked.measure.times());
            }
        }
    }
    Ok(Ours { accounts, total, complete: cell.complete, observed_to: cell.observed_to })
}
