//! IBM's telco, in both editions. The published figures are of the older one (one table, 7,043 rows), which is looked for
//! as `telco/WA_Fn-UseC_-Telco-Customer-Churn.csv`; the newer one (three tables) has other contracts and payment methods, and
//! is held against lifelines 0.30, statsmodels 0.15 and scikit-learn 1.9 on the same rows (lifelines at a
//! precision of 1e-14: at its default it stops in the fifth digit).

use crate::public_data::{Row, close, rows};
use std::collections::HashMap;
use tenure_stats::evaluation::{
    Bins, Ranking, auc, auc_difference, auc_interval, brier, calibration_table, expected_calibration_error, log_loss,
};
use tenure_stats::regression::{Features, Logistic, logistic::Options};
use tenure_stats::survival::cox::{self, Cox};
use tenure_stats::survival::{TimeInterval, concordance, log_rank};
use tenure_stats::{KaplanMeier, Observation};

/// One customer, with the columns a model takes by name.
struct Customer {
    seen: Observation,
    contract: String,
    internet: bool,
    features: HashMap<&'static str, f64>,
}

fn older() -> Option<Vec<Customer>> {
    let customer = |row: &Row| Customer {
        seen: Observation { entry: None, time: row.number("tenure"), ended: row.text("Churn") == "Yes" },
        contract: row.text("Contract").to_owned(),
        internet: row.text("InternetService") != "No",
        features: HashMap::from([
            ("tenure", row.number("tenure")),
            ("charge", row.number("MonthlyCharges")),
            ("monthly", row.is("Contract", "Month-to-month")),
            ("one_year", row.is("Contract", "One year")),
            ("fiber", row.is("InternetService", "Fiber optic")),
            ("e_check", row.is("PaymentMethod", "Electronic check")),
            ("dependents", row.is("Dependents", "Yes")),
            ("dsl", row.is("InternetService", "DSL")),
            ("backup", row.is("OnlineBackup", "Yes")),
            ("support", row.is("TechSupport", "Yes")),
        ]),
    };
    Some(rows("telco/WA_Fn-UseC_-Telco-Customer-Churn.csv")?.iter().map(customer).collect())
}

fn newer() -> Option<Vec<Customer>> {
    let table = |name: &str| -> Option<HashMap<String, Row>> {
        let rows = rows(&format!("telco/Telco_customer_churn_{name}.csv"))?;
        Some(rows.into_iter().map(|row| (row.text("Customer ID").to_owned(), row)).collect())
    };
    let (people, status) = (table("demographics")?, table("status")?);
    let customer = |row: &Row| {
        let id = row.text("Customer ID");
        Customer {
            seen: Observation {
                entry: None,
                time: row.number("Tenure in Months"),
                ended: status[id].is("Churn Value", "1") == 1.0,
            },
            contract: row.text("Contract").to_owned(),
            internet: row.text("Internet Type") != "None",
            features: HashMap::from([
                ("tenure", row.number("Tenure in Months")),
                ("charge", row.number("Monthly Charge")),
                ("monthly", row.is("Contract", "Month-to-Month")),
                ("one_year", row.is("Contract", "One Year")),
                ("fiber", row.is("Internet Type", "Fiber Optic")),
                ("credit_card", row.is("Payment Method", "Credit Card")),
                ("dependents", people[id].is("Dependents", "Yes")),
                ("dsl", row.is("Internet Type", "DSL")),
                ("backup", row.is("Online Backup", "Yes")),
                ("support", row.is("Premium Tech Support", "Yes")),
            ]),
        }
    };
    Some(rows("telco/Telco_customer_churn_services.csv")?.iter().map(customer).collect())
}

