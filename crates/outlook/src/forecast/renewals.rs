//! Renewals due: of each term what is at stake, the chance that it is renewed, and what is to be expected.

use super::Question;
use super::book::{Age, Book, Holding, Size};
use super::chances::{Chance, Chances, Length};
use super::spread::Spread;
use super::windows::QUARTER;
use crate::OrReason;
use jiff::Timestamp;
use std::collections::BTreeMap;
use tenure_schema::period::Period;
use tenure_stats::bootstrap::SplitMix64;

/// A term due.
#[derive(Debug, Clone)]
pub struct Due {
    /// Whose.
    pub account: String,
    /// The account's name.
    pub name: Option<String>,
    /// The product; `None`: lines name none.
    pub product: Option<String>,
    /// The account's plan.
    pub plan: Option<String>,
    /// The value of the attribute that splits the renewals.
    pub segment: Option<String>,
    /// How long the term runs.
    pub term: Length,
    /// Its whole months.
    pub term_months: i64,
    /// Its original end.
    pub due: Timestamp,
    /// Whether that is over and it may still be renewed within its grace.
    pub overdue: bool,
    /// The quarter that it counts in, from 0; what is overdue counts in the first.
    pub quarter: usize,
    /// What the product brings a month, in the workspace's currency; or why that is not known.
    pub mrr: OrReason<f64>,
    /// The chance that it is renewed, or why none is told.
    pub chance: OrReason<Chance>,
    /// Whether that is much.
    pub size: Size,
    /// Decided terms of the same length, plan and size, that the chance rests on most.
    pub alike: u64,
}

impl Due {
    /// What is to be expected of it a month: chance × revenue, were it renewed as it is.
    pub fn expected(&self) -> OrReason<f64> {
        Ok(self.chance.as_ref().map_err(Clone::clone)?.chance * self.mrr.clone()?)
    }
}

/// Sums of some terms.
#[derive(Debug, Clone)]
pub struct Share {
    /// How many.
    pub terms: usize,
    /// What they bring a month.
    pub mrr: OrReason<f64>,
    /// `Σ chance × revenue`.
    pub expected: OrReason<f64>,
}

/// What can end any month.
#[derive(Debug, Clone, PartialEq)]
pub struct Evergreen {
    /// Subscriptions, each a product of an account, as of today.
    pub units: usize,
    /// What is to be expected of them at the quarter's opening: `Σ revenue · hᵐ` with `h` the monthly chance to be held.
    pub opening: f64,
    /// The same at its close.
    pub expected: f64,
}

/// The terms due in a quarter.
#[derive(Debug, Clone)]
pub struct Quarter {
    /// The quarter.
    pub period: Period,
    /// All terms due in it.
    pub all: Share,
    /// What they bring once decided, in many futures; `None` where that is not known.
    pub spread: Option<Spread>,
    /// By the attribute asked for; empty where none was.
    pub segments: Vec<(Option<String>, Share)>,
    /// Beside them, what can end any month; or why nothing is told of it.
    pub evergreen: OrReason<Evergreen>,
}

/// Renewals of the next quarters.
#[derive(Debug, Clone)]
pub struct Renewals {
    /// The quarters.
    pub quarters: Vec<Quarter>,
    /// Every running term due in them, by when it is due; a term that follows it within them is not listed.
    pub due: Vec<Due>,
}

/// Lists what is due of a book.
pub(super) fn renewals(book: &Book, chances: &Chances, quarters: &[Period], question: &Question) -> Renewals {
    let mut due: Vec<Due> = book.holdings.iter().filter_map(|held| one(held, book, chances, quarters)).collect();
    due.sort_by(|a, b| (a.due, &a.account, &a.product).cmp(&(b.due, &b.account, &b.product)));
    let quarter = |(number, period): (usize, &Period)| {
        let own: Vec<&Due> = due.iter().filter(|due| due.quarter == number).collect();
        let mut segments: BTreeMap<&Option<String>, Vec<&Due>> = BTreeMap::new();
        for due in own.iter().filter(|_| question.by.is_some()) {
            segments.entry(&due.segment).or_default().push(due);
        }
        Quarter {
            period: period.clone(),
            all: share(&own),
            spread: spread(&own, chances, question, number),
            segments: segments.into_iter().map(|(value, due)| (value.clone(), share(&due))).collect(),
            evergreen: evergreen(book, chances, number),
        }
    };
    Renewals { quarters: quarters.iter().enumerate().map(quarter).collect(), due }
}

