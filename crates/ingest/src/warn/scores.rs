//! Survey scores off their scale.

use super::{Warning, rows, staff, such_as, verb};
use crate::validate::show_decimal;
use arrow::array::{Array, AsArray, Decimal128Array, StringArray};
use arrow::datatypes::Decimal128Type;
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use tenure_schema::table::Table;

/// Counts scores that no metric can count.
#[derive(Debug, Default)]
pub(crate) struct Scores {
    count: u64,
    /// Of what a customer answered.
    example: Option<String>,
}

const UNIT: i128 = 1_000_000;

impl Scores {
    /// Takes accepted rows of a table in.
    pub fn add(&mut self, table: &'static Table, batch: &RecordBatch) -> Result<(), ArrowError> {
        if table.name != "survey_responses" {
            return Ok(());
        }
        let answers = staff::answers(table, batch)?;
        let decimal = |name: &str| -> Option<Decimal128Array> {
            batch.column_by_name(name).and_then(|values| values.as_primitive_opt::<Decimal128Type>()).cloned()
        };
        let kind: Option<&StringArray> = batch.column_by_name("survey_kind").and_then(|values| values.as_string_opt());
        let (Some(score), Some(low), Some(high), Some(kind)) =
            (decimal("score"), decimal("scale_min"), decimal("scale_max"), kind)
        else {
            return Ok(());
        };
        for (row, score) in score.iter().enumerate() {
            let Some(score) = score else { continue };
            let stated = |bound: &Decimal128Array| bound.is_valid(row).then(|| bound.value(row));
            let kind = if kind.is_valid(row) { kind.value(row) } else { "" };
            // NPS has one scale, and whole points only; other surveys state theirs.
            let ten = matches!(kind, "nps" | "enps");
            let low = stated(&low).or(ten.then_some(0));
            let high = stated(&high).or(ten.then_some(10 * UNIT));
            let off = low.is_some_and(|low| score < low)
                || high.is_some_and(|high| score > high)
                || (kind == "nps" && score % UNIT != 0);
            if off {
                self.count += 1;
                if answers[row] {
                    continue;
                }
                self.example.get_or_insert_with(|| {
                    let bound =
                        |bound: Option<i128>| bound.map_or_else(|| "…".to_owned(), |bound| show_decimal(bound, 6));
                    format!("{} on {} to {}", show_decimal(score, 6), bound(low), bound(high))
                });
            }
        }
        Ok(())
    }

    pub fn warnings(&self) -> Option<Warning> {
        if self.count == 0 {
            return None;
        }
        let message = format!(
            "{} {} off the scale{}; metrics leave {} out and say so",
            rows(self.count, false),
            verb(self.count, "is", "are"),
            such_as(self.example.clone()),
            verb(self.count, "it", "them"),
        );
        Some(Warning { table: "survey_responses", column: "score".to_owned(), rows: self.count, message })
    }
}
