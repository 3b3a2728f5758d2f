//! The table a model is fitted on.

use super::error::ModelError;
use std::cmp::Ordering;

/// Named columns of finite numbers, a row a case.
#[derive(Debug, Clone, PartialEq)]
pub struct Features {
    names: Vec<String>,
    values: Vec<f64>,
    rows: usize,
}

impl Features {
    /// A table without rows.
    pub fn new<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Features {
        Features { names: names.into_iter().map(Into::into).collect(), values: Vec::new(), rows: 0 }
    }

    /// Adds a row, a number a column.
    pub fn push(&mut self, row: &[f64]) -> Result<(), ModelError> {
        check_length(row, self.names.len())?;
        if let Some(column) = row.iter().position(|value| !value.is_finite()) {
            return Err(ModelError::NotFinite { row: self.rows, feature: self.names[column].clone() });
        }
        self.values.extend_from_slice(row);
        self.rows += 1;
        Ok(())
    }

    /// The columns' names.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// A row; `None` past the end.
    pub fn row(&self, i: usize) -> Option<&[f64]> {
        (i < self.rows).then(|| self.at(i))
    }

    /// The table without some columns, such as those that [`ModelError::Constant`] names.
    pub fn without(&self, names: &[String]) -> Features {
        let kept: Vec<usize> = (0..self.names.len()).filter(|&j| !names.contains(&self.names[j])).collect();
        Features {
            names: kept.iter().map(|&j| self.names[j].clone()).collect(),
            values: (0..self.rows).flat_map(|i| kept.iter().map(move |&j| self.at(i)[j])).collect(),
            rows: self.rows,
        }
    }

    pub(crate) fn at(&self, i: usize) -> &[f64] {
        let width = self.names.len();
        &self.values[i * width..(i + 1) * width]
    }

    /// Which of two rows comes first where the rest of them is equal, so that sums run in one order.
    pub(crate) fn compare(&self, a: usize, b: usize) -> Ordering {
        compare(self.at(a), self.at(b))
    }

    pub(crate) fn names_at(&self, columns: &[usize]) -> Vec<String> {
        columns.iter().map(|&j| self.names[j].clone()).collect()
    }
}

fn compare(a: &[f64], b: &[f64]) -> Ordering {
    a.iter().zip(b).map(|(a, b)| a.total_cmp(b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

pub(crate) fn check_length(row: &[f64], wanted: usize) -> Result<(), ModelError> {
    if row.len() == wanted { Ok(()) } else { Err(ModelError::Length { what: "features", found: row.len(), wanted }) }
}

/// The means and spreads by which columns are brought to one scale: a penalty then treats features alike, and the
/// information matrix is well conditioned whatever their units.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scaling {
    pub means: Vec<f64>,
    /// Standard deviations, by the total weight (not less one).
    pub spreads: Vec<f64>,
}

impl Scaling {
    /// Of weighted rows, in the order given.
    pub fn of(features: &Features, rows: &[(usize, f64)]) -> Result<Scaling, ModelError> {
        let width = features.names.len();
        let total: f64 = rows.iter().map(|row| row.1).sum();
        let mut means = vec![0.0; width];
        let mut spreads = vec![0.0; width];
        for &(i, weight) in rows {
            for (mean, x) in means.iter_mut().zip(features.at(i)) {
                *mean += x * (weight / total);
            }
        }
        for &(i, weight) in rows {
            for ((spread, mean), x) in spreads.iter_mut().zip(&means).zip(features.at(i)) {
                *spread += (x - mean) * (x - mean) * (weight / total);
            }
        }
        spreads.iter_mut().for_each(|spread| *spread = spread.sqrt());
        // A column of equal numbers can keep a spread of rounding errors.
        let constant: Vec<usize> =
            (0..width).filter(|&j| !spreads[j].is_finite() || spreads[j] <= 1e-12 * means[j].abs()).collect();
        if constant.is_empty() {
            Ok(Scaling { means, spreads })
        } else {
            Err(ModelError::Constant(features.names_at(&constant)))
        }
    }

    /// A row on the common scale.
    pub fn apply<'a>(&'a self, row: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
        row.iter().zip(&self.means).zip(&self.spreads).map(|((x, mean), spread)| (x - mean) / spread)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_the_wrong_kind_is_refused() {
        let mut features = Features::new(["seats", "tickets"]);
        features.push(&[1.0, 2.0]).unwrap();
        assert!(matches!(features.push(&[1.0]), Err(ModelError::Length { found: 1, wanted: 2, .. })));
        let error = features.push(&[1.0, f64::NAN]).unwrap_err();
        assert_eq!(error, ModelError::NotFinite { row: 1, feature: "tickets".into() });
        assert_eq!((features.len(), features.row(0), features.row(1)), (1, Some(&[1.0, 2.0][..]), None));
    }

    #[test]
    fn columns_can_be_left_out() {
        let mut features = Features::new(["a", "b", "c"]);
        features.push(&[1.0, 2.0, 3.0]).unwrap();
        features.push(&[4.0, 5.0, 6.0]).unwrap();
        let rest = features.without(&["b".to_owned()]);
        assert_eq!((rest.names().join(" "), rest.row(1)), ("a c".to_owned(), Some(&[4.0, 6.0][..])));
        assert_eq!(features.without(features.names()).len(), 2);
    }

    #[test]
    fn equal_numbers_are_constant_whatever_their_size() {
        for value in [0.0, 0.1, 1e17, -3e-9] {
            let mut features = Features::new(["varies", "same"]);
            for i in 0..7 {
                features.push(&[f64::from(i), value]).unwrap();
            }
            let rows: Vec<(usize, f64)> = (0..7).map(|i| (i, 1.0)).collect();
            assert_eq!(Scaling::of(&features, &rows), Err(ModelError::Constant(vec!["same".into()])), "{value}");
        }
    }
}
