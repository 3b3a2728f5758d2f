//! A fit does not depend on the unit of time, the order of the rows or how equal rows are told.

use crate::{assert_near, cdnow};
use proptest::prelude::*;
use tenure_stats::bootstrap::SplitMix64;
use tenure_stats::lifetime::discounted::{Months, discounted_purchases};
use tenure_stats::lifetime::purchases::{BgNbd, Histories, History, MbgNbd, ParetoNbd, PurchaseModel, TimeUnit};

/// Customers drawn from a fixed seed as Pareto/NBD has them, `r = s = 1`, in days.
fn drawn(seed: u64) -> Vec<(u32, f64, f64)> {
    let mut generator = SplitMix64::new(seed);
    let mut wait = |mean: f64| -mean * (((generator.next_bits() >> 11) as f64 + 0.5) / 2f64.powi(53)).ln();
    (0..600)
        .map(|nth| {
            let age = 200.0 + f64::from(nth % 70);
            let (gap, life) = (30.0 / wait(1.0), 150.0 / wait(1.0));
            let end = age.min(wait(life));
            let (mut day, mut frequency, mut last) = (wait(gap), 0, 0.0);
            while day <= end {
                (frequency, last) = (frequency + 1, day);
                day += wait(gap);
            }
            (frequency, last, age)
        })
        .collect()
}

fn per(unit: TimeUnit, rows: &[(u32, f64, f64)]) -> Histories {
    let days = unit.days();
    let rows: Vec<_> = rows.iter().map(|&(x, recency, age)| (x, recency / days, age / days)).collect();
    Histories::from_rows(unit, &rows).unwrap()
}

/// What a model fitted in a unit says of a customer of so many days, in days.
fn sayings(model: &impl PurchaseModel, unit: TimeUnit, (x, recency, age): (u32, f64, f64)) -> [f64; 4] {
    let days = unit.days();
    let history = History::new(x, recency / days, age / days).unwrap();
    [
        model.probability_alive(&history),
        model.expected_further_purchases(&history, 90.0 / days).unwrap(),
        model.expected_purchases(365.0 / days).unwrap(),
        discounted_purchases(model, unit, &history, Months { count: 6, discount: 0.01 }).unwrap(),
    ]
}

macro_rules! assert_unit_free {
    ($model:ty, $rows:expr) => {{
        let rows = $rows;
        let fits =
            [TimeUnit::Day, TimeUnit::Week, TimeUnit::Month].map(|unit| <$model>::fit(&per(unit, &rows)).unwrap());
        let repeats: f64 = rows.iter().map(|row| f64::from(row.0)).sum();
        for fit in &fits {
            // A density in time: in a unit k times as long it gains Σx·ln k.
            let in_days = fit.fit.log_likelihood - repeats * fit.unit.days().ln();
            assert_near(in_days, fits[0].fit.log_likelihood, 1e-6);
            for row in rows.iter().take(20) {
                let (found, wanted) =
                    (sayings(&fit.fit.model, fit.unit, *row), sayings(&fits[0].fit.model, TimeUnit::Day, *row));
                for (found, wanted) in found.into_iter().zip(wanted) {
                    assert_near(found, wanted, 1e-6 * (1.0 + wanted));
                }
            }
        }
    }};
}

#[test]
fn days_weeks_and_months_give_the_same_predictions() {
    assert_unit_free!(BgNbd, drawn(3));
    assert_unit_free!(MbgNbd, drawn(3));
    assert_unit_free!(ParetoNbd, drawn(3));
}

#[test]
fn cdnow_in_quarters_of_a_week_gains_what_the_density_says() {
    let Some(customers) = cdnow::customers() else { return };
    let weekly = cdnow::weekly(&customers);
    let rows: Vec<_> = weekly
        .rows()
        .iter()
        .map(|(history, weight)| {
            (History::new(history.frequency(), history.recency() / 4.0, history.age() / 4.0).unwrap(), *weight)
        })
        .collect();
    let found = BgNbd::fit(&Histories::new(TimeUnit::Month, rows).unwrap()).unwrap();
    assert_near(found.fit.log_likelihood, -6176.3040, 5e-5);
}

#[test]
fn order_and_collapsed_rows_do_not_matter() {
    let rows = drawn(9);
    let mut turned = rows.clone();
    turned.reverse();
    let fit = |rows: &[(u32, f64, f64)]| ParetoNbd::fit(&per(TimeUnit::Week, rows)).unwrap();
    assert_eq!(fit(&rows), fit(&turned), "the same bytes");
    let doubled: Vec<_> = rows.iter().chain(&rows).copied().collect();
    let histories = per(TimeUnit::Week, &rows);
    let weighted = Histories::new(TimeUnit::Week, histories.rows().iter().map(|(history, n)| (*history, 2.0 * n)));
    assert_eq!(fit(&doubled), ParetoNbd::fit(&weighted.unwrap()).unwrap());
}

fn parameter() -> impl Strategy<Value = f64> {
    (-7.0f64..7.0).prop_map(f64::exp)
}

proptest! {
    #[test]
    fn no_answer_is_ever_not_a_number(
        p in [parameter(), parameter(), parameter(), parameter()],
        x in 0u32..500, age in 0.0f64..1000.0, share in 0.0f64..=1.0, t in 0.0f64..1000.0,
    ) {
        let recency = if x == 0 { 0.0 } else { (age * share).max(1e-6) };
        let history = History::new(x, recency, age.max(recency)).unwrap();
        let [r, alpha, a, b] = p;
        sound(&BgNbd::new(r, alpha, a, b).unwrap(), &history, t)?;
        sound(&MbgNbd::new(r, alpha, a, b).unwrap(), &history, t)?;
        sound(&ParetoNbd::new(r, alpha, a, b).unwrap(), &history, t)?;
        sound(&ParetoNbd::new(r, alpha, 1.0, alpha).unwrap(), &history, t)?;
    }
}

fn sound(model: &impl PurchaseModel, history: &History, t: f64) -> Result<(), TestCaseError> {
    prop_assert!(model.log_likelihood(history).is_finite());
    prop_assert!((0.0..=1.0).contains(&model.probability_alive(history)));
    let (now, later) = (model.expected_purchases(t).unwrap(), model.expected_purchases(2.0 * t).unwrap());
    prop_assert!(now.is_finite() && now >= 0.0 && later >= now * (1.0 - 1e-9), "{now} {later}");
    let further = model.expected_further_purchases(history, t).unwrap();
    prop_assert!(further.is_finite() && further >= 0.0, "{further}");
    let share = model.probability_of(history.frequency() as u16, t).unwrap();
    prop_assert!((0.0..=1.0 + 1e-9).contains(&share), "{share}");
    Ok(())
}
