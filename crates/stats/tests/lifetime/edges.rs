//! Singular parameters, and customers of whom nothing can be fitted.

use crate::assert_near;
use tenure_stats::lifetime::purchases::{BgNbd, Histories, History, MbgNbd, ParetoNbd, PurchaseModel, TimeUnit};
use tenure_stats::lifetime::{FitError, ParameterError, Tends};

fn customer(frequency: u32, recency: f64, age: f64) -> History {
    History::new(frequency, recency, age).unwrap()
}

/// All answers of a model at once.
fn answers(model: &impl PurchaseModel) -> Vec<f64> {
    let histories = [customer(0, 0.0, 39.0), customer(3, 39.0, 39.0), customer(7, 20.0, 39.0), customer(1, 0.5, 39.0)];
    let mut all = vec![model.expected_purchases(52.0).unwrap(), model.probability_of(3, 52.0).unwrap()];
    for history in &histories {
        all.push(model.log_likelihood(history));
        all.push(model.probability_alive(history));
        all.push(model.expected_further_purchases(history, 52.0).unwrap());
    }
    all
}

/// The answers at a parameter's singular value lie on the line between its neighbours.
#[track_caller]
fn assert_smooth<M: PurchaseModel>(of: impl Fn(f64) -> M, at: f64) {
    let near = 1e-4 * at;
    let (below, here, above) = (answers(&of(at - near)), answers(&of(at)), answers(&of(at + near)));
    for ((below, here), above) in below.into_iter().zip(here).zip(above) {
        assert_near(here, (below + above) / 2.0, 1e-7 * (1.0 + here.abs()));
    }
    for tiny in [1e-9, 1e-12, 1e-15] {
        for (found, wanted) in answers(&of(at * (1.0 + tiny))).into_iter().zip(answers(&of(at))) {
            assert_near(found, wanted, 1e-8 * (1.0 + wanted.abs()));
        }
    }
}

#[test]
fn answers_pass_smoothly_through_singular_parameters() {
    assert_smooth(|a| BgNbd::new(0.243, 4.414, a, 2.426).unwrap(), 1.0);
    assert_smooth(|b| BgNbd::new(0.243, 4.414, 0.4, b).unwrap(), 0.6);
    assert_smooth(|b| BgNbd::new(0.243, 4.414, 1.0, b).unwrap(), 1.0);
    assert_smooth(|a| MbgNbd::new(0.525, 6.183, a, 1.614).unwrap(), 1.0);
    assert_smooth(|s| ParetoNbd::new(0.553, 10.578, s, 11.669).unwrap(), 1.0);
    assert_smooth(|beta| ParetoNbd::new(0.553, 10.578, 0.606, beta).unwrap(), 10.578);
    assert_smooth(|beta| ParetoNbd::new(0.553, 10.578, 1.0, beta).unwrap(), 10.578);
}

#[test]
fn pareto_nbd_with_parameters_far_apart() {
    // The hypergeometric function next to one. α → 0: whoever bought, buys without end; then Poisson and a Pareto end.
    for (alpha, beta) in [(1e-9, 10.0), (10.0, 1e-9), (1e-30, 1e3), (1e9, 1.0)] {
        for value in answers(&ParetoNbd::new(0.5, alpha, 0.6, beta).unwrap()) {
            assert!(value.is_finite(), "{alpha} {beta}: {value}");
        }
    }
    // s ∫₀^T (α+u)^−r (β+u)^−(s+1) du in closed form for r = 1, s = 1, α ≠ β.
    let (alpha, beta, t) = (2.0f64, 5.0f64, 10.0f64);
    let model = ParetoNbd::new(1.0, alpha, 1.0, beta).unwrap();
    let d = beta - alpha;
    let inner = |u: f64| ((alpha + u) / (beta + u)).ln() / (d * d) + 1.0 / (d * (beta + u));
    let gone = inner(t) - inner(0.0);
    let alive = 1.0 / ((alpha + t) * (beta + t));
    assert_near(model.probability_alive(&customer(0, 0.0, t)), alive / (alive + gone), 1e-13);
    assert_near(model.log_likelihood(&customer(0, 0.0, t)), (alpha * beta * (alive + gone)).ln(), 1e-13);
}

#[test]
fn who_bought_at_the_last_moment_is_alive_in_pareto_nbd() {
    assert_eq!(ParetoNbd::new(0.5, 10.0, 0.6, 11.0).unwrap().probability_alive(&customer(3, 39.0, 39.0)), 1.0);
    assert!(BgNbd::new(0.243, 4.414, 0.793, 2.426).unwrap().probability_alive(&customer(3, 39.0, 39.0)) < 1.0);
}

#[test]
fn times_out_of_range_have_no_answer() {
    let (model, history) = (BgNbd::new(0.243, 4.414, 0.793, 2.426).unwrap(), customer(2, 10.0, 39.0));
    for t in [-1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(model.expected_purchases(t), None);
        assert_eq!(model.expected_further_purchases(&history, t), None);
        assert_eq!(model.probability_of(1, t), None);
    }
    assert_eq!((model.probability_of(0, 0.0), model.probability_of(2, 0.0)), (Some(1.0), Some(0.0)));
}

#[test]
fn parameters_out_of_range_are_refused_by_name() {
    let refused = |value: f64| BgNbd::new(0.2, value, 0.8, 2.4).unwrap_err().name;
    for value in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(refused(value), "alpha");
    }
    let found = ParetoNbd::new(0.5, 1.0, 0.6, -2.0).unwrap_err();
    assert_eq!(found, ParameterError { name: "beta", value: -2.0 });
}

#[test]
fn what_the_histories_do_not_tell_is_an_error() {
    let fits = |rows: &[(u32, f64, f64)]| {
        let histories = Histories::from_rows(TimeUnit::Week, rows).unwrap();
        [
            BgNbd::fit(&histories).map(|fit| fit.fit.log_likelihood),
            MbgNbd::fit(&histories).map(|fit| fit.fit.log_likelihood),
            ParetoNbd::fit(&histories).map(|fit| fit.fit.log_likelihood),
        ]
    };
    for found in fits(&[]) {
        assert_eq!(found, Err(FitError::TooFew { found: 0.0 }));
    }
    for found in fits(&[(3, 20.0, 30.0)]) {
        assert_eq!(found, Err(FitError::TooFew { found: 1.0 }));
    }
    for found in fits(&[(0, 0.0, 30.0), (0, 0.0, 20.0), (0, 0.0, 0.0)]) {
        assert_eq!(found, Err(FitError::NoRepeats));
    }
    for found in fits(&[(3, 20.0, 30.0); 500]) {
        assert!(matches!(found, Err(FitError::NotIdentified { .. })), "all customers alike: {found:?}");
    }
    for found in fits(&[(3, 30.0, 30.0), (5, 29.0, 30.0), (4, 30.0, 30.0), (2, 28.0, 30.0), (9, 30.0, 30.0)]) {
        assert!(matches!(found, Err(FitError::NotIdentified { .. })), "nobody seems to leave: {found:?}");
    }
}

#[test]
fn an_error_says_what_to_do() {
    let flat = FitError::NotIdentified { parameter: "alpha", tends: Tends::ToInfinity };
    assert_eq!(
        flat.to_string(),
        "parameter alpha is not identified: the likelihood rises as it goes to infinity; \
         give more customers or periods, or a simpler model"
    );
    assert!(FitError::NoRepeats.to_string().ends_with("observe for longer"));
}
