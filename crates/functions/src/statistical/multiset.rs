//! `multiset`, the mergeable state of exact quantiles, and what is read from it.

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, Float64Array, Int64Array};
use datafusion::arrow::datatypes::{Fields, Float64Type, Int64Type};
use datafusion::logical_expr::{AggregateUDF, ScalarUDF};
use tenure_stats::{Multiset, quantile::quantile};

use super::collect::{self, Collection};
use super::rowwise::{Formula, Row, function};
use super::shape;
use super::words::{Argument, Takes, Words};

const MULTISET: Words = Words {
    name: "multiset",
    about: "Every value of a group with how often it occurs, sorted: a list of structs of value and count. Nulls are left \
            out; of nothing it is the empty list. Given multisets, it merges them.",
    arguments: &[("x", Takes::Number, "The values, or multisets to merge.")],
    example: "SELECT multiset(days) FROM (VALUES (3), (5), (3)) AS t(days);  -- [{value: 3.0, count: 2}, {value: 5.0, count: 1}]",
};

/// Values by their bits, and how often each came.
#[derive(Debug, Default)]
struct Counts(HashMap<u64, i64>);

impl Counts {
    fn count(&mut self, value: f64, times: i64) {
        if !value.is_nan() && times > 0 {
            // Adding zero makes −0 and 0 one value.
            *self.0.entry((value + 0.0).to_bits()).or_default() += times;
        }
    }
}

impl Collection for Counts {
    fn fields() -> Fields {
        shape::multiset()
    }

    fn add(&mut self, columns: &[ArrayRef]) {
        match columns {
            [values] => {
                for value in values.as_primitive::<Float64Type>().iter().flatten() {
                    self.count(value, 1);
                }
            }
            [values, counts, ..] => {
                let counts = counts.as_primitive::<Int64Type>();
                for (value, count) in values.as_primitive::<Float64Type>().iter().zip(counts) {
                    self.count(value.unwrap_or(f64::NAN), count.unwrap_or_default());
                }
            }
            [] => {}
        }
    }

    fn columns(&self) -> Vec<ArrayRef> {
        let mut pairs: Vec<(f64, i64)> = self.0.iter().map(|(bits, count)| (f64::from_bits(*bits), *count)).collect();
        pairs.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let values = pairs.iter().map(|pair| Some(pair.0)).collect::<Float64Array>();
        let counts = pairs.iter().map(|pair| Some(pair.1)).collect::<Int64Array>();
        vec![Arc::new(values), Arc::new(counts)]
    }

    fn bytes(&self) -> usize {
        self.0.capacity() * (size_of::<(u64, i64)>() + 1)
    }
}

/// The multiset given as an argument; `None` is null.
pub(crate) fn multiset_of(row: &Row, argument: usize) -> Option<Multiset> {
    let structs = row.list(argument)?;
    let values = structs.column(0).as_primitive_opt::<Float64Type>()?;
    let counts = structs.column(1).as_primitive_opt::<Int64Type>()?;
    let pairs = values.iter().zip(counts).filter_map(|(value, count)| value.zip(count));
    Some(Multiset::from_counts(pairs.map(|(value, count)| (value, count.max(0).unsigned_abs()))))
}

const M: Argument = ("m", Takes::Multiset, "A multiset.");

const QUANTILE: Words = Words {
    name: "multiset_quantile",
    about: "The exact quantile of a multiset, linear between ranks (type 7). Null of nothing, or with p outside 0 to 1.",
    arguments: &[M, ("p", Takes::Number, "The share of values below: 0.5 is the median.")],
    example: "SELECT multiset_quantile(multiset(minutes), 0.9);  -- 42.5",
};

const MEAN: Words = Words {
    name: "multiset_mean",
    about: "The mean of a multiset. Null of nothing.",
    arguments: &[M],
    example: "SELECT multiset_mean(multiset(minutes));  -- 17.25",
};

const COUNT: Words = Words {
    name: "multiset_count",
    about: "How many values a multiset holds, repeated ones counted each time.",
    arguments: &[M],
    example: "SELECT multiset_count(multiset(minutes));  -- 12",
};

const MAX: Words = Words {
    name: "multiset_max",
    about: "The largest value of a multiset. Null of nothing.",
    arguments: &[M],
    example: "SELECT multiset_max(multiset(minutes));  -- 96.0",
};

/// The aggregate function.
pub(crate) fn multiset() -> AggregateUDF {
    collect::function::<Counts>(MULTISET)
}

/// The functions that read a multiset.
pub(crate) fn functions() -> Vec<ScalarUDF> {
    vec![
        function(QUANTILE, Formula::Number(|row| quantile(&multiset_of(row, 0)?, row.number(1)?))),
        function(MEAN, Formula::Number(|row| multiset_of(row, 0)?.mean())),
        function(COUNT, Formula::Count(|row| i64::try_from(multiset_of(row, 0)?.count()).ok())),
        function(MAX, Formula::Number(|row| multiset_of(row, 0)?.max())),
    ]
}
