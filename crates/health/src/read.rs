//! Scores that are kept, read back; a day that was never stored is computed.

use crate::days;
use crate::error::HealthError;
use crate::history::{Health, rank};
use crate::observe::{Observed, observe};
use jiff::civil::Date;
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

impl Health {
    /// The scores of a day, by account, from what was known of it.
    pub async fn scores(&self, day: Date) -> Result<Vec<CustomerScore<'_>>, HealthError> {
        let groups = self.by_basis(&[day])?;
        let mut found = Vec::new();
        for (basis, days) in groups {
            let engine = self.engine_of(&basis, days::period(day, &self.settings.clock())?.start).await?;
            let mut observed = observe(&engine, &self.scorecards, &days).await?;
            rank(&self.scorecards, &mut observed);
            found.extend(observed.into_iter().map(|observed| {
                let card = self.scorecards.choose(&observed.traits);
                let score = card.map(|card| card.score(&observed.inputs));
                CustomerScore { observed, card, score }
            }));
        }
        Ok(found)
    }

    /// One customer's score on a day.
    pub async fn score_of(&self, account: &str, day: Date) -> Result<CustomerScore<'_>, HealthError> {
        let mut scores = self.scores(day).await?;
        let named = |one: &CustomerScore<'_>| {
            let customer = &one.observed.customer;
            customer.account == account
                || customer.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(account))
        };
        match scores.iter().position(named) {
            Some(place) => Ok(scores.swap_remove(place)),
            None => Err(HealthError::NoCustomer { account: account.to_owned(), day, near: near(account, &scores) }),
        }
    }
}

/// Up to five accounts whose id or name holds what was typed.
fn near(typed: &str, scores: &[CustomerScore<'_>]) -> Vec<String> {
    let typed = typed.to_lowercase();
    let customers = scores.iter().map(|one| &one.observed.customer);
    let holds = |text: &str| !typed.is_empty() && text.to_lowercase().contains(&typed);
    let alike = customers.filter(|one| holds(&one.account) || one.name.as_deref().is_some_and(holds));
    alike.take(5).map(|one| one.account.clone()).collect()
}
