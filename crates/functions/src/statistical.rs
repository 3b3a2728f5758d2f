//! The statistical functions, all of them.

mod collect;
mod intervals;
mod lifetime_value;
mod multiset;
mod ratio;
mod rowwise;
mod shape;
mod sums_by;
mod survival;
mod words;

use datafusion::logical_expr::{AggregateUDF, ScalarUDF};

/// Every statistical SQL function, to be registered in a session: the scalar ones and the aggregates.
pub fn statistical() -> (Vec<ScalarUDF>, Vec<AggregateUDF>) {
    let mut scalars = vec![ratio::ratio(), sums_by::jackknife()];
    scalars.extend(intervals::functions());
    scalars.extend(multiset::functions());
    scalars.extend(survival::functions());
    scalars.extend(lifetime_value::functions());
    (scalars, vec![multiset::multiset(), sums_by::sums_by(), lifetime_value::lifetimes()])
}
