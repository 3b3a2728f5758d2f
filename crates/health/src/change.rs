//! Why a customer's score changed between two days.

use crate::error::HealthError;
use crate::history::Health;
use crate::read::CustomerScore;
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
}

impl Health {
    /// Splits a customer's change of score between two days into its causes, by the scorecards in force. Every signal of every scorecard is
    /// known on both days, so a switch of scorecard is told apart from what happened.
    pub async fn explain(&self, account: &str, from: Date, to: Date) -> Result<Explained<'_>, HealthError> {
        let before = self.score_of(account, from).await?;
        let after = self.score_of(&before.observed.customer.account, to).await?;
        let explanation = before.card.zip(after.card).map(|(one, two)| {
            let before = Moment { card: one, inputs: &before.observed.inputs };
            explain(before, Moment { card: two, inputs: &after.observed.inputs })
        });
        Ok(Explained { before, after, explanation })
    }
}
