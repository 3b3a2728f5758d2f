//! Logistic regression on small cases.

use crate::public_data::close;
use proptest::prelude::*;
use tenure_stats::regression::{Features, Logistic, ModelError, logistic::Options};

/// Hours of study and whether an examination was passed (twenty students, an example of many texts).
const HOURS: [f64; 20] = [
    0.50, 0.75, 1.00, 1.25, 1.50, 1.75, 1.75, 2.00, 2.25, 2.50, 2.75, 3.00, 3.25, 3.50, 4.00, 4.25, 4.50, 4.75, 5.00,
    5.50,
];
const PASSED: [u8; 20] = [0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1];

fn table(names: &[&str], rows: impl IntoIterator<Item = Vec<f64>>) -> Features {
    let mut features = Features::new(names.iter().copied());
    rows.into_iter().for_each(|row| features.push(&row).unwrap());
    features
}

fn study() -> (Features, Vec<bool>) {
    (table(&["hours"], HOURS.map(|hours| vec![hours])), PASSED.map(|passed| passed == 1).to_vec())
}

#[test]
fn hours_of_study_give_the_published_model() {
    let (features, passed) = study();
    let model = Logistic::fit(&features, &passed, Options::default()).unwrap();
    close(model.intercept.estimate, -4.0777, 5.1e-5);
    close(model.coefficients[0].estimate, 1.5046, 5.1e-5);
    close(model.intercept.standard_error, 1.7610, 5.1e-5);
    close(model.coefficients[0].standard_error, 0.6287, 5.1e-5);
    close(model.coefficients[0].p(), 0.0167, 5.1e-5);
    close(model.predict(&[2.0]).unwrap(), 0.2557, 5.1e-5);
    close(model.null_log_likelihood, 20.0 * 0.5f64.ln(), 1e-12);
    let test = model.likelihood_ratio().unwrap();
    assert!(test.degrees_of_freedom == 1 && test.p < 0.001);
}

#[test]
fn weights_stand_for_rows() {
    let rows = [
        (1.0, false, 3),
        (1.0, true, 1),
        (2.0, false, 2),
        (2.0, true, 2),
        (5.0, true, 4),
        (5.0, false, 1),
        (9.0, true, 0),
    ];
    let (x, y): (Vec<f64>, Vec<bool>) = rows.iter().map(|r| (r.0, r.1)).unzip();
    let weights: Vec<f64> = rows.iter().map(|r| f64::from(r.2)).collect();
    let options = Options { ridge: 0.5, weights: Some(&weights) };
    let weighted = Logistic::fit(&table(&["x"], x.iter().map(|&x| vec![x])), &y, options).unwrap();
    let repeat = |i: usize| std::iter::repeat_n(i, rows[i].2 as usize);
    let each: Vec<usize> = (0..rows.len()).flat_map(repeat).collect();
    let repeated = Logistic::fit(
        &table(&["x"], each.iter().map(|&i| vec![x[i]])),
        &each.iter().map(|&i| y[i]).collect::<Vec<_>>(),
        Options { ridge: 0.5, weights: None },
    )
    .unwrap();
    close(weighted.coefficients[0].estimate, repeated.coefficients[0].estimate, 1e-9);
    close(weighted.coefficients[0].standard_error, repeated.coefficients[0].standard_error, 1e-9);
    close(weighted.intercept.estimate, repeated.intercept.estimate, 1e-9);
    assert_eq!((weighted.rows, repeated.rows), (6, 13), "a row of no weight is none");
}

#[test]
fn the_intercept_is_not_penalised() {
    let (features, passed) = study();
    let mut outcomes = passed.clone();
    outcomes[18] = false;
    let pulled = Logistic::fit(&features, &outcomes, Options { ridge: 1e9, weights: None }).unwrap();
    close(pulled.coefficients[0].estimate, 0.0, 1e-7);
    close(pulled.predict(&[3.0]).unwrap(), 9.0 / 20.0, 1e-6);
    assert_eq!(pulled.likelihood_ratio(), None);
}

#[test]
fn separation_is_named_and_a_penalty_helps() {
    let passed: Vec<bool> = HOURS.iter().map(|&hours| hours > 2.6).collect();
    let noise = |i: usize| f64::from((i * 7 % 5) as u8);
    let features = table(&["noise", "hours"], (0..20).map(|i| vec![noise(i), HOURS[i]]));
    let fit = |ridge| Logistic::fit(&features, &passed, Options { ridge, weights: None });
    match fit(0.0) {
        Err(ModelError::Infinite(names)) => assert!(names.contains(&"hours".to_owned()), "{names:?}"),
        other => panic!("{other:?}"),
    }
    let model = fit(1.0).unwrap();
    assert!(model.coefficients[1].estimate > 0.0 && model.coefficients[1].standard_error.is_finite());

    // Quasi-complete separation: a flag that is only ever set where the outcome came.
    let (_, passed) = study();
    let flagged = |i: usize| f64::from(u8::from(passed[i] && i.is_multiple_of(4)));
    let features = table(&["hours", "flag"], (0..20).map(|i| vec![HOURS[i], flagged(i)]));
    let refused = Logistic::fit(&features, &passed, Options::default());
    assert_eq!(refused, Err(ModelError::Infinite(vec!["flag".into()])));
}

