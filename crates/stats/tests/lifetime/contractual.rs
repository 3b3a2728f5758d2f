//! Retention curves of Fader and Hardie (2007) and the fits published to them.

use crate::assert_near;
use tenure_stats::lifetime::contractual::{Bdw, Cohort, Cohorts, Contractual, Sbg, likelihood_ratio};
use tenure_stats::lifetime::{FitError, Parameters};

pub const REGULAR: [f64; 13] =
    [1000.0, 631.0, 468.0, 382.0, 326.0, 289.0, 262.0, 241.0, 223.0, 207.0, 194.0, 183.0, 173.0];
pub const HIGH_END: [f64; 13] =
    [1000.0, 869.0, 743.0, 653.0, 593.0, 551.0, 517.0, 491.0, 468.0, 445.0, 427.0, 409.0, 394.0];

/// The first so many renewals of a curve.
pub fn renewals(survivors: &[f64], renewals: usize) -> Cohorts {
    Cohorts::new(&[Cohort::from_survivors(&survivors[..=renewals]).unwrap()]).unwrap()
}

#[test]
fn sbg_fits_are_those_published() {
    let cases = [
        (REGULAR, 7, [0.70407728, 1.18204296], -1680.265188),
        (HIGH_END, 7, [0.66808835, 3.80609500], -1611.158147),
        (REGULAR, 4, [0.76366507, 1.29583027], -1401.559424),
        (HIGH_END, 4, [1.28097617, 7.79038255], -1225.134907),
        (REGULAR, 12, [0.69736246, 1.16890467], -1931.491694),
        (HIGH_END, 12, [0.59611122, 3.32696901], -2010.858420),
    ];
    for (survivors, seen, parameters, log_likelihood) in cases {
        let fit = Sbg::fit(&renewals(&survivors, seen)).unwrap();
        assert_near(fit.log_likelihood, log_likelihood, 1e-6);
        for (found, wanted) in fit.model.parameters().into_iter().zip(parameters) {
            assert_near(found, wanted, 1e-4);
        }
    }
}

#[test]
fn bdw_fits_are_those_published() {
    let cases = [
        (REGULAR, 4, [0.52302947, 0.89428291, 1.19639851], -1401.383052),
        (HIGH_END, 4, [0.25933571, 1.72255137, 1.58436157], -1222.749318),
        (REGULAR, 7, [0.45561401, 0.77932558, 1.28345126], -1679.602833),
        (HIGH_END, 7, [0.21425334, 1.42657490, 1.72356486], -1605.314213),
        (REGULAR, 12, [0.50830868, 0.86884630, 1.20937791], -1930.929729),
        (HIGH_END, 12, [0.24964072, 1.65418086, 1.59679652], -2004.816889),
    ];
    for (survivors, seen, parameters, log_likelihood) in cases {
        let fit = Bdw::fit(&renewals(&survivors, seen)).unwrap();
        assert_near(fit.log_likelihood, log_likelihood, 1e-6);
        for (found, wanted) in fit.model.parameters().into_iter().zip(parameters) {
            assert_near(found, wanted, 1e-3);
        }
    }
}

#[test]
fn the_likelihood_ratio_of_bdw_against_sbg() {
    let cohorts = renewals(&REGULAR, 4);
    let ratio = likelihood_ratio(&Sbg::fit(&cohorts).unwrap(), &Bdw::fit(&cohorts).unwrap());
    assert_near(ratio.statistic, 0.35, 0.005);
    assert_near(ratio.p, 0.553, 0.001);
    let cohorts = renewals(&HIGH_END, 7);
    let ratio = likelihood_ratio(&Sbg::fit(&cohorts).unwrap(), &Bdw::fit(&cohorts).unwrap());
    assert!(ratio.p < 0.001, "tenure matters here: {}", ratio.p);
}

