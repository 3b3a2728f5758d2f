//! Cox's proportional hazards: by what factor a feature hastens or delays the end.

mod likelihood;

use super::observation::{self, Observation};
use crate::chi_squared::ChiSquared;
use crate::regression::newton::{self, Failure};
use crate::regression::{Coefficient, Features, ModelError, Scaling};
use likelihood::{Risk, RiskSets};
use nalgebra::DVector;

/// How ends at one time share their risk set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ties {
    /// Efron 1977: the tied leave the risk set in equal parts. Close to the exact likelihood even with many ties; the
    /// default of R and lifelines.
    #[default]
    Efron,
    /// Breslow 1974: the tied all stay in it. Pulls coefficients to zero where ties are many; the default of SAS, Stata and
    /// statsmodels.
    Breslow,
}

/// How a Cox model is fitted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options<'a> {
    /// How ties enter the partial likelihood.
    pub ties: Ties,
    /// How ties enter the baseline hazard: Breslow's `Σ d/Σ exp(βx)` or Efron's. `None` is Breslow whatever
    /// [`Options::ties`] is, as in lifelines; R takes the same as in the likelihood.
    pub baseline_ties: Option<Ties>,
    /// The ridge penalty `λ ≥ 0` of `−λ/2 · Σ (sⱼ·βⱼ)²`, with `sⱼ` the feature's standard deviation (by `n`). It is R's
    /// `ridge(theta = λ, scale = TRUE)`, and lifelines's `penalizer = λ/n`, but for their `n − 1`.
    pub ridge: f64,
    /// A stratum label a row: strata have baseline hazards of their own, and coefficients in common.
    pub strata: Option<&'a [usize]>,
}

/// The baseline of one stratum: a case with every feature at its mean over all rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Baseline {
    /// The stratum's label, 0 without strata.
    pub stratum: usize,
    /// The times of ends, each with the cumulative hazard just after it.
    pub steps: Vec<(f64, f64)>,
    /// The longest time seen.
    pub last: f64,
}

impl Baseline {
    /// The cumulative hazard at a time; `None` beyond what was seen.
    pub fn cumulative_hazard(&self, t: f64) -> Option<f64> {
        let passed = self.steps.partition_point(|step| step.0 <= t);
        (t <= self.last).then(|| passed.checked_sub(1).map_or(0.0, |i| self.steps[i].1))
    }

    /// The survival at a time, `exp(−H(t))`; `None` beyond what was seen.
    pub fn survival(&self, t: f64) -> Option<f64> {
        Some((-self.cumulative_hazard(t)?).exp())
    }
}

/// A fitted Cox model (Cox 1972): `h(t, x) = h₀(t) · exp(Σ βⱼ·xⱼ)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Cox {
    /// A coefficient a feature, on the feature's own scale; `exp` of it is the hazard ratio of one unit more. Standard errors
    /// come from the inverse of the (penalised) information; with a penalty they are no basis for a test.
    pub coefficients: Vec<Coefficient>,
    /// The features' means over all rows.
    pub means: Vec<f64>,
    /// The log partial likelihood, without the penalty.
    pub log_likelihood: f64,
    /// The same with all coefficients zero.
    pub null_log_likelihood: f64,
    /// The baseline of each stratum, in the order of labels.
    pub baselines: Vec<Baseline>,
    /// The penalty fitted with.
    pub ridge: f64,
    /// The rows fitted.
    pub rows: usize,
    /// The ends among them.
    pub ends: usize,
}

impl Cox {
    /// The maximum of the (penalised) partial likelihood, by Newton's method with step halving on standardised features.
    ///
    /// A case may be cut into several rows, each with its entry, where features change over time. Errors: no ends; a
    /// feature that never varies, or never among those at risk together; features of which one is a sum of others; and,
    /// without a penalty, features by which the likelihood rises for ever, for whose coefficients there is no finite
    /// estimate (Bryson and Johnson 1981).
    pub fn fit(observations: &[Observation], features: &Features, options: Options) -> Result<Cox, ModelError> {
        observation::check(observations.iter().copied())?;
        check(observations, features, options)?;
        let order = ordered(observations, features, options.strata);
        let scaling = Scaling::of(features, &order.iter().map(|&(row, _)| (row, 1.0)).collect::<Vec<_>>())?;
        let width = features.names().len();
        let risks = order.iter().map(|&(row, stratum)| Risk {
            seen: observations[row],
            stratum,
            x: scaling.apply(features.at(row)).collect(),
        });
        let sets = RiskSets::new(risks.collect(), width);
        if !sets.informative() {
            return Err(ModelError::NoEnds);
        }
        let found =
            newton::maximise(|b| sets.likelihood(b, options.ties), DVector::zeros(width), &vec![options.ridge; width])
                .map_err(|failure| refused(failure, features))?;
        let coefficient = |(j, name): (usize, &String)| Coefficient {
            name: name.clone(),
            estimate: found.at[j] / scaling.spreads[j],
            standard_error: found.covariance[(j, j)].sqrt() / scaling.spreads[j],
        };
        Ok(Cox {
            coefficients: features.names().iter().enumerate().map(coefficient).collect(),
            log_likelihood: found.log_likelihood,
            null_log_likelihood: found.start,
            baselines: sets.baselines(&found.at, options.baseline_ties.unwrap_or(Ties::Breslow)),
            ridge: options.ridge,
            rows: observations.len(),
            ends: observations.iter().filter(|seen| seen.ended).count(),
            means: scaling.means,
        })
    }

