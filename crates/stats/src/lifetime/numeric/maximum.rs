//! The maximum of a log-likelihood over positive parameters, and the information there.
//!
//! In the logarithms of the parameters: from each start a Nelder–Mead descent, from the best of them damped Newton steps with
//! numerical derivatives. What does not end where the information is positive definite is no maximum, and an error says
//! which parameter is to blame. The matrices have at most four rows, and the information is needed here in any case:
//! no linear-algebra library.

use crate::lifetime::error::{FitError, Tends};
use crate::lifetime::numeric::matrix::{Cholesky, Matrix};
use crate::lifetime::numeric::nelder_mead::descend;

/// A logarithm of a parameter beyond this is on its way to zero or infinity: `e¹⁰` is twenty thousand, in units in which
/// customers live for about one, and no sample tells a spread so small from none.
const LIMIT: f64 = 10.0;
/// The step of the numerical derivatives, in logarithms.
const STEP: f64 = 2e-3;
/// What a Newton step still promises to gain when it is no longer taken.
const GAIN: f64 = 1e-10;
/// The most Newton steps.
const STEPS: usize = 100;
/// A standard error of a logarithm above this knows nothing of the parameter: 95 % of it would span `e⁴⁰`.
const WIDEST: f64 = 10.0;

/// Where a log-likelihood is highest.
pub(crate) struct Maximum<const N: usize> {
    /// The logarithms of the parameters.
    pub(crate) at: [f64; N],
    /// The covariance of those logarithms: the inverse of the observed information.
    pub(crate) covariance: Matrix<N>,
}