#[test]
fn features_that_say_nothing_are_named() {
    let (_, passed) = study();
    let fit = |names: &[&str], row: &dyn Fn(f64) -> Vec<f64>, ridge| {
        Logistic::fit(&table(names, HOURS.map(row)), &passed, Options { ridge, weights: None })
    };
    let constant = Err(ModelError::Constant(vec!["plan".into(), "region".into()]));
    assert_eq!(fit(&["plan", "hours", "region"], &|h| vec![0.1, h, -4.0], 0.0), constant);
    assert_eq!(fit(&["plan", "hours", "region"], &|h| vec![0.1, h, -4.0], 1.0), constant);
    let minutes = fit(&["hours", "minutes"], &|h| vec![h, 60.0 * h], 0.0);
    assert_eq!(minutes, Err(ModelError::Collinear(vec!["hours".into(), "minutes".into()])));
    assert!(fit(&["hours", "minutes"], &|h| vec![h, 60.0 * h], 1.0).is_ok());
}

#[test]
fn what_cannot_be_fitted_is_refused() {
    let (features, passed) = study();
    let fit = |outcomes: &[bool], options| Logistic::fit(&features, outcomes, options).unwrap_err();
    assert_eq!(fit(&[true; 20], Options::default()), ModelError::OneClass);
    assert!(matches!(fit(&[true], Options::default()), ModelError::Length { .. }));
    assert_eq!(Logistic::fit(&Features::new(["x"]), &[], Options::default()), Err(ModelError::Empty));
    assert_eq!(fit(&passed, Options { ridge: -1.0, weights: None }), ModelError::Ridge(-1.0));
    let weights = [-1.0; 20];
    let refused = fit(&passed, Options { ridge: 0.0, weights: Some(&weights) });
    assert_eq!(refused, ModelError::Weight { row: 0, weight: -1.0 });
    assert_eq!(fit(&passed, Options { ridge: 0.0, weights: Some(&[0.0; 20]) }), ModelError::Empty);
    let model = Logistic::fit(&features, &passed, Options::default()).unwrap();
    assert!(matches!(model.predict(&[]), Err(ModelError::Length { .. })));
    assert!(matches!(model.predict(&[f64::NAN]), Err(ModelError::NotFinite { .. })));
}

#[test]
fn only_an_intercept_is_the_base_rate() {
    let mut features = Features::new(Vec::<String>::new());
    (0..4).for_each(|_| features.push(&[]).unwrap());
    let model = Logistic::fit(&features, &[true, false, false, false], Options::default()).unwrap();
    close(model.predict(&[]).unwrap(), 0.25, 1e-12);
    assert_eq!(model.likelihood_ratio(), None);
}

proptest! {
    #[test]
    fn contributions_add_up_and_order_does_not_matter(
        rows in prop::collection::vec((-50i32..50, 0i32..9, any::<bool>()), 12..60),
        x in (-1e4f64..1e4, -1e4f64..1e4), ridge in 0.1f64..10.0,
    ) {
        let fit = |rows: &[(i32, i32, bool)]| {
            let features = table(&["a", "b"], rows.iter().map(|r| vec![f64::from(r.0), f64::from(r.1)]));
            let outcomes: Vec<bool> = rows.iter().map(|r| r.2).collect();
            Logistic::fit(&features, &outcomes, Options { ridge, weights: None })
        };
        let model = fit(&rows);
        let turned: Vec<_> = rows.iter().rev().copied().collect();
        prop_assert_eq!(&model, &fit(&turned));
        if let Ok(model) = model {
            let x = [x.0, x.1];
            let parts = model.contributions(&x).unwrap();
            prop_assert_eq!(parts.log_odds(), model.log_odds(&x).unwrap());
            let plain = model.coefficients.iter().zip(x).fold(model.intercept.estimate, |sum, (c, x)| sum + c.estimate * x);
            prop_assert!((plain - parts.log_odds()).abs() <= 1e-9 * (1.0 + plain.abs()));
            prop_assert!(model.contributions(&model.means).unwrap().parts.iter().all(|part| *part == 0.0));
            // At the maximum with a free intercept, as much is predicted as happened.
            let predicted: f64 =
                rows.iter().map(|r| model.predict(&[f64::from(r.0), f64::from(r.1)]).unwrap()).sum();
            let happened = rows.iter().filter(|r| r.2).count() as f64;
            prop_assert!((predicted - happened).abs() < 1e-6, "{predicted} of {happened}");
        }
    }
}
