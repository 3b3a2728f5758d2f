//! The numerics below the models: special functions, quadrature, the maximum of a likelihood.

pub(crate) mod hypergeometric;
pub(crate) mod matrix;
pub(crate) mod maximum;
pub(crate) mod nelder_mead;
pub(crate) mod quadrature;
pub(crate) mod special;
