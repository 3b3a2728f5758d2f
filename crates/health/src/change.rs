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
    /// Whether other scorecards were in force on the earlier day than on the later.
    pub edited: bool,
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
}

/// Splits a customer's change of score between two days into its causes: the first day by the scorecards of `then`, the second by those of `now`.
/// Every signal of the later scorecard is known on both days, so a switch or an edit of scorecards is told apart from what happened.
pub async fn explained<'a>(
    then: &'a Health,
    now: &'a Health,
    account: &str,
    from: Date,
    to: Date,
) -> Result<Explained<'a>, HealthError> {
    let [restated, after] = now.scores_of_two(from, to).await?;
    let (restated_kept, after_kept) = (restated.kept, after.kept);
    let restated = one_of(restated.scores, account, from)?;
    let after = one_of(after.scores, &restated.observed.customer.account, to)?;
    let edited = then.scorecards.line() != now.scorecards.line();
    let (before, before_kept) = if edited {
        let before = then.scores(from).await?;
        (one_of(before.scores, &restated.observed.customer.account, from)?, before.kept)
    } else {
        (restated.clone(), restated_kept)
    };
    let kept = before_kept && after_kept;
    let explanation = split_restated(&before, &restated, &after);
    Ok(Explained { before, after, explanation, edited, kept })
}

fn found<'a>(scores: DayScores<'a>, account: &str) -> Option<CustomerScore<'a>> {
    scores.scores.into_iter().find(|one| one.observed.customer.account == account)
}

/// A change of score split into its causes; `None` where no scorecard was for the customer on one of the days.
pub fn split(before: &CustomerScore<'_>, after: &CustomerScore<'_>) -> Option<Explanation> {
    split_restated(before, before, after)
}

/// The same, with what the definitions of the later day make of the earlier one.
fn split_restated(
    before: &CustomerScore<'_>,
    restated: &CustomerScore<'_>,
    after: &CustomerScore<'_>,
) -> Option<Explanation> {
    let (one, two) = before.card.zip(after.card)?;
    let before = Moment { card: one, inputs: &before.observed.inputs };
    Some(explain(before, &restated.observed.inputs, Moment { card: two, inputs: &after.observed.inputs }))
}
