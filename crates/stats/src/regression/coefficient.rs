//! A fitted coefficient with its standard error.

use crate::chi_squared::two_sided;
use crate::interval::{Interval, Z};

/// What a model says of one feature, on the feature's own scale.
#[derive(Debug, Clone, PartialEq)]
pub struct Coefficient {
    /// The feature's name.
    pub name: String,
    /// The change of the model's log-odds or log-hazard for one unit more.
    pub estimate: f64,
    /// Its standard error, from the inverse of the information; above zero.
    pub standard_error: f64,
}

impl Coefficient {
    /// Wald's statistic `estimate / standard error`.
    pub fn z(&self) -> f64 {
        self.estimate / self.standard_error
    }

    /// The two-sided p-value of [`Coefficient::z`].
    pub fn p(&self) -> f64 {
        two_sided(self.z())
    }

    /// Wald's interval `estimate ± z·standard error`.
    pub fn interval(&self) -> Option<Interval> {
        Interval::around(self.estimate, Z * self.standard_error)
    }
}