/// The maximum of `ln_likelihood`, a function of the logarithms of the parameters `names`.
pub(crate) fn maximise<const N: usize>(
    ln_likelihood: impl Fn(&[f64; N]) -> f64,
    names: &[&'static str; N],
    starts: &[[f64; N]],
) -> Result<Maximum<N>, FitError> {
    let cost = |at: &[f64; N]| {
        let value = if at.iter().all(|x| x.abs() <= LIMIT) { -ln_likelihood(at) } else { f64::INFINITY };
        if value.is_nan() { f64::INFINITY } else { value }
    };
    let mut best: Option<([f64; N], f64)> = None;
    for start in starts {
        let at = descend(cost, start);
        let value = cost(&at);
        if best.is_none_or(|(_, lowest)| value < lowest) {
            best = Some((at, value));
        }
    }
    let (at, value) = best.ok_or(FitError::NotIdentified { parameter: names[0], tends: Tends::Nowhere })?;
    newton(cost, names, at, value)
}

fn newton<const N: usize>(
    cost: impl Fn(&[f64; N]) -> f64,
    names: &[&'static str; N],
    mut at: [f64; N],
    mut value: f64,
) -> Result<Maximum<N>, FitError> {
    let mut flat = names[N - 1];
    for _ in 0..STEPS {
        if let Some(i) = (0..N).find(|&i| at[i].abs() > LIMIT - 1.0) {
            let tends = if at[i] > 0.0 { Tends::ToInfinity } else { Tends::ToZero };
            return Err(FitError::NotIdentified { parameter: names[i], tends });
        }
        let slope = Slope::at(&cost, &at, value);
        let curved = Cholesky::new(&slope.hessian, noise(value)).inspect_err(|&row| flat = names[row]).ok();
        let step = damped(&slope, curved.is_some());
        let gain = 0.5 * (0..N).map(|i| step[i] * -slope.gradient[i]).sum::<f64>();
        let lower = line_search(&cost, &at, value, &step);
        match (lower, curved) {
            (_, Some(curved)) if gain < GAIN => return settled(at, curved.inverse(), names),
            // Rounding hides the rest of the way.
            (None, Some(curved)) if gain < GAIN * 1e3 => return settled(at, curved.inverse(), names),
            (None, _) => break,
            (Some(found), _) => (at, value) = found,
        }
    }
    Err(FitError::NotIdentified { parameter: flat, tends: Tends::Nowhere })
}

/// The maximum, unless its information says nothing of a parameter.
fn settled<const N: usize>(
    at: [f64; N],
    covariance: Matrix<N>,
    names: &[&'static str; N],
) -> Result<Maximum<N>, FitError> {
    match (0..N).find(|&i| !(covariance[i][i] > 0.0 && covariance[i][i] < WIDEST * WIDEST)) {
        Some(i) => Err(FitError::NotIdentified { parameter: names[i], tends: Tends::Nowhere }),
        None => Ok(Maximum { at, covariance }),
    }
}

/// What rounding of a cost makes of a second derivative.
fn noise(value: f64) -> f64 {
    1e-14 * (1.0 + value.abs()) / (STEP * STEP)
}

/// A Newton step, with so much added to the diagonal that it leads down; no longer than 2 in any parameter.
fn damped<const N: usize>(slope: &Slope<N>, plain: bool) -> [f64; N] {
    let largest = (0..N).map(|i| slope.hessian[i][i].abs()).fold(1e-8, f64::max);
    let mut added = if plain { 0.0 } else { 1e-6 * largest };
    let down = slope.gradient.map(|g| -g);
    let mut step = loop {
        let mut hessian = slope.hessian;
        (0..N).for_each(|i| hessian[i][i] += added);
        match Cholesky::new(&hessian, 0.0) {
            Ok(curved) => break curved.solve(&down),
            Err(_) if added < 1e6 * largest => added = (added * 10.0).max(1e-6 * largest),
            Err(_) => break down.map(|g| g / largest),
        }
    };
    let longest = step.iter().fold(0.0, |longest: f64, x| longest.max(x.abs()));
    if longest > 2.0 {
        step.iter_mut().for_each(|x| *x *= 2.0 / longest);
    }
    step
}

/// The first of the halved steps that leads lower.
fn line_search<const N: usize>(
    cost: impl Fn(&[f64; N]) -> f64,
    at: &[f64; N],
    value: f64,
    step: &[f64; N],
) -> Option<([f64; N], f64)> {
    (0..30).map(|halved| 0.5f64.powi(halved)).find_map(|share| {
        let next = std::array::from_fn(|i| at[i] + share * step[i]);
        let lower = cost(&next);
        (lower < value).then_some((next, lower))
    })
}

/// The first and second derivatives by central differences, of fourth order except the mixed ones.
struct Slope<const N: usize> {
    gradient: [f64; N],
    hessian: Matrix<N>,
}

impl<const N: usize> Slope<N> {
    fn at(cost: impl Fn(&[f64; N]) -> f64, at: &[f64; N], value: f64) -> Slope<N> {
        let moved = |i: usize, by: f64, j: usize, and: f64| {
            let mut there = *at;
            there[i] += by * STEP;
            there[j] += and * STEP;
            cost(&there)
        };
        let (mut gradient, mut hessian) = ([0.0; N], [[0.0; N]; N]);
        for i in 0..N {
            let [far_below, below, above, far_above] = [-2.0, -1.0, 1.0, 2.0].map(|by| moved(i, by, i, 0.0));
            gradient[i] = (far_below - 8.0 * below + 8.0 * above - far_above) / (12.0 * STEP);
            hessian[i][i] = (16.0 * (below + above) - far_below - far_above - 30.0 * value) / (12.0 * STEP * STEP);
        }
        for (i, j) in (0..N).flat_map(|i| (0..i).map(move |j| (i, j))) {
            let same = moved(i, 1.0, j, 1.0) + moved(i, -1.0, j, -1.0);
            let mixed = (same - moved(i, 1.0, j, -1.0) - moved(i, -1.0, j, 1.0)) / (4.0 * STEP * STEP);
            (hessian[i][j], hessian[j][i]) = (mixed, mixed);
        }
        Slope { gradient, hessian }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gamma_like_maximum_with_its_information() {
        // n exponential waits of mean 2: the rate's logarithm has information n, whatever the rate.
        let (n, sum) = (50.0, 100.0);
        let found = maximise(|at| n * at[0] - sum * at[0].exp(), &["rate"], &[[0.0], [3.0]]).unwrap();
        assert!((found.at[0] - 0.5f64.ln()).abs() < 1e-9);
        assert!((found.covariance[0][0] - 1.0 / n).abs() < 1e-9);
    }

    #[test]
    fn what_has_no_maximum_inside_is_said_with_its_direction() {
        let towards = |f: fn(&[f64; 2]) -> f64| maximise(f, &["a", "b"], &[[0.0, 0.0]]).err().unwrap();
        let rising = towards(|at| -(at[0] * at[0]) * 20.0 - 100.0 * (-at[1]).exp());
        assert!(matches!(rising, FitError::NotIdentified { parameter: "b", .. }), "{rising}");
        let ridge = towards(|at| -50.0 * (at[0] + at[1] - 1.0).powi(2));
        assert!(matches!(ridge, FitError::NotIdentified { .. }), "{ridge}");
        let level = towards(|_| -3.0);
        assert!(matches!(level, FitError::NotIdentified { .. }), "{level}");
        let unknown = towards(|_| f64::NAN);
        assert!(matches!(unknown, FitError::NotIdentified { .. }), "{unknown}");
    }
}
