//! BG/NBD, MBG/NBD and Pareto/NBD against the values published of them.

use crate::{assert_near, cdnow};
use tenure_stats::lifetime::Parameters;
use tenure_stats::lifetime::purchases::{BgNbd, Histories, History, MbgNbd, ParetoNbd, PurchaseModel, TimeUnit};

/// The parameters of the papers, and those BTYD prints.
const PAPER: [f64; 4] = [0.243, 4.414, 0.793, 2.426];
const BTYD: [f64; 4] = [0.2425982, 4.413684, 0.7929899, 2.426167];
const BTYD_PARETO: [f64; 4] = [0.553, 10.580, 0.606, 11.656];
/// The maxima of the rounded summary, from which some of the reference values were computed.
const ROUNDED: [f64; 4] = [0.24259291, 4.4135317, 0.79288621, 2.42575354];
const ROUNDED_PARETO: [f64; 4] = [0.55327547, 10.57761165, 0.60621373, 11.66791648];

fn bg([r, alpha, a, b]: [f64; 4]) -> BgNbd {
    BgNbd::new(r, alpha, a, b).unwrap()
}

fn pareto([r, alpha, s, beta]: [f64; 4]) -> ParetoNbd {
    ParetoNbd::new(r, alpha, s, beta).unwrap()
}

fn customer(frequency: u32, recency: f64, age: f64) -> History {
    History::new(frequency, recency, age).unwrap()
}

fn rounded() -> Option<Histories> {
    let rows: Vec<_> = cdnow::summary()?.into_iter().map(|(row, _)| row).collect();
    Some(Histories::from_rows(TimeUnit::Week, &rows).unwrap())
}

#[track_caller]
fn assert_parameters<const N: usize>(model: &impl Parameters<N>, wanted: [f64; N], apart: f64) {
    for (found, wanted) in model.parameters().into_iter().zip(wanted) {
        assert_near(found, wanted, apart);
    }
}

#[test]
fn bg_nbd_fitted_to_cdnow() {
    let Some(customers) = cdnow::customers() else { return };
    let found = BgNbd::fit(&cdnow::weekly(&customers)).unwrap();
    assert_near(found.fit.log_likelihood, -9582.429207, 1e-5);
    assert_parameters(&found.fit.model, [0.24259452, 4.4136019, 0.79292204, 2.42590687], 1e-4);
    assert_eq!((found.unit, found.fit.customers), (TimeUnit::Week, 2357.0));
    let best = customer(26, 30.0 + 6.0 / 7.0, 31.0);
    assert_near(found.fit.model.probability_alive(&best), 0.968855, 1e-6);
    assert_near(bg(ROUNDED).probability_alive(&best), 0.96885563, 5.1e-9);
    assert_near(found.fit.model.expected_further_purchases(&best, 52.0).unwrap(), 25.75659, 1e-3);
    assert_near(bg(ROUNDED).expected_further_purchases(&best, 52.0).unwrap(), 25.757769, 1e-5);
    let second = customer(2, 30.43, 38.86);
    assert_near(found.fit.model.expected_further_purchases(&second, 39.0).unwrap(), 1.225910, 1e-5);
    let published = [(1.0 / 7.0, 0.0078), (1.0, 0.0532), (3.0, 0.1506), (223.0 / 7.0, 1.0405), (32.0, 1.0437)];
    for (t, wanted) in published {
        assert_near(found.fit.model.expected_purchases(t).unwrap(), wanted, 6e-5);
    }
    // A spreadsheet's 1.8576 comes from none of the published parameters: the series of formula 9 gives this one.
    assert_near(found.fit.model.expected_purchases(78.0).unwrap(), 1.85796, 6e-6);
}

#[test]
fn bg_nbd_fitted_to_the_rounded_summary_has_the_published_standard_errors() {
    let Some(histories) = rounded() else { return };
    let found = BgNbd::fit(&histories).unwrap();
    assert_near(found.fit.log_likelihood, -9582.425561, 1e-5);
    assert_parameters(&found.fit.model, ROUNDED, 1e-4);
    for (found, wanted) in found.fit.standard_errors().into_iter().zip([0.012557, 0.378221, 0.185719, 0.705345]) {
        assert_near(found, wanted, 1e-3 * wanted);
    }
    assert_near(histories.log_likelihood(&bg([0.5, 6.0, 1.2, 3.3])), -9783.441082, 1e-5);
    assert_near(histories.log_likelihood(&pareto([0.5, 8.0, 0.7, 10.0])), -9611.359362, 1e-5);
    let pareto = ParetoNbd::fit(&histories).unwrap();
    assert_near(pareto.fit.log_likelihood, -9594.973930, 1e-5);
    assert_parameters(&pareto.fit.model, ROUNDED_PARETO, 1e-3);
}

