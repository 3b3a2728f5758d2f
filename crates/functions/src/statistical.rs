//! The statistical functions, all of them.

mod collect;
mod contract_value;
mod histories;
mod intervals;
mod lifetime_value;
mod multiset;
mod purchase_value;
mod ratio;
mod rowwise;
mod shape;
mod sums_by;
mod survival;
mod told;
mod words;

use datafusion::logical_expr::{AggregateUDF, ScalarUDF};

/// Every statistical SQL function, to be registered in a session: the scalar ones and the aggregates.
pub fn statistical() -> (Vec<ScalarUDF>, Vec<AggregateUDF>) {
    let mut scalars = vec![ratio::ratio(), sums_by::jackknife()];
    scalars.extend(intervals::functions());
    scalars.extend(multiset::functions());
    scalars.extend(survival::functions());
    scalars.extend(lifetime_value::functions());
    scalars.extend(contract_value::functions());
    scalars.extend(purchase_value::functions());
    let aggregates = [multiset::multiset(), sums_by::sums_by(), lifetime_value::lifetimes(), histories::histories()];
    (scalars, aggregates.into())
}
