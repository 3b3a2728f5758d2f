//! `convert`: an amount in the workspace's currency.

use super::fx_rate::each_rate;
use crate::environment::Environment;
use crate::function::{Definition, Kind};
use datafusion::arrow::array::{Array, ArrayRef, AsArray, Decimal128Builder};
use datafusion::arrow::datatypes::{DataType, Decimal128Type, TimestampMicrosecondType};
use datafusion::common::exec_datafusion_err;
use datafusion::logical_expr::ScalarUDF;
use std::sync::Arc;
use tenure_schema::money::divide_half_even;

pub(super) fn function(environment: &Environment) -> ScalarUDF {
    let definition = Definition {
        name: "convert",
        about: "An amount in the workspace's currency, at the rate `fx_rate` gives; exact and rounded half to even at ten places. Null if \
                an argument is null or there is no rate.",
        parameters: &[
            ("amount", Kind::Amount, "the amount"),
            ("currency", Kind::Text, "its currency, ISO 4217"),
            ("at", Kind::Instant, "when; a date is its local midnight"),
        ],
        returns: DataType::Decimal128(38, 10),
        example: "SELECT convert(100, 'EUR', TIMESTAMP '2024-07-01T12:00:00Z');  -- 107.4500000000",
    };
    let (rates, settings) = (Arc::clone(&environment.rates), Arc::clone(&environment.settings));
    definition.function(&environment.settings.zone, move |args| {
        let [amounts, currencies, at] = args else { return Err(exec_datafusion_err!("convert takes 3 arguments")) };
        let amounts = amounts.as_primitive::<Decimal128Type>();
        let (currencies, at) = (currencies.as_string_view(), at.as_primitive::<TimestampMicrosecondType>());
        let unit = 10_i128.pow(u32::from(amounts.scale().unsigned_abs()));
        let mut converted = Decimal128Builder::with_capacity(at.len()).with_precision_and_scale(38, 10)?;
        each_rate(&rates, &settings.zone, currencies, at, |row, rate| {
            let Some(rate) = rate.filter(|_| amounts.is_valid(row)) else {
                converted.append_null();
                return Ok(());
            };
            let product = amounts.value(row).checked_mul(rate).ok_or_else(|| {
                let amount = amounts.value_as_string(row);
                exec_datafusion_err!("amount {amount} of convert is too large; give it with fewer decimal places")
            })?;
            converted.append_value(divide_half_even(product, unit));
            Ok(())
        })?;
        let converted: ArrayRef = Arc::new(converted.finish());
        Ok(converted)
    })
}
