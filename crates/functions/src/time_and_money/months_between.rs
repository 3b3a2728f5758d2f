//! `months_between`: whole months from one instant to another.

use crate::function::{Definition, Kind};
use crate::local_clock::{DAY, LocalClock, date};
use datafusion::arrow::array::{ArrayRef, AsArray, Int64Array};
use datafusion::arrow::datatypes::{DataType, TimestampMicrosecondType};
use datafusion::common::exec_datafusion_err;
use datafusion::logical_expr::ScalarUDF;
use jiff::civil::Date;
use std::sync::Arc;
use tenure_schema::zone::Zone;

pub(super) fn function(zone: &Zone) -> ScalarUDF {
    let definition = Definition {
        name: "months_between",
        about: "How many whole months of the workspace's clock lie between two instants: the most that `add_months` can add to `from` \
                without passing `to`; negative the other way round. Null if an argument is null.",
        parameters: &[("from", Kind::Instant, "the beginning"), ("to", Kind::Instant, "the end")],
        returns: DataType::Int64,
        example: "SELECT months_between(DATE '2024-01-31', DATE '2024-02-29');  -- 1",
    };
    let own = zone.clone();
    definition.function(zone, move |args| {
        let [from, to] = args else { return Err(exec_datafusion_err!("months_between takes 2 arguments")) };
        let pairs =
            from.as_primitive::<TimestampMicrosecondType>().iter().zip(to.as_primitive::<TimestampMicrosecondType>());
        let mut clock = LocalClock::new(&own);
        let months = pairs.map(|(from, to)| months(clock.local(from?), clock.local(to?)));
        let months: ArrayRef = Arc::new(months.collect::<Int64Array>());
        Ok(months)
    })
}

/// Between two local times.
fn months(from: i64, to: i64) -> Option<i64> {
    if from > to {
        return months(to, from).map(|months| -months);
    }
    let ((from, from_time), (to, to_time)) = (split(from)?, split(to)?);
    let apart = (i64::from(to.year()) - i64::from(from.year())) * 12 + i64::from(to.month()) - i64::from(from.month());
    let due = (from.day().min(to.days_in_month()), from_time);
    Some(apart - i64::from(due > (to.day(), to_time)))
}

fn split(local: i64) -> Option<(Date, i64)> {
    Some((date(i32::try_from(local.div_euclid(DAY)).ok()?)?, local.rem_euclid(DAY)))
}
