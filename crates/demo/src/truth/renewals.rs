//! Terms that came due, and what became of them: renewed within thirty days, lost, or still open.

use std::path::Path;

use super::table;
use crate::Result;
use crate::book::Contract;
use crate::calendar::Day;
use crate::company::Company;

/// Days after its end within which a successor renews a term.
const GRACE: Day = 30;

/// What became of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// A successor began in time.
    Renewed,
    /// None did.
    Lost,
    /// None did yet.
    Pending,
}

/// The terms that have come due, month-to-month ones left out.
pub(crate) fn due(company: &Company) -> Vec<(&Contract, Fate)> {
    let end = company.calendar.end();
    let mut due = Vec::new();
    for life in &company.lives {
        for contract in life.contracts.iter().filter(|contract| contract.months > 1 && contract.ends < end) {
            let last = (contract.ends + GRACE).min(end - 1);
            // Who lets a term lapse and buys the same again soon has renewed it, though nobody linked the two.
            let succeeds = |next: &Contract| match next.renewal_of {
                Some(before) => before == contract.number,
                None => next.product == contract.product && next.number != contract.number,
            };
            let mut in_time = life.contracts.iter().filter(|next| (contract.start + 1..=last).contains(&next.start));
            let fate = match in_time.any(succeeds) {
                true => Fate::Renewed,
                false if contract.ends + GRACE > end => Fate::Pending,
                false => Fate::Lost,
            };
            due.push((contract, fate));
        }
    }
    due
}

/// Writes `renewals.csv`, by month of the original end.
pub(super) fn write(dir: &Path, company: &Company) -> Result<()> {
    let due = due(company);
    let rows = (0..company.calendar.months()).map(|month| {
        let of = |fate: Fate| {
            due.iter().filter(|(contract, is)| *is == fate && company.calendar.month(contract.ends) == month).count()
        };
        let (renewed, lost, pending) = (of(Fate::Renewed), of(Fate::Lost), of(Fate::Pending));
        let counts = [renewed + lost + pending, renewed, lost, pending].map(|count| count.to_string());
        std::iter::once(company.calendar.label(month)).chain(counts).collect()
    });
    table(dir, "renewals.csv", "month,due,renewed,lost,pending", rows)
}