fn features(customers: &[&Customer], names: &[&'static str]) -> Features {
    let mut features = Features::new(names.iter().copied());
    for customer in customers {
        features.push(&names.iter().map(|name| customer.features[name]).collect::<Vec<_>>()).unwrap();
    }
    features
}

fn seen(customers: &[&Customer]) -> Vec<Observation> {
    customers.iter().map(|customer| customer.seen).collect()
}

fn curve(customers: &[&Customer]) -> KaplanMeier {
    KaplanMeier::from_observations(&seen(customers)).unwrap()
}

fn of(customers: &[Customer], keep: impl Fn(&Customer) -> bool) -> Vec<&Customer> {
    customers.iter().filter(|customer| keep(customer)).collect()
}

fn assert_curve(curve: &KaplanMeier, wanted: &[(f64, f64)], tolerance: f64) {
    wanted.iter().for_each(|&(t, survival)| close(curve.survival(t).unwrap(), survival, tolerance));
}

fn log_rank_by_contract(customers: &[Customer]) -> f64 {
    let mut contracts: Vec<&str> = customers.iter().map(|customer| customer.contract.as_str()).collect();
    contracts.sort_unstable();
    contracts.dedup();
    let groups: Vec<usize> =
        customers.iter().map(|customer| contracts.partition_point(|&c| c < customer.contract.as_str())).collect();
    let found = log_rank(&seen(&of(customers, |_| true)), &groups, None).unwrap();
    assert_eq!(found.test.degrees_of_freedom, 2);
    found.test.statistic
}

#[test]
fn the_older_edition_gives_the_published_curves() {
    let Some(customers) = older() else { return };
    let all = of(&customers, |_| true);
    assert_eq!((all.len(), all.iter().filter(|customer| customer.seen.ended).count()), (7043, 1869));
    let wanted = [
        (1.0, 0.945961),
        (6.0, 0.884826),
        (12.0, 0.843200),
        (24.0, 0.788736),
        (48.0, 0.708840),
        (60.0, 0.664404),
        (72.0, 0.592790),
    ];
    assert_curve(&curve(&all), &wanted, 5.1e-7);
    // The eleven of tenure 0 are gone before the first end: 7,032 are at risk, not 7,043.
    assert_curve(&curve(&all), &[(1.0, 0.94596132), (2.0, 0.92783494), (3.0, 0.91372452)], 5.1e-9);
    assert_eq!(curve(&all).quantile(0.5), None);

    let monthly = of(&customers, |customer| customer.contract == "Month-to-month");
    assert_eq!((monthly.len(), monthly.iter().filter(|customer| customer.seen.ended).count()), (3875, 1655));
    assert_eq!(curve(&monthly).quantile(0.5), Some(35.0));
    assert_eq!(curve(&monthly).quantile_interval(0.5), TimeInterval { low: Some(32.0), high: Some(38.0) });
    assert_eq!(curve(&of(&customers, |customer| customer.contract == "One year")).quantile(0.5), None);
    assert_curve(&curve(&of(&customers, |customer| customer.contract == "Two year")), &[(72.0, 0.935739)], 5.1e-7);
    close(log_rank_by_contract(&customers), 2352.872538, 5.1e-7);
}

#[test]
fn the_older_edition_s_monthly_internet_customers_give_the_published_curve() {
    let Some(customers) = older() else { return };
    let chosen = of(&customers, |customer| customer.contract == "Month-to-month" && customer.internet);
    assert_eq!((chosen.len(), chosen.iter().filter(|customer| customer.seen.ended).count()), (3351, 1556));
    let curve = curve(&chosen);
    let wanted =
        [(6.0, 0.78026), (12.0, 0.695031), (24.0, 0.575343), (34.0, 0.495099), (48.0, 0.387177), (60.0, 0.289013)];
    assert_curve(&curve, &wanted, 5.1e-7);
    assert_eq!(curve.quantile(0.5), Some(34.0));
    assert_eq!(curve.quantile_interval(0.5), TimeInterval { low: Some(31.0), high: Some(37.0) });
    // S(34) is the share of all who started, not of those who got through 33 months; that share is far higher.
    assert!(curve.survival(34.0).unwrap() / curve.survival(33.0).unwrap() > 0.95);

    let table = features(&chosen, &["dependents", "dsl", "backup", "support"]);
    let model = Cox::fit(&seen(&chosen), &table, cox::Options::default()).unwrap();
    let wanted = [(-0.328651, 0.070862), (-0.217329, 0.059037), (-0.776620, 0.059158), (-0.639166, 0.075332)];
    assert_coefficients(&model, &wanted, 5.1e-7);
    close(model.log_likelihood, -11315.952477, 5.1e-7);
    close(model.likelihood_ratio().unwrap().statistic, 337.765262, 5.1e-7);
    close(c_index(&model, &chosen, &table), 0.640883, 5.1e-7);
    close(model.baselines[0].survival(12.0).unwrap(), 0.717295321, 5.1e-10);
    close(model.baselines[0].survival(34.0).unwrap(), 0.507116052, 5.1e-10);
}

fn assert_coefficients(model: &Cox, wanted: &[(f64, f64)], tolerance: f64) {
    for (coefficient, &(estimate, standard_error)) in model.coefficients.iter().zip(wanted) {
        close(coefficient.estimate, estimate, tolerance);
        close(coefficient.standard_error, standard_error, tolerance);
    }
}

fn c_index(model: &Cox, customers: &[&Customer], table: &Features) -> f64 {
    let risk: Vec<f64> = (0..table.len()).map(|i| model.log_hazard_ratio(table.row(i).unwrap()).unwrap()).collect();
    concordance(&seen(customers), &risk, None).unwrap().index()
}

/// What a logistic regression, in sample, should give.
struct Wanted<'a> {
    intercept: f64,
    coefficients: &'a [f64],
    standard_errors: &'a [f64],
    log_likelihood: f64,
    auc: f64,
    brier: f64,
    log_loss: f64,
    average_precision: f64,
    lift: [f64; 2],
    capture: [f64; 2],
    quantile_error: f64,
    uniform_error: f64,
}

