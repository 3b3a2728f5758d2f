//! Treasury's exchange rates: a column a currency, and `N/A` on bank holidays.

use std::path::Path;

use crate::Result;
use crate::company::Company;
use crate::export::{Sheet, Summary, TableCounts};

/// Writes them.
pub(super) fn write(dir: &Path, company: &Company, summary: &mut Summary) -> Result<()> {
    let header = ["Date", "EUR", "GBP", "Source"];
    let mut sheet = Sheet::csv(dir, "finance/fx_rates.csv", b',', ("finance", "fx_rates"), &header)?;
    let rate = |millionths: i64| format!("{}.{:04}", millionths / 1_000_000, millionths % 1_000_000 / 100);
    let mut before = company.rates.fixings.first().map_or(0, |fixing| fixing.day);
    for fixing in &company.rates.fixings {
        for day in before + 1..fixing.day {
            if !company.calendar.is_weekend(day) {
                // The mapping leaves such days out.
                sheet.aside(&[&company.calendar.date(day).to_string(), "N/A", "N/A", "desk"])?;
            }
        }
        before = fixing.day;
        sheet.accept(&[
            &company.calendar.date(fixing.day).to_string(),
            &rate(fixing.eur),
            &rate(fixing.gbp),
            "desk",
        ])?;
    }
    // Each row of the file is two of the table.
    let second = TableCounts {
        source: "finance",
        table: "fx_rates",
        accepted: company.rates.fixings.len() as u64,
        ..TableCounts::default()
    };
    summary.count(&second);
    sheet.close(summary)
}
