//! `local_month_start`: when an instant's month begins on the workspace's clock.

use crate::function::{Definition, Kind, instant_type};
use crate::local_clock::{LocalClock, date, day};
use datafusion::arrow::array::{ArrayRef, AsArray, TimestampMicrosecondArray};
use datafusion::arrow::datatypes::TimestampMicrosecondType;
use datafusion::common::exec_datafusion_err;
use datafusion::logical_expr::ScalarUDF;
use std::ops::Range;
use std::sync::Arc;
use tenure_schema::zone::Zone;

pub(super) fn function(zone: &Zone) -> ScalarUDF {
    let definition = Definition {
        name: "local_month_start",
        about: "The instant that the month of an instant begins in the workspace's zone. Null if it is null.",
        parameters: &[("at", Kind::Instant, "when")],
        returns: instant_type(),
        example: "SELECT local_month_start(TIMESTAMP '2024-07-01T02:00:00Z');  -- 2024-06-01T04:00:00Z in New York",
    };
    let own = zone.clone();
    definition.function(zone, move |args| {
        let [at] = args else { return Err(exec_datafusion_err!("local_month_start takes 1 argument")) };
        let mut clock = LocalClock::new(&own);
        // Neighbouring rows mostly share their month.
        let mut last: Option<(Range<i32>, i64)> = None;
        let mut start = |at: i64| {
            let today = clock.day(at);
            if let Some((days, start)) = &last
                && days.contains(&today)
            {
                return Some(*start);
            }
            let date = date(today)?;
            let first = day(date.first_of_month())?;
            let start = clock.day_start(first)?;
            last = Some((first..first + i32::from(date.days_in_month()), start));
            Some(start)
        };
        let starts = at.as_primitive::<TimestampMicrosecondType>().iter().map(|at| at.and_then(&mut start));
        let starts: ArrayRef = Arc::new(starts.collect::<TimestampMicrosecondArray>().with_timezone("UTC"));
        Ok(starts)
    })
}
