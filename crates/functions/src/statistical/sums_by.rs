//! `sums_by`, two sums per key, and `jackknife`, the interval of their ratio by leaving out one key at a time.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, Float64Array, StringArray};
use datafusion::arrow::datatypes::{Fields, Float64Type};
use datafusion::logical_expr::{AggregateUDF, ScalarUDF};
use tenure_stats::{ExactSum, jackknife};

use super::collect::{self, Collection};
use super::rowwise::{Formula, Limits, Row, function, limits};
use super::shape;
use super::words::{Takes, Words};

const SUMS_BY: Words = Words {
    name: "sums_by",
    about: "Two sums per key, sorted by key: a list of structs of key, num and den. Nulls add nothing; a null key is a group \
            of its own, the first. Sums of doubles are exact before their one rounding, so they do not depend on the order \
            of rows. Given such lists, it merges them.",
    arguments: &[
        ("key", Takes::Text, "Whose row it is."),
        ("num", Takes::Number, "What adds to the numerator."),
        ("den", Takes::Number, "What adds to the denominator."),
    ],
    example: "SELECT sums_by(account_id, closing, opening);  -- [{key: a, num: 90.0, den: 100.0}, {key: b, num: 50.0, den: 40.0}]",
};

const JACKKNIFE: Words = Words {
    name: "jackknife",
    about: "The interval of sum(num) / sum(den) by leaving out one key at a time, with Student's t, as a struct of low and \
            high. Keys with nothing in either sum do not count. Null under two keys, or where one holds the whole \
            denominator. Not clamped.",
    arguments: &[("pairs", Takes::Sums, "Two sums per account.")],
    example: "SELECT jackknife(sums_by(account_id, closing, opening));  -- {low: 0.81, high: 1.02}",
};

type Sums = BTreeMap<Option<Box<str>>, [ExactSum; 2]>;

#[derive(Debug, Default)]
struct SumsBy(Sums);

impl SumsBy {
    fn entry(&mut self, key: Option<&str>) -> &mut [ExactSum; 2] {
        self.0.entry(key.map(Box::from)).or_default()
    }
}

impl Collection for SumsBy {
    fn fields() -> Fields {
        shape::sums()
    }

    fn add(&mut self, columns: &[ArrayRef]) {
        let [keys, num, den] = columns else { return };
        let (num, den) = (num.as_primitive::<Float64Type>(), den.as_primitive::<Float64Type>());
        for ((key, n), d) in keys.as_string::<i32>().iter().zip(num).zip(den) {
            let sums = self.entry(key);
            sums[0].extend(n);
            sums[1].extend(d);
        }
    }

    fn columns(&self) -> Vec<ArrayRef> {
        columns(self.0.iter().map(|(key, [num, den])| (key.as_deref(), num.value(), den.value())))
    }

    /// A row for each part of the exact sums.
    fn state(&self) -> Vec<ArrayRef> {
        columns(self.0.iter().flat_map(|(key, [num, den])| {
            let (num, den): (Vec<f64>, Vec<f64>) = (num.parts().collect(), den.parts().collect());
            let part = |parts: &[f64], i: usize| parts.get(i).copied().unwrap_or_default();
            let rows = num.len().max(den.len()).max(1);
            (0..rows).map(move |i| (key.as_deref(), part(&num, i), part(&den, i)))
        }))
    }

    fn bytes(&self) -> usize {
        let key = |key: &Option<Box<str>>| key.as_ref().map_or(0, |text| text.len());
        // Two sums of some two parts each, and what a tree keeps beside an entry.
        self.0.keys().map(|text| key(text) + size_of::<(Option<Box<str>>, [ExactSum; 2])>() + 48).sum()
    }
}

fn columns<'a>(rows: impl Iterator<Item = (Option<&'a str>, f64, f64)>) -> Vec<ArrayRef> {
    let rows: Vec<_> = rows.collect();
    vec![
        Arc::new(rows.iter().map(|row| row.0).collect::<StringArray>()),
        Arc::new(rows.iter().map(|row| Some(row.1)).collect::<Float64Array>()),
        Arc::new(rows.iter().map(|row| Some(row.2)).collect::<Float64Array>()),
    ]
}

fn jackknifed(row: &Row) -> Option<Limits> {
    let sums = row.list(0)?;
    let num = sums.column(1).as_primitive_opt::<Float64Type>()?;
    let den = sums.column(2).as_primitive_opt::<Float64Type>()?;
    let pairs: Vec<(f64, f64)> =
        num.iter().zip(den).map(|(n, d)| (n.unwrap_or_default(), d.unwrap_or_default())).collect();
    jackknife::ratio(&pairs).map(limits)
}

/// The aggregate function.
pub(crate) fn sums_by() -> AggregateUDF {
    collect::function::<SumsBy>(SUMS_BY)
}

/// The function that reads what it gives.
pub(crate) fn jackknife() -> ScalarUDF {
    function(JACKKNIFE, Formula::Limits(jackknifed))
}
