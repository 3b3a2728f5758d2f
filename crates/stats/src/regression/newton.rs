//! Newton's method for concave likelihoods.

use nalgebra::{Cholesky, DMatrix, DVector, Dyn, SymmetricEigen};

/// A log-likelihood at a point.
pub(crate) struct Likelihood {
    pub value: f64,
    pub gradient: DVector<f64>,
    /// The negative of the second derivatives.
    pub information: DMatrix<f64>,
}

/// Where the likelihood is largest.
pub(crate) struct Maximum {
    pub at: DVector<f64>,
    /// Without the penalty.
    pub log_likelihood: f64,
    /// At the start, without the penalty.
    pub start: f64,
    /// The inverse of the penalised information.
    pub covariance: DMatrix<f64>,
}

/// Why there is no maximum.
#[derive(Debug, PartialEq)]
pub(crate) enum Failure {
    /// The likelihood does not depend on these parameters at all.
    Flat(Vec<usize>),
    /// It is the same everywhere along this direction.
    Collinear(DVector<f64>),
    /// It rises for ever along this direction.
    Infinite(DVector<f64>),
    Slow(usize),
}

/// The entries that count in a direction.
pub(crate) fn long(direction: &[f64]) -> Vec<usize> {
    let most = direction.iter().fold(0.0f64, |most, entry| most.max(entry.abs()));
    (0..direction.len()).filter(|&j| direction[j].abs() >= 1e-2 * most).collect()
}

const MOST_STEPS: usize = 100;
const MOST_HALVINGS: usize = 40;
/// A step of this length is no rounding error.
const LONG: f64 = 1e-2;
/// A step of this length, that gains nothing, is one.
const SHORT: f64 = 1e-6;

/// Maximises `likelihood(b) − ½ Σ penaltyⱼ·bⱼ²` from a start, by full steps halved until they do not lose.
///
/// Parameters are expected on a common scale, of the order of 1: then a step that hardly gains and yet is long means a
/// likelihood that rises for ever. (The gain falls by `e` a step there, and the step stays as long.)
pub(crate) fn maximise(
    likelihood: impl Fn(&DVector<f64>) -> Likelihood,
    start: DVector<f64>,
    penalty: &[f64],
) -> Result<Maximum, Failure> {
    let evaluate = |b: &DVector<f64>| {
        let plain = likelihood(b);
        let unpenalised = plain.value;
        (penalised(plain, b, penalty), unpenalised)
    };
    let mut at = start;
    let (mut now, at_start) = evaluate(&at);
    check_rank(&now.information)?;
    let mut unpenalised = at_start;
    let mut settled = false;
    for steps in 1..=MOST_STEPS {
        let Some(factor) = Cholesky::new(now.information.clone()) else {
            return Err(Failure::Infinite(at));
        };
        let step = factor.solve(&now.gradient);
        if settled || step.amax() <= 1e-9 * (1.0 + at.amax()) {
            return Ok(maximum(at, unpenalised, at_start, &factor));
        }
        let Some((next_at, next, next_unpenalised)) = halved(&evaluate, &at, &step, now.value) else {
            // Not even a tiny step gains: this is the top as far as numbers can tell, or a plateau without one.
            return match step.amax() {
                short if short <= SHORT * (1.0 + at.amax()) => Ok(maximum(at, unpenalised, at_start, &factor)),
                long_one if long_one > LONG => Err(Failure::Infinite(step)),
                _ => Err(Failure::Slow(steps)),
            };
        };
        let gainless = next.value - now.value <= (1e-13 * now.value.abs()).max(1e-9);
        if gainless && step.amax() > LONG {
            return Err(Failure::Infinite(step));
        }
        // As near as rounding lets it come: Newton's next step would be of the order of this one's square.
        settled = gainless && step.amax() <= SHORT * (1.0 + at.amax());
        (at, now, unpenalised) = (next_at, next, next_unpenalised);
    }
    Err(Failure::Slow(MOST_STEPS))
}

fn penalised(mut plain: Likelihood, b: &DVector<f64>, penalty: &[f64]) -> Likelihood {
    for (j, &weight) in penalty.iter().enumerate() {
        plain.value -= weight * b[j] * b[j] / 2.0;
        plain.gradient[j] -= weight * b[j];
        plain.information[(j, j)] += weight;
    }
    plain
}

fn maximum(at: DVector<f64>, value: f64, start: f64, factor: &Cholesky<f64, Dyn>) -> Maximum {
    Maximum { at, log_likelihood: value, start, covariance: factor.inverse() }
}

/// The first of the step and its halves that does not lose.
fn halved(
    evaluate: &impl Fn(&DVector<f64>) -> (Likelihood, f64),
    at: &DVector<f64>,
    step: &DVector<f64>,
    value: f64,
) -> Option<(DVector<f64>, Likelihood, f64)> {
    let rounding = 1e-14 * value.abs();
    (0..MOST_HALVINGS).find_map(|halvings| {
        let next_at = at + step * 0.5f64.powi(halvings as i32);
        let (next, unpenalised) = evaluate(&next_at);
        (next.value.is_finite() && next.value >= value - rounding).then_some((next_at, next, unpenalised))
    })
}

/// Refuses an information matrix that leaves a direction open.
fn check_rank(information: &DMatrix<f64>) -> Result<(), Failure> {
    let most = information.diagonal().max();
    let flat: Vec<usize> = (0..information.nrows())
        .filter(|&j| {
            let own = information[(j, j)];
            !own.is_finite() || own <= 1e-10 * most || own == 0.0
        })
        .collect();
    if !flat.is_empty() {
        return Err(Failure::Flat(flat));
    }
    let scale = information.diagonal().map(|own| 1.0 / own.sqrt());
    let correlation = DMatrix::from_diagonal(&scale) * information * DMatrix::from_diagonal(&scale);
    let eigen = SymmetricEigen::new(correlation);
    let open = eigen.eigenvalues.imin();
    match eigen.eigenvalues.get(open) {
        Some(&value) if value <= 1e-10 => Err(Failure::Collinear(eigen.eigenvectors.column(open).into_owned())),
        _ => Ok(()),
    }
}
