//! `local_day`: the day of an instant on the workspace's clock.

use crate::function::{Definition, Kind};
use crate::local_clock::LocalClock;
use datafusion::arrow::array::{ArrayRef, AsArray, Date32Array};
use datafusion::arrow::datatypes::{DataType, TimestampMicrosecondType};
use datafusion::common::exec_datafusion_err;
use datafusion::logical_expr::ScalarUDF;
use std::sync::Arc;
use tenure_schema::zone::Zone;

pub(super) fn function(zone: &Zone) -> ScalarUDF {
    let definition = Definition {
        name: "local_day",
        about: "The date of an instant in the workspace's zone. Null if it is null.",
        parameters: &[("at", Kind::Instant, "when")],
        returns: DataType::Date32,
        example: "SELECT local_day(TIMESTAMP '2024-07-01T02:00:00Z');  -- 2024-06-30 in New York",
    };
    let own = zone.clone();
    definition.function(zone, move |args| {
        let [at] = args else { return Err(exec_datafusion_err!("local_day takes 1 argument")) };
        let mut clock = LocalClock::new(&own);
        let days = at.as_primitive::<TimestampMicrosecondType>().iter().map(|at| at.map(|at| clock.day(at)));
        let days: ArrayRef = Arc::new(days.collect::<Date32Array>());
        Ok(days)
    })
}
