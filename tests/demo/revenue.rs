//! Recurring revenue, movements, retention and renewals of every month.

use crate::company::{Differences, Truth, company, excluded, part, value};

/// Amounts are rounded at each movement, at most to a millionth.
const CENT: f64 = 0.005;

#[test]
fn the_bridge_of_every_month() {
    let company = company();
    let (months, truth) = (company.months(), company.truth("mrr.csv"));
    let mut differences = Differences::default();
    for (metric, column, sign) in [
        ("mrr", "closing", 1.0),
        ("new_mrr", "new", 1.0),
        ("reactivation_mrr", "reactivation", 1.0),
        ("expansion_mrr", "expansion", 1.0),
        ("contraction_mrr", "contraction", 1.0),
        ("churned_mrr", "churn", 1.0),
        ("fx_mrr", "fx", 1.0),
        ("arr", "closing", 12.0),
        ("active_customers", "active_customers", 1.0),
    ] {
        let measured = company.totals(metric, &months);
        for row in &truth {
            let month = row.text("month");
            let is = row.number(column).map(|amount| amount * sign);
            differences.near(&format!("{metric} {month}"), value(&measured[month]), is, CENT * sign);
        }
    }
    differences.none();
}

#[test]
fn customers_won_won_back_and_lost() {
    let company = company();
    let (months, truth) = (company.months(), company.truth("mrr.csv"));
    let mut differences = Differences::default();
    for (metric, column) in [
        ("new_mrr", "new_customers"),
        ("reactivation_mrr", "reactivated_customers"),
        ("churned_mrr", "lost_customers"),
        ("active_customers", "active_customers"),
        ("arpa", "active_customers"),
    ] {
        let measured = company.totals(metric, &months);
        for row in &truth {
            let month = row.text("month");
            differences.same(&format!("n of {metric} {month}"), measured[month].n, row.count(column));
        }
    }
    differences.none();
}

#[test]
fn retention_of_twelve_months() {
    let company = company();
    let (months, truth) = (company.months(), company.truth("retention.csv"));
    let (nrr, grr) = (company.totals("nrr", &months), company.totals("grr", &months));
    let mut differences = Differences::default();
    for row in &truth {
        let month = row.text("month");
        // From point to point: who left and came back in between counts with what they pay at the end.
        differences.near(&format!("nrr {month}"), value(&nrr[month]), row.number("nrr"), 1e-6);
        differences.near(&format!("grr {month}"), value(&grr[month]), row.number("grr"), 1e-6);
        if let (Some(net), Some(gross)) = (value(&nrr[month]), value(&grr[month])) {
            assert!(gross <= net.min(1.0), "{month}: grr {gross}, nrr {net}");
            differences.same(&format!("cohort {month}"), nrr[month].n, row.count("trailing_cohort"));
        }
    }
    differences.none();
}

#[test]
fn logos_lost_in_each_month() {
    let company = company();
    let (months, truth) = (company.months(), company.truth("retention.csv"));
    let (churn, kept) = (company.totals("logo_churn_rate", &months), company.totals("retention_rate", &months));
    let mut differences = Differences::default();
    let measurable = |row: &&Truth| !row.text("month_cohort").is_empty() && row.count("month_cohort") > 0;
    for row in truth.iter().filter(measurable) {
        let month = row.text("month");
        let (cohort, lost) = (row.count("month_cohort"), row.count("month_cohort_lost"));
        differences.same(&format!("cohort {month}"), churn[month].n, cohort);
        differences.near(&format!("churn {month}"), value(&churn[month]), Some(lost as f64 / cohort as f64), 1e-9);
        let sum = value(&churn[month]).zip(value(&kept[month])).map(|(churn, kept)| churn + kept);
        differences.near(&format!("retention + churn {month}"), sum, Some(1.0), 1e-12);
    }
    differences.none();
}

#[test]
fn terms_that_came_due() {
    let company = company();
    let (months, truth) = (company.months(), company.truth("renewals.csv"));
    let measured = company.totals("renewal_rate", &months);
    let mut differences = Differences::default();
    for row in &truth {
        let month = row.text("month");
        let (cell, decided) = (&measured[month], row.count("renewed") + row.count("lost"));
        differences.same(&format!("decided {month}"), cell.n, decided);
        differences.same(&format!("pending {month}"), excluded(cell, "pending"), row.count("pending"));
        let rate = (decided > 0).then(|| row.count("renewed") as f64 / decided as f64);
        differences.near(&format!("renewal rate {month}"), value(cell), rate, 1e-9);
        assert_eq!(cell.complete, row.count("pending") == 0, "{month}");
    }
    differences.none();
}

#[test]
fn the_first_customers_and_who_referred_them() {
    let company = company();
    let (months, truth) = (company.months(), company.truth("first_time_customers.csv"));
    let measured = company.totals("referral_rate", &months);
    let mut differences = Differences::default();
    for row in &truth {
        let month = row.text("month");
        let cell = &measured[month];
        differences.same(&format!("first-time customers {month}"), cell.n, row.count("first_time_customers"));
        let referred = part(cell, "counted");
        differences.near(&format!("referred {month}"), referred, row.number("of_them_referred"), 0.0);
    }
    differences.none();
}
