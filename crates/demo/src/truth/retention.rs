//! Net and gross revenue retention over twelve months, and the month's logo churn.

use std::path::Path;

use super::movements::{Dollars, History};
use super::table;
use crate::Result;
use crate::company::Company;

/// Retention of twelve months, ending with a month.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Trailing {
    /// Customers at the opening.
    pub cohort: u32,
    /// Their revenue then, at the rates of that day.
    pub opening: Dollars,
    /// Their revenue at the end at the same rates, from point to point: who left and came back counts with what it pays.
    pub closing: Dollars,
    /// The same, no more than each had at the opening.
    pub kept: Dollars,
    /// Closing, of those never lost in between.
    pub closing_of_stayers: Dollars,
    /// Kept, of those never lost in between.
    pub kept_of_stayers: Dollars,
    /// Customers at the end.
    pub there: u32,
}

impl Trailing {
    /// Net retention.
    pub fn nrr(&self) -> f64 {
        self.closing as f64 / self.opening as f64
    }

    /// Gross retention.
    pub fn grr(&self) -> f64 {
        self.kept as f64 / self.opening as f64
    }

    /// Net retention, were who came back still lost.
    pub fn nrr_without_returners(&self) -> f64 {
        self.closing_of_stayers as f64 / self.opening as f64
    }

    /// Gross retention, were who came back still lost.
    pub fn grr_without_returners(&self) -> f64 {
        self.kept_of_stayers as f64 / self.opening as f64
    }
}

/// Measures the `span` months that end with a month; none where history is shorter.
pub(crate) fn trailing(company: &Company, histories: &[History], month: usize, span: usize) -> Option<Trailing> {
    let open = month.checked_sub(span)?;
    let day = company.calendar.first(open + 1) - 1;
    let mut all = Trailing::default();
    for history in histories {
        let Some(opening) = history.ends[open] else { continue };
        let rate = i128::from(company.rates.rate(history.currency, day));
        let closing = history.ends[month].unwrap_or_default();
        let (paid, kept) = (i128::from(closing) * rate, i128::from(closing.min(opening)) * rate);
        let lost = history.lost.iter().any(|(lost, _)| *lost > day && *lost < company.calendar.first(month + 1));
        all.cohort += 1;
        all.opening += i128::from(opening) * rate;
        all.closing += paid;
        all.kept += kept;
        all.there += u32::from(history.ends[month].is_some());
        if !lost {
            all.closing_of_stayers += paid;
            all.kept_of_stayers += kept;
        }
    }
    (all.opening > 0).then_some(all)
}

/// Writes `retention.csv`.
pub(super) fn write(dir: &Path, company: &Company, histories: &[History]) -> Result<()> {
    let rows = (0..company.calendar.months()).map(|month| {
        let mut row = vec![company.calendar.label(month)];
        match trailing(company, histories, month, 12) {
            Some(year) => {
                let ratios = [year.nrr(), year.grr(), year.nrr_without_returners(), year.grr_without_returners()];
                row.push(year.cohort.to_string());
                row.extend(ratios.map(|ratio| format!("{ratio:.10}")));
            }
            None => row.extend(std::iter::repeat_n(String::new(), 5)),
        }
        match trailing(company, histories, month, 1) {
            Some(one) => row.extend([one.cohort, one.cohort - one.there].map(|count| count.to_string())),
            None => row.extend(std::iter::repeat_n(String::new(), 2)),
        }
        row
    });
    let header =
        "month,trailing_cohort,nrr,grr,nrr_without_returners,grr_without_returners,month_cohort,month_cohort_lost";
    table(dir, "retention.csv", header, rows)
}
