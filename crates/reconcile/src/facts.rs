//! What is known of accounts near the close: their lines, terms, charges, merges. Read once, by SQL over the derived tables.

use crate::asked::{Asked, days_after};
use crate::error::ReconcileError;
use crate::tabular::{Record, instant, query};
use jiff::Timestamp;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use tenure_engine::Engine;

/// A stretch of a paid line during which its monthly amount does not change.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Line {
    /// Subscription and line.
    pub(crate) id: String,
    /// What is sold.
    pub(crate) product: Option<String>,
    /// Its currency.
    pub(crate) currency: String,
    /// What it brings a month, discounts taken off.
    pub(crate) net: Decimal,
    /// The same without discounts; zero too while it is paused.
    pub(crate) list: Decimal,
    /// The month's list price, paused or not.
    pub(crate) price: Decimal,
    /// How often it is billed.
    pub(crate) billed: Billed,
    /// Whether it is paused in this stretch.
    pub(crate) paused: bool,
    /// The discount it was sold with.
    pub(crate) discount: Option<Discount>,
    /// When it pauses.
    pub(crate) pause: Option<Stretch>,
    /// When it is unpaid.
    pub(crate) past_due: Option<Stretch>,
    /// Until when it was a trial.
    pub(crate) trial_ends: Option<Timestamp>,
    /// The first instant of the stretch.
    pub(crate) from: Timestamp,
    /// The first after it.
    pub(crate) to: Option<Timestamp>,
}

/// From an instant to before another, or open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) from: Timestamp,
    pub(crate) to: Option<Timestamp>,
}

impl Stretch {
    /// Whether an instant is in it.
    pub(crate) fn holds(self, at: Timestamp) -> bool {
        self.from <= at && self.to.is_none_or(|to| at < to)
    }
}

/// How often a line is billed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Billed {
    /// day, week, month, quarter or year.
    pub(crate) interval: String,
    /// So many of them.
    pub(crate) count: i64,
}

impl Default for Billed {
    fn default() -> Self {
        Self { interval: "month".to_owned(), count: 1 }
    }
}

/// A discount with its dates.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Discount {
    /// Percent off.
    pub(crate) percent: Decimal,
    /// Amount off a month.
    pub(crate) amount: Decimal,
    /// When it begins; none: with the line.
    pub(crate) from: Option<Timestamp>,
    /// When it ends; none: with the line.
    pub(crate) to: Option<Timestamp>,
}

impl Discount {
    /// A month's price with it taken off.
    pub(crate) fn off(&self, price: Decimal) -> Decimal {
        (price * (Decimal::ONE_HUNDRED - self.percent) / Decimal::ONE_HUNDRED - self.amount).max(Decimal::ZERO)
    }

    /// Whether it holds at an instant.
    pub(crate) fn holds(&self, at: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= at) && self.to.is_none_or(|to| at < to)
    }
}

impl Line {
    /// Whether it is in force at an instant.
    pub(crate) fn runs(&self, at: Timestamp) -> bool {
        self.from <= at && self.to.is_none_or(|to| at < to)
    }

    /// Its price with the discount that holds at an instant.
    pub(crate) fn price_at(&self, at: Timestamp) -> Decimal {
        match &self.discount {
            Some(discount) if discount.holds(at) => discount.off(self.price),
            _ => self.price,
        }
    }

    /// What evidence calls it.
    pub(crate) fn name(&self) -> String {
        match &self.product {
            Some(product) => format!("{product} ({})", self.id),
            None => self.id.clone(),
        }
    }
}

/// A line that is no MRR.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Outside {
    /// trial, metered or one_off.
    pub(crate) kind: String,
    /// What is sold.
    pub(crate) product: Option<String>,
    /// Its currency.
    pub(crate) currency: String,
    /// The month's list price.
    pub(crate) price: Decimal,
    /// The discount it was sold with.
    pub(crate) discount: Option<Discount>,
    /// When it runs.
    pub(crate) runs: Stretch,
}

/// A contract term that came up for renewal.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Term {
    /// Its id.
    pub(crate) id: String,
    /// What it is about.
    pub(crate) product: Option<String>,
    /// When it was due.
    pub(crate) ends: Timestamp,
    /// Until when a successor renews it.
    pub(crate) grace_ends: Timestamp,
    /// The term that renewed it.
    pub(crate) successor: Option<Successor>,
}

/// A term that renewed another.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Successor {
    /// Its id.
    pub(crate) id: String,
    /// When it begins.
    pub(crate) starts: Timestamp,
    /// When it was signed.
    pub(crate) signed: Option<Timestamp>,
}

/// What was invoiced beside the subscription in the month up to the close.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Charge {
    /// metered or one_off.
    pub(crate) kind: String,
    /// Its currency.
    pub(crate) currency: String,
    /// The sum.
    pub(crate) amount: Decimal,
}

/// An account as it is known.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Account {
    /// Its name.
    pub(crate) name: Option<String>,
    /// The account it was merged into.
    pub(crate) merged_into: Option<String>,
    /// When.
    pub(crate) merged_at: Option<Timestamp>,
}

/// When an account was last a customer by the close; without an end it still is.
pub(crate) type Span = Stretch;

/// All of it, by account.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Facts {
    pub(crate) accounts: BTreeMap<String, Account>,
    pub(crate) lines: BTreeMap<String, Vec<Line>>,
    pub(crate) outside: BTreeMap<String, Vec<Outside>>,
    pub(crate) terms: BTreeMap<String, Vec<Term>>,
    pub(crate) charges: BTreeMap<String, Vec<Charge>>,
    pub(crate) spans: BTreeMap<String, Span>,
}

