//! What is held: each account's products with what they bring a month, and the term that they run under.

use super::chances::Length;
use super::renewals::plus;
use super::windows::{self, QUARTER};
use crate::attributes::Attributes;
use crate::cells::Cells;
use crate::{OrReason, OutlookError};
use jiff::Timestamp;
use std::collections::BTreeMap;
use tenure_engine::{Engine, Query};
use tenure_schema::period::{Clock, Period};

/// One account's product in a stretch of time.
#[derive(Debug, Clone)]
pub(super) struct Unit {
    pub(super) account: String,
    /// Empty where lines name none.
    pub(super) product: String,
    /// The account's plan at the opening, else that of its lines.
    pub(super) plan: Option<String>,
    /// Its monthly revenue at the opening, and at the close at the opening's rates.
    pub(super) opening: f64,
    pub(super) closing: f64,
    /// A currency without a rate at the opening.
    pub(super) unpriced: Option<String>,
    /// Whether a line was in force at the opening, and at the close.
    pub(super) held: bool,
    pub(super) kept: bool,
    /// The end of the term that it runs under at the opening, or ran under and may still renew.
    pub(super) due: Option<Timestamp>,
    pub(super) term: Length,
    /// Whole months of that term.
    pub(super) term_months: i64,
    /// Whole months since the account first paid.
    pub(super) age: i64,
}

/// What chances are told apart by: length of the term, plan and size, and of leaving between renewals whether the account is new.
pub(super) type Kind = (Length, Option<String>, Size, Age);

/// How long an account is a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Age {
    /// In its first year.
    New,
    /// After it.
    Settled,
}

impl Age {
    /// After so many months.
    pub(super) fn of(months: i64) -> Self {
        if months < 12 { Self::New } else { Self::Settled }
    }
}

impl Unit {
    /// What its chance to be renewed is told by.
    pub(super) fn kind(&self, large_from: f64) -> Kind {
        self.kind_at(Age::Settled, large_from)
    }

    /// What its chance to be held on between renewals is told by.
    pub(super) fn kind_now(&self, large_from: f64) -> Kind {
        self.kind_at(Age::of(self.age), large_from)
    }

    /// The same at another age.
    pub(super) fn kind_at(&self, age: Age, large_from: f64) -> Kind {
        (self.term, self.plan.clone(), Size::of(self.opening, large_from), age)
    }
}

/// Units held or gained in asked periods. A unit's term is the account's contract for its product, else for the whole relationship, else, where
/// its lines name no product, any; of several the one that ends last. Terms of a month are none: they can end any month.
const UNITS: &str = "
WITH unit AS (
    SELECT asked.period AS period, asked.opening AS opening, line.account_id AS account_id, coalesce(line.product, '') AS product,
           max(line.plan) AS plan,
           sum(CASE WHEN line.starts_at <= asked.opening THEN convert(line.mrr, line.currency, asked.opening) ELSE 0 END) AS opening_mrr,
           sum(CASE WHEN line.ends_at IS NULL OR line.ends_at > asked.closing THEN convert(line.mrr, line.currency, asked.opening) ELSE 0 END) AS closing_mrr,
           min(CASE WHEN fx_rate(line.currency, asked.opening) IS NULL THEN line.currency END) AS unpriced,
           bool_or(line.starts_at <= asked.opening) AS held,
           bool_or(line.ends_at IS NULL OR line.ends_at > asked.closing) AS kept
    FROM mrr_lines AS line
    JOIN asked ON line.starts_at <= asked.closing AND (line.ends_at IS NULL OR line.ends_at > asked.opening)
    WHERE line.account_id IS NOT NULL
    GROUP BY asked.period, asked.opening, line.account_id, coalesce(line.product, '')
),
term AS (
    SELECT unit.period AS period, unit.account_id AS account_id, unit.product AS product, term.ends_at AS ends_at,
           coalesce(term.term_months, months_between(term.started_at, term.ends_at)) AS term_months,
           row_number() OVER (PARTITION BY unit.period, unit.account_id, unit.product
                              ORDER BY CASE WHEN coalesce(term.product, '') = unit.product THEN 0 ELSE 1 END, term.ends_at DESC, term.row_id) AS choice
    FROM unit
    JOIN contract_terms AS term
      ON term.account_id = unit.account_id AND term.started_at <= unit.opening
     AND (coalesce(term.product, '') IN (unit.product, '') OR unit.product = '')
     AND (term.terminated_at IS NULL OR term.terminated_at > unit.opening)
     AND (term.ends_at > unit.opening OR (term.grace_ends_at > unit.opening AND (term.renewed_at IS NULL OR term.renewed_at > unit.opening)))
    WHERE coalesce(term.term_months, months_between(term.started_at, term.ends_at)) > 1
)
SELECT unit.period, unit.account_id, unit.product, coalesce(version.plan, unit.plan) AS plan,
       CAST(unit.opening_mrr AS DOUBLE), CAST(unit.closing_mrr AS DOUBLE), unit.unpriced, unit.held, unit.kept, term.ends_at,
       CAST(term.term_months AS BIGINT), CAST(months_between(customer.since, unit.opening) AS BIGINT)
