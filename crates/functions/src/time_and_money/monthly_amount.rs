//! `monthly_amount`: what a price is worth a month.

use crate::function::{Definition, Kind};
use crate::local_clock::any_null;
use datafusion::arrow::array::{ArrayRef, AsArray, Decimal128Builder};
use datafusion::arrow::datatypes::{DataType, Decimal128Type, Int64Type};
use datafusion::common::{Result, exec_datafusion_err};
use datafusion::logical_expr::ScalarUDF;
use std::sync::Arc;
use tenure_schema::money::{BillingInterval, monthly_amount};
use tenure_schema::zone::Zone;

/// Units of the tenth decimal place beyond which there is no type to hold them.
const LARGEST: u128 = 10_u128.pow(38);

pub(super) fn function(zone: &Zone) -> ScalarUDF {
    let definition = Definition {
        name: "monthly_amount",
        about: "The monthly worth of an amount billed every `interval_count` intervals, exact and rounded half to even at ten places: \
                a week is 52/12 a month, a day 365/12. Null if an argument is null or the answer has more than 28 digits before the point.",
        parameters: &[
            ("amount", Kind::Amount, "what is billed each time"),
            ("interval", Kind::Text, "day, week, month, quarter or year"),
            ("interval_count", Kind::Whole, "intervals in one billing period, 1 or more"),
        ],
        returns: DataType::Decimal128(38, 10),
        example: "SELECT monthly_amount(90, 'month', 3);  -- 30.0000000000",
    };
    definition.function(zone, monthly_amounts)
}

fn monthly_amounts(args: &[ArrayRef]) -> Result<ArrayRef> {
    let [amounts, intervals, counts] = args else {
        return Err(exec_datafusion_err!("monthly_amount takes 3 arguments"));
    };
    let amounts = amounts.as_primitive::<Decimal128Type>();
    let (intervals, counts) = (intervals.as_string_view(), counts.as_primitive::<Int64Type>());
    let scale = amounts.scale().unsigned_abs();
    let mut monthly = Decimal128Builder::with_capacity(amounts.len()).with_precision_and_scale(38, 10)?;
    for row in 0..amounts.len() {
        if any_null(row, &[amounts, intervals, counts]) {
            monthly.append_null();
            continue;
        }
        let (amount, interval, count) = (amounts.value(row), intervals.value(row), counts.value(row));
        let known = BillingInterval::named(interval).ok_or_else(|| {
            exec_datafusion_err!(
                "interval {interval:?} of monthly_amount is unknown; write day, week, month, quarter or year"
            )
        })?;
        if count < 1 {
            return Err(exec_datafusion_err!("interval_count {count} of monthly_amount must be 1 or more"));
        }
        // What does not fit is unknown: one absurd row must not take every other answer down.
        let worth = monthly_amount(amount, scale, known, count);
        monthly.append_option(worth.filter(|worth| worth.unsigned_abs() < LARGEST));
    }
    Ok(Arc::new(monthly.finish()))
}
