//! What functions need to know of the workspace.

use crate::fx_rates::FxRates;
use std::sync::Arc;
use tenure_schema::settings::Settings;

/// What functions need to know of the workspace. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Environment {
    /// Zone and business hours.
    pub settings: Arc<Settings>,
    /// Exchange rates into the workspace's currency.
    pub rates: Arc<FxRates>,
}

impl Environment {
    /// The environment of a workspace that holds no exchange rates.
    pub fn without_rates(settings: Settings) -> Self {
        let rates = FxRates::new(settings.currency.code(), []);
        Self { settings: Arc::new(settings), rates: Arc::new(rates) }
    }
}