FROM unit
JOIN (SELECT account_id, min(starts_at) AS since FROM mrr_lines GROUP BY account_id) AS customer ON customer.account_id = unit.account_id
LEFT JOIN term ON term.period = unit.period AND term.account_id = unit.account_id AND term.product = unit.product AND term.choice = 1
LEFT JOIN account_versions AS version
  ON version.account_id = unit.account_id AND version.starts_at <= unit.opening AND (version.ends_at IS NULL OR version.ends_at > unit.opening)
ORDER BY unit.period, unit.account_id, unit.product";

/// The units of each period.
async fn units(engine: &Engine, periods: &[Period], now: Timestamp) -> Result<Vec<Vec<Unit>>, OutlookError> {
    let mut all = vec![Vec::new(); periods.len()];
    let query = Query { file: "derived/mrr_lines.sql", key: "units", sql: UNITS };
    for batch in engine.query(query, periods, now).await? {
        let cells = Cells(&batch);
        let (period, account, product, plan) = (cells.counts(0)?, cells.texts(1)?, cells.texts(2)?, cells.texts(3)?);
        let (opening, closing, unpriced) = (cells.numbers(4)?, cells.numbers(5)?, cells.texts(6)?);
        let (held, kept, due, months) = (cells.truths(7)?, cells.truths(8)?, cells.instants(9)?, cells.counts(10)?);
        let age = cells.counts(11)?;
        for row in 0..batch.num_rows() {
            let place = period[row].and_then(|number| usize::try_from(number).ok());
            let Some(units) = place.and_then(|place| all.get_mut(place)) else { continue };
            units.push(Unit {
                account: account[row].clone().unwrap_or_default(),
                product: product[row].clone().unwrap_or_default(),
                plan: plan[row].clone(),
                opening: opening[row].unwrap_or_default(),
                closing: closing[row].unwrap_or_default(),
                unpriced: unpriced[row].clone(),
                held: held[row],
                kept: kept[row],
                due: due[row],
                term: Length::of(months[row].filter(|_| due[row].is_some())),
                term_months: months[row].unwrap_or_default(),
                age: age[row].unwrap_or_default(),
            });
        }
    }
    Ok(all)
}

/// Past stretches, the earliest first, with what was held in them.
pub(super) struct Past {
    pub(super) months: Vec<(Period, Vec<Unit>)>,
    pub(super) quarters: Vec<(Period, Vec<Unit>)>,
}

/// The past of what is held, back to the first customer.
pub(super) async fn past(engine: &Engine, today: Timestamp, clock: &Clock) -> Result<Past, OutlookError> {
    let Some(first) = first_customer(engine, today).await? else {
        return Ok(Past { months: Vec::new(), quarters: Vec::new() });
    };
    let of = async |months| -> Result<Vec<(Period, Vec<Unit>)>, OutlookError> {
        let periods = windows::behind(today, first, months, clock)?;
        let units = units(engine, &periods, today).await?;
        Ok(periods.into_iter().zip(units).collect())
    };
    Ok(Past { months: of(1).await?, quarters: of(QUARTER).await? })
}

pub(super) async fn first_customer(engine: &Engine, now: Timestamp) -> Result<Option<Timestamp>, OutlookError> {
    let sql = "SELECT min(starts_at) FROM mrr_lines WHERE account_id IS NOT NULL";
    let query = Query { file: "derived/mrr_lines.sql", key: "first", sql };
    let batches = engine.query(query, &[], now).await?;
    let first = batches.iter().find(|batch| batch.num_rows() > 0);
    Ok(first.map(|batch| Cells(batch).instants(0)).transpose()?.and_then(|column| column.first().copied().flatten()))
}

/// How much something brings a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Size {
    /// Less than a large one.
    Small,
    /// As much as the least of those that together bring half of all.
    Large,
}

