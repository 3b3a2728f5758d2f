//! One case as survival methods see it.

use super::error::SurvivalError;

/// A case followed up to a time, at which it ended or was still open.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// When the case came under observation, on the clock of [`Observation::time`]; `None`: from the start. A case first
    /// seen late is at risk only after that (left truncation): counting it from the start would flatter the curve.
    pub entry: Option<f64>,
    /// When it ended or was last seen, in any unit.
    pub time: f64,
    /// Whether it ended then; otherwise it is censored.
    pub ended: bool,
}

impl Observation {
    /// A case that ended at a time.
    pub fn ended(time: f64) -> Observation {
        Observation { entry: None, time, ended: true }
    }

    /// A case still open when last seen.
    pub fn open(time: f64) -> Observation {
        Observation { entry: None, time, ended: false }
    }

    /// The same case, first seen at a time.
    pub fn entering(self, entry: f64) -> Observation {
        Observation { entry: Some(entry), ..self }
    }

    /// Whether the case was under observation just before `t`.
    pub(crate) fn entered_before(&self, t: f64) -> bool {
        self.entry.is_none_or(|entry| entry < t)
    }
}

/// The first row that no method can take.
pub(crate) fn check(observations: impl IntoIterator<Item = Observation>) -> Result<(), SurvivalError> {
    for (row, case) in observations.into_iter().enumerate() {
        if !case.time.is_finite() {
            return Err(SurvivalError::Time { row, time: case.time });
        }
        if let Some(entry) = case.entry.filter(|entry| entry.is_nan() || *entry >= case.time) {
            return Err(SurvivalError::Entry { row, entry, time: case.time });
        }
    }
    Ok(())
}

/// A slice that goes with the observations must be as long.
pub(crate) fn same_length(what: &'static str, found: usize, wanted: usize) -> Result<(), SurvivalError> {
    if found == wanted { Ok(()) } else { Err(SurvivalError::Length { what, found, wanted }) }
}
