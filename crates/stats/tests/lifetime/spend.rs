//! Gamma–Gamma against the values published of it.

use crate::{assert_near, cdnow};
use tenure_stats::lifetime::spend::{GammaGamma, Spend, correlation};
use tenure_stats::lifetime::{Expectation, FitError, Parameters, RowError};

#[test]
fn fitted_to_cdnow() {
    let Some(customers) = cdnow::customers() else { return };
    let spends: Vec<Spend> = customers.iter().filter_map(cdnow::Customer::spend).collect();
    assert_eq!(spends.len(), 946);
    assert_near(correlation(&spends).unwrap(), 0.113884, 5e-6);
    let weighted: Vec<_> = spends.iter().map(|spend| (*spend, 1.0)).collect();
    let found = GammaGamma::fit(&weighted).unwrap();
    assert_near(found.log_likelihood, -4055.917695, 1e-5);
    for (found, wanted) in found.model.parameters().into_iter().zip([6.24957173, 3.74422486, 15.44352291]) {
        assert_near(found, wanted, 1e-3);
    }
    assert_near(found.model.population_mean().finite().unwrap(), 35.171, 1e-3);
    assert_near(found.model.expected_spend(&Spend::new(3, 35.0).unwrap()).finite().unwrap(), 35.021753, 1e-4);
    let mut turned = weighted.clone();
    turned.reverse();
    assert_eq!(GammaGamma::fit(&turned).unwrap(), found);
}

#[test]
fn the_published_spend_of_the_first_customers() {
    let Some(rows) = cdnow::summary() else { return };
    let of = |row: &cdnow::Row| Spend::new(row.0.0, row.1).ok();
    let spends: Vec<_> = rows.iter().filter_map(of).map(|spend| (spend, 1.0)).collect();
    let found = GammaGamma::fit(&spends).unwrap();
    assert_near(found.log_likelihood, -4055.923244, 1e-5);
    for (found, wanted) in found.model.parameters().into_iter().zip([6.2488018, 3.74458863, 15.44775053]) {
        assert_near(found, wanted, 1e-3);
    }
    let wanted =
        [24.658619, 18.911489, 35.170981, 35.170981, 35.170981, 71.462843, 18.911489, 35.170981, 27.282408, 35.170981];
    for (row, wanted) in rows.iter().zip(wanted) {
        let expected = of(row).map_or(found.model.population_mean(), |spend| found.model.expected_spend(&spend));
        assert_near(expected.finite().unwrap(), wanted, 2e-4);
    }
}

#[test]
fn heavy_tails_have_no_mean() {
    for q in [0.4, 1.0] {
        assert_eq!(GammaGamma::new(6.0, q, 15.0).unwrap().population_mean(), Expectation::Infinite);
    }
    // One purchase of a customer makes the mean finite where p·x + q > 1, and only there.
    let spend = Spend::new(1, 20.0).unwrap();
    let wide = GammaGamma::new(0.3, 0.4, 15.0).unwrap();
    assert_eq!(wide.expected_spend(&spend), Expectation::Infinite);
    assert_eq!(wide.expected_spend(&Spend::new(2, 20.0).unwrap()), Expectation::Infinite);
    let near = wide.expected_spend(&Spend::new(3, 20.0).unwrap());
    assert_near(near.finite().unwrap(), 0.3 * (15.0 + 60.0) / 0.3, 1e-9);
}

#[test]
fn many_purchases_speak_for_themselves() {
    let model = GammaGamma::new(6.25, 3.74, 15.44).unwrap();
    let often = model.expected_spend(&Spend::new(100_000, 80.0).unwrap()).finite().unwrap();
    assert_near(often, 80.0, 0.01);
}

#[test]
fn what_the_spends_do_not_tell_is_an_error() {
    assert_eq!(Spend::new(0, 10.0), Err(RowError::SpendOfNone));
    assert_eq!(Spend::new(2, 0.0), Err(RowError::Spend { spend: 0.0 }));
    assert!(matches!(Spend::new(2, f64::NAN), Err(RowError::Spend { .. })));
    let fit = |rows: &[(u32, f64)]| {
        let rows: Vec<_> = rows.iter().map(|&(x, m)| (Spend::new(x, m).unwrap(), 1.0)).collect();
        GammaGamma::fit(&rows)
    };
    assert_eq!(fit(&[]), Err(FitError::TooFew { found: 0.0 }));
    assert_eq!(fit(&[(3, 20.0)]), Err(FitError::TooFew { found: 1.0 }));
    let alike = fit(&[(3, 20.0), (1, 20.0), (2, 20.0), (5, 20.0)]);
    assert!(matches!(alike, Err(FitError::NotIdentified { .. })), "{alike:?}");
    let light = GammaGamma::fit(&[(Spend::new(1, 2.0).unwrap(), f64::NAN)]);
    assert!(matches!(light, Err(FitError::Row { row: 1, wrong: RowError::Weight { .. } })));
}
