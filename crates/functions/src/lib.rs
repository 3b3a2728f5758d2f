//! Tenure's SQL functions, over stats, schema and scorecard.

pub mod environment;
mod function;
mod fx_rates;
mod local_clock;
mod scorecard_edge;
pub mod statistical;
pub mod time_and_money;

pub use environment::Environment;
pub use fx_rates::{FxRates, FxRow};
pub use statistical::statistical;

use datafusion::prelude::SessionContext;

/// Makes every function known to a session.
pub fn register(context: &SessionContext, environment: &Environment) {
    for function in time_and_money::time_and_money(environment) {
        context.register_udf(function);
    }
    context.register_udf(scorecard_edge::function(&environment.settings.zone));
    let (scalars, aggregates) = statistical();
    scalars.into_iter().for_each(|function| context.register_udf(function));
    aggregates.into_iter().for_each(|function| context.register_udaf(function));
}
