//! Discounted value of purchases to come, and the unit of time that decides it.

use crate::{assert_near, cdnow};
use tenure_stats::lifetime::discounted::{Months, discounted_purchases, discounted_steps};
use tenure_stats::lifetime::purchases::{BgNbd, Histories, History, PurchaseModel, TimeUnit};
use tenure_stats::lifetime::spend::{GammaGamma, Spend};

const YEAR: Months = Months { count: 12, discount: 0.01 };

fn model() -> BgNbd {
    BgNbd::new(0.243, 4.414, 0.793, 2.426).unwrap()
}

#[test]
fn the_quickstart_took_weeks_for_days() {
    let Some(rows) = cdnow::summary() else { return };
    let weeks: Vec<_> = rows.iter().map(|(row, _)| *row).collect();
    let model = BgNbd::fit(&Histories::from_rows(TimeUnit::Week, &weeks).unwrap()).unwrap().fit.model;
    let spend = |row: &cdnow::Row| Spend::new(row.0.0, row.1).ok();
    let spends: Vec<_> = rows.iter().filter_map(spend).map(|spend| (spend, 1.0)).collect();
    let money = GammaGamma::fit(&spends).unwrap().model;
    let worth = |row: &cdnow::Row, length: Option<f64>| {
        let (frequency, recency, age) = row.0;
        let history = History::new(frequency, recency, age).unwrap();
        let each = spend(row).map_or(money.population_mean(), |spend| money.expected_spend(&spend)).finite().unwrap();
        each * match length {
            Some(length) => discounted_steps(&model, &history, length, YEAR.count, YEAR.discount),
            None => discounted_purchases(&model, TimeUnit::Week, &history, YEAR),
        }
        .unwrap()
    };
    // A month of 30 units, as of days: a year of 360 weeks. These are the figures it prints.
    let printed = [(0, 140.096211), (1, 18.943467), (2, 38.180574), (5, 1003.868107), (6, 28.109683), (8, 167.418216)];
    for (nth, wanted) in printed {
        assert_near(worth(&rows[nth], Some(30.0)), wanted, 2e-3);
    }
    // A month of 4.345 weeks, and of 30.4375 days.
    let right =
        [36.278496, 4.637467, 8.344093, 8.344093, 8.344093, 283.523560, 6.881408, 8.344093, 43.353642, 8.344093];
    for (row, wanted) in rows.iter().zip(right) {
        assert_near(worth(row, Some(4.345)), wanted, 1e-3);
        let ours = worth(row, None);
        assert!((ours / wanted - 1.0).abs() < 1e-3, "{ours} is not {wanted}");
    }
}

#[test]
fn a_month_has_the_same_value_in_each_unit() {
    let value = |unit: TimeUnit| {
        let days = unit.days();
        let model = BgNbd::new(0.243, 4.414 * 7.0 / days, 0.793, 2.426).unwrap();
        let history = History::new(2, 210.0 / days, 270.0 / days).unwrap();
        discounted_purchases(&model, unit, &history, YEAR).unwrap()
    };
    assert_near(value(TimeUnit::Day), value(TimeUnit::Week), 1e-12);
    assert_near(value(TimeUnit::Day), value(TimeUnit::Month), 1e-12);
}

#[test]
fn discounting_is_from_the_end_of_each_step() {
    let (model, history) = (model(), History::new(2, 30.43, 38.86).unwrap());
    let expected = |t| model.expected_further_purchases(&history, t).unwrap();
    let found = |steps, discount| discounted_steps(&model, &history, 30.0, steps, discount).unwrap();
    assert_near(found(1, 0.0), expected(30.0), 1e-15);
    assert_near(found(1, 1.0), expected(30.0) / 2.0, 1e-15);
    assert_near(found(2, 1.0), expected(30.0) / 2.0 + (expected(60.0) - expected(30.0)) / 4.0, 1e-15);
    assert_near(found(12, 0.0), expected(360.0), 1e-12);
    assert_eq!(found(0, 0.1), 0.0);
    for discount in [-1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(discounted_steps(&model, &history, 30.0, 1, discount), None);
    }
    assert_eq!(discounted_steps(&model, &history, -1.0, 1, 0.0), None);
}
