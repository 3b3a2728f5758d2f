//! The catalogue: what every metric and derived table means, parsed from files and checked as far as text can show.
//!
//! A metric is a file `metrics/<id>.toml`; a derived table is a file `derived/<name>.sql`. Those of this crate are built in;
//! a workspace's own add to them or replace them by name. This crate knows no DataFusion: `engine` binds and types.

mod board;
mod builtin;
mod check;
mod definition;
mod derived;
mod extent;
mod load;
mod metric;
mod reading;
mod sql;

pub use board::{BoardPlan, Bridge, Step, Trend};
pub use definition::{
    Aggregate, Better, Definition, Input, Inputs, Kind, Nulls, PENDING_ROWS, PER_ACCOUNT, Part, Parts, Publish, Rows,
    Subject, Timing, Unit,
};
pub use derived::DerivedTable;
pub use extent::within_extent;
pub use load::{Catalog, CatalogFile};
pub use metric::{Metric, Variant};
pub use sql::{Names, bind_expression, names_in_expression, names_in_query, restrict_aggregates, substitute};
