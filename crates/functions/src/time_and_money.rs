//! Functions of time and money: the workspace's clock, business hours, monthly worth, exchange.

mod add_days;
mod add_months;
mod attribute;
mod business_seconds;
mod business_seconds_across;
mod convert;
mod day_start;
mod fx_rate;
mod local_day;
mod local_month_start;
mod monthly_amount;
mod months_between;

use crate::environment::Environment;
use datafusion::logical_expr::ScalarUDF;

/// All of them, for a workspace.
pub fn time_and_money(environment: &Environment) -> Vec<ScalarUDF> {
    let zone = &environment.settings.zone;
    vec![
        monthly_amount::function(zone),
        fx_rate::function(environment),
        convert::function(environment),
        local_day::function(zone),
        day_start::function(zone),
        local_month_start::function(zone),
        months_between::function(zone),
        add_months::function(zone),
        add_days::function(zone),
        business_seconds::function(environment),
        business_seconds_across::function(environment),
        attribute::function(zone),
    ]
}