    /// The log of the hazard ratio of a case to one with every feature at its mean: `Σ βⱼ·(xⱼ − mean)`.
    pub fn log_hazard_ratio(&self, x: &[f64]) -> Result<f64, ModelError> {
        if x.len() != self.coefficients.len() {
            return Err(ModelError::Length { what: "features", found: x.len(), wanted: self.coefficients.len() });
        }
        Ok(self.coefficients.iter().zip(x).zip(&self.means).map(|((c, x), mean)| c.estimate * (x - mean)).sum())
    }

    /// The probability that a case lasts beyond a time: `exp(−H₀(t)·exp(log hazard ratio))`. `None` for a stratum that was
    /// not fitted, and beyond what was seen of it.
    pub fn survival(&self, x: &[f64], stratum: usize, t: f64) -> Result<Option<f64>, ModelError> {
        let ratio = self.log_hazard_ratio(x)?.exp();
        let baseline = self.baselines.iter().find(|baseline| baseline.stratum == stratum);
        let hazard = baseline.and_then(|baseline| baseline.cumulative_hazard(t));
        Ok(hazard.map(|hazard| (-hazard * ratio).exp()))
    }

    /// The likelihood ratio test of all features together; `None` with a penalty, under which its distribution is another.
    pub fn likelihood_ratio(&self) -> Option<ChiSquared> {
        let statistic = 2.0 * (self.log_likelihood - self.null_log_likelihood);
        (self.ridge == 0.0).then(|| ChiSquared::of(statistic, self.coefficients.len()))?
    }

    /// Akaike's criterion on the partial likelihood, `2·features − 2·log_likelihood`: for comparing models of the same rows,
    /// strata and ties. `None` with a penalty.
    pub fn partial_aic(&self) -> Option<f64> {
        (self.ridge == 0.0).then_some(2.0 * self.coefficients.len() as f64 - 2.0 * self.log_likelihood)
    }
}

fn check(observations: &[Observation], features: &Features, options: Options) -> Result<(), ModelError> {
    if features.len() != observations.len() {
        return Err(ModelError::Length { what: "observations", found: observations.len(), wanted: features.len() });
    }
    if features.is_empty() {
        return Err(ModelError::Empty);
    }
    if features.names().is_empty() {
        return Err(ModelError::NoFeatures);
    }
    if let Some(strata) = options.strata {
        observation::same_length("stratum labels", strata.len(), observations.len())?;
    }
    if !(options.ridge >= 0.0 && options.ridge.is_finite()) {
        return Err(ModelError::Ridge(options.ridge));
    }
    Ok(())
}

/// The rows with their strata, in an order of their content alone: by stratum, the latest first.
fn ordered(observations: &[Observation], features: &Features, strata: Option<&[usize]>) -> Vec<(usize, usize)> {
    let stratum = |row: usize| strata.map_or(0, |strata| strata[row]);
    let entry = |row: usize| observations[row].entry.unwrap_or(f64::NEG_INFINITY);
    let mut rows: Vec<usize> = (0..observations.len()).collect();
    rows.sort_by(|&a, &b| {
        let (seen, other) = (&observations[a], &observations[b]);
        let own = stratum(a).cmp(&stratum(b)).then(other.time.total_cmp(&seen.time));
        let tied = own.then(seen.ended.cmp(&other.ended)).then(entry(a).total_cmp(&entry(b)));
        tied.then_with(|| features.compare(a, b))
    });
    rows.into_iter().map(|row| (row, stratum(row))).collect()
}

fn refused(failure: Failure, features: &Features) -> ModelError {
    let named = |direction: &DVector<f64>| features.names_at(&newton::long(direction.as_slice()));
    match failure {
        Failure::Flat(columns) => ModelError::Constant(features.names_at(&columns)),
        Failure::Collinear(direction) => ModelError::Collinear(named(&direction)),
        Failure::Infinite(direction) => ModelError::Infinite(named(&direction)),
        Failure::Slow(steps) => ModelError::NoConvergence(steps),
    }
}
