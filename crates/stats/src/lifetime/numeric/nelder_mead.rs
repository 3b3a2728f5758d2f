//! The way from a start to the neighbourhood of a maximum, without derivatives: the simplex of Nelder and Mead (1965).
//!
//! Ours, although `argmin` has one: it brings a second set of features for crates that Arrow is built on, and so a second build of
//! all of them, for these few lines.

/// The edge of the first simplex, in logarithms of the parameters.
const EDGE: f64 = 0.5;
/// The spread of the simplex's values at which it stops: what is left is for Newton's steps.
const SPREAD: f64 = 1e-3;
/// The most steps.
const STEPS: u64 = 400;

/// A corner of the simplex, and the cost there.
type Corner<const N: usize> = ([f64; N], f64);

/// A low point of a cost near a start. The cost is never not-a-number; it may be infinite.
pub(crate) fn descend<const N: usize>(cost: impl Fn(&[f64; N]) -> f64, start: &[f64; N]) -> [f64; N] {
    let corner = |at: [f64; N]| (at, cost(&at));
    let moved = |i: usize| std::array::from_fn(|j| start[j] + if i == j { EDGE } else { 0.0 });
    let mut simplex: Vec<Corner<N>> = (0..N).map(moved).chain([*start]).map(corner).collect();
    for _ in 0..STEPS {
        simplex.sort_by(|one, two| one.1.total_cmp(&two.1));
        if spread(&simplex) < SPREAD {
            break;
        }
        step(&mut simplex, &corner);
    }
    simplex.into_iter().min_by(|one, two| one.1.total_cmp(&two.1)).map_or(*start, |(at, _)| at)
}

/// Reflects the worst corner of a sorted simplex, further or less far as that turns out; where nothing is gained, shrinks to the best.
fn step<const N: usize>(simplex: &mut [Corner<N>], corner: &impl Fn([f64; N]) -> Corner<N>) {
    let (best, worst, second) = (simplex[0], simplex[N], simplex[N - 1]);
    let centre: [f64; N] = std::array::from_fn(|j| simplex[..N].iter().map(|(at, _)| at[j]).sum::<f64>() / N as f64);
    let along = |way: f64| corner(std::array::from_fn(|j| centre[j] + way * (worst.0[j] - centre[j])));
    let reflected = along(-1.0);
    let taken = if reflected.1 < best.1 {
        let expanded = along(-2.0);
        if expanded.1 < reflected.1 { expanded } else { reflected }
    } else if reflected.1 < second.1 {
        reflected
    } else {
        along(if reflected.1 < worst.1 { -0.5 } else { 0.5 })
    };
    if taken.1 < worst.1.min(reflected.1) || taken.1 < second.1 {
        simplex[N] = taken;
        return;
    }
    for (at, value) in &mut simplex[1..] {
        (*at, *value) = corner(std::array::from_fn(|j| best.0[j] + 0.5 * (at[j] - best.0[j])));
    }
}

/// The standard deviation of the values at the corners.
fn spread<const N: usize>(simplex: &[Corner<N>]) -> f64 {
    let mean = simplex.iter().map(|(_, value)| value).sum::<f64>() / simplex.len() as f64;
    (simplex.iter().map(|(_, value)| (value - mean).powi(2)).sum::<f64>() / simplex.len() as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_comes_near_the_bottom_of_a_bent_valley() {
        let rosenbrock = |at: &[f64; 2]| (1.0 - at[0]).powi(2) + 100.0 * (at[1] - at[0] * at[0]).powi(2);
        let found = descend(rosenbrock, &[-1.2, 1.0]);
        assert!((found[0] - 1.0).abs() < 0.1 && (found[1] - 1.0).abs() < 0.1, "{found:?}");
    }

    #[test]
    fn a_wall_of_infinity_is_walked_around() {
        let walled = |at: &[f64; 1]| if at[0] < 0.2 { f64::INFINITY } else { (at[0] - 0.3).powi(2) };
        assert!((descend(walled, &[3.0])[0] - 0.3).abs() < 0.1);
    }
}
