//! What must hold whatever the data: rows add up to their number, segments to the whole, the checks hold.

use crate::company::{company, value};
use std::collections::BTreeMap;
use tenure_catalog::{Definition, Kind, Subject, Unit};
use tenure_engine::{Cell, EngineError, MetricRef, RowsQuestion};

/// A month and a quarter: windows, folds and cohorts differ with the length.
const PERIODS: [&str; 2] = ["2025-11", "2026-Q2"];

fn metrics(subject: Subject) -> Vec<String> {
    let all = company().engine.catalog().metrics();
    all.filter(|metric| metric.default.subject == subject).map(|metric| metric.id.clone()).collect()
}

fn question(metric: &str, period: &str, excluded: bool) -> RowsQuestion {
    RowsQuestion {
        metric: MetricRef::default_of(metric),
        period: company().period(period),
        filter: Vec::new(),
        excluded,
        now: None,
        limit: None,
    }
}

/// The cells of all periods; of a metric that has no rows to split there may be none.
fn all(cells: &BTreeMap<String, Vec<Cell>>) -> impl Iterator<Item = &Cell> {
    cells.values().flatten()
}

/// Rows that count, and those that do not by reason.
fn told<'a>(cells: impl Iterator<Item = &'a Cell>) -> (i64, BTreeMap<String, i64>) {
    let (mut n, mut excluded) = (0, BTreeMap::new());
    for cell in cells {
        n += cell.n;
        for (reason, count) in cell.excluded.iter().filter(|(_, count)| *count > 0) {
            *excluded.entry(reason.clone()).or_insert(0) += count;
        }
    }
    (n, excluded)
}