#[test]
fn mbg_nbd_fitted_to_the_rounded_summary() {
    let Some(histories) = rounded() else { return };
    let found = MbgNbd::fit(&histories).unwrap();
    assert_near(found.fit.log_likelihood, -9582.132685, 1e-5);
    assert_parameters(&found.fit.model, [0.52483789, 6.18299092, 0.89135632, 1.61399977], 1e-5);
    let never = found.fit.model.probability_alive(&customer(0, 0.0, 30.0));
    assert!(0.0 < never && never < 1.0, "who never bought again may have left: {never}");
}

#[test]
fn pareto_nbd_fitted_to_cdnow() {
    let Some(customers) = cdnow::customers() else { return };
    let found = ParetoNbd::fit(&cdnow::weekly(&customers)).unwrap();
    // The likelihood is flat along β: packages stop between 11.656 and 11.672 at -9594.976.
    assert_near(found.fit.log_likelihood, -9594.9762, 5e-5);
    assert_parameters(&found.fit.model, [0.553268, 10.577643, 0.606339, 11.672047], 0.005);
    assert!(cdnow::weekly(&customers).log_likelihood(&pareto(BTYD_PARETO)) <= found.fit.log_likelihood);
    let best = customer(26, 30.0 + 6.0 / 7.0, 31.0);
    assert_near(found.fit.model.expected_further_purchases(&best, 52.0).unwrap(), 25.45647, 2e-3);
    assert_near(found.fit.model.expected_purchases(52.0).unwrap(), 1.473434, 1e-6);
    assert_near(found.fit.model.probability_alive(&best), 0.997874, 1e-5);
    // By BTYD's parameters .294163.
    assert_near(found.fit.model.probability_alive(&customer(0, 0.0, 39.0)), 0.294278, 5e-6);
}

#[test]
fn bg_nbd_single_values() {
    assert_near(bg([0.5, 6.0, 1.2, 3.3]).log_likelihood(&customer(3, 4.0, 6.0)), -7.576382, 1e-6);
    let model = bg([0.25, 4.0, 0.8, 2.5]);
    assert_near(model.log_likelihood(&customer(0, 0.0, 40.0)), -0.59947382, 1e-8);
    assert_near(model.log_likelihood(&customer(200, 38.0, 40.0)), 100.795693, 1e-5);
    assert_near(bg(PAPER).expected_further_purchases(&customer(2, 30.43, 38.86), 39.0).unwrap(), 1.226028, 1e-6);
    let btyd = bg(BTYD);
    let best = customer(26, 30.0 + 6.0 / 7.0, 31.0);
    assert_near(btyd.expected_further_purchases(&best, 52.0).unwrap(), 25.75659, 1e-4);
    assert_near(btyd.probability_alive(&best), 0.9688523, 2e-7);
    assert_near(btyd.expected_purchases(52.0).unwrap(), 1.444004, 1e-6);
    assert_eq!(btyd.probability_alive(&customer(0, 0.0, 39.0)), 1.0);
    assert_eq!(btyd.probability_alive(&customer(1000, 10.0, 100.0)), 0.0);
}

#[test]
fn more_purchases_with_the_same_recency_mean_fewer_to_come() {
    let bg_wanted = [0.3474606, 0.04283391, 0.004158973, 0.0003583685];
    let pareto_wanted = [0.7062289, 0.1442396, 0.02250658, 0.00309267];
    for ((x, by_bg), by_pareto) in [10, 15, 20, 25].into_iter().zip(bg_wanted).zip(pareto_wanted) {
        let history = customer(x, 20.0, 39.0);
        let found = bg(BTYD).expected_further_purchases(&history, 52.0).unwrap();
        assert_near(found, by_bg, 1e-5 * by_bg);
        let found = pareto(BTYD_PARETO).expected_further_purchases(&history, 52.0).unwrap();
        assert_near(found, by_pareto, 5e-4 * by_pareto);
    }
}

