//! Whatever the rows, a model is finite in all its numbers or a typed error.

use proptest::prelude::*;
use tenure_stats::Observation;
use tenure_stats::regression::{Coefficient, Features, Logistic, ModelError, logistic};
use tenure_stats::survival::cox::{self, Cox, Ties};

type Case = (u8, u8, bool, [i8; 3], usize);

fn cases() -> impl Strategy<Value = Vec<Case>> {
    let x = [-2i8..3, 0i8..2, -9i8..10];
    prop::collection::vec((0u8..4, 1u8..9, any::<bool>(), x, 0usize..2), 1..25)
}

fn features(cases: &[Case], scale: f64) -> Features {
    let mut features = Features::new(["few", "flag", "many"]);
    for case in cases {
        features.push(&case.3.map(|x| scale * f64::from(x))).unwrap();
    }
    features
}

fn finite(coefficients: &[Coefficient]) -> bool {
    coefficients.iter().all(|c| {
        let numbers = [c.estimate, c.standard_error, c.z(), c.p()];
        numbers.iter().all(|number| number.is_finite()) && c.standard_error > 0.0 && c.interval().is_some()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn of_a_cox_model(
        cases in cases(), scale in prop::sample::select(vec![1e-8, 1.0, 1e8]), ridge in prop::sample::select(vec![0.0, 0.3]),
        breslow in any::<bool>(), stratified in any::<bool>(),
    ) {
        let seen: Vec<Observation> = cases
            .iter()
            .map(|case| {
                let time = f64::from(case.0 + case.1);
                Observation { entry: (case.0 > 1).then_some(f64::from(case.0)), time, ended: case.2 }
            })
            .collect();
        let strata: Vec<usize> = cases.iter().map(|case| case.4).collect();
        let options = cox::Options {
            ties: if breslow { Ties::Breslow } else { Ties::Efron },
            ridge,
            strata: stratified.then_some(&strata[..]),
            ..cox::Options::default()
        };
        match Cox::fit(&seen, &features(&cases, scale), options) {
            Ok(model) => {
                prop_assert!(finite(&model.coefficients), "{model:?}");
                prop_assert!(model.log_likelihood.is_finite() && model.log_likelihood >= model.null_log_likelihood - 1e-9);
                prop_assert!(model.likelihood_ratio().is_none_or(|test| (0.0..=1.0).contains(&test.p)));
                for baseline in &model.baselines {
                    let rising = baseline.steps.windows(2).all(|pair| pair[0].1 <= pair[1].1);
                    prop_assert!(rising && baseline.steps.iter().all(|step| step.1.is_finite() && step.1 > 0.0));
                }
            }
            Err(ModelError::NoConvergence(steps)) => prop_assert!(false, "no convergence in {steps}"),
            Err(ModelError::Constant(names) | ModelError::Collinear(names) | ModelError::Infinite(names)) => {
                prop_assert!(!names.is_empty());
            }
            Err(error) => prop_assert_eq!(error, ModelError::NoEnds),
        }
    }

    #[test]
    fn of_a_logistic_regression(
        cases in cases(), scale in prop::sample::select(vec![1e-8, 1.0, 1e8]), ridge in prop::sample::select(vec![0.0, 0.3]),
    ) {
        let outcomes: Vec<bool> = cases.iter().map(|case| case.2).collect();
        let weights: Vec<f64> = cases.iter().map(|case| f64::from(case.1)).collect();
        let options = logistic::Options { ridge, weights: Some(&weights) };
        match Logistic::fit(&features(&cases, scale), &outcomes, options) {
            Ok(model) => {
                prop_assert!(finite(&model.coefficients) && finite(std::slice::from_ref(&model.intercept)), "{model:?}");
                prop_assert!(model.log_likelihood >= model.null_log_likelihood - 1e-9);
                prop_assert!((0.0..=1.0).contains(&model.predict(&[scale, 0.0, -scale]).unwrap()));
            }
            Err(ModelError::NoConvergence(steps)) => prop_assert!(false, "no convergence in {steps}"),
            Err(ModelError::Constant(names) | ModelError::Collinear(names) | ModelError::Infinite(names)) => {
                prop_assert!(!names.is_empty());
            }
            Err(error) => prop_assert_eq!(error, ModelError::OneClass),
        }
    }
}

/// The intercept may be by far the longest part of the direction in which the likelihood rises; features are named all the
/// same: each of these tells some rows' outcome without fail.
#[test]
fn who_separates_the_outcomes_is_named_beside_a_large_intercept() {
    let row = |weight, left, x| (0, weight, left, x, 0);
    let cases: [Case; 6] = [
        row(3, false, [0, 0, 0]),
        row(3, false, [0, 0, 0]),
        row(3, false, [0, 0, 0]),
        row(1, true, [0, 1, 0]),
        row(4, false, [0, 0, 2]),
        row(7, false, [1, 0, 0]),
    ];
    let outcomes = cases.map(|case| case.2);
    let weights = cases.map(|case| f64::from(case.1));
    let options = logistic::Options { ridge: 0.0, weights: Some(&weights) };
    let fitted = Logistic::fit(&features(&cases, 1.0), &outcomes, options);
    assert_eq!(fitted, Err(ModelError::Infinite(["few", "flag", "many"].map(str::to_owned).to_vec())));
}
