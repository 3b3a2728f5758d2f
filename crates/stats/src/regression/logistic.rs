//! Logistic regression: the probability of an outcome, here mostly that an account leaves within some time.
//!
//! With a row for every account and period it was at risk, and terms of tenure among the features, this is the
//! discrete-time hazard model (Cox 1972, section 7; Allison 1982): `predict` is then the hazard of the period, and the
//! probability of lasting through several is the product of `1 − hazard`.

use nalgebra::{DMatrix, DVector};

use super::coefficient::Coefficient;
use super::error::ModelError;
use super::features::{Features, Scaling, check_length};
use super::newton::{self, Failure, Likelihood};
use crate::chi_squared::ChiSquared;

/// How a logistic regression is fitted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options<'a> {
    /// The ridge penalty `λ ≥ 0` of `−λ/2 · Σ (sⱼ·βⱼ)²`, with `sⱼ` the feature's standard deviation: scale-free, and the
    /// intercept is never penalised. (On features standardised beforehand it is scikit-learn's `1/C`, with the solvers
    /// that leave the intercept alone.)
    pub ridge: f64,
    /// How many cases each row stands for; `None`: one each.
    pub weights: Option<&'a [f64]>,
}

/// A fitted logistic regression: `log-odds = intercept + Σ βⱼ·xⱼ`.
#[derive(Debug, Clone, PartialEq)]
pub struct Logistic {
    /// The log-odds where every feature is zero.
    pub intercept: Coefficient,
    /// A coefficient a feature, on the feature's own scale. Standard errors come from the inverse of the (penalised)
    /// information; with a penalty they leave out its bias and are no basis for a test.
    pub coefficients: Vec<Coefficient>,
    /// The features' weighted means over the rows fitted.
    pub means: Vec<f64>,
    /// The log-likelihood, without the penalty.
    pub log_likelihood: f64,
    /// The log-likelihood of the intercept alone.
    pub null_log_likelihood: f64,
    /// The penalty fitted with.
    pub ridge: f64,
    /// The rows fitted, those of no weight left out.
    pub rows: usize,
    /// The log-odds where every feature is at its mean.
    base: f64,
}

/// Why one case is predicted as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Contributions {
    /// The log-odds that the parts are counted from: of a logistic regression, those of a case with every feature at its mean;
    /// of boosted trees, the mean over the rows fitted.
    pub base: f64,
    /// A number a feature in the model's order: of a logistic regression `βⱼ·(xⱼ − mean)`, of boosted trees Shapley's value.
    pub parts: Vec<f64>,
}

impl Contributions {
    /// `base + parts`, summed in that order: the very prediction, to the last bit.
    pub fn log_odds(&self) -> f64 {
        self.parts.iter().fold(self.base, |sum, part| sum + part)
    }
}

impl Logistic {
    /// The maximum of the (penalised) likelihood, by Newton's method with step halving (iteratively reweighted least
    /// squares). Standard errors take weights as counts.
    ///
    /// Errors: a constant feature is named; so are features of which one is a sum of others, and without a penalty those
    /// that separate the outcomes, for whose coefficients there is no finite estimate (Albert and Anderson 1984).
    pub fn fit(features: &Features, outcomes: &[bool], options: Options) -> Result<Logistic, ModelError> {
        let targets: Vec<f64> = outcomes.iter().map(|&outcome| f64::from(u8::from(outcome))).collect();
        Logistic::fit_targets(features, &targets, options)
    }

    /// The same with outcomes that are shares, from 0 to 1.
    pub(crate) fn fit_targets(features: &Features, targets: &[f64], options: Options) -> Result<Logistic, ModelError> {
        let cases = sorted_cases(features, targets, options)?;
        let scaling = Scaling::of(features, &cases.iter().map(|case| (case.row, case.weight)).collect::<Vec<_>>())?;
        let total: f64 = cases.iter().map(|case| case.weight).sum();
        let mean = cases.iter().map(|case| case.weight * case.target).sum::<f64>() / total;
        if !(mean > 0.0 && mean < 1.0) {
            return Err(ModelError::OneClass);
        }
        let design = Design::new(features, &scaling, cases);
        let width = design.width;
        let mut start = DVector::zeros(width);
        start[0] = (mean / (1.0 - mean)).ln();
        let mut penalty = vec![options.ridge; width];
        penalty[0] = 0.0;
        let found = newton::maximise(|b| design.likelihood(b), start, &penalty)
            .map_err(|failure| refused(failure, features))?;
        let back = unscaling(&scaling);
        let estimates = &back * &found.at;
        let covariance = &back * &found.covariance * back.transpose();
        let coefficient = |j: usize, name: &str| Coefficient {
            name: name.to_owned(),
            estimate: estimates[j],
            standard_error: covariance[(j, j)].sqrt(),
        };
        Ok(Logistic {
            intercept: coefficient(0, "intercept"),
            coefficients: features.names().iter().enumerate().map(|(j, name)| coefficient(j + 1, name)).collect(),
            means: scaling.means,
            log_likelihood: found.log_likelihood,
            null_log_likelihood: found.start,
            ridge: options.ridge,
            rows: design.cases.len(),
            base: found.at[0],
        })
    }

    /// What each feature adds to the log-odds against a case with every feature at its mean. The order of features is the
    /// model's.
    pub fn contributions(&self, x: &[f64]) -> Result<Contributions, ModelError> {
        check_length(x, self.coefficients.len())?;
        if let Some(j) = x.iter().position(|value| !value.is_finite()) {
            return Err(ModelError::NotFinite { row: 0, feature: self.coefficients[j].name.clone() });
        }
        let parts = self.coefficients.iter().zip(x).zip(&self.means).map(|((c, x), mean)| c.estimate * (x - mean));
        Ok(Contributions { base: self.base, parts: parts.collect() })
    }

