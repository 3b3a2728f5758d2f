//! Cox models of the remission of 42 children with leukaemia (Freireich and others 1963, with the covariates of Kleinbaum
//! and Klein), against lifelines and statsmodels, which agree. (lifelines at its
//! default precision stops some units of the fifth digit short with strata; at 1e-14 it does not.)

use crate::public_data::close;
use tenure_stats::Observation;
use tenure_stats::regression::{Features, ModelError};
use tenure_stats::survival::concordance;
use tenure_stats::survival::cox::{Cox, Options, Ties};

type Child = (f64, u8, f64, f64, usize);

/// Weeks, whether remission ended, 1 for placebo, log of white blood cells, sex.
#[rustfmt::skip]
const CHILDREN: [Child; 42] = [
    (35.0, 0, 0.0, 1.45, 1), (34.0, 0, 0.0, 1.47, 1), (32.0, 0, 0.0, 2.20, 1), (32.0, 0, 0.0, 2.53, 1),
    (25.0, 0, 0.0, 1.78, 1), (23.0, 1, 0.0, 2.57, 1), (22.0, 1, 0.0, 2.32, 1), (20.0, 0, 0.0, 2.01, 1),
    (19.0, 0, 0.0, 2.05, 0), (17.0, 0, 0.0, 2.16, 0), (16.0, 1, 0.0, 3.60, 1), (13.0, 1, 0.0, 2.88, 0),
    (11.0, 0, 0.0, 2.60, 0), (10.0, 0, 0.0, 2.70, 0), (10.0, 1, 0.0, 2.96, 0), (9.0, 0, 0.0, 2.80, 0),
    (7.0, 1, 0.0, 4.43, 0), (6.0, 0, 0.0, 3.20, 0), (6.0, 1, 0.0, 2.31, 0), (6.0, 1, 0.0, 4.06, 1),
    (6.0, 1, 0.0, 3.28, 0), (23.0, 1, 1.0, 1.97, 1), (22.0, 1, 1.0, 2.73, 0), (17.0, 1, 1.0, 2.95, 0),
    (15.0, 1, 1.0, 2.30, 0), (12.0, 1, 1.0, 1.50, 0), (12.0, 1, 1.0, 3.06, 0), (11.0, 1, 1.0, 3.49, 0),
    (11.0, 1, 1.0, 2.12, 0), (8.0, 1, 1.0, 3.52, 0), (8.0, 1, 1.0, 3.05, 0), (8.0, 1, 1.0, 2.32, 0),
    (8.0, 1, 1.0, 3.26, 1), (5.0, 1, 1.0, 3.49, 1), (5.0, 1, 1.0, 3.97, 0), (4.0, 1, 1.0, 4.36, 1),
    (4.0, 1, 1.0, 2.42, 1), (3.0, 1, 1.0, 4.01, 1), (2.0, 1, 1.0, 4.91, 1), (2.0, 1, 1.0, 4.48, 1),
    (1.0, 1, 1.0, 2.80, 1), (1.0, 1, 1.0, 5.00, 1),
];

fn observations() -> Vec<Observation> {
    CHILDREN.iter().map(|child| Observation { entry: None, time: child.0, ended: child.1 == 1 }).collect()
}

fn features(names: &[&str]) -> Features {
    let mut features = Features::new(names.iter().copied());
    for child in CHILDREN {
        let row: Vec<f64> = names.iter().map(|&name| if name == "placebo" { child.2 } else { child.3 }).collect();
        features.push(&row).unwrap();
    }
    features
}

fn fit(names: &[&str], options: Options) -> Cox {
    Cox::fit(&observations(), &features(names), options).unwrap()
}

#[test]
fn efron_s_ties_give_the_published_coefficients() {
    let one = fit(&["placebo"], Options::default());
    close(one.coefficients[0].estimate, 1.572_125_15, 1e-7);
    close(one.coefficients[0].standard_error, 0.412_396_72, 1e-7);
    close(one.log_likelihood, -85.008_424_577, 1e-8);
    close(one.likelihood_ratio().unwrap().statistic, 16.351_690_839, 1e-8);

    let two = fit(&["placebo", "log_wbc"], Options::default());
    close(two.coefficients[0].estimate, 1.386_075_53, 1e-7);
    close(two.coefficients[1].estimate, 1.690_890_39, 1e-7);
    close(two.coefficients[0].standard_error, 0.424_798_39, 1e-7);
    close(two.coefficients[1].standard_error, 0.335_897_59, 1e-7);
    close(two.log_likelihood, -69.828_101_060, 1e-8);
    close(two.partial_aic().unwrap(), 2.0 * (2.0 + 69.828_101_060), 1e-7);
    close(two.baselines[0].survival(10.0).unwrap(), 0.683_856_19, 1e-7);
    let risk: Vec<f64> =
        (0..42).map(|i| two.log_hazard_ratio(features(&["placebo", "log_wbc"]).row(i).unwrap()).unwrap()).collect();
    close(concordance(&observations(), &risk, None).unwrap().index(), 0.852_033_66, 1e-8);
}

