//! Discounted expected lifetimes, new and residual.

use crate::assert_near;
use proptest::prelude::*;
use tenure_stats::lifetime::Expectation;
use tenure_stats::lifetime::contractual::{Bdw, Contractual, Horizon, Sbg, Standing};

fn all(model: &impl Contractual, standing: Standing, discount: f64) -> f64 {
    match model.discounted_payments(standing, Horizon::Infinite, discount) {
        Some(Expectation::Finite(value)) => value,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_published_expected_lifetimes() {
    let cases = [
        ((0.704, 1.182), 3.6951474, [2.9646621, 4.1034586, 4.8701374, 5.4423913, 5.8944229]),
        ((0.668, 3.806), 5.9225964, [5.4148560, 5.9017532, 6.2942606, 6.6202803, 6.8970574]),
    ];
    for ((alpha, beta), new, residual) in cases {
        let model = Sbg::new(alpha, beta).unwrap();
        assert_near(all(&model, Standing::New, 0.1), new, 5.1e-8);
        assert_near(all(&model, Standing::AfterRenewal(0), 0.1), new - 1.0, 5.1e-8);
        for (n, wanted) in (1..).zip(residual) {
            assert_near(all(&model, Standing::BeforeRenewal(n), 0.1), wanted, 5.1e-8);
        }
    }
}

#[test]
fn before_and_after_a_renewal_differ_by_the_payment() {
    // Before the n-th decision: with r_n the payment, and then what a customer just after it is worth.
    let model = Sbg::new(0.704, 1.182).unwrap();
    for n in 1..8 {
        let after = all(&model, Standing::AfterRenewal(n), 0.1);
        let before = all(&model, Standing::BeforeRenewal(n), 0.1);
        assert_near(before, model.retention(n).unwrap() * (1.0 + after), 1e-12);
    }
    assert_eq!(model.discounted_payments(Standing::BeforeRenewal(0), Horizon::Infinite, 0.1), None);
}

#[test]
fn an_undiscounted_lifetime_may_be_infinite() {
    let endless = |alpha, c| {
        let bdw = Bdw::new(alpha, 1.2, c).unwrap();
        bdw.discounted_payments(Standing::New, Horizon::Infinite, 0.0).unwrap()
    };
    for alpha in [0.7, 1.0] {
        let sbg = Sbg::new(alpha, 1.2).unwrap();
        assert_eq!(sbg.discounted_payments(Standing::New, Horizon::Infinite, 0.0), Some(Expectation::Infinite));
        assert_eq!(endless(alpha, 1.0), Expectation::Infinite);
    }
    assert_eq!(endless(2.0, 0.5), Expectation::Infinite);
    assert!(matches!(endless(0.7, 2.0), Expectation::Finite(_)));
    // α = 2, β = 1: S(t) = 2/((t+1)(t+2)), which adds up to 2.
    let two = Sbg::new(2.0, 1.0).unwrap();
    assert_near(all(&two, Standing::New, 0.0), 2.0, 1e-12);
    assert_near(all(&Bdw::new(2.0, 1.0, 1.0).unwrap(), Standing::New, 0.0), 2.0, 1e-9);
    assert_near(all(&two, Standing::New, 1e-13), 2.0, 1e-9);
    let close = Bdw::new(1.01, 1.0, 1.0).unwrap();
    assert_near(all(&close, Standing::New, 0.0), 1.01 / 0.01, 1e-6);
}

#[test]
fn a_discount_out_of_range_has_no_answer() {
    let model = Sbg::new(0.7, 1.2).unwrap();
    for discount in [-0.01, f64::NAN, f64::INFINITY] {
        assert_eq!(model.discounted_payments(Standing::New, Horizon::Infinite, discount), None);
        assert_eq!(model.discounted_payments(Standing::New, Horizon::Periods(3), discount), None);
    }
}

#[test]
fn a_horizon_counts_the_payments_due() {
    let model = Sbg::new(1.0, 1.0).unwrap();
    let worth = |standing, periods| {
        model.discounted_payments(standing, Horizon::Periods(periods), 0.25).unwrap().finite().unwrap()
    };
    // S = 1, 1/2, 1/3, 1/4.
    assert_near(worth(Standing::New, 3), 1.0 + 0.5 * 0.8 + 0.64 / 3.0, 1e-15);
    assert_near(worth(Standing::AfterRenewal(1), 2), 2.0 / 3.0 * 0.8 + 0.5 * 0.64, 1e-15);
    assert_near(worth(Standing::BeforeRenewal(2), 1), 2.0 / 3.0, 1e-15);
    assert_eq!(worth(Standing::New, 0), 0.0);
    assert_near(worth(Standing::New, u16::MAX), all(&model, Standing::New, 0.25), 1e-12);
}

proptest! {
    #[test]
    fn bdw_of_c_1_is_sbg(alpha in 0.05f64..20.0, beta in 0.05f64..50.0, discount in 0.0001f64..1.0, n in 1u32..30) {
        let (sbg, bdw) = (Sbg::new(alpha, beta).unwrap(), Bdw::new(alpha, beta, 1.0).unwrap());
        prop_assert!((sbg.survival(n) / bdw.survival(n) - 1.0).abs() < 1e-11);
        for standing in [Standing::New, Standing::BeforeRenewal(n), Standing::AfterRenewal(n)] {
            let (one, other) = (all(&sbg, standing, discount), all(&bdw, standing, discount));
            prop_assert!((one / other - 1.0).abs() < 1e-8, "{one} {other}");
        }
    }

    #[test]
    fn survival_falls_from_one_and_nothing_is_not_a_number(
        ln in prop::array::uniform3(-9.0f64..9.0), n in 1u32..2000, discount in 0.0f64..3.0,
    ) {
        let model = Bdw::new(ln[0].exp(), ln[1].exp(), ln[2].exp()).unwrap();
        let (before, now) = (model.survival(n - 1), model.survival(n));
        prop_assert!((0.0..=1.0).contains(&now) && now <= before, "{before} {now}");
        prop_assert!((0.0..=1.0).contains(&model.lost_at(n).unwrap()));
        match model.discounted_payments(Standing::New, Horizon::Infinite, discount) {
            Some(Expectation::Finite(value)) => prop_assert!(value >= 1.0 - 1e-9 && value.is_finite(), "{value}"),
            other => prop_assert!(other == Some(Expectation::Infinite) && discount == 0.0, "{other:?}"),
        }
    }
}