impl Facts {
    /// Reads who the accounts are.
    pub(crate) async fn accounts(engine: &Engine) -> Result<BTreeMap<String, Account>, ReconcileError> {
        let records = query(engine, include_str!("../sql/accounts.sql"), &[]).await?;
        let account = |record: &Record| Account {
            name: record.text(1).map(str::to_owned),
            merged_into: record.text(2).map(str::to_owned),
            merged_at: record.at(3),
        };
        Ok(records.iter().map(|record| (record.word(0), account(record))).collect())
    }

    /// Reads the rest for the accounts that matter.
    pub(crate) async fn read(
        engine: &Engine,
        asked: &Asked,
        accounts: BTreeMap<String, Account>,
        matters: &dyn Fn(&str) -> bool,
    ) -> Result<Self, ReconcileError> {
        let grace = i64::from(engine.settings().renewal_grace_days);
        let month_start = asked.day(asked.closing()).first_of_month();
        let month_start = asked.clock.day_start(month_start).unwrap_or(asked.since());
        let values = [
            ("since", instant(asked.since())),
            ("until", instant(asked.until())),
            ("closing", instant(asked.closing())),
            ("since_grace", instant(days_after(asked.since(), -grace))),
            ("month_start", instant(month_start)),
        ];
        let lines = query(engine, include_str!("../sql/lines.sql"), &values).await?;
        let outside = query(engine, include_str!("../sql/outside.sql"), &values).await?;
        let terms = query(engine, include_str!("../sql/terms.sql"), &values).await?;
        let charges = query(engine, include_str!("../sql/charges.sql"), &values).await?;
        let spans = query(engine, include_str!("../sql/spans.sql"), &values).await?;
        let span = |record: &Record| Some((record.word(0), Stretch { from: record.at(1)?, to: record.at(2) }));
        Ok(Self {
            accounts,
            lines: by_account(&lines, matters, line),
            outside: by_account(&outside, matters, self::outside),
            terms: by_account(&terms, matters, term),
            charges: by_account(&charges, matters, |record| {
                Some(Charge { kind: record.word(1), currency: record.word(2), amount: record.amount(3) })
            }),
            spans: spans.iter().filter_map(span).filter(|(account, _)| matters(account)).collect(),
        })
    }
}

impl Facts {
    /// The account whose history an account's is, merges followed.
    pub(crate) fn survivor<'a>(&'a self, account: &'a str) -> &'a str {
        let mut at = account;
        // Merges in a circle end somewhere.
        for _ in 0..self.accounts.len() {
            match self.accounts.get(at).and_then(|known| known.merged_into.as_deref()) {
                Some(next) if next != account => at = next,
                _ => break,
            }
        }
        at
    }
}

fn by_account<T>(
    records: &[Record],
    matters: &dyn Fn(&str) -> bool,
    read: impl Fn(&Record) -> Option<T>,
) -> BTreeMap<String, Vec<T>> {
    let mut all: BTreeMap<String, Vec<T>> = BTreeMap::new();
    for record in records {
        let Some(account) = record.text(0).filter(|account| matters(account)) else { continue };
        if let Some(one) = read(record) {
            all.entry(account.to_owned()).or_default().push(one);
        }
    }
    all
}

fn line(record: &Record) -> Option<Line> {
    let stretch = |from: usize, to: usize| record.at(from).map(|from| Stretch { from, to: record.at(to) });
    Some(Line {
        id: record.word(1),
        product: record.text(2).map(str::to_owned),
        currency: record.word(3),
        paused: record.is(4),
        list: record.amount(5),
        net: record.amount(6),
        past_due: stretch(7, 8),
        from: record.at(9)?,
        to: record.at(10),
        price: record.amount(11),
        billed: Billed {
            interval: record.word(12),
            count: record.text(13).and_then(|count| count.parse().ok()).unwrap_or(1),
        },
        discount: discount(record, 14, Some((16, 17))),
        pause: stretch(18, 19),
        trial_ends: record.at(20),
    })
}

/// Percent and amount stand side by side.
fn discount(record: &Record, place: usize, dates: Option<(usize, usize)>) -> Option<Discount> {
    if record.text(place).is_none() && record.text(place + 1).is_none() {
        return None;
    }
    let at = |of: fn((usize, usize)) -> usize| dates.and_then(|dates| record.at(of(dates)));
    Some(Discount {
        percent: record.amount(place),
        amount: record.amount(place + 1),
        from: at(|dates| dates.0),
        to: at(|dates| dates.1),
    })
}

fn outside(record: &Record) -> Option<Outside> {
    Some(Outside {
        kind: record.word(1),
        product: record.text(2).map(str::to_owned),
        currency: record.word(3),
        price: record.amount(4),
        discount: discount(record, 5, None),
        runs: Stretch { from: record.at(7)?, to: record.at(8) },
    })
}

fn term(record: &Record) -> Option<Term> {
    let successor = record
        .text(5)
        .and_then(|id| Some(Successor { id: id.to_owned(), starts: record.at(6)?, signed: record.at(7) }));
    Some(Term {
        id: record.word(1),
        product: record.text(2).map(str::to_owned),
        ends: record.at(3)?,
        grace_ends: record.at(4)?,
        successor,
    })
}
