//! Who used the product.

use crate::company::{Differences, company, value};

/// Months of thirty days, in which the thirty days to the close are the month itself.
const OF_THIRTY_DAYS: [&str; 4] = ["-04", "-06", "-09", "-11"];

#[test]
fn people_who_were_active() {
    let company = company();
    let truth = company.truth("usage.csv");
    let is_asked = |month: &&String| OF_THIRTY_DAYS.iter().any(|ending| month.ends_with(ending));
    let months: Vec<String> = company.months().iter().filter(is_asked).cloned().collect();
    let measured = company.totals("active_users", &months);
    let mut differences = Differences::default();
    for row in truth.iter().filter(|row| measured.contains_key(row.text("month"))) {
        let month = row.text("month");
        differences.near(&format!("active users {month}"), value(&measured[month]), row.number("people"), 0.0);
    }
    differences.none();
}