#[test]
fn projected_survival_is_that_published() {
    let shares = |model: &dyn Fn(u32) -> f64| (0..13).map(|t| 100.0 * model(t)).collect::<Vec<f64>>();
    let assert_shares = |found: Vec<f64>, wanted: [f64; 13]| {
        for (found, wanted) in found.into_iter().zip(wanted) {
            assert_near(found, wanted, 0.0051);
        }
    };
    let sbg = |survivors| Sbg::fit(&renewals(survivors, 7)).unwrap().model;
    let regular = sbg(&REGULAR);
    assert_shares(
        shares(&|t| regular.survival(t)),
        [100.0, 62.67, 47.38, 38.80, 33.21, 29.23, 26.25, 23.90, 22.01, 20.44, 19.12, 17.99, 17.00],
    );
    let high = sbg(&HIGH_END);
    assert_shares(
        shares(&|t| high.survival(t)),
        [100.0, 85.07, 74.69, 66.98, 60.99, 56.18, 52.22, 48.89, 46.04, 43.58, 41.42, 39.51, 37.80],
    );
    let bdw = Bdw::fit(&renewals(&HIGH_END, 4)).unwrap().model;
    assert_shares(
        shares(&|t| bdw.survival(t)),
        [100.0, 86.91, 74.19, 65.48, 59.29, 54.66, 51.04, 48.10, 45.67, 43.60, 41.82, 40.27, 38.89],
    );
    // The year-12 share was 39.4: the shifted beta-geometric of the same four renewals misses it by far.
    assert_near(100.0 * Sbg::fit(&renewals(&HIGH_END, 4)).unwrap().model.survival(12), 30.70, 0.005);
}

#[test]
fn the_chance_to_leave_is_a_product_over_the_ages() {
    // A page that prints P(t) = (β+t−2)/(α+β+t−1), without P(t−1), would give .5, .33, .5, .6, .67.
    let model = Sbg::new(1.0, 1.0).unwrap();
    for t in 1..=5u32 {
        assert_near(model.lost_at(t).unwrap(), 1.0 / f64::from(t * (t + 1)), 1e-15);
        assert_near(model.retention(t).unwrap(), f64::from(t) / f64::from(t + 1), 1e-15);
    }
    assert_eq!((model.lost_at(0), model.retention(0), model.survival(0)), (None, None, 1.0));
    let all: f64 = (1..=400).map(|t| model.lost_at(t).unwrap()).sum();
    assert_near(all + model.survival(400), 1.0, 1e-13);
}

#[test]
fn the_reference_estimate_of_another_package_is_not_the_maximum() {
    let cohorts = renewals(&REGULAR, 7);
    let best = Sbg::fit(&cohorts).unwrap();
    // Its test takes α = .688 within a tenth; no β makes that as likely.
    let with = |beta: f64| Sbg::new(0.688, beta).unwrap().log_likelihood(&cohorts);
    let nearest = (1000..1400).map(|beta| with(f64::from(beta) / 1000.0)).fold(f64::MIN, f64::max);
    assert!(nearest < best.log_likelihood - 1e-3, "{nearest}");
    assert!((best.model.parameters()[0] - 0.688).abs() > 0.01);
}

#[test]
fn least_squares_on_retention_is_another_estimator() {
    let cohorts = renewals(&REGULAR, 4);
    let squares = |model: &Sbg| -> f64 {
        let seen = |t: usize| REGULAR[t] / REGULAR[t - 1];
        (1..=4).map(|t| (seen(t) - model.retention(t as u32).unwrap()).powi(2)).sum()
    };
    let spreadsheet = Sbg::new(0.7597, 1.2862).unwrap();
    assert_near(squares(&spreadsheet), 1.1645e-4, 5e-8);
    let best = Sbg::fit(&cohorts).unwrap();
    assert!(squares(&best.model) > squares(&spreadsheet), "the likelihood's maximum is not the least squares");
    assert!(best.log_likelihood > spreadsheet.log_likelihood(&cohorts));
    assert_near(best.model.parameters()[0], 0.7637, 5e-5);
}

