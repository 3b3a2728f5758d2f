//! `add_months`: months later on the workspace's clock.

use crate::function::{Definition, Kind, instant_type};
use crate::local_clock::{DAY, LocalClock, date, day};
use datafusion::arrow::array::{ArrayRef, AsArray, TimestampMicrosecondArray};
use datafusion::arrow::datatypes::{Int64Type, TimestampMicrosecondType};
use datafusion::common::exec_datafusion_err;
use datafusion::logical_expr::ScalarUDF;
use jiff::Span;
use std::sync::Arc;
use tenure_schema::zone::Zone;

pub(super) fn function(zone: &Zone) -> ScalarUDF {
    let definition = Definition {
        name: "add_months",
        about: "The instant that many months later at the same local time of day in the workspace's zone; a day the month does not have \
                is its last. Null if an argument is null or the answer lies beyond the year 9999.",
        parameters: &[("at", Kind::Instant, "when"), ("months", Kind::Whole, "how many; negative goes back")],
        returns: instant_type(),
        example: "SELECT add_months(DATE '2024-01-31', 1);  -- 2024-02-29T05:00:00Z in New York",
    };
    let own = zone.clone();
    definition.function(zone, move |args| {
        let [at, months] = args else { return Err(exec_datafusion_err!("add_months takes 2 arguments")) };
        let pairs = at.as_primitive::<TimestampMicrosecondType>().iter().zip(months.as_primitive::<Int64Type>());
        let mut clock = LocalClock::new(&own);
        let later = pairs.map(|(at, months)| {
            let (local, months) = (clock.local(at?), Span::new().try_months(months?).ok()?);
            let date = date(i32::try_from(local.div_euclid(DAY)).ok()?)?.checked_add(months).ok()?;
            clock.instant(i64::from(day(date)?) * DAY + local.rem_euclid(DAY))
        });
        let later: ArrayRef = Arc::new(later.collect::<TimestampMicrosecondArray>().with_timezone("UTC"));
        Ok(later)
    })
}
