//! What the data of each signal can support.

use crate::panel::Panel;
use serde::Serialize;

/// How much there is of a signal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignalSupport {
    /// The signal.
    pub signal: String,
    /// Observations.
    pub rows: usize,
    /// Those in which it has a value.
    pub known: usize,
    /// Whether its values differ.
    pub varies: bool,
}

/// Every signal's, in the panel's order.
pub(crate) fn support(panel: &Panel) -> Vec<SignalSupport> {
    let of = |(place, signal): (usize, &String)| {
        let values: Vec<f64> = panel.rows().iter().filter_map(|row| row.values[place]).collect();
        SignalSupport {
            signal: signal.clone(),
            rows: panel.rows().len(),
            known: values.len(),
            varies: values.iter().any(|value| Some(value) != values.first()),
        }
    };
    panel.signals().iter().enumerate().map(of).collect()
}
