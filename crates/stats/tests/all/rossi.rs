//! The recidivism data of Rossi, Berk and Lenihan 1980, where present (`rossi/rossi.csv`, as lifelines ships it): the
//! values that R and lifelines publish.

use crate::public_data::{Row, close, rows};
use tenure_stats::regression::Features;
use tenure_stats::survival::concordance;
use tenure_stats::survival::cox::{Cox, Options, Ties};
use tenure_stats::{KaplanMeier, Observation};

const ALL: [&str; 7] = ["fin", "age", "race", "wexp", "mar", "paro", "prio"];

fn observations(rows: &[Row]) -> Vec<Observation> {
    let of = |row: &Row| Observation { entry: None, time: row.number("week"), ended: row.is("arrest", "1") == 1.0 };
    rows.iter().map(of).collect()
}

fn features(rows: &[Row], names: &[&str]) -> Features {
    let mut features = Features::new(names.iter().copied());
    for row in rows {
        features.push(&names.iter().map(|name| row.number(name)).collect::<Vec<_>>()).unwrap();
    }
    features
}

fn estimates(model: &Cox) -> Vec<f64> {
    model.coefficients.iter().map(|coefficient| coefficient.estimate).collect()
}

fn all_close(found: &[f64], wanted: &[f64], tolerance: f64) {
    assert_eq!(found.len(), wanted.len());
    found.iter().zip(wanted).for_each(|(&found, &wanted)| close(found, wanted, tolerance));
}

fn c_index(model: &Cox, cases: &[Observation], features: &Features, strata: Option<&[usize]>) -> f64 {
    let risk: Vec<f64> = (0..cases.len()).map(|i| model.log_hazard_ratio(features.row(i).unwrap()).unwrap()).collect();
    concordance(cases, &risk, strata).unwrap().index()
}

#[test]
fn both_ways_with_ties_give_the_published_model() {
    let Some(rows) = rows("rossi/rossi.csv") else { return };
    let (cases, features) = (observations(&rows), features(&rows, &ALL));
    let efron = Cox::fit(&cases, &features, Options::default()).unwrap();
    let wanted = [-0.3794222, -0.0574377, 0.3138998, -0.1497957, -0.4337039, -0.0848711, 0.0914971];
    all_close(&estimates(&efron), &wanted, 5.1e-7);
    for (coefficient, (se, z)) in efron.coefficients.iter().zip([
        (0.19138, -1.983),
        (0.02200, -2.611),
        (0.30799, 1.019),
        (0.21222, -0.706),
        (0.38187, -1.136),
        (0.19576, -0.434),
        (0.02865, 3.194),
    ]) {
        close(coefficient.standard_error, se, 5.1e-6);
        close(coefficient.z(), z, 5.1e-4);
    }
    close(efron.log_likelihood, -658.747659, 5.1e-7);
    close(efron.likelihood_ratio().unwrap().statistic, 33.265946, 5.1e-7);
    assert_eq!(efron.likelihood_ratio().unwrap().degrees_of_freedom, 7);
    close(efron.partial_aic().unwrap(), 1331.495319, 5.1e-7);
    close(c_index(&efron, &cases, &features, None), 0.640329, 5.1e-7);
    close(efron.baselines[0].survival(52.0).unwrap(), 0.76004865, 5.1e-9);

    let breslow = Cox::fit(&cases, &features, Options { ties: Ties::Breslow, ..Options::default() }).unwrap();
    let wanted = [-0.3790219, -0.0572459, 0.3141298, -0.1511146, -0.4327826, -0.0849828, 0.0911115];
    all_close(&estimates(&breslow), &wanted, 5.1e-8);
    close(breslow.log_likelihood, -659.120606, 5.1e-7);

    let curve = KaplanMeier::from_observations(&cases).unwrap();
    close(curve.survival(52.0).unwrap(), 0.7361111, 5.1e-8);
    assert_eq!(curve.quantile(0.5), None);
}

#[test]
fn strata_give_the_published_models() {
    let Some(rows) = rows("rossi/rossi.csv") else { return };
    let cases = observations(&rows);
    let labels = |names: &[&str]| -> Vec<usize> {
        rows.iter().map(|row| names.iter().fold(0, |label, name| 2 * label + row.number(name) as usize)).collect()
    };
    for (by, names, wanted) in [
        (
            &["race"][..],
            &["fin", "age", "wexp", "mar", "paro", "prio"][..],
            &[-0.3788, -0.0576, -0.1427, -0.4388, -0.0858, 0.0922][..],
        ),
        (&["race", "paro", "mar", "wexp"], &["fin", "age", "prio"], &[-0.3355, -0.0590, 0.1002]),
    ] {
        let labels = labels(by);
        let options = Options { strata: Some(&labels), ..Options::default() };
        let model = Cox::fit(&cases, &features(&rows, names), options).unwrap();
        all_close(&estimates(&model), wanted, 5.1e-5);
    }
    let labels = labels(&["wexp"]);
    let features = features(&rows, &["fin", "age", "race", "mar", "paro", "prio"]);
    let model = Cox::fit(&cases, &features, Options { strata: Some(&labels), ..Options::default() }).unwrap();
    close(model.log_likelihood, -580.885746514, 1e-8);
    close(c_index(&model, &cases, &features, Some(&labels)), 0.6124492, 5.1e-8);
}