#[test]
fn the_rows_of_every_number_add_up_to_it() {
    let company = company();
    let mut wrong = Vec::new();
    for metric in metrics(Subject::Account) {
        for period in PERIODS {
            let cells = company.cells(&metric, &[period.to_owned()], &[]);
            let (n, excluded) = told(all(&cells));
            let rows = |excluded| company.block_on(company.engine.rows(&question(&metric, period, excluded))).unwrap();
            let (counted, left_out) = (rows(false), rows(true));
            let mut reasons = BTreeMap::new();
            if let Some(column) = left_out.columns.iter().position(|column| column == "excluded") {
                for row in &left_out.rows {
                    *reasons.entry(row[column].clone().unwrap_or_default()).or_insert(0) += 1;
                }
            }
            if n != counted.total as i64 || excluded != reasons {
                wrong.push(format!(
                    "{metric} {period}: says {n} and {excluded:?}, opens to {} and {reasons:?}",
                    counted.total
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn segments_add_up_to_the_whole() {
    let company = company();
    let mut wrong = Vec::new();
    for metric in metrics(Subject::Account) {
        for period in PERIODS {
            let periods = [period.to_owned()];
            let whole = of_all(&metric, told(all(&company.cells(&metric, &periods, &[]))));
            for by in ["account.plan", "account.country"] {
                let parts = of_all(&metric, told(all(&company.cells(&metric, &periods, &[by]))));
                if parts != whole {
                    wrong.push(format!("{metric} {period} by {by}: {parts:?} of {whole:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What adds up over segments. Who moved depends on the segments asked for: there all candidates do, counted or not.
fn of_all(metric: &str, (n, excluded): (i64, BTreeMap<String, i64>)) -> (i64, BTreeMap<String, i64>) {
    let depends = moves(&company().engine.catalog().metric(metric).unwrap().default);
    if depends { (n + excluded.values().sum::<i64>(), BTreeMap::new()) } else { (n, excluded) }
}

/// Whether a metric is about who changes segment.
fn moves(definition: &Definition) -> bool {
    definition.rows.as_ref().is_some_and(|rows| rows.against.is_some())
}

/// Metrics whose value is a plain sum or count over rows: those of a segment add up to the whole.
fn additive() -> Vec<String> {
    let all = company().engine.catalog().metrics().filter(|metric| {
        let definition = &metric.default;
        let rows = definition.rows.as_ref().filter(|rows| rows.key.is_empty());
        definition.subject == Subject::Account
            && matches!(definition.kind, Kind::Flow | Kind::Stock)
            && matches!(definition.unit, Unit::Money | Unit::Count)
            && rows.is_some()
            && !moves(definition)
    });
    all.map(|metric| metric.id.clone()).collect()
}

#[test]
fn sums_add_up_over_segments() {
    let company = company();
    let mut wrong = Vec::new();
    let metrics = additive();
    let wanted = ["mrr", "active_customers", "new_mrr", "expansion_mrr", "churned_mrr", "ticket_volume", "backlog"];
    assert!(wanted.iter().all(|wanted| metrics.iter().any(|metric| metric == wanted)), "{metrics:?}");
    for metric in metrics {
        for period in PERIODS {
            let periods = [period.to_owned()];
            let whole = sum(all(&company.cells(&metric, &periods, &[])));
            for by in ["account.plan", "account.country", "account.csm", "account"] {
                let parts = sum(all(&company.cells(&metric, &periods, &[by])));
                if (parts - whole).abs() > 0.005 {
                    wrong.push(format!("{metric} {period} by {by}: {parts} of {whole}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn sum<'a>(cells: impl Iterator<Item = &'a Cell>) -> f64 {
    cells.filter_map(value).sum()
}

/// Two years of months, by what accounts change in them.
#[test]
fn who_moves_into_a_segment_moves_out_of_another() {
    let company = company();
    let months = company.months();
    let months = &months[months.len() - 24..];
    for by in ["account.plan", "account.country", "account.csm"] {
        let [into, out] = ["moved_in_mrr", "moved_out_mrr"].map(|metric| company.cells(metric, months, &[by]));
        let mut moved = 0;
        for month in months {
            let [into, out] = [&into, &out].map(|cells| sum(cells.get(month).into_iter().flatten()));
            assert!((into - out).abs() < 0.005, "{by} {month}: {into} in, {out} out");
            moved += i32::from(into > 0.0);
        }
        assert!(moved > 0, "{by}: nobody moved");
    }
    for metric in ["moved_in_mrr", "moved_out_mrr"] {
        let whole = company.totals(metric, months);
        assert!(
            whole.values().all(|cell| cell.n == 0 && value(cell) == Some(0.0)),
            "{metric}: nobody moves in the whole"
        );
    }
}

#[test]
fn the_money_of_the_rows_is_the_number() {
    let company = company();
    for metric in
        ["mrr", "new_mrr", "reactivation_mrr", "expansion_mrr", "contraction_mrr", "churned_mrr", "expansion_revenue"]
    {
        for period in PERIODS {
            let whole = sum(all(&company.cells(metric, &[period.to_owned()], &[])));
            let rows = company.block_on(company.engine.rows(&question(metric, period, false))).unwrap();
            let column = rows.columns.iter().position(|column| column == "amount").unwrap();
            let amounts = rows.rows.iter().map(|row| row[column].as_deref().unwrap().parse::<f64>().unwrap());
            let total: f64 = amounts.sum();
            assert!((total - whole).abs() < 0.005, "{metric} {period}: rows {total}, number {whole}");
        }
    }
}

#[test]
fn every_check_holds() {
    let company = company();
    let findings = company.block_on(company.engine.check(None)).unwrap();
    assert!(findings.len() > metrics(Subject::Account).len());
    let broken: Vec<_> = findings.iter().filter(|finding| !finding.holds).collect();
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn what_colleagues_said_never_opens() {
    let company = company();
    let staff = metrics(Subject::Staff);
    assert!(["enps", "pulse", "one_on_one_coverage"].iter().all(|&metric| staff.iter().any(|id| id == metric)));
    for metric in staff {
        for excluded in [false, true] {
            let error = company.block_on(company.engine.rows(&question(&metric, PERIODS[1], excluded))).unwrap_err();
            assert!(matches!(error, EngineError::StaffRows { .. }), "{metric}: {error}");
        }
    }
}