#[test]
fn breslow_s_ties_give_the_published_coefficients() {
    let options = Options { ties: Ties::Breslow, ..Options::default() };
    let one = fit(&["placebo"], options);
    close(one.coefficients[0].estimate, 1.509_191_41, 1e-7);
    close(one.coefficients[0].standard_error, 0.409_564_41, 1e-7);
    close(one.log_likelihood, -86.379_622_071, 1e-8);
    let two = fit(&["placebo", "log_wbc"], options);
    close(two.coefficients[0].estimate, 1.294_067_22, 1e-7);
    close(two.coefficients[1].estimate, 1.604_343_23, 1e-7);
    close(two.log_likelihood, -72.279_259_757, 1e-8);
}

#[test]
fn strata_have_baselines_of_their_own() {
    let sex: Vec<usize> = CHILDREN.iter().map(|child| child.4).collect();
    let model = fit(&["placebo"], Options { strata: Some(&sex), ..Options::default() });
    close(model.coefficients[0].estimate, 1.324_428_67, 1e-7);
    close(model.coefficients[0].standard_error, 0.438_446_80, 1e-7);
    close(model.log_likelihood, -66.711_976_226, 1e-8);
    assert_eq!(model.baselines.iter().map(|baseline| baseline.stratum).collect::<Vec<_>>(), [0, 1]);
    assert!(model.survival(&[1.0], 0, 8.0).unwrap() < model.survival(&[0.0], 0, 8.0).unwrap());
    assert_eq!(model.survival(&[1.0], 7, 8.0), Ok(None), "no such stratum");
    assert_eq!(model.survival(&[1.0], 0, 500.0), Ok(None), "nobody was seen that long");
}

#[test]
fn efron_s_baseline_lies_above_breslow_s() {
    // Without features to speak of, Efron's is the Nelson–Aalen sum of 1/n + 1/(n−1) …, Breslow's of d/n.
    let cases = [1.0, 1.0, 2.0, 3.0, 3.0].map(Observation::ended);
    let mut features = Features::new(["x"]);
    for x in [1.0, -1.0, 0.0, 1.0, -1.0] {
        features.push(&[x]).unwrap();
    }
    let hazard = |ties| {
        let model = Cox::fit(&cases, &features, Options { baseline_ties: Some(ties), ..Options::default() }).unwrap();
        close(model.coefficients[0].estimate, 0.0, 1e-9);
        model.baselines[0].cumulative_hazard(1.0).unwrap()
    };
    close(hazard(Ties::Breslow), 2.0 / 5.0, 1e-9);
    close(hazard(Ties::Efron), 1.0 / 5.0 + 1.0 / 4.0, 1e-9);
}

#[test]
fn rows_cut_in_two_say_the_same() {
    // A child seen from week 0 to 5 and again from 5 on is the same child: the partial likelihood does not change.
    let mut cases = Vec::new();
    let mut cut = Features::new(["placebo", "log_wbc"]);
    for child in CHILDREN {
        let seen = Observation { entry: None, time: child.0, ended: child.1 == 1 };
        if child.0 > 5.0 {
            cases.push(Observation::open(5.0));
            cut.push(&[child.2, child.3]).unwrap();
            cases.push(seen.entering(5.0));
        } else {
            cases.push(seen);
        }
        cut.push(&[child.2, child.3]).unwrap();
    }
    let (whole, parts) =
        (fit(&["placebo", "log_wbc"], Options::default()), Cox::fit(&cases, &cut, Options::default()).unwrap());
    close(parts.log_likelihood, whole.log_likelihood, 1e-9);
    for (part, whole) in parts.coefficients.iter().zip(&whole.coefficients) {
        close(part.estimate, whole.estimate, 1e-8);
        close(part.standard_error, whole.standard_error, 1e-8);
    }
}