fn one(held: &Holding, book: &Book, chances: &Chances, quarters: &[Period]) -> Option<Due> {
    let (due, due_in) = held.unit.due.zip(held.due_in)?;
    let quarter = quarters.iter().position(|quarter| due < quarter.end)?;
    let (unit, product, kind) = (&held.unit, &held.unit.product, held.unit.kind(book.large_from));
    Some(Due {
        account: unit.account.clone(),
        name: held.name.clone(),
        product: (!product.is_empty()).then(|| product.clone()),
        plan: unit.plan.clone(),
        segment: held.segment.clone(),
        term: unit.term,
        term_months: unit.term_months,
        due,
        overdue: due < book.today,
        quarter,
        mrr: held.mrr.clone(),
        chance: chances.renewal(unit, due_in, book.large_from),
        alike: chances.alike(&kind),
        size: kind.2,
    })
}

fn share(due: &[&Due]) -> Share {
    Share {
        terms: due.len(),
        mrr: due.iter().map(|due| due.mrr.clone()).try_fold(0.0, plus),
        expected: due.iter().map(|due| due.expected()).try_fold(0.0, plus),
    }
}

/// Unlike `sum`, nothing added up is 0 and not −0.
pub(super) fn plus(sum: f64, one: OrReason<f64>) -> OrReason<f64> {
    Ok(sum + one?)
}

/// What terms bring once decided. Chances are drawn from what is known of them; the terms of an account stand or fall together.
fn spread(due: &[&Due], chances: &Chances, question: &Question, quarter: usize) -> Option<Spread> {
    let mut random = SplitMix64::new(question.seed ^ (quarter as u64 + 1));
    let mut groups = BTreeMap::new();
    let mut accounts: BTreeMap<&str, Vec<(f64, f64, usize)>> = BTreeMap::new();
    for due in due {
        let (mrr, chance) = (due.mrr.clone().ok()?, due.chance.as_ref().ok()?);
        let next = groups.len();
        let beta = chances.renewed.share(&(due.term, due.plan.clone(), due.size, Age::Settled));
        let (place, _) = *groups.entry((due.term, &due.plan, due.size)).or_insert((next, beta));
        accounts.entry(&due.account).or_default().push((mrr, chance.chance / beta.mean(), place));
    }
    let mut betas: Vec<_> = groups.into_values().collect();
    betas.sort_by_key(|(place, _)| *place);
    let future = |_| {
        let drawn: Vec<f64> = betas.iter().map(|(_, beta)| beta.draw(&mut random)).collect();
        let mut kept = 0.0;
        for terms in accounts.values() {
            let luck = random.unit();
            kept +=
                terms.iter().filter(|(_, lasts, place)| luck < lasts * drawn[*place]).map(|(mrr, ..)| mrr).sum::<f64>();
        }
        kept
    };
    let futures: Vec<f64> = (0..question.runs).map(future).collect();
    Spread::of(&futures).filter(|_| !due.is_empty())
}

fn evergreen(book: &Book, chances: &Chances, quarter: usize) -> OrReason<Evergreen> {
    let mut found = Evergreen { units: 0, opening: 0.0, expected: 0.0 };
    for held in book.holdings.iter().filter(|held| held.due_in.is_none()) {
        if let Some(reason) = chances.lacking(Length::Monthly) {
            return Err(reason);
        }
        let mrr = held.mrr.clone()?;
        let stays = |quarters: usize| -> f64 {
            let month = |age| chances.monthly.share(&held.unit.kind_at(age, book.large_from)).mean();
            let quarter = |number| month(Age::of(held.unit.age + number * i64::from(QUARTER))).powi(QUARTER);
            (0_i64..).take(quarters).map(quarter).product()
        };
        found.units += 1;
        found.opening += mrr * stays(quarter);
        found.expected += mrr * stays(quarter + 1);
    }
    Ok(found)
}

#[cfg(test)]
#[path = "renewals/tests.rs"]
mod tests;