#[test]
fn bg_nbd_probabilities_of_a_count() {
    let model = bg(PAPER);
    assert_near(model.probability_of(10, 2.0).unwrap(), 1.0786896e-7, 1e-13);
    assert_near(model.probability_of(0, 39.0).unwrap(), 0.57378635, 1e-8);
    let published = [
        0.0019995214,
        0.0015170236,
        0.0011633150,
        0.0009003148,
        0.0007023638,
        0.0005517902,
        0.0004361913,
        0.0003467171,
        0.0002769613,
        0.0002222260,
    ];
    for (x, wanted) in (11..).zip(published) {
        assert_near(model.probability_of(x, 30.0).unwrap(), wanted, 1e-9);
    }
}

#[test]
fn pareto_nbd_single_values() {
    let model = pareto([0.55, 10.56, 0.61, 11.64]);
    let published = [
        0.0, 0.05077821, 0.09916088, 0.14542507, 0.18979930, 0.23247466, 0.27361274, 0.31335159, 0.35181024, 0.38909211,
    ];
    for (t, wanted) in published.into_iter().enumerate() {
        assert_near(model.expected_purchases(t as f64).unwrap(), wanted, 6e-9);
    }
    let best = customer(26, 30.0 + 6.0 / 7.0, 31.0);
    assert_near(pareto(ROUNDED_PARETO).expected_further_purchases(&best, 52.0).unwrap(), 25.455411, 1e-6);
    // Heavy buyers, where the difference of two powers of 332 underflows.
    let model = pareto([0.55, 10.58, 0.61, 11.67]);
    assert_near(model.expected_further_purchases(&customer(132, 200.0, 200.0), 10.0).unwrap(), 6.20605, 1e-5);
    assert_near(model.expected_further_purchases(&customer(133, 200.0, 200.0), 10.0).unwrap(), 6.25287, 1e-5);
}

#[test]
fn pareto_nbd_discounted_for_ever() {
    let model = pareto([0.5629966, 12.5590370, 0.4081095, 10.5148048]);
    let history = customer(7, 35.0, 77.86);
    assert_near(model.discounted_further_purchases(&history, 0.0027).unwrap(), 1.864183, 1e-6);
    for force in [0.0, -0.1, f64::NAN, f64::INFINITY] {
        assert_eq!(model.discounted_further_purchases(&history, force), None);
    }
}

/// Counts up to a large one add to one, and their mean is the expectation, which is computed another way.
fn assert_counts(model: &impl PurchaseModel, t: f64) {
    let (mut all, mut mean) = (0.0, 0.0);
    for x in 0..700 {
        let share = model.probability_of(x, t).unwrap();
        assert!((0.0..=1.0).contains(&share));
        all += share;
        mean += f64::from(x) * share;
    }
    assert_near(all, 1.0, 1e-9);
    let expected = model.expected_purchases(t).unwrap();
    assert_near(mean / expected, 1.0, 1e-8);
}

#[test]
fn probabilities_of_counts_and_the_expectation_agree() {
    for t in [0.5, 13.0, 26.0] {
        assert_counts(&bg(PAPER), t);
        assert_counts(&bg([2.0, 9.0, 0.2, 0.5]), t);
        assert_counts(&MbgNbd::new(0.525, 6.183, 0.891, 1.614).unwrap(), t);
        assert_counts(&pareto(BTYD_PARETO), t);
        assert_counts(&pareto([2.0, 9.0, 1.0, 3.0]), t);
    }
}

#[test]
fn new_customers_are_those_of_whom_nothing_was_seen() {
    // At age zero the conditional expectation is the unconditional one (in MBG/NBD of those who did not leave at once).
    let fresh = customer(0, 0.0, 0.0);
    for t in [0.0, 1.0, 52.0] {
        let model = bg(PAPER);
        assert_near(model.expected_further_purchases(&fresh, t).unwrap(), model.expected_purchases(t).unwrap(), 1e-12);
        let model = MbgNbd::new(0.525, 6.183, 0.891, 1.614).unwrap();
        assert_near(model.expected_further_purchases(&fresh, t).unwrap(), model.expected_purchases(t).unwrap(), 1e-12);
        let model = pareto(BTYD_PARETO);
        assert_near(model.expected_further_purchases(&fresh, t).unwrap(), model.expected_purchases(t).unwrap(), 1e-12);
    }
}
