//! The rows of a day that was scored, as they are kept.

use crate::error::HealthError;
use crate::latest::latest;
use crate::record::{SCORES, SIGNALS};
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Decimal128Type, Int64Type};
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::collections::HashMap;
use tenure_lake::Lake;
use tenure_scorecard::{Inputs, Observation, PLACES};

/// The scores of a day by one line, by account.
pub(crate) struct Kept(HashMap<String, KeptScore>);

/// What is kept of a score: the rest follows from it.
pub(crate) struct KeptScore {
    pub scorecard: String,
    pub score: Option<Decimal>,
    pub inputs: Inputs,
}

impl Kept {
    /// Reads a day of a line from a lake's latest version.
    pub(crate) async fn read(lake: &Lake, line: &str, day: Date) -> Result<Self, HealthError> {
        let context = latest(lake).await?;
        let of_day = format!("WHERE day = DATE '{day}' AND line = '{line}'");
        let mut kept = HashMap::new();
        let scores = format!("SELECT account_id, scorecard, score FROM {SCORES} {of_day}");
        for batch in context.sql(&scores).await?.collect().await? {
            let (account, scorecard) = (texts(&batch, 0)?, texts(&batch, 1)?);
            for row in 0..batch.num_rows() {
                let (Some(account), Some(scorecard)) = (account(row), scorecard(row)) else { continue };
                let score = decimal(&batch, 2, row);
                kept.insert(account, KeptScore { scorecard, score, inputs: Inputs::default() });
            }
        }
        let signals =
            format!("SELECT account_id, signal, value, age_days, rank FROM {SIGNALS} {of_day} AND value IS NOT NULL");
        for batch in context.sql(&signals).await?.collect().await? {
            let (account, signal) = (texts(&batch, 0)?, texts(&batch, 1)?);
            let ages = batch.column(3).as_primitive::<Int64Type>();
            for row in 0..batch.num_rows() {
                let one = account(row).and_then(|account| kept.get_mut(&account));
                let (Some(one), Some(signal), Some(value)) = (one, signal(row), decimal(&batch, 2, row)) else {
                    continue;
                };
                let age = u32::try_from(ages.value(row)).unwrap_or_default();
                one.inputs.set(&signal, Some(Observation { value, age, rank: decimal(&batch, 4, row) }));
            }
        }
        Ok(Self(kept))
    }

    /// An account's score, which is then no longer among them.
    pub(crate) fn take(&mut self, account: &str) -> Option<KeptScore> {
        self.0.remove(account)
    }

    /// Whether every score was taken.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The cells of a column, whichever kind of text it is.
pub(crate) fn texts(
    batch: &RecordBatch,
    column: usize,
) -> Result<impl Fn(usize) -> Option<String> + use<>, HealthError> {
    let texts = cast(batch.column(column), &DataType::Utf8)?;
    Ok(move |row| {
        let texts = texts.as_string::<i32>();
        texts.is_valid(row).then(|| texts.value(row).to_owned())
    })
}

fn decimal(batch: &RecordBatch, column: usize, row: usize) -> Option<Decimal> {
    let numbers = batch.column(column).as_primitive::<Decimal128Type>();
    let number = || Decimal::try_from_i128_with_scale(numbers.value(row), PLACES).ok();
    numbers.is_valid(row).then(number).flatten().map(|number| number.normalize())
}
