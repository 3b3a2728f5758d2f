//! A small symmetric matrix: whether it is positive definite, and its inverse.

/// A square matrix by rows.
pub(crate) type Matrix<const N: usize> = [[f64; N]; N];

/// The lower triangle `L` of `A = L·Lᵀ` (Cholesky).
pub(crate) struct Cholesky<const N: usize>(Matrix<N>);

impl<const N: usize> Cholesky<N> {
    /// The triangle, or the row whose pivot is not above `least`.
    pub(crate) fn new(a: &Matrix<N>, least: f64) -> Result<Cholesky<N>, usize> {
        let mut l = [[0.0; N]; N];
        for i in 0..N {
            for j in 0..=i {
                let rest = a[i][j] - (0..j).map(|k| l[i][k] * l[j][k]).sum::<f64>();
                if i == j && (rest.is_nan() || rest <= least) {
                    return Err(i);
                }
                l[i][j] = if i == j { rest.sqrt() } else { rest / l[j][j] };
            }
        }
        Ok(Cholesky(l))
    }

    /// `x` of `A·x = b`.
    pub(crate) fn solve(&self, b: &[f64; N]) -> [f64; N] {
        let l = &self.0;
        let mut x = *b;
        for i in 0..N {
            x[i] = (x[i] - (0..i).map(|k| l[i][k] * x[k]).sum::<f64>()) / l[i][i];
        }
        for i in (0..N).rev() {
            x[i] = (x[i] - (i + 1..N).map(|k| l[k][i] * x[k]).sum::<f64>()) / l[i][i];
        }
        x
    }

    /// The inverse of `A`.
    pub(crate) fn inverse(&self) -> Matrix<N> {
        std::array::from_fn(|i| self.solve(&std::array::from_fn(|j| if i == j { 1.0 } else { 0.0 })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inverse_times_the_matrix_is_one() {
        let a = [[4.0, 1.0, 0.5], [1.0, 3.0, -1.0], [0.5, -1.0, 2.0]];
        let inverse = Cholesky::new(&a, 0.0).ok().unwrap().inverse();
        let columns = inverse.iter().enumerate();
        for (i, row, j, column) in
            columns.flat_map(|(j, column)| a.iter().enumerate().map(move |(i, row)| (i, row, j, column)))
        {
            let product: f64 = row.iter().zip(column).map(|(x, y)| x * y).sum();
            assert!((product - if i == j { 1.0 } else { 0.0 }).abs() < 1e-14);
        }
    }

    #[test]
    fn a_matrix_that_is_not_positive_definite_is_refused_at_its_row() {
        assert_eq!(Cholesky::new(&[[1.0, 1.0], [1.0, 1.0]], 1e-12).err(), Some(1));
        assert_eq!(Cholesky::new(&[[f64::NAN, 0.0], [0.0, 1.0]], 0.0).err(), Some(0));
    }
}