#[test]
fn staggered_cohorts_count_each_to_its_own_last_age() {
    // The published example: five cohorts a year apart, the younger seen for fewer years.
    let sizes = [10_000.0, 6334.0, 4367.0, 3264.0, 2604.0];
    let staggered: Vec<Cohort> = (0..=4).rev().map(|seen| Cohort::from_survivors(&sizes[..=seen]).unwrap()).collect();
    let all = Sbg::fit(&Cohorts::new(&staggered).unwrap()).unwrap();
    let one = Sbg::fit(&Cohorts::new(&staggered[..1]).unwrap()).unwrap();
    assert_near(all.model.parameters()[0], 1.667088, 1e-5);
    assert_near(all.model.parameters()[1], 2.856612, 1e-5);
    let apart: f64 = staggered
        .iter()
        .map(|cohort| all.model.log_likelihood(&Cohorts::new(std::slice::from_ref(cohort)).unwrap()))
        .sum();
    assert_near(all.log_likelihood, apart, 1e-6);
    assert_eq!(all.customers, 50_000.0);
    assert!(all.standard_errors()[0] < one.standard_errors()[0], "more customers tell more");
    let mut turned = staggered.clone();
    turned.reverse();
    assert_eq!(Sbg::fit(&Cohorts::new(&turned).unwrap()).unwrap(), all);
}

#[test]
fn standard_errors_are_those_of_the_information() {
    // Of P(1) = α/(α+β) and P(2): with two ages the model is saturated, so the delta method has a closed form to meet.
    let cohorts = Cohorts::new(&[Cohort { lost: vec![300.0, 140.0], alive: 560.0 }]).unwrap();
    let fit = Sbg::fit(&cohorts).unwrap();
    let (h1, h2) = (0.3f64, 0.2f64);
    // h1 = α/(α+β), h2 = α/(α+β+1), so 1/h2 − 1/h1 = 1/α.
    let alpha = 1.0 / (1.0 / h2 - 1.0 / h1);
    assert_near(fit.model.parameters()[0], alpha, 1e-7);
    assert_near(fit.model.parameters()[1], alpha / h1 - alpha, 1e-7);
    let (v1, v2) = (h1 * (1.0 - h1) / 1000.0, h2 * (1.0 - h2) / 700.0);
    let variance = alpha.powi(4) * (v1 / h1.powi(4) + v2 / h2.powi(4));
    assert_near(fit.standard_errors()[0], variance.sqrt(), 1e-4 * variance.sqrt());
    let [interval, _] = fit.intervals();
    assert!(interval.low > 0.0 && interval.contains(alpha));
    let covariance = fit.covariance();
    assert_near(covariance[0][1], covariance[1][0], 1e-12);
}

#[test]
fn what_the_counts_do_not_tell_is_an_error() {
    let fit = |lost: &[f64], alive| Sbg::fit(&Cohorts::new(&[Cohort { lost: lost.to_vec(), alive }]).unwrap());
    assert_eq!(fit(&[0.0, 0.0, 0.0], 100.0), Err(FitError::NobodyLost));
    assert_eq!(fit(&[100.0, 0.0], 0.0), Err(FitError::TooFewAges { found: 1, needed: 2 }));
    assert_eq!(fit(&[30.0], 70.0), Err(FitError::TooFewAges { found: 1, needed: 2 }));
    assert_eq!(fit(&[1.0], 0.0), Err(FitError::TooFew { found: 1.0 }));
    assert_eq!(fit(&[], 0.0), Err(FitError::TooFew { found: 0.0 }));
    // Everyone leaves with the same chance, or the later the likelier: no spread is seen.
    for lost in [[100.0, 90.0, 81.0], [100.0, 200.0, 300.0], [0.0, 0.0, 500.0]] {
        let found = fit(&lost, 1000.0 - lost.iter().sum::<f64>());
        assert!(matches!(found, Err(FitError::NotIdentified { .. })), "{lost:?}: {found:?}");
    }
    // Who stays past the first renewal stays for good: β tends to zero with α.
    let found = fit(&[500.0, 0.0, 0.0, 0.0], 500.0);
    assert!(matches!(found, Err(FitError::NotIdentified { .. })), "{found:?}");
    let two = Cohorts::new(&[Cohort { lost: vec![30.0, 10.0], alive: 60.0 }]).unwrap();
    assert_eq!(Bdw::fit(&two), Err(FitError::TooFewAges { found: 2, needed: 3 }));
    let alike = renewals(&[1000.0, 900.0, 810.0, 729.0, 656.0, 590.0], 5);
    assert!(matches!(Bdw::fit(&alike), Err(FitError::NotIdentified { .. })));
}
