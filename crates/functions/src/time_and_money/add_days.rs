//! `add_days`: days later on the workspace's clock.

use crate::function::{Definition, Kind, instant_type};
use crate::local_clock::{DAY, LocalClock};
use datafusion::arrow::array::{ArrayRef, AsArray, TimestampMicrosecondArray};
use datafusion::arrow::datatypes::{Int64Type, TimestampMicrosecondType};
use datafusion::common::exec_datafusion_err;
use datafusion::logical_expr::ScalarUDF;
use std::sync::Arc;
use tenure_schema::zone::Zone;

pub(super) fn function(zone: &Zone) -> ScalarUDF {
    let definition = Definition {
        name: "add_days",
        about: "The instant that many days later at the same local time of day in the workspace's zone, so that a day may have 23 or 25 \
                hours. Null if an argument is null or the answer cannot be told in microseconds.",
        parameters: &[("at", Kind::Instant, "when"), ("days", Kind::Whole, "how many; negative goes back")],
        returns: instant_type(),
        example: "SELECT add_days(DATE '2024-03-10', 1);  -- 2024-03-11T04:00:00Z in New York",
    };
    let own = zone.clone();
    definition.function(zone, move |args| {
        let [at, days] = args else { return Err(exec_datafusion_err!("add_days takes 2 arguments")) };
        let pairs = at.as_primitive::<TimestampMicrosecondType>().iter().zip(days.as_primitive::<Int64Type>());
        let mut clock = LocalClock::new(&own);
        let later = pairs.map(|(at, days)| {
            let later = clock.local(at?).checked_add(days?.checked_mul(DAY)?)?;
            clock.instant(later)
        });
        let later: ArrayRef = Arc::new(later.collect::<TimestampMicrosecondArray>().with_timezone("UTC"));
        Ok(later)
    })
}
