//! Chances, from what became of past terms and months.

use super::LEAST_TERMS;
use super::book::Unit;
use crate::cells::Cells;
use crate::{OrReason, OutlookError};
use jiff::Timestamp;
use std::collections::BTreeMap;
use tenure_engine::{Engine, Query};
use tenure_schema::period::Period;
use tenure_stats::beta_binomial::{Beta, Cases, posterior, prior_strength};

/// Fewer months of what can end any month say nothing of how it ends.
const LEAST_MONTHS: u64 = 20;

/// How long a term runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Length {
    /// No term, or one of a month: it can end any month.
    Monthly,
    /// Two to eleven months.
    UnderAYear,
    /// Twelve months.
    AYear,
    /// Longer.
    OverAYear,
}

impl Length {
    /// Of whole months; `None`: no term.
    pub(super) fn of(months: Option<i64>) -> Self {
        match months {
            None | Some(..=1) => Self::Monthly,
            Some(2..=11) => Self::UnderAYear,
            Some(12) => Self::AYear,
            Some(_) => Self::OverAYear,
        }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Monthly => "month to month",
            Self::UnderAYear => "under a year",
            Self::AYear => "a year",
            Self::OverAYear => "over a year",
        }
    }
}

/// A chance, with the 95 % range of what is known of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chance {
    /// The chance.
    pub chance: f64,
    /// The lower end of its range.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// Shares by group, each drawn towards the others (`tenure_stats::beta_binomial`).
#[derive(Debug, Clone)]
pub(super) struct Shares<K> {
    groups: BTreeMap<K, Cases>,
    all: Cases,
    strength: f64,
}

impl<K: Ord> Shares<K> {
    pub(super) fn of(groups: BTreeMap<K, Cases>) -> Self {
        let counts: Vec<Cases> = groups.values().copied().collect();
        let all = counts.iter().fold(Cases::default(), |sum, one| Cases { of: sum.of + one.of, n: sum.n + one.n });
        Self { strength: prior_strength(&counts), groups, all }
    }

    /// What is known of a group's share; of one without cases, what the others tell.
    pub(super) fn share(&self, group: &K) -> Beta {
        let own = self.groups.get(group).copied().unwrap_or_default();
        let others = Cases { of: self.all.of - own.of, n: self.all.n - own.n };
        posterior(own, others, self.strength)
    }

    /// The cases of a group.
    fn cases(&self, group: &K) -> Cases {
        self.groups.get(group).copied().unwrap_or_default()
    }
}

/// A group of terms.
pub(super) type Group = (Length, Option<String>);

/// What the past tells.
#[derive(Debug, Clone)]
pub(super) struct Chances {
    /// Terms that reached their end: renewed or not.
    pub(super) renewed: Shares<Group>,
    /// Months inside a term, by plan: held to their end or not.
    pub(super) within: Shares<Option<String>>,
    /// Months of what can end any month, by plan.
    pub(super) monthly: Shares<Option<String>>,
}

/// Terms due before today, longer than a month, that are decided: renewed, or past their grace. One broken off before its end and not renewed did
/// not reach it: how often that happens the months inside terms tell.
const TERMS: &str = "
SELECT CAST(coalesce(term.term_months, months_between(term.started_at, term.ends_at)) AS BIGINT), version.plan,
       term.successor_id IS NOT NULL AS renewed, count(*) AS terms
FROM contract_terms AS term
JOIN asked ON term.ends_at < asked.starts_at
LEFT JOIN account_versions AS version
  ON version.account_id = term.account_id AND version.starts_at < term.ends_at AND (version.ends_at IS NULL OR version.ends_at >= term.ends_at)
WHERE coalesce(term.term_months, months_between(term.started_at, term.ends_at)) > 1
  AND (term.successor_id IS NOT NULL OR (term.grace_ends_at <= asked.starts_at AND (term.terminated_at IS NULL OR term.terminated_at >= term.ends_at)))
GROUP BY 1, 2, 3";

