//! `day_start`: when a day begins on the workspace's clock.

use crate::function::{Definition, Kind, instant_type};
use crate::local_clock::LocalClock;
use datafusion::arrow::array::{ArrayRef, AsArray};
use datafusion::arrow::datatypes::Date32Type;
use datafusion::common::exec_datafusion_err;
use datafusion::logical_expr::ScalarUDF;
use std::sync::Arc;
use tenure_schema::zone::Zone;

pub(super) fn function(zone: &Zone) -> ScalarUDF {
    let definition = Definition {
        name: "day_start",
        about: "The instant that a day begins in the workspace's zone; where clocks skip midnight, an hour on. Null if it is null.",
        parameters: &[("day", Kind::Date, "the date")],
        returns: instant_type(),
        example: "SELECT day_start(DATE '2024-07-01');  -- 2024-07-01T04:00:00Z in New York",
    };
    let own = zone.clone();
    definition.function(zone, move |args| {
        let [days] = args else { return Err(exec_datafusion_err!("day_start takes 1 argument")) };
        let starts: ArrayRef = Arc::new(LocalClock::new(&own).day_starts(days.as_primitive::<Date32Type>()));
        Ok(starts)
    })
}
