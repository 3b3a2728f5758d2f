//! Why nothing can be said.

use tenure_engine::EngineError;

/// Why nothing can be said of what lies ahead. That data are too few is no error: it is the reason of a missing figure.
#[derive(Debug, thiserror::Error)]
pub enum OutlookError {
    /// The engine cannot answer.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The lake cannot be read.
    #[error(transparent)]
    Lake(#[from] tenure_lake::LakeError),
    /// What was known earlier cannot be read.
    #[error(transparent)]
    Known(#[from] tenure_health::HealthError),
    /// A time that leaves the calendar.
    #[error(transparent)]
    Period(#[from] tenure_schema::period::PeriodError),
    /// Columnar data was not of the expected shape.
    #[error(transparent)]
    Arrow(#[from] arrow::error::ArrowError),
    /// A definition in force gives no column that is needed.
    #[error("{what} gives no column `{column}`; leave out the definition of your own, or give it that column")]
    NoColumn {
        /// What gives none.
        what: String,
        /// The column.
        column: String,
    },
    /// Ways through onboarding are seen from their signature on.
    #[error("lives can be seen from a later day only of customers; leave it out, or ask for churn")]
    SeenFrom,
}