    /// The log-odds of a case: by definition the sum of its [`Contributions`], so that the two never differ; it equals
    /// `intercept + Σ βⱼ·xⱼ` but for rounding.
    pub fn log_odds(&self, x: &[f64]) -> Result<f64, ModelError> {
        Ok(self.contributions(x)?.log_odds())
    }

    /// The probability of the outcome.
    pub fn predict(&self, x: &[f64]) -> Result<f64, ModelError> {
        Ok(probability(self.log_odds(x)?))
    }

    /// The likelihood ratio test of all features together. `None` with a penalty, under which its distribution is another,
    /// and without features.
    pub fn likelihood_ratio(&self) -> Option<ChiSquared> {
        let statistic = 2.0 * (self.log_likelihood - self.null_log_likelihood);
        (self.ridge == 0.0).then(|| ChiSquared::of(statistic, self.coefficients.len()))?
    }
}

/// `1 / (1 + e^−η)`, without overflow.
pub(crate) fn probability(log_odds: f64) -> f64 {
    if log_odds >= 0.0 {
        1.0 / (1.0 + (-log_odds).exp())
    } else {
        let odds = log_odds.exp();
        odds / (1.0 + odds)
    }
}

struct Case {
    row: usize,
    target: f64,
    weight: f64,
}

/// The rows that count, in an order of their content alone.
fn sorted_cases(features: &Features, targets: &[f64], options: Options) -> Result<Vec<Case>, ModelError> {
    let rows = features.len();
    if targets.len() != rows {
        return Err(ModelError::Length { what: "outcomes", found: targets.len(), wanted: rows });
    }
    if let Some(weights) = options.weights.filter(|weights| weights.len() != rows) {
        return Err(ModelError::Length { what: "weights", found: weights.len(), wanted: rows });
    }
    if !(options.ridge >= 0.0 && options.ridge.is_finite()) {
        return Err(ModelError::Ridge(options.ridge));
    }
    let mut cases = Vec::with_capacity(rows);
    for (row, &target) in targets.iter().enumerate() {
        let weight = options.weights.map_or(1.0, |weights| weights[row]);
        if !(weight >= 0.0 && weight.is_finite()) {
            return Err(ModelError::Weight { row, weight });
        }
        if !(0.0..=1.0).contains(&target) {
            return Err(ModelError::Target { row, target });
        }
        if weight > 0.0 {
            cases.push(Case { row, target, weight });
        }
    }
    if cases.is_empty() {
        return Err(ModelError::Empty);
    }
    cases.sort_by(|a, b| {
        let own = a.target.total_cmp(&b.target).then(a.weight.total_cmp(&b.weight));
        own.then_with(|| features.compare(a.row, b.row))
    });
    Ok(cases)
}

/// The cases with their features on the common scale, behind a column of ones.
struct Design {
    cases: Vec<Case>,
    values: Vec<f64>,
    width: usize,
}

impl Design {
    fn new(features: &Features, scaling: &Scaling, cases: Vec<Case>) -> Design {
        let width = features.names().len() + 1;
        let row = |case: &Case| std::iter::once(1.0).chain(scaling.apply(features.at(case.row)));
        Design { values: cases.iter().flat_map(row).collect(), cases, width }
    }

    fn likelihood(&self, b: &DVector<f64>) -> Likelihood {
        let width = self.width;
        let mut value = 0.0;
        let mut gradient = DVector::zeros(width);
        let mut information = DMatrix::zeros(width, width);
        for (case, x) in self.cases.iter().zip(self.values.chunks_exact(width)) {
            let log_odds: f64 = x.iter().zip(b.iter()).map(|(x, b)| x * b).sum();
            let p = probability(log_odds);
            // ln(1 + e^η), without overflow.
            let softplus = log_odds.max(0.0) + (-log_odds.abs()).exp().ln_1p();
            value += case.weight * (case.target * log_odds - softplus);
            let residual = case.weight * (case.target - p);
            let spread = case.weight * p * (1.0 - p);
            for j in 0..width {
                gradient[j] += residual * x[j];
                for k in 0..=j {
                    information[(j, k)] += spread * x[j] * x[k];
                }
            }
        }
        information.fill_upper_triangle_with_lower_triangle();
        Likelihood { value, gradient, information }
    }
}

/// The matrix that takes the intercept and coefficients on the common scale to those on the features' own.
fn unscaling(scaling: &Scaling) -> DMatrix<f64> {
    let width = scaling.means.len() + 1;
    let mut back = DMatrix::identity(width, width);
    for (j, (mean, spread)) in scaling.means.iter().zip(&scaling.spreads).enumerate() {
        back[(j + 1, j + 1)] = 1.0 / spread;
        back[(0, j + 1)] = -mean / spread;
    }
    back
}

/// Directions named by their features. The intercept has no name to give, and may be by far their longest part.
fn refused(failure: Failure, features: &Features) -> ModelError {
    let named = |direction: &DVector<f64>| features.names_at(&newton::long(&direction.as_slice()[1..]));
    match failure {
        Failure::Flat(parameters) => {
            let columns: Vec<usize> = parameters.into_iter().filter_map(|j| j.checked_sub(1)).collect();
            ModelError::Constant(features.names_at(&columns))
        }
        Failure::Collinear(direction) => ModelError::Collinear(named(&direction)),
        Failure::Infinite(direction) => ModelError::Infinite(named(&direction)),
        Failure::Slow(steps) => ModelError::NoConvergence(steps),
    }
}
