//! Scores of parents: those of their accounts, put together.

use crate::read::CustomerScore;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use tenure_scorecard::{Colour, PLACES};

/// A parent's score: that of its accounts by what they pay. The metrics at `--level parent` go by the same rule (`derived/closing_scores.sql`).
#[derive(Debug, Clone, PartialEq)]
pub struct ParentScore<'a> {
    /// The parent.
    pub account: String,
    /// The mean of its accounts' scores, weighted by MRR: each alike where none of those with a score pays, or a rate is missing. `None`
    /// where none has a score.
    pub score: Option<Decimal>,
    /// The colour that most of that MRR stands in, at a tie the worse.
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
    let scored =
        customers.iter().filter_map(|one| Some((value(one)?, one.score.as_ref()?.colour, one.observed.customer.mrr)));
    let (score, colour) = together(&scored.collect::<Vec<_>>(), mrr.is_some());
    ParentScore { account, score, colour, mrr, customers }
}

/// Scores, colours and what is paid, put together; `priced` says whether the MRR of all accounts is known, with or without a score.
fn together(scored: &[(Decimal, Option<Colour>, Option<Decimal>)], priced: bool) -> (Option<Decimal>, Option<Colour>) {
    let paid: Decimal = scored.iter().filter_map(|(.., mrr)| *mrr).sum();
    let by_money = priced && paid > Decimal::ZERO;
    let weight = |mrr: Option<Decimal>| if by_money { mrr.unwrap_or_default() } else { Decimal::ONE };
    let total: Decimal = scored.iter().map(|(.., mrr)| weight(*mrr)).sum();
    let sum: Decimal = scored.iter().map(|(value, _, mrr)| value * weight(*mrr)).sum();
    let held = |wanted: Colour| -> Decimal {
        scored.iter().filter(|(_, colour, _)| *colour == Some(wanted)).map(|(.., mrr)| weight(*mrr)).sum()
    };
    // From the best to the worst: of equals the last is taken.
    let colours = [Colour::Green, Colour::Amber, Colour::Red];
    let colour = colours.into_iter().max_by_key(|colour| held(*colour)).filter(|_| !scored.is_empty());
    (sum.checked_div(total).map(|mean| mean.round_dp(PLACES)), colour)
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
        let one = |score: i64, colour, mrr: Option<i64>| (Decimal::from(score), Some(colour), mrr.map(Decimal::from));
        let merged = [one(80, Colour::Green, Some(100)), one(50, Colour::Amber, Some(300))];
        assert_eq!(together(&merged, true), (Some("57.5".parse().unwrap()), Some(Colour::Amber)));
        let unpaid = [one(100, Colour::Green, Some(0)), one(20, Colour::Red, Some(0))];
        assert_eq!(together(&unpaid, true), (Some(Decimal::from(60)), Some(Colour::Red)), "at a tie the worse");
        let unpriced = [one(100, Colour::Green, Some(500)), one(20, Colour::Green, None)];
        assert_eq!(together(&unpriced, false), (Some(Decimal::from(60)), Some(Colour::Green)));
        assert_eq!(together(&[], true), (None, None));
    }
}