impl Size {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Large => "large",
        }
    }

    pub(super) fn of(mrr: f64, large_from: f64) -> Self {
        if mrr >= large_from { Self::Large } else { Self::Small }
    }
}

/// What the least of the largest brings that together bring half of all.
fn large_from(mut amounts: Vec<f64>) -> f64 {
    amounts.sort_by(|one, two| two.total_cmp(one));
    let half = amounts.iter().sum::<f64>() / 2.0;
    let mut sum = 0.0;
    for amount in amounts {
        sum += amount;
        if sum >= half && amount > 0.0 {
            return amount;
        }
    }
    f64::INFINITY
}

/// Something held today.
#[derive(Debug, Clone)]
pub(super) struct Holding {
    pub(super) unit: Unit,
    pub(super) name: Option<String>,
    /// The value of the attribute that splits the renewals.
    pub(super) segment: Option<String>,
    /// Months from today to when its term is due; 0 where it is overdue.
    pub(super) due_in: Option<f64>,
    /// What it brings a month, or why that is not known.
    pub(super) mrr: OrReason<f64>,
}

/// All that is held today.
#[derive(Debug, Clone)]
pub(super) struct Book {
    pub(super) holdings: Vec<Holding>,
    pub(super) today: Timestamp,
    /// From what a month on something is large.
    pub(super) large_from: f64,
}

impl Book {
    /// Reads what is held at the opening of the first quarter ahead.
    pub(super) async fn read(
        engine: &Engine,
        ahead: &[Period],
        by: Option<&str>,
        today: Timestamp,
    ) -> Result<Self, OutlookError> {
        let names: Vec<String> = std::iter::once("name").chain(by).map(str::to_owned).collect();
        let attributes = Attributes::read(engine, "forecast", &names, today).await?;
        let units = units(engine, &ahead[..ahead.len().min(1)], today).await?;
        let held = units.into_iter().flatten().filter(|unit| unit.held);
        let holding = |unit: Unit| {
            let values = attributes.at(&unit.account, windows::before(today));
            let mrr = match &unit.unpriced {
                Some(currency) => Err(format!("no exchange rate for {currency}")),
                None => Ok(unit.opening),
            };
            let due_in = unit.due.map(|due| position(due, ahead));
            Holding { name: values[0].clone(), segment: values.get(1).cloned().flatten(), due_in, mrr, unit }
        };
        let holdings: Vec<Holding> = held.map(holding).collect();
        let large_from = large_from(holdings.iter().map(|holding| holding.unit.opening).collect());
        Ok(Self { holdings, today, large_from })
    }

    /// How many accounts hold something.
    pub(super) fn accounts(&self) -> usize {
        self.by_account().len()
    }

    /// The holdings of each account.
    pub(super) fn by_account(&self) -> BTreeMap<&str, Vec<&Holding>> {
        let mut all: BTreeMap<&str, Vec<&Holding>> = BTreeMap::new();
        for holding in &self.holdings {
            all.entry(&holding.unit.account).or_default().push(holding);
        }
        all
    }

    /// What all of it brings a month.
    pub(super) fn mrr(&self) -> OrReason<f64> {
        self.holdings.iter().map(|holding| holding.mrr.clone()).try_fold(0.0, plus)
    }
}

/// Months from the first quarter's start, counted by the quarters: what is due in the second lies from 3 up to 6.
fn position(due: Timestamp, ahead: &[Period]) -> f64 {
    let part = |quarter: &Period| {
        let whole = quarter.end.duration_since(quarter.start).as_secs_f64();
        due.duration_since(quarter.start).as_secs_f64() / whole
    };
    let inside = ahead.iter().position(|quarter| due < quarter.end);
    let quarter = inside.or_else(|| ahead.len().checked_sub(1));
    quarter.map_or(0.0, |number| (number as f64 + part(&ahead[number])) * f64::from(QUARTER)).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_bring_half() {
        assert_eq!(large_from(vec![10.0, 50.0, 30.0, 10.0]), 50.0);
        assert_eq!(large_from(vec![10.0, 40.0, 30.0, 20.0]), 30.0);
        assert_eq!(large_from(vec![7.0]), 7.0);
        assert_eq!((large_from(vec![0.0]), large_from(vec![])), (f64::INFINITY, f64::INFINITY));
        assert_eq!((Size::of(30.0, 30.0), Size::of(29.9, 30.0)), (Size::Large, Size::Small));
    }
}
