//! IBM's telco: its satisfaction score says who left, in other words.

use crate::public_data::{Row as Record, rows};
use std::collections::HashMap;
use tenure_backtest::{NotEnough, Over, Panel, Row, Settings, backtest, words};

/// One quarter: every customer on one day, those who churned left by its end.
fn panel() -> Option<Panel> {
    let status: HashMap<String, Record> = rows("telco/Telco_customer_churn_status.csv")?
        .into_iter()
        .map(|row| (row.text("Customer ID").to_owned(), row))
        .collect();
    let signals = ["satisfaction", "tenure", "charge", "contract"].map(str::to_owned).to_vec();
    let customer = |row: &Record| {
        let id = row.text("Customer ID");
        let contract = row.is("Contract", "One Year") + 2.0 * row.is("Contract", "Two Year");
        let values = [
            status[id].number("Satisfaction Score"),
            row.number("Tenure in Months"),
            row.number("Monthly Charge"),
            contract,
        ];
        Row {
            account: id.to_owned(),
            day: 0,
            values: values.map(Some).to_vec(),
            segment: None,
            left_on: status[id].is("Churn Value", "1").eq(&1.0).then_some(90),
            known_to: 90,
        }
    };
    let rows = rows("telco/Telco_customer_churn_services.csv")?;
    Some(Panel::new(signals, rows.iter().map(customer).collect()).unwrap())
}

#[test]
fn satisfaction_knows_too_much_and_nothing_else_does() {
    let Some(panel) = panel() else { return };
    let settings = Settings { horizons: vec![90], ..Settings::default() };
    let found = backtest(&panel, &[], &settings, &[]).unwrap();
    let horizon = &found.report.horizons[0];
    assert!(matches!(horizon.judged.not_enough(), Some(NotEnough::FewBlocks { days: 1, .. })), "one day is no walk");
    let leaks = &horizon.leaks;
    assert_eq!((leaks.over, leaks.rows), (Over::AllMature, 7043));
    assert!((leaks.base_rate.unwrap() - 1869.0 / 7043.0).abs() < 1e-15);
    let [satisfaction] = &leaks.too_good[..] else { panic!("{:?}", leaks.too_good) };
    assert_eq!(satisfaction.signal, "satisfaction");
    let bins: Vec<(f64, bool)> = satisfaction.bins.iter().map(|bin| (bin.from, bin.everybody_left)).collect();
    assert_eq!(bins, [(1.0, true), (2.0, true), (4.0, false), (5.0, false)]);
    let said = words::too_good(satisfaction);
    assert!(
        said.contains("with a value of 1 everybody left") && said.contains("with a value of 5 nobody left"),
        "{said}"
    );
    assert!(leaks.presence.is_empty());
}
