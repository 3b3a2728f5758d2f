//! `histories`: how often, how lately and for how long each account has bought, and what it spent.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, Float64Array, StringArray};
use datafusion::arrow::datatypes::{Fields, Float64Type};
use datafusion::logical_expr::AggregateUDF;

use super::collect::{self, Collection};
use super::shape;
use super::words::{Takes, Words};

const HISTORIES: Words = Words {
    name: "histories",
    about: "Each account's purchases, sorted by account: a list of structs of account, frequency, recency, age and spend, as the \
            models of purchases need them. One row an account; a row without frequency, recency or age is left out. Given such \
            lists, it puts them together.",
    arguments: &[
        ("account", Takes::Text, "The account."),
        ("frequency", Takes::Number, "Periods with a purchase after the first one: x."),
        ("recency", Takes::Number, "Time from the first purchase to the last, zero where there was but one: t_x."),
        ("age", Takes::Number, "Time from the first purchase to the end of observation, in the same unit: T."),
        ("spend", Takes::Number, "The mean spend of the periods after the first; null where there is none."),
    ],
    example: "SELECT histories(account_id, frequency, recency, age, spend);  -- [{account: a, frequency: 2.0, recency: 5.0, age: 9.0, spend: 40.0}]",
};

/// A row of the list: account, frequency, recency, age, spend.
type Account = (Option<Box<str>>, [f64; 3], Option<f64>);

#[derive(Debug, Default)]
struct Histories(Vec<Account>);

impl Collection for Histories {
    fn fields() -> Fields {
        shape::histories()
    }

    fn add(&mut self, columns: &[ArrayRef]) {
        let [account, frequency, recency, age, spend] = columns else { return };
        let numbers = |column: &ArrayRef| column.as_primitive::<Float64Type>().iter().collect::<Vec<_>>();
        let [frequency, recency, age, spend] = [frequency, recency, age, spend].map(numbers);
        let times = frequency.into_iter().zip(recency).zip(age);
        let rows = account.as_string::<i32>().iter().zip(times).zip(spend);
        self.0.extend(rows.filter_map(|((account, ((frequency, recency), age)), spend)| {
            Some((account.map(Box::from), [frequency?, recency?, age?], spend))
        }));
    }

    fn columns(&self) -> Vec<ArrayRef> {
        let mut rows: Vec<&Account> = self.0.iter().collect();
        rows.sort_by(|a, b| {
            let numbers = |row: &Account| [row.1[0], row.1[1], row.1[2], row.2.unwrap_or(f64::NEG_INFINITY)];
            let (ours, theirs) = (numbers(a), numbers(b));
            let by_number = ours.iter().zip(&theirs).map(|(x, y)| x.total_cmp(y)).find(|order| order.is_ne());
            a.0.cmp(&b.0).then(by_number.unwrap_or(std::cmp::Ordering::Equal))
        });
        let number =
            |nth: usize| Arc::new(rows.iter().map(|row| Some(row.1[nth])).collect::<Float64Array>()) as ArrayRef;
        vec![
            Arc::new(rows.iter().map(|row| row.0.as_deref()).collect::<StringArray>()),
            number(0),
            number(1),
            number(2),
            Arc::new(rows.iter().map(|row| row.2).collect::<Float64Array>()),
        ]
    }

    fn bytes(&self) -> usize {
        let texts: usize = self.0.iter().filter_map(|row| row.0.as_ref()).map(|text| text.len()).sum();
        self.0.capacity() * size_of::<Account>() + texts
    }
}

/// The aggregate function.
pub(crate) fn histories() -> AggregateUDF {
    collect::function::<Histories>(HISTORIES)
}
