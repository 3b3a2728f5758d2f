//! The rows that a planned SELECT yields.

use super::plan::{Plan, Shape};
use super::rowwise::FailedRow;
use super::session::{Cause, cause};
use crate::error::Problem;
use crate::validate::Mapped;
use arrow::array::{ArrayRef, Int64Array, new_null_array};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use datafusion::error::DataFusionError;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::execute_stream;
use futures::StreamExt;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::sync::Arc;
use tenure_mapping::Output;

/// The rows of a SELECT, batch by batch.
pub struct Rows<'a> {
    plan: &'a Plan,
    stream: SendableRecordBatchStream,
    /// Rows yielded so far, to number those that have no record of their own.
    yielded: i64,
}

/// Some rows of a SELECT.
#[derive(Debug)]
pub struct Batch {
    /// Those that could be computed.
    pub mapped: Mapped,
    /// Those that could not.
    pub failed: Vec<Failed>,
}

/// A row on which an expression of the SELECT failed.
#[derive(Debug, Clone, PartialEq)]
pub struct Failed {
    /// Its file.
    pub file: String,
    /// Its record number there.
    pub row: i64,
    /// The column that could not be computed.
    pub column: Option<String>,
    /// What the expression read.
    pub value: Option<String>,
    /// Why it failed.
    pub reason: String,
    /// The columns that could be computed; where one failed, what its expression read.
    pub record: Map<String, Value>,
}

impl Plan {
    /// Begins to run.
    pub async fn run(&self) -> Result<Rows<'_>, Problem> {
        let stream = match &self.shape {
            Shape::RowByRow(by_row) => execute_stream(by_row.input.clone(), self.context.task_ctx()),
            Shape::Whole(plan) => match self.context.state().create_physical_plan(plan).await {
                Ok(plan) => execute_stream(plan, self.context.task_ctx()),
                Err(error) => Err(error),
            },
        };
        Ok(Rows { plan: self, stream: stream.map_err(|error| self.failed(&error))?, yielded: 0 })
    }

    fn failed(&self, error: &DataFusionError) -> Problem {
        match cause(error) {
            Cause::Problem(problem) => problem,
            Cause::Engine(words) => {
                let remedy = match self.shape {
                    Shape::RowByRow(_) => "correct the expression, or leave such rows out with WHERE",
                    Shape::Whole(_) => {
                        "correct the expression; a SELECT without GROUP BY, DISTINCT, UNION or windows would reject only the rows at fault"
                    }
                };
                Problem::new(&self.place, format!("failed: {words}"), remedy)
            }
        }
    }

    /// The files of which something was passed over so far: all, if that was in a relation joined to the driving one, for
    /// then rows of any may lack.
    pub fn part_read_files(&self) -> BTreeSet<String> {
        if self.others.passed_over() {
            return self.relations.iter().flat_map(|relation| &relation.files).map(|file| file.name.clone()).collect();
        }
        self.watch.broken_files()
    }

    /// The bytes of all files that it reads.
    pub fn bytes(&self) -> u64 {
        self.relations.iter().map(|relation| relation.bytes()).sum()
    }
}

impl Rows<'_> {
    /// The next rows.
    pub async fn next(&mut self) -> Option<Result<Batch, Problem>> {
        let batch = match self.stream.next().await? {
            Ok(batch) => batch,
            Err(error) => return Some(Err(self.plan.failed(&error))),
        };
        let count = batch.num_rows();
        let outcome = match &self.plan.shape {
            Shape::RowByRow(by_row) => by_row.compute(batch),
            Shape::Whole(_) => Ok((batch.columns().to_vec(), Vec::new())),
        };
        let batch = outcome.and_then(|(columns, failed)| self.bind(columns, failed, count));
        Some(batch.map_err(|error| self.plan.failed(&error)))
    }

    fn bind(&mut self, columns: Vec<ArrayRef>, failed: Vec<FailedRow>, count: usize) -> Result<Batch, DataFusionError> {
        let count = columns.first().map_or(count, |column| column.len());
        let mut mapped = Mapped {
            columns: Vec::with_capacity(columns.len()),
            extras: Vec::new(),
            file: new_null_array(&DataType::Utf8, count),
            row: Arc::new(Int64Array::from_iter_values((1..).map(|at: i64| at + self.yielded).take(count))),
        };
        self.yielded += count as i64;
        for (values, output) in columns.into_iter().zip(&self.plan.outputs) {
            match output {
                Output::Column(name) => mapped.columns.push((name.clone(), values)),
                Output::Extra(name) => mapped.extras.push((name.clone(), values)),
                Output::File => mapped.file = cast(&values, &DataType::Utf8)?,
                Output::Row => mapped.row = cast(&values, &DataType::Int64)?,
            }
        }
        let failed = failed.into_iter().map(|failed| Failed {
            file: failed.file,
            row: failed.number,
            column: failed.column,
            value: failed.value,
            reason: match cause(&failed.error) {
                Cause::Problem(problem) => problem.to_string(),
                Cause::Engine(words) => words,
            },
            record: failed.record,
        });
        Ok(Batch { mapped, failed: failed.collect() })
    }
}
