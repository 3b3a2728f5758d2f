//! Chances, from what became of past terms and months.

use super::LEAST_TERMS;
use super::book::{Age, Kind, Size, Unit};
use crate::cells::Cells;
use crate::{OrReason, OutlookError};
use jiff::Timestamp;
use std::collections::BTreeMap;
use tenure_engine::{Engine, Query};
use tenure_schema::period::Period;
use tenure_stats::beta_binomial::{Beta, Cases, alone, drawn_towards, prior_strength};

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

/// So many cases weigh as much as what the other size tells.
const SIZE_STRENGTH: f64 = 4.0;

/// Shares by kind, each drawn towards those of its size (`tenure_stats::beta_binomial`): what is large seldom leaves as what is small does, whatever
/// its plan. A size has its own share, but for a prior of [`SIZE_STRENGTH`] cases around that of the other one.
#[derive(Debug, Clone)]
pub(super) struct Shares {
    kinds: BTreeMap<Kind, Cases>,
    sizes: BTreeMap<Size, Cases>,
    /// How alike the kinds of a size are.
    strength: f64,
}

impl Shares {
    pub(super) fn of(kinds: BTreeMap<Kind, Cases>) -> Self {
        let mut families: BTreeMap<Size, Vec<Cases>> = BTreeMap::new();
        for ((_, _, size, _), cases) in &kinds {
            families.entry(*size).or_default().push(*cases);
        }
        let sizes: BTreeMap<Size, Cases> = families.iter().map(|(size, kinds)| (*size, sum(kinds))).collect();
        let families: Vec<Vec<Cases>> = families.into_values().collect();
        Self { kinds, sizes, strength: prior_strength(&families) }
    }

    /// What is known of a kind's share; of one without cases, what the others tell.
    pub(super) fn share(&self, kind: &Kind) -> Beta {
        let own = self.cases(kind);
        let size = self.sizes.get(&kind.2).copied().unwrap_or_default();
        let like_it = Cases { of: size.of - own.of, n: size.n - own.n };
        let all = self.all();
        let unlike = Cases { of: all.of - size.of, n: all.n - size.n };
        drawn_towards(drawn_towards(alone(unlike), like_it, SIZE_STRENGTH), own, self.strength)
    }

    fn cases(&self, kind: &Kind) -> Cases {
        self.kinds.get(kind).copied().unwrap_or_default()
    }

    fn all(&self) -> Cases {
        sum(&self.sizes.values().copied().collect::<Vec<_>>())
    }
}

fn sum(cases: &[Cases]) -> Cases {
    cases.iter().fold(Cases::default(), |all, one| Cases { of: all.of + one.of, n: all.n + one.n })
}

/// What the past tells, by length of the term, plan and size; of leaving between renewals, by whether the account is in its first year too.
#[derive(Debug, Clone)]
pub(super) struct Chances {
    /// Terms that reached their end: renewed or not.
    pub(super) renewed: Shares,
    /// Months inside a term: held to their end or not.
    pub(super) within: Shares,
    /// Months of what can end any month.
    pub(super) monthly: Shares,
}

/// Terms due before today, longer than a month, that are decided: renewed, or past their grace. One broken off before its end and not renewed did
/// not reach it: how often that happens the months inside terms tell.
const TERMS: &str = "
WITH paid AS (
    SELECT term.row_id AS row_id, sum(convert(line.mrr, line.currency, term.ends_at)) AS mrr, max(line.plan) AS plan
    FROM contract_terms AS term
    JOIN mrr_lines AS line
      ON line.account_id = term.account_id AND line.starts_at < term.ends_at AND (line.ends_at IS NULL OR line.ends_at >= term.ends_at)
     AND (coalesce(term.product, '') = '' OR line.product = term.product)
    GROUP BY term.row_id
)
SELECT CAST(coalesce(term.term_months, months_between(term.started_at, term.ends_at)) AS BIGINT), coalesce(version.plan, paid.plan) AS plan,
       term.successor_id IS NOT NULL AS renewed, CAST(coalesce(paid.mrr, term.due_amount / 12) AS DOUBLE) AS mrr
FROM contract_terms AS term
JOIN asked ON term.ends_at < asked.starts_at
LEFT JOIN paid ON paid.row_id = term.row_id
LEFT JOIN account_versions AS version
  ON version.account_id = term.account_id AND version.starts_at < term.ends_at AND (version.ends_at IS NULL OR version.ends_at >= term.ends_at)
WHERE coalesce(term.term_months, months_between(term.started_at, term.ends_at)) > 1
  AND (term.successor_id IS NOT NULL OR (term.grace_ends_at <= asked.starts_at AND (term.terminated_at IS NULL OR term.terminated_at >= term.ends_at)))";

