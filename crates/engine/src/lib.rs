//! Rows → state → value: one call answers metrics × periods × segments × filter × variant × level.
//!
//! The catalogue says what a metric is; this crate binds its text to the tables of one lake version, runs it on DataFusion and
//! reads the cells out. No metric has a code path of its own here. Only this crate plans queries over the lake.

mod accounts;
mod answer;
mod asked;
mod check;
mod compile;
mod conditions;
mod data;
mod derived;
mod difference;
mod engine;
mod error;
mod evaluate;
mod explain;
mod known;
mod publish;
mod query;
mod question;
mod rows;
mod segment;
mod session;
mod sql;
mod statement;
mod value;

pub use answer::{Answer, Cell, Number, Part};
pub use check::Finding;
pub use data::Data;
pub use difference::{
    CountedBy, DifferenceAnswer, DifferenceFigure, DifferenceQuestion, DifferenceTotal, DifferingRow,
};
pub use engine::Engine;
pub use error::EngineError;
pub use explain::{Explanation, rules};
pub use query::{Query, Round};
pub use question::{Condition, MetricRef, Question};
pub use rows::{RowsAnswer, RowsQuestion};