impl Chances {
    /// Counts decided terms, and months with their units.
    pub(super) async fn read(
        engine: &Engine,
        months: &[(Period, Vec<Unit>)],
        today: Timestamp,
    ) -> Result<Self, OutlookError> {
        let mut renewed: BTreeMap<Group, Cases> = BTreeMap::new();
        let query = Query { file: "derived/contract_terms.sql", key: "decided", sql: TERMS };
        let at = Period::at(today, &engine.clock());
        for batch in engine.query(query, &[at], today).await? {
            let cells = Cells(&batch);
            let (length, plan, renewals, terms) =
                (cells.counts(0)?, cells.texts(1)?, cells.truths(2)?, cells.counts(3)?);
            for row in 0..batch.num_rows() {
                let terms = terms[row].and_then(|count| u64::try_from(count).ok()).unwrap_or_default();
                let cases = renewed.entry((Length::of(length[row]), plan[row].clone())).or_default();
                cases.n += terms;
                cases.of += if renewals[row] { terms } else { 0 };
            }
        }
        let (within, monthly) = counted(months);
        Ok(Self { renewed: Shares::of(renewed), within: Shares::of(within), monthly: Shares::of(monthly) })
    }

    /// Terms that chances to renew rest on.
    pub(super) fn decided(&self) -> u64 {
        self.renewed.all.n
    }

    /// Why no chance can be told of something of that length; `None` where one can.
    pub(super) fn lacking(&self, length: Length) -> Option<String> {
        match length {
            Length::Monthly if self.monthly.all.n < LEAST_MONTHS => Some(format!(
                "only {} past months of subscriptions that can end any month: {LEAST_MONTHS} are needed",
                self.monthly.all.n
            )),
            Length::Monthly => None,
            _ if self.decided() < LEAST_TERMS => {
                Some(format!("only {} terms are decided so far: {LEAST_TERMS} are needed", self.decided()))
            }
            _ => None,
        }
    }

    /// The chance that a term due in so many months is renewed: that it is not broken off before, by month, times that it is renewed when
    /// due, `wᵐ · r`. The range is that of `r`; `w` rests on many more cases.
    pub(super) fn renewal(&self, length: Length, plan: &Option<String>, months: f64) -> OrReason<Chance> {
        if let Some(reason) = self.lacking(length) {
            return Err(reason);
        }
        let share = self.renewed.share(&(length, plan.clone()));
        let lasts = self.within.share(plan).mean().powf(months);
        let range = share.interval().ok_or("its range cannot be computed")?;
        Ok(Chance { chance: lasts * share.mean(), low: lasts * range.low, high: lasts * range.high })
    }

    /// Decided terms of the same length and plan.
    pub(super) fn alike(&self, length: Length, plan: &Option<String>) -> u64 {
        self.renewed.cases(&(length, plan.clone())).n
    }
}

/// Months inside terms and of what can end any month, by plan, with those held to their end. The month in which a term is due is neither.
fn counted(months: &[(Period, Vec<Unit>)]) -> (BTreeMap<Option<String>, Cases>, BTreeMap<Option<String>, Cases>) {
    let (mut within, mut monthly) = (BTreeMap::new(), BTreeMap::new());
    for (month, units) in months {
        for unit in units.iter().filter(|unit| unit.held) {
            let group = match unit.due {
                None => &mut monthly,
                Some(due) if due >= month.end => &mut within,
                Some(_) => continue,
            };
            let cases: &mut Cases = group.entry(unit.plan.clone()).or_default();
            cases.n += 1;
            cases.of += u64::from(unit.kept);
        }
    }
    (within, monthly)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(groups: &[(&str, u64, u64)]) -> Shares<String> {
        Shares::of(groups.iter().map(|&(name, of, n)| (name.to_owned(), Cases { of, n })).collect())
    }

    #[test]
    fn a_group_without_cases_has_what_the_others_tell() {
        let shares = shares(&[("a", 8, 10), ("b", 16, 20)]);
        let told = shares.share(&"c".to_owned());
        assert!((told.mean() - 24.5 / 31.0).abs() < 1e-12, "{told:?}");
    }

    #[test]
    fn a_small_group_is_drawn_to_the_others() {
        let shares = shares(&[("small", 0, 2), ("large", 90, 100), ("larger", 180, 200)]);
        let small = shares.share(&"small".to_owned()).mean();
        let large = shares.share(&"large".to_owned()).mean();
        assert!(small > 0.2 && small < large && (large - 0.9).abs() < 0.02, "{small} {large}");
    }
}
