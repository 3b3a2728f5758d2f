//! Scores that are kept, read back; a day that was never stored is computed.

use crate::days;
use crate::error::HealthError;
use crate::history::{Health, rank};
use crate::observe::{Observed, observe};
use crate::stored::Kept;
use jiff::civil::Date;
use std::collections::HashMap;
use tenure_scorecard::{Score, Scorecard};

/// A customer's score on a day, with all that it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerScore<'a> {
    /// Who, when, and what was known.
    pub observed: Observed,
    /// The scorecard that applied; `None`: none is for this customer.
    pub card: Option<&'a Scorecard>,
    /// The score; `None` without a scorecard.
    pub score: Option<Score>,
}

/// The scores of a day, by account.
#[derive(Debug, Clone, PartialEq)]
pub struct DayScores<'a> {
    /// One a customer.
    pub scores: Vec<CustomerScore<'a>>,
    /// Whether they are those that `tenure health update` kept; else they were computed now, from what was known of the day.
    pub kept: bool,
}

impl Health {
    /// The scores of a day: those that are kept, where the scorecards in force scored it.
    pub async fn scores(&self, day: Date) -> Result<DayScores<'_>, HealthError> {
        match self.kept(day).await? {
            Some(scores) => Ok(DayScores { scores, kept: true }),
            None => self.computed(day).await,
        }
    }

    /// The scores of two days, such that changes between them can be explained: where a scorecard took another's place, the signals of both are
    /// needed on both days, of which only those of its own are kept.
    pub async fn scores_of_two(&self, before: Date, after: Date) -> Result<[DayScores<'_>; 2], HealthError> {
        let (one, two) = (self.scores(before).await?, self.scores(after).await?);
        if (one.kept || two.kept) && switched(&one, &two) {
            return Ok([self.computed(before).await?, self.computed(after).await?]);
        }
        Ok([one, two])
    }

    /// The scores of a day from what was known of it, whether they are kept or not.
    pub(crate) async fn computed(&self, day: Date) -> Result<DayScores<'_>, HealthError> {
        let groups = self.by_basis(&[day])?;
        let mut scores = Vec::new();
        for (basis, known) in groups {
            let engine = self.engine_of(&basis, days::period(day, &self.settings.clock())?.start).await?;
            let mut observed = observe(&engine, &self.scorecards, &known).await?;
            rank(&self.scorecards, &mut observed);
            scores.extend(observed.into_iter().map(|observed| {
                let card = self.scorecards.choose(&observed.traits);
                let score = card.map(|card| card.score(&observed.inputs));
                CustomerScore { observed, card, score }
            }));
        }
        Ok(DayScores { scores, kept: false })
    }

    /// The scores that are kept of a day; `None` where the scorecards in force did not score it, or would score it otherwise by now.
    async fn kept(&self, day: Date) -> Result<Option<Vec<CustomerScore<'_>>>, HealthError> {
        let lines = self.lines().await?;
        let own = lines.iter().find(|line| line.id == self.scorecards.line());
        if !own.is_some_and(|own| (own.scored_from..=own.scored_to).contains(&day)) {
            return Ok(None);
        }
        let mut kept = Kept::read(&self.lake, self.scorecards.line(), day).await?;
        let mut scores = Vec::new();
        for (basis, days) in self.by_basis(&[day])? {
            for mut observed in self.customers(&basis, &days).await? {
                let Some(one) = kept.take(&observed.customer.account) else {
                    scores.push(CustomerScore { observed, card: None, score: None });
                    continue;
                };
                observed.inputs = one.inputs;
                let Some(card) = self.scorecards.card(&one.scorecard) else { return Ok(None) };
                let score = card.score(&observed.inputs);
                if score.value != one.score {
                    return Ok(None);
                }
                scores.push(CustomerScore { observed, card: Some(card), score: Some(score) });
            }
        }
        Ok(kept.is_empty().then_some(scores))
    }

    /// One customer's score on a day.
    pub async fn score_of(&self, account: &str, day: Date) -> Result<(CustomerScore<'_>, bool), HealthError> {
        let DayScores { scores, kept } = self.scores(day).await?;
        Ok((one_of(scores, account, day)?, kept))
    }
}

/// The score of one customer among those of a day.
pub(crate) fn one_of<'a>(
    mut scores: Vec<CustomerScore<'a>>,
    account: &str,
    day: Date,
) -> Result<CustomerScore<'a>, HealthError> {
    let named = |one: &CustomerScore<'_>| {
        let customer = &one.observed.customer;
        customer.account == account || customer.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(account))
    };
    match scores.iter().position(named) {
        Some(place) => Ok(scores.swap_remove(place)),
        None => Err(HealthError::NoCustomer { account: account.to_owned(), day, near: near(account, &scores) }),
    }
}

/// Whether a customer of both days was scored by another scorecard on the one than on the other.
fn switched(one: &DayScores<'_>, two: &DayScores<'_>) -> bool {
    let cards: HashMap<&str, Option<&str>> = one.scores.iter().map(by_card).collect();
    two.scores.iter().map(by_card).any(|(account, card)| cards.get(account).is_some_and(|before| *before != card))
}

fn by_card<'a>(one: &'a CustomerScore<'_>) -> (&'a str, Option<&'a str>) {
    (&one.observed.customer.account, one.card.map(|card| card.id.as_str()))
}

/// Up to five accounts whose id or name holds what was typed.
fn near(typed: &str, scores: &[CustomerScore<'_>]) -> Vec<String> {
    let typed = typed.to_lowercase();
    let customers = scores.iter().map(|one| &one.observed.customer);
    let holds = |text: &str| !typed.is_empty() && text.to_lowercase().contains(&typed);
    let alike = customers.filter(|one| holds(&one.account) || one.name.as_deref().is_some_and(holds));
    alike.take(5).map(|one| one.account.clone()).collect()
}
