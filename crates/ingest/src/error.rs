//! Why an import did not happen.

pub use tenure_mapping::Problem;

/// Why an import did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The sources are not right.
    #[error(transparent)]
    Problem(#[from] Problem),
    /// The lake could not take the rows.
    #[error(transparent)]
    Lake(#[from] tenure_lake::LakeError),
}

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;