impl Chances {
    /// Counts decided terms, and months with their units.
    pub(super) async fn read(
        engine: &Engine,
        months: &[(Period, Vec<Unit>)],
        large_from: f64,
        today: Timestamp,
    ) -> Result<Self, OutlookError> {
        let mut renewed: BTreeMap<Kind, Cases> = BTreeMap::new();
        let query = Query { file: "derived/contract_terms.sql", key: "decided", sql: TERMS };
        let at = Period::at(today, &engine.clock());
        for batch in engine.query(query, &[at], today).await? {
            let cells = Cells(&batch);
            let (length, plan, renewals, mrr) =
                (cells.counts(0)?, cells.texts(1)?, cells.truths(2)?, cells.numbers(3)?);
            for row in 0..batch.num_rows() {
                let size = Size::of(mrr[row].unwrap_or_default(), large_from);
                let cases =
                    renewed.entry((Length::of(length[row]), plan[row].clone(), size, Age::Settled)).or_default();
                cases.n += 1;
                cases.of += u64::from(renewals[row]);
            }
        }
        let (within, monthly) = counted(months, large_from);
        Ok(Self { renewed: Shares::of(renewed), within: Shares::of(within), monthly: Shares::of(monthly) })
    }

    /// Terms that chances to renew rest on.
    pub(super) fn decided(&self) -> u64 {
        self.renewed.all().n
    }

    /// Why no chance can be told of something of that length; `None` where one can.
    pub(super) fn lacking(&self, length: Length) -> Option<String> {
        match length {
            Length::Monthly if self.monthly.all().n < LEAST_MONTHS => Some(format!(
                "too few past months of subscriptions that can end any month: {} of the {LEAST_MONTHS} needed",
                self.monthly.all().n
            )),
            Length::Monthly => None,
            _ if self.decided() < LEAST_TERMS => {
                Some(format!("too few decided terms: {} of the {LEAST_TERMS} needed", self.decided()))
            }
            _ => None,
        }
    }

    /// The chance that a term due in so many months is renewed: that it is not broken off before, by month, times that it is renewed when
    /// due, `wᵐ · r`. The range is that of `r`; `w` rests on many more cases.
    pub(super) fn renewal(&self, unit: &Unit, months: f64, large_from: f64) -> OrReason<Chance> {
        if let Some(reason) = self.lacking(unit.term) {
            return Err(reason);
        }
        let share = self.renewed.share(&unit.kind(large_from));
        let held = |age| self.within.share(&unit.kind_at(age, large_from)).mean();
        let new = (12 - unit.age).max(0) as f64;
        let lasts = held(Age::New).powf(months.min(new)) * held(Age::Settled).powf((months - new).max(0.0));
        let range = share.interval().ok_or("its range cannot be computed")?;
        Ok(Chance { chance: lasts * share.mean(), low: lasts * range.low, high: lasts * range.high })
    }

    /// Decided terms of the same kind.
    pub(super) fn alike(&self, kind: &Kind) -> u64 {
        self.renewed.cases(kind).n
    }
}

/// Months inside terms and of what can end any month, with those held to their end. The month in which a term is due is neither.
fn counted(months: &[(Period, Vec<Unit>)], large_from: f64) -> (BTreeMap<Kind, Cases>, BTreeMap<Kind, Cases>) {
    let (mut within, mut monthly) = (BTreeMap::new(), BTreeMap::new());
    for (month, units) in months {
        for unit in units.iter().filter(|unit| unit.held) {
            let group = match unit.due {
                None => &mut monthly,
                Some(due) if due >= month.end => &mut within,
                Some(_) => continue,
            };
            let cases: &mut Cases = group.entry(unit.kind_now(large_from)).or_default();
            cases.n += 1;
            cases.of += u64::from(unit.kept);
        }
    }
    (within, monthly)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(plan: &str, size: Size) -> Kind {
        (Length::AYear, Some(plan.to_owned()), size, Age::Settled)
    }

    fn shares(kinds: &[(&str, Size, u64, u64)]) -> Shares {
        Shares::of(kinds.iter().map(|&(plan, size, of, n)| (kind(plan, size), Cases { of, n })).collect())
    }

    #[test]
    fn a_kind_without_cases_has_what_the_others_tell() {
        let shares = shares(&[("a", Size::Small, 8, 10), ("b", Size::Small, 16, 20)]);
        let told = shares.share(&kind("c", Size::Small));
        // No other size: Jeffreys' prior of one case, then 24 of 30.
        assert!((told.mean() - 24.5 / 31.0).abs() < 1e-12, "{told:?}");
    }

    #[test]
    fn a_small_case_of_shrinkage_by_hand() {
        // Two kinds of one size, 9 of 10 and 5 of 10. To the first the other tells Beta(½ + 5, ½ + 5), a share of ½; with strength m, which these counts
        // make less than its 11 cases, it is Beta(m/2 + 9, m/2 + 1).
        let shares = shares(&[("a", Size::Large, 9, 10), ("b", Size::Large, 5, 10)]);
        let m = shares.strength;
        assert!(m < 11.0, "{m}");
        let told = shares.share(&kind("a", Size::Large));
        assert!((told.a - (m / 2.0 + 9.0)).abs() < 1e-12 && (told.b - (m / 2.0 + 1.0)).abs() < 1e-12, "{told:?}");
    }

    #[test]
    fn a_size_keeps_its_own_share_where_there_are_cases() {
        let shares = shares(&[
            ("a", Size::Large, 95, 100),
            ("b", Size::Large, 94, 100),
            ("a", Size::Small, 80, 100),
            ("b", Size::Small, 0, 2),
        ]);
        assert!(shares.share(&kind("a", Size::Large)).mean() > 0.93);
        let few = shares.share(&kind("b", Size::Small)).mean();
        assert!(few > 0.1 && few < 0.8, "{few}");
        assert!(shares.share(&kind("c", Size::Large)).mean() > 0.92);
    }
}
