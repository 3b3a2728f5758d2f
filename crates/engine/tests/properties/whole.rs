//! `tenure check` finds nothing on a company whose data is right.

use crate::harness::{Case, none_wrong};

/// Every check holds.
pub async fn the_checks_hold(case: &Case<'_>) -> Result<(), String> {
    let look = case.look().await?;
    let findings = look.engine.check(None).await.map_err(|error| error.to_string())?;
    let broken = findings.iter().filter(|finding| !finding.holds);
    none_wrong(broken.map(|finding| format!("{}: {}", finding.check, finding.detail)).collect())
}

#[test]
fn every_check_holds() {
    crate::harness::hold("the checks hold", 1);
}