fn assert_logistic(customers: &[Customer], names: &[&'static str], wanted: &Wanted) -> Vec<f64> {
    let all = of(customers, |_| true);
    let table = features(&all, names);
    let churned: Vec<bool> = customers.iter().map(|customer| customer.seen.ended).collect();
    let model = Logistic::fit(&table, &churned, Options::default()).unwrap();
    close(model.intercept.estimate, wanted.intercept, 5.1e-8);
    for (j, coefficient) in model.coefficients.iter().enumerate() {
        close(coefficient.estimate, wanted.coefficients[j], 5.1e-9);
        close(coefficient.standard_error, wanted.standard_errors[j], 5.1e-8);
    }
    close(model.log_likelihood, wanted.log_likelihood, 5.1e-7);
    close(model.null_log_likelihood, -4075.072950, 5.1e-7);
    let p: Vec<f64> = (0..table.len()).map(|i| model.predict(table.row(i).unwrap()).unwrap()).collect();
    close(auc(&churned, &p).unwrap(), wanted.auc, 5.1e-8);
    close(brier(&churned, &p).unwrap(), wanted.brier, 5.1e-8);
    close(brier(&churned, &vec![1869.0 / 7043.0; 7043]).unwrap(), 0.1949487, 5.1e-8);
    close(log_loss(&churned, &p).unwrap(), wanted.log_loss, 5.1e-8);
    let ranking = Ranking::new(&churned, &p).unwrap();
    close(ranking.average_precision(), wanted.average_precision, 5.1e-8);
    for (i, (share, rows)) in [(0.1, 704), (0.2, 1409)].into_iter().enumerate() {
        assert_eq!(ranking.top(share), Ok(rows));
        close(ranking.lift(rows).unwrap(), wanted.lift[i], 5.1e-7);
        close(ranking.capture(rows).unwrap(), wanted.capture[i], 5.1e-7);
    }
    let error = |bins| expected_calibration_error(&calibration_table(&churned, &p, &bins).unwrap()).unwrap();
    close(error(Bins::Quantile(10)), wanted.quantile_error, 5.1e-7);
    close(error(Bins::Uniform(10)), wanted.uniform_error, 5.1e-7);
    p
}

#[test]
fn the_older_edition_gives_the_published_logistic_regression() {
    let Some(customers) = older() else { return };
    let names = ["tenure", "charge", "monthly", "one_year", "fiber", "e_check"];
    let wanted = Wanted {
        intercept: -3.09186496,
        coefficients: &[-0.032720662, 0.014354140, 1.741118335, 0.862171420, 0.703823249, 0.528441469],
        standard_errors: &[0.00207137, 0.00230455, 0.16831238, 0.17294802, 0.11830481, 0.06688955],
        log_likelihood: -3020.192661,
        auc: 0.8346148,
        brier: 0.1402671,
        log_loss: 0.4288219,
        average_precision: 0.6254413,
        lift: [2.676367, 2.439115],
        capture: [0.267523, 0.487961],
        quantile_error: 0.008926,
        uniform_error: 0.016076,
    };
    assert_logistic(&customers, &names, &wanted);
}

#[test]
fn the_newer_edition_gives_what_others_give() {
    let Some(customers) = newer() else { return };
    let wanted = [
        (1.0, 0.946045719),
        (6.0, 0.885012723),
        (12.0, 0.843436812),
        (24.0, 0.788958332),
        (48.0, 0.709039637),
        (72.0, 0.592956951),
    ];
    assert_curve(&curve(&of(&customers, |_| true)), &wanted, 5.1e-10);
    let monthly = of(&customers, |customer| customer.contract == "Month-to-Month");
    assert_eq!((monthly.len(), curve(&monthly).quantile(0.5)), (3610, Some(31.0)));
    assert_eq!(curve(&monthly).quantile_interval(0.5), TimeInterval { low: Some(29.0), high: Some(33.0) });
    close(log_rank_by_contract(&customers), 2768.994994310, 1e-8);

    let chosen = of(&customers, |customer| customer.contract == "Month-to-Month" && customer.internet);
    let table = features(&chosen, &["dependents", "dsl", "backup", "support"]);
    let fit = |ridge| Cox::fit(&seen(&chosen), &table, cox::Options { ridge, ..Default::default() }).unwrap();
    let model = fit(0.0);
    let wanted = [
        (-1.114386563, 0.109150036),
        (-0.244982280, 0.068261780),
        (-0.740805475, 0.059286094),
        (-0.657477672, 0.075057740),
    ];
    assert_coefficients(&model, &wanted, 5.1e-10);
    close(model.log_likelihood, -11074.924274446, 1e-8);
    close(c_index(&model, &chosen, &table), 0.655977738, 5.1e-7);
    close(model.baselines[0].survival(36.0).unwrap(), 0.465425610, 5.1e-10);
    // lifelines with penalizer = 100/n. Its spread is by n − 1, so its penalty is larger by n/(n − 1).
    let n = chosen.len() as f64;
    let wanted = [
        (-0.982201006, 0.096368067),
        (-0.232203167, 0.065026859),
        (-0.692294837, 0.056566212),
        (-0.607669988, 0.070582696),
    ];
    assert_coefficients(&fit(100.0 * n / (n - 1.0)), &wanted, 1e-6);
}

#[test]
fn the_newer_edition_gives_what_others_give_of_a_logistic_regression() {
    let Some(customers) = newer() else { return };
    let names = ["tenure", "charge", "monthly", "one_year", "fiber", "credit_card"];
    let wanted = Wanted {
        intercept: -3.59917951,
        coefficients: &[-0.029983337, 0.021516601, 2.551865662, 1.208579597, 0.314030134, -0.678174028],
        standard_errors: &[0.00204061, 0.00222900, 0.16188639, 0.17165052, 0.11081876, 0.07339810],
        log_likelihood: -2893.414777,
        auc: 0.8517901,
        brier: 0.1333040,
        log_loss: 0.4108214,
        average_precision: 0.6553309,
        lift: [2.938651, 2.503302],
        capture: [0.293740, 0.500803],
        quantile_error: 0.020422,
        uniform_error: 0.016428,
    };
    let p = assert_logistic(&customers, &names, &wanted);
    let churned: Vec<bool> = customers.iter().map(|customer| customer.seen.ended).collect();
    let found = auc_interval(&churned, &p, None).unwrap();
    assert!(found.interval.unwrap().contains(found.area) && found.standard_error < 0.006);
    let tenure: Vec<f64> = customers.iter().map(|customer| -customer.seen.time).collect();
    let gain = auc_difference(&churned, &p, &tenure, None).unwrap();
    assert!(gain.interval.low > 0.0 && gain.p.unwrap() < 1e-9, "more than tenure alone: {gain:?}");
}
