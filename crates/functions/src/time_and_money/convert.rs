//! `convert`: an amount in the workspace's currency.

use super::fx_rate::each_rate;
use crate::environment::Environment;
use crate::function::{Definition, Kind};
use datafusion::arrow::array::{Array, ArrayRef, AsArray, Decimal128Builder};
use datafusion::arrow::datatypes::{DataType, Decimal128Type, TimestampMicrosecondType};
use datafusion::common::exec_datafusion_err;
use datafusion::logical_expr::ScalarUDF;
use std::sync::Arc;
use tenure_schema::money::scale_half_even;

/// Units of the tenth decimal place beyond which there is no type to hold them.
const LARGEST: u128 = 10_u128.pow(38);

pub(super) fn function(environment: &Environment) -> ScalarUDF {
    let definition = Definition {
        name: "convert",
        about: "An amount in the workspace's currency, at the rate `fx_rate` gives; exact and rounded half to even at ten places. Null if \
                an argument is null, there is no rate, or the answer has more than 28 digits before the point.",
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
            let amount = amounts.is_valid(row).then(|| amounts.value(row));
            // What does not fit is unknown: one absurd row must not take every other answer down.
            let worth = amount.zip(rate).and_then(|(amount, rate)| scale_half_even(amount, rate, unit));
            converted.append_option(worth.filter(|worth| worth.unsigned_abs() < LARGEST));
            Ok(())
        })?;
        let converted: ArrayRef = Arc::new(converted.finish());
        Ok(converted)
    })
}
