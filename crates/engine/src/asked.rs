//! `asked`: the periods of a question as a table, so that SQL can join them.

use crate::error::EngineError;
use arrow::array::{Int64Array, RecordBatch, TimestampMicrosecondArray};
use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use datafusion::datasource::MemTable;
use jiff::Timestamp;
use std::sync::Arc;
use tenure_schema::period::{Clock, Period, Window};

/// The windows of a question for one metric, numbered as its periods are.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Asked {
    pub(crate) windows: Vec<Period>,
    /// Where the stretch of the same length before each window begins.
    pub(crate) preceding: Vec<Timestamp>,
    pub(crate) observed_to: Timestamp,
}

/// The columns of `asked`, without `period`.
pub(crate) const INSTANTS: [&str; 6] = ["starts_at", "ends_at", "opening", "closing", "preceding_at", "observed_to"];

impl Asked {
    pub(crate) fn new(
        periods: &[Period],
        window: Option<&str>,
        observed_to: Timestamp,
        clock: &Clock,
    ) -> Result<Self, EngineError> {
        let windows = match window {
            None => periods.to_vec(),
            Some(text) => {
                let window: Window = text.parse()?;
                periods.iter().map(|period| period.trailing(window, clock)).collect::<Result<_, _>>()?
            }
        };
        let preceding =
            windows.iter().map(|window| window.previous(clock).map_or(window.start, |before| before.start)).collect();
        Ok(Self { windows, preceding, observed_to })
    }

    pub(crate) fn table(&self) -> Result<MemTable, EngineError> {
        let instant = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
        let mut fields = vec![Field::new("period", DataType::Int64, false)];
        fields.extend(INSTANTS.map(|name| Field::new(name, instant.clone(), false)));
        let schema = Arc::new(Schema::new(fields));
        let column = |of: &dyn Fn(&Period) -> Timestamp| {
            let micros = self.windows.iter().map(|window| of(window).as_microsecond());
            Arc::new(TimestampMicrosecondArray::from_iter_values(micros).with_timezone("UTC"))
        };
        let batch = RecordBatch::try_new(
            schema.clone(),
            vec![
                Arc::new((0_i64..).take(self.windows.len()).collect::<Int64Array>()),
                column(&|window| window.start),
                column(&|window| window.end),
                column(&Period::opening),
                column(&Period::closing),
                Arc::new(
                    TimestampMicrosecondArray::from_iter_values(self.preceding.iter().map(|at| at.as_microsecond()))
                        .with_timezone("UTC"),
                ),
                column(&|_| self.observed_to),
            ],
        )?;
        Ok(MemTable::try_new(schema, vec![vec![batch]])?)
    }
}
