//! What the models expect of the weeks after calibration, beside what was bought.

use crate::{assert_near, cdnow};
use tenure_stats::lifetime::purchases::{BgNbd, History, ParetoNbd, PurchaseModel, cumulative_purchases};

/// The first purchases, in weeks since the first of all, a customer each.
fn starts(customers: &[cdnow::Customer]) -> Vec<(f64, f64)> {
    let oldest = customers.iter().map(|customer| customer.calibration().2).fold(0.0, f64::max);
    customers.iter().map(|customer| ((oldest - customer.calibration().2) / 7.0, 1.0)).collect()
}

#[test]
fn weekly_tracking_is_that_published() {
    let Some(customers) = cdnow::customers() else { return };
    let model = BgNbd::new(0.2425982, 4.413684, 0.7929899, 2.426167).unwrap();
    let times: Vec<f64> = (1..=78).map(f64::from).collect();
    let weeks = cumulative_purchases(&model, &starts(&customers), &times).unwrap();
    let bought = [1359, 1414, 1484, 1517, 1573, 1672];
    let cumulative = [1312.458, 1387.346, 1460.392, 1531.713, 1601.418, 1669.6];
    let incremental = [76.865, 74.888, 73.046, 71.322, 69.704, 68.182];
    for (week, (all, more)) in (20..).zip(cumulative.into_iter().zip(incremental)) {
        assert_near(weeks[week - 1].cumulative, all, 0.005);
        assert_near(weeks[week - 1].incremental, more, 0.001);
    }
    let first = customers.iter().filter_map(|customer| customer.days.keys().next()).min().unwrap();
    for (week, wanted) in (20..).zip(bought) {
        let until = first + 7 * week;
        let repeats = customers.iter().map(|customer| customer.days.range(..until).count().saturating_sub(1));
        assert_eq!(repeats.sum::<usize>(), wanted, "week {week}");
    }
}

#[test]
fn pareto_nbd_holdout_by_frequency_is_that_published() {
    let Some(customers) = cdnow::customers() else { return };
    let model = ParetoNbd::fit(&cdnow::weekly(&customers)).unwrap().fit.model;
    let (mut n, mut actual, mut expected) = ([0u32; 8], [0.0; 8], [0.0; 8]);
    for (customer, history) in customers.iter().zip(histories(&customers)) {
        let bin = history.frequency().min(7) as usize;
        n[bin] += 1;
        actual[bin] += f64::from(customer.holdout());
        expected[bin] += model.expected_further_purchases(&history, 39.0).unwrap();
    }
    assert_eq!(n, [1411, 439, 214, 100, 62, 38, 29, 64]);
    let bought = [0.237, 0.697, 1.393, 1.560, 2.532, 2.947, 3.862, 6.359];
    let wanted = [0.138, 0.600, 1.196, 1.714, 2.399, 2.907, 3.819, 6.403];
    for bin in 0..8 {
        assert_near(actual[bin] / f64::from(n[bin]), bought[bin], 6e-4);
        assert_near(expected[bin] / f64::from(n[bin]), wanted[bin], 2e-3);
    }
}

fn histories(customers: &[cdnow::Customer]) -> impl Iterator<Item = History> {
    customers.iter().map(|customer| {
        let (frequency, recency, age) = customer.calibration();
        History::new(frequency, recency / 7.0, age / 7.0).unwrap()
    })
}

#[test]
fn a_cohort_of_one_start_is_so_many_new_customers() {
    let model = BgNbd::new(0.243, 4.414, 0.793, 2.426).unwrap();
    let found = cumulative_purchases(&model, &[(3.0, 2.0), (3.0, 1.0)], &[2.0, 3.0, 13.0]).unwrap();
    assert_eq!((found[0].cumulative, found[1].cumulative), (0.0, 0.0));
    assert_near(found[2].cumulative, 3.0 * model.expected_purchases(10.0).unwrap(), 1e-12);
    assert_eq!(found[2].incremental, found[2].cumulative);
    assert_eq!(cumulative_purchases(&model, &[(3.0, 1.0)], &[2.0, 1.0]), None);
    assert_eq!(cumulative_purchases(&model, &[(f64::NAN, 1.0)], &[2.0]), None);
    assert_eq!(cumulative_purchases(&model, &[], &[f64::INFINITY]), None);
    assert_eq!(cumulative_purchases(&model, &[], &[1.0]).unwrap()[0].cumulative, 0.0);
}
