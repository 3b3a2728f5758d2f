//! Scores of parents: those of their accounts, put together.

use crate::read::CustomerScore;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use tenure_scorecard::{Colour, Colours, PLACES};

/// A parent's score: that of its accounts by what they pay. The metrics at `--level parent` go by the same rule (`derived/closing_scores.sql`).
#[derive(Debug, Clone, PartialEq)]
pub struct ParentScore<'a> {
    /// The parent.
    pub account: String,
    /// The mean of its accounts' scores, weighted by MRR: each alike where none of those with a score pays, or a rate is missing. `None`
    /// where none has a score.
    pub score: Option<Decimal>,
    /// The colour that the edges of their scorecards give it; where these differ, the colour that most of that MRR stands in, at a tie the worse.
    pub colour: Option<Colour>,
    /// What they pay a month together; `None` where a rate is missing.
    pub mrr: Option<Decimal>,
    /// Its accounts that are customers, the worst score first, those without one last.
    pub customers: Vec<&'a CustomerScore<'a>>,
}

/// The scores of parents, by the parent of each account.
pub fn roll_up<'a>(scores: &[&'a CustomerScore<'a>], parent_of: &dyn Fn(&str) -> String) -> Vec<ParentScore<'a>> {
    let mut groups: BTreeMap<String, Vec<&'a CustomerScore<'a>>> = BTreeMap::new();
    for one in scores {
        groups.entry(parent_of(&one.observed.customer.account)).or_default().push(one);
    }
    groups.into_iter().map(|(account, customers)| of_parent(account, customers)).collect()
}

fn of_parent<'a>(account: String, mut customers: Vec<&'a CustomerScore<'a>>) -> ParentScore<'a> {
    customers.sort_by_key(|one| {
        let value = value(one);
        (value.is_none(), value, one.observed.customer.account.clone())
    });
    let mrr: Option<Decimal> = customers.iter().map(|one| one.observed.customer.mrr).sum();
    let scored = customers.iter().filter_map(|one| {
        let colour = one.score.as_ref()?.colour;
        Some(Scored { value: value(one)?, colour, edges: one.card?.colours, mrr: one.observed.customer.mrr })
    });
    let (score, colour) = together(&scored.collect::<Vec<_>>(), mrr.is_some());
    ParentScore { account, score, colour, mrr, customers }
}

/// An account's score, by the colours of its scorecard, and what it pays.
struct Scored {
    value: Decimal,
    colour: Option<Colour>,
    edges: Colours,
    mrr: Option<Decimal>,
}

/// The mean and its colour; `priced` says whether the MRR of all accounts is known, with or without a score.
fn together(scored: &[Scored], priced: bool) -> (Option<Decimal>, Option<Colour>) {
    let paid: Decimal = scored.iter().filter_map(|one| one.mrr).sum();
    let by_money = priced && paid > Decimal::ZERO;
    let weight = |one: &Scored| if by_money { one.mrr.unwrap_or_default() } else { Decimal::ONE };
    let total: Decimal = scored.iter().map(weight).sum();
    let sum: Decimal = scored.iter().map(|one| one.value * weight(one)).sum();
    let Some(mean) = sum.checked_div(total).map(|mean| mean.round_dp(PLACES)) else { return (None, None) };
    let colour = match scored {
        [first, others @ ..] if others.iter().all(|one| one.edges == first.edges) => Some(first.edges.of(mean)),
        _ => most(scored, weight),
    };
    (Some(mean), colour)
}

/// The colour that most of the weight stands in, at a tie the worse.
fn most(scored: &[Scored], weight: impl Fn(&Scored) -> Decimal) -> Option<Colour> {
    let held =
        |wanted: Colour| -> Decimal { scored.iter().filter(|one| one.colour == Some(wanted)).map(&weight).sum() };
    // From the best to the worst: of equals the last is taken.
    [Colour::Green, Colour::Amber, Colour::Red].into_iter().max_by_key(|colour| held(*colour))
}

fn value(one: &CustomerScore<'_>) -> Option<Decimal> {
    one.score.as_ref().and_then(|score| score.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The figures of the case of `health_score` in the engine's tests.
    #[test]
    fn scores_are_weighed_by_what_is_paid() {
        let edges = |amber: i64, green: i64| Colours { amber: Decimal::from(amber), green: Decimal::from(green) };
        let of = |edges: Colours, score: i64, mrr: Option<i64>| {
            let value = Decimal::from(score);
            Scored { value, colour: Some(edges.of(value)), edges, mrr: mrr.map(Decimal::from) }
        };
        let one = |score, mrr| of(edges(50, 70), score, mrr);
        let young = |score, mrr| of(edges(40, 55), score, mrr);
        let merged = [one(80, Some(100)), young(50, Some(300))];
        assert_eq!(together(&merged, true), (Some("57.5".parse().unwrap()), Some(Colour::Amber)), "as most of it");
        let unpaid = [one(100, Some(0)), one(20, Some(0))];
        assert_eq!(together(&unpaid, true), (Some(Decimal::from(60)), Some(Colour::Amber)), "as the mean");
        let apart = [one(100, Some(0)), young(20, Some(0))];
        assert_eq!(together(&apart, true), (Some(Decimal::from(60)), Some(Colour::Red)), "at a tie the worse");
        let edge = [one(90, Some(100)), one(50, Some(100))];
        assert_eq!(together(&edge, true), (Some(Decimal::from(70)), Some(Colour::Green)), "on an edge the better");
        let unpriced = [one(100, Some(500)), one(20, None)];
        assert_eq!(together(&unpriced, false), (Some(Decimal::from(60)), Some(Colour::Amber)));
        assert_eq!(together(&[], true), (None, None));
    }
}
