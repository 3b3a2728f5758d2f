//! Why the sides differ: one rule a file, tried in the order of [`Cause::ALL`].
//!
//! A rule is given a case and says in words what it found, or nothing. It holds only where a reading of ours equals theirs to the cent
//! ([`crate::EXPLAINS`]): arithmetic that cannot be a coincidence comes before arithmetic that could. What only one account can have
//! (a duplicate, a merge, a trial, a pause) is tried before what every account has (other days, other rates).

mod billing_interval;
mod discount;
mod duplicate_row;
mod exchange_rate;
mod late_renewal;
mod merged_account;
mod metered;
mod past_due;
mod paused;
mod rounding;
mod tax;
mod timing;
mod trial;
mod unexplained;
mod unknown_account;

use crate::case::Case;

/// Why the sides differ on an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// Their file names an account that we do not have.
    UnknownAccount,
    /// Their file has a row twice.
    DuplicateRow,
    /// They keep accounts apart that are one here.
    MergedAccount,
    /// Cents, or whole units.
    Rounding,
    /// They count a trial, or not yet the line that followed it.
    Trial,
    /// A contract ended before its successor was signed.
    LateRenewal,
    /// A line is paused, or was.
    Paused,
    /// A line is unpaid.
    PastDue,
    /// A discount is taken off on one side only.
    Discount,
    /// Something started, ended or changed near the close.
    Timing,
    /// Another exchange rate.
    ExchangeRate,
    /// Metered or one-off charges are counted.
    Metered,
    /// A price is not divided into months, or otherwise.
    BillingInterval,
    /// Tax is counted.
    Tax,
    /// No rule holds.
    Unexplained,
}

type Rule = fn(&Case<'_>) -> Option<String>;

/// The rules in the order they are tried.
const RULES: [(Cause, Rule); 14] = [
    (Cause::UnknownAccount, unknown_account::explains),
    (Cause::DuplicateRow, duplicate_row::explains),
    (Cause::MergedAccount, merged_account::explains),
    (Cause::Rounding, rounding::explains),
    (Cause::Trial, trial::explains),
    (Cause::LateRenewal, late_renewal::explains),
    (Cause::Paused, paused::explains),
    (Cause::PastDue, past_due::explains),
    (Cause::Discount, discount::explains),
    (Cause::Timing, timing::explains),
    (Cause::ExchangeRate, exchange_rate::explains),
    (Cause::Metered, metered::explains),
    (Cause::BillingInterval, billing_interval::explains),
    (Cause::Tax, tax::explains),
];

impl Cause {
    /// All, in the order their rules are tried.
    pub const ALL: [Self; 15] = [
        Self::UnknownAccount,
        Self::DuplicateRow,
        Self::MergedAccount,
        Self::Rounding,
        Self::Trial,
        Self::LateRenewal,
        Self::Paused,
        Self::PastDue,
        Self::Discount,
        Self::Timing,
        Self::ExchangeRate,
        Self::Metered,
        Self::BillingInterval,
        Self::Tax,
        Self::Unexplained,
    ];

    /// Its name for people; with underscores, for programs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnknownAccount => "unknown account",
            Self::DuplicateRow => "duplicate row",
            Self::MergedAccount => "merged account",
            Self::Rounding => "rounding",
            Self::Trial => "trial",
            Self::LateRenewal => "late renewal",
            Self::Paused => "paused",
            Self::PastDue => "past due",
            Self::Discount => "discount",
            Self::Timing => "timing",
            Self::ExchangeRate => "exchange rate",
            Self::Metered => "metered or one-off",
            Self::BillingInterval => "billing interval",
            Self::Tax => "tax",
            Self::Unexplained => "unexplained",
        }
    }

    /// Its id for programs.
    pub fn id(self) -> String {
        self.name().replace([' ', '-'], "_")
    }
}

/// The first cause whose rule holds, with its evidence.
pub(crate) fn explain(case: &Case<'_>) -> (Cause, String) {
    let found = RULES.iter().find_map(|(cause, rule)| Some((*cause, rule(case)?)));
    found.unwrap_or_else(|| (Cause::Unexplained, unexplained::told(case)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_stand_in_the_documented_order() {
        let order: Vec<Cause> = RULES.iter().map(|(cause, _)| *cause).chain([Cause::Unexplained]).collect();
        assert_eq!(order, Cause::ALL);
    }
}
