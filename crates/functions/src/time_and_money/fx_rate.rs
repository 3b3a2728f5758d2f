//! `fx_rate`: what a currency is worth in the workspace's.

use crate::environment::Environment;
use crate::function::{Definition, Kind};
use crate::fx_rates::{CurrencyRates, FxRates};
use crate::local_clock::{LocalClock, any_null};
use datafusion::arrow::array::{ArrayRef, AsArray, Decimal128Builder, StringViewArray, TimestampMicrosecondArray};
use datafusion::arrow::datatypes::{DataType, TimestampMicrosecondType};
use datafusion::common::{Result, exec_datafusion_err};
use datafusion::logical_expr::ScalarUDF;
use std::sync::Arc;
use tenure_schema::zone::Zone;

pub(super) fn function(environment: &Environment) -> ScalarUDF {
    let definition = Definition {
        name: "fx_rate",
        about: "What one unit of a currency is worth in the workspace's: the last rate on the local day of `at` or before. 1 for the \
                workspace's own currency; null if an argument is null or there is no rate.",
        parameters: &[
            ("currency", Kind::Text, "ISO 4217"),
            ("at", Kind::Instant, "when; a date is its local midnight"),
        ],
        returns: DataType::Decimal128(18, 10),
        example: "SELECT fx_rate('EUR', TIMESTAMP '2024-07-01T12:00:00Z');  -- 1.0745000000",
    };
    let (rates, settings) = (Arc::clone(&environment.rates), Arc::clone(&environment.settings));
    definition.function(&environment.settings.zone, move |args| {
        let [currencies, at] = args else { return Err(exec_datafusion_err!("fx_rate takes 2 arguments")) };
        let (currencies, at) = (currencies.as_string_view(), at.as_primitive::<TimestampMicrosecondType>());
        let mut found = Decimal128Builder::with_capacity(at.len()).with_precision_and_scale(18, 10)?;
        each_rate(&rates, &settings.zone, currencies, at, |_, rate| {
            found.append_option(rate);
            Ok(())
        })?;
        let found: ArrayRef = Arc::new(found.finish());
        Ok(found)
    })
}

/// Hands each row's rate over, with ten decimal places.
pub(super) fn each_rate(
    rates: &FxRates,
    zone: &Zone,
    currencies: &StringViewArray,
    at: &TimestampMicrosecondArray,
    mut with: impl FnMut(usize, Option<i128>) -> Result<()>,
) -> Result<()> {
    let mut clock = LocalClock::new(zone);
    // Neighbouring rows mostly share their currency.
    let mut last: Option<(&str, CurrencyRates<'_>)> = None;
    for row in 0..at.len() {
        if any_null(row, &[currencies, at]) {
            with(row, None)?;
            continue;
        }
        let currency = currencies.value(row);
        let of = match last {
            Some((known, of)) if known == currency => of,
            _ => rates.of(currency),
        };
        last = Some((currency, of));
        with(row, of.on(clock.day(at.value(row))))?;
    }
    Ok(())
}
