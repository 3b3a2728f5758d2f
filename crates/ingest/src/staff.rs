//! Where staff answer. What they answered is shown to nobody: not rejected, not in a warning.

/// Tables in which staff answer.
pub(crate) const ANSWERED: [&str; 2] = ["survey_responses", "survey_sends"];
/// Kinds of survey that are asked of staff.
pub(crate) const KINDS: [&str; 2] = ["enps", "pulse"];
