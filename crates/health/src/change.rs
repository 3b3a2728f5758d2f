//! Why a customer's score changed between two days.

use crate::error::HealthError;
use crate::history::Health;
use crate::read::{CustomerScore, DayScores, one_of};
use jiff::civil::Date;
use tenure_scorecard::{Explanation, Moment, explain};

/// A customer's change of score, and both days.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained<'a> {
    /// The earlier day.
    pub before: CustomerScore<'a>,
    /// The later day.
    pub after: CustomerScore<'a>,
    /// The change; `None` where no scorecard was for the customer on one of them.
    pub explanation: Option<Explanation>,
    /// Whether both scores are those that were kept.
    pub kept: bool,
}

/// How a customer stands on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing<'a> {
    /// Its score.
    pub now: CustomerScore<'a>,
    /// The change since the earlier day; `None` where it was no customer then, or no scorecard was for it on one of the days.
    pub explanation: Option<Explanation>,
    /// Whether the scores are those that were kept.
    pub kept: bool,
}

impl Health {
    /// How an account stands on a day, and why that changed since an earlier one; `None` where it is no customer on the day.
    pub async fn standing(&self, account: &str, from: Date, to: Date) -> Result<Option<Standing<'_>>, HealthError> {
        let [one, two] = self.scores_of_two(from, to).await?;
        let kept = one.kept && two.kept;
        let Some(now) = found(two, account) else { return Ok(None) };
        let explanation = found(one, account).and_then(|before| split(&before, &now));
        Ok(Some(Standing { now, explanation, kept }))
    }

    /// Splits a customer's change of score between two days into its causes, by the scorecards in force. Every signal of every scorecard is
    /// known on both days, so a switch of scorecard is told apart from what happened.
    pub async fn explain(&self, account: &str, from: Date, to: Date) -> Result<Explained<'_>, HealthError> {
        let [one, two] = self.scores_of_two(from, to).await?;
        let kept = one.kept && two.kept;
        let before = one_of(one.scores, account, from)?;
        let after = one_of(two.scores, &before.observed.customer.account, to)?;
        let explanation = split(&before, &after);
        Ok(Explained { before, after, explanation, kept })
    }
}

fn found<'a>(scores: DayScores<'a>, account: &str) -> Option<CustomerScore<'a>> {
    scores.scores.into_iter().find(|one| one.observed.customer.account == account)
}

/// A change of score split into its causes; `None` where no scorecard was for the customer on one of the days.
pub fn split(before: &CustomerScore<'_>, after: &CustomerScore<'_>) -> Option<Explanation> {
    let (one, two) = before.card.zip(after.card)?;
    let before = Moment { card: one, inputs: &before.observed.inputs };
    Some(explain(before, Moment { card: two, inputs: &after.observed.inputs }))
}