#[test]
fn units_and_order_of_rows_do_not_matter() {
    let base = fit(&["placebo", "log_wbc"], Options::default());
    let mut turned = Features::new(["placebo", "log_wbc"]);
    let mut scaled = Features::new(["placebo", "log_wbc"]);
    for child in CHILDREN.iter().rev() {
        turned.push(&[child.2, child.3]).unwrap();
        scaled.push(&[child.2, 1e6 * child.3 + 5e7]).unwrap();
    }
    let cases: Vec<Observation> = observations().into_iter().rev().collect();
    assert_eq!(Cox::fit(&cases, &turned, Options::default()).unwrap(), base, "the same bytes");
    let scaled = Cox::fit(&cases, &scaled, Options::default()).unwrap();
    close(1e6 * scaled.coefficients[1].estimate, base.coefficients[1].estimate, 1e-7);
    close(scaled.log_likelihood, base.log_likelihood, 1e-7);
}

#[test]
fn a_penalty_pulls_to_zero_whatever_the_units() {
    let ridge = |features: &Features| {
        Cox::fit(&observations(), features, Options { ridge: 5.0, ..Options::default() }).unwrap()
    };
    let model = ridge(&features(&["placebo", "log_wbc"]));
    let free = fit(&["placebo", "log_wbc"], Options::default());
    for (pulled, free) in model.coefficients.iter().zip(&free.coefficients) {
        assert!(0.0 < pulled.estimate && pulled.estimate < free.estimate);
    }
    assert!(model.log_likelihood < free.log_likelihood);
    assert_eq!((model.likelihood_ratio(), model.partial_aic()), (None, None));
    let mut scaled = Features::new(["placebo", "log_wbc"]);
    for child in CHILDREN {
        scaled.push(&[child.2, child.3 / 100.0]).unwrap();
    }
    close(ridge(&scaled).coefficients[1].estimate / 100.0, model.coefficients[1].estimate, 1e-8);
}

#[test]
fn features_without_a_finite_estimate_are_named() {
    let cases = observations();
    let with = |name: &str, value: &dyn Fn(&Child) -> f64| {
        let mut features = Features::new(["log_wbc", name]);
        for child in &CHILDREN {
            features.push(&[child.3, value(child)]).unwrap();
        }
        features
    };
    let fit = |features: &Features, ridge| {
        Cox::fit(&cases, features, Options { ridge, ..Options::default() }).map(|model| {
            assert!(model.coefficients.iter().all(|c| c.estimate.is_finite() && c.standard_error > 0.0));
        })
    };
    let censored = with("censored", &|child| f64::from(1 - child.1));
    assert_eq!(fit(&censored, 0.0), Err(ModelError::Infinite(vec!["censored".into()])), "none of them ever ended");
    assert_eq!(fit(&censored, 1.0), Ok(()), "a penalty makes it finite");
    let weeks = with("weeks", &|child| child.0);
    assert_eq!(fit(&weeks, 0.0), Err(ModelError::Infinite(vec!["weeks".into()])), "the time itself");

    let constant = with("country", &|_| 7.3);
    assert_eq!(fit(&constant, 0.0), Err(ModelError::Constant(vec!["country".into()])));
    assert_eq!(fit(&constant, 1.0), Err(ModelError::Constant(vec!["country".into()])));
    let double = with("doubled", &|child| 3.0 - 2.0 * child.3);
    let both = vec!["log_wbc".to_owned(), "doubled".to_owned()];
    assert_eq!(fit(&double, 0.0), Err(ModelError::Collinear(both)));
    assert_eq!(fit(&double, 1.0), Ok(()));

    let sex: Vec<usize> = CHILDREN.iter().map(|child| child.4).collect();
    let stratum = with("sex", &|child| child.4 as f64);
    let within = Cox::fit(&cases, &stratum, Options { strata: Some(&sex), ..Options::default() });
    assert_eq!(within, Err(ModelError::Constant(vec!["sex".into()])), "the same for all of a stratum");
}

#[test]
fn what_cannot_be_fitted_is_refused() {
    let (cases, one) = (observations(), features(&["placebo"]));
    let fit = |cases: &[Observation], features: &Features| Cox::fit(cases, features, Options::default()).unwrap_err();
    assert!(matches!(fit(&cases[1..], &one), ModelError::Length { .. }));
    assert_eq!(fit(&[], &Features::new(["x"])), ModelError::Empty);
    let open: Vec<Observation> = cases.iter().map(|seen| Observation::open(seen.time)).collect();
    assert_eq!(fit(&open, &one), ModelError::NoEnds);
    let mut none = Features::new(Vec::<String>::new());
    none.push(&[]).unwrap();
    assert_eq!(fit(&cases[..1], &none), ModelError::NoFeatures);
    let ridge = Cox::fit(&cases, &one, Options { ridge: f64::NAN, ..Options::default() });
    assert!(matches!(ridge, Err(ModelError::Ridge(_))));
    let strata = Cox::fit(&cases, &one, Options { strata: Some(&[1]), ..Options::default() });
    assert!(matches!(strata, Err(ModelError::Survival(_))));
}
