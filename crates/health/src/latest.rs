//! The lake's latest version, to be asked in SQL.

use crate::error::HealthError;
use datafusion::prelude::SessionContext;
use tenure_lake::Lake;

/// The tables of the latest version.
pub(crate) async fn latest(lake: &Lake) -> Result<SessionContext, HealthError> {
    let snapshot = lake.snapshot(lake.latest().await?).await?;
    let context = SessionContext::new();
    snapshot.register(&context)?;
    Ok(context)
}
