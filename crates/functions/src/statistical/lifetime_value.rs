//! `lifetimes`, the accounts' time as customers, and `lifetime_value`, what one is worth over a horizon.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, BooleanArray, Float64Array, StringArray};
use datafusion::arrow::datatypes::{Fields, Float64Type};
use datafusion::logical_expr::{AggregateUDF, ScalarUDF};
use tenure_stats::{Lifetime, Terms, lifetime_value as formula};

use super::collect::{self, Collection};
use super::rowwise::{Formula, Limits, Row, function, limits};
use super::shape;
use super::words::{Argument, Takes, Words};

const LIFETIMES: Words = Words {
    name: "lifetimes",
    about: "Each account's time as a customer, sorted by account: a list of structs of account, months, ended and mrr. One \
            row an account; a row without months or without ended is left out. Given such lists, it puts them together.",
    arguments: &[
        ("account", Takes::Text, "The account."),
        ("months", Takes::Number, "Months from its start to its end or to the last look; fractions count."),
        ("ended", Takes::Bool, "Whether it has ended."),
        ("mrr", Takes::Number, "What it pays a month now; looked at only while it has not ended."),
    ],
    example: "SELECT lifetimes(account_id, months, churned_at IS NOT NULL, mrr);  -- [{account: a, months: 7.5, ended: true, mrr: 0.0}]",
};

pub(crate) const ACCOUNTS: Argument = ("accounts", Takes::Lifetimes, "The accounts' lifetimes.");
pub(crate) const MARGIN: Argument =
    ("margin", Takes::Number, "The share of revenue that is margin: 1.0 is total revenue.");
pub(crate) const DISCOUNT: Argument =
    ("yearly_discount", Takes::Number, "The yearly discount rate: 0.1 is ten per cent.");
pub(crate) const HORIZON: Argument = ("horizon_months", Takes::Number, "How many months are added up.");

const VALUE: Words = Words {
    name: "lifetime_value",
    about: "What an account is worth over a horizon: mean MRR of those not ended, times margin, times the sum over months \
            of survival (Kaplan-Meier; beyond what was seen the mean hazard of its last twelve months) discounted. Null \
            where no account has ended, none is left, or an MRR is unknown.",
    arguments: &[ACCOUNTS, MARGIN, DISCOUNT, HORIZON],
    example: "SELECT lifetime_value(lifetimes(account_id, months, ended, mrr), 0.8, 0.1, 60);  -- 21450.37",
};

const VALUE_INTERVAL: Words = Words {
    name: "lifetime_value_interval",
    about: "The interval of lifetime_value by a bootstrap over accounts, 400 resamples from a fixed seed, as a struct of low \
            and high. Null where the value is.",
    arguments: &[ACCOUNTS, MARGIN, DISCOUNT, HORIZON],
    example: "SELECT lifetime_value_interval(lifetimes(account_id, months, ended, mrr), 0.8, 0.1, 60);  -- {low: 18207.1, high: 25390.8}",
};

const TAIL_SHARE: Words = Words {
    name: "lifetime_value_tail_share",
    about: "The share of lifetime_value that comes from months nobody has been seen to reach. Null where the value is.",
    arguments: &[ACCOUNTS, MARGIN, DISCOUNT, HORIZON],
    example: "SELECT lifetime_value_tail_share(lifetimes(account_id, months, ended, mrr), 0.8, 0.1, 60);  -- 0.31",
};

/// A row of the list: account, months, ended, MRR.
type Account = (Option<Box<str>>, f64, bool, Option<f64>);

#[derive(Debug, Default)]
struct Lifetimes(Vec<Account>);

impl Collection for Lifetimes {
    fn fields() -> Fields {
        shape::lifetimes()
    }

    fn add(&mut self, columns: &[ArrayRef]) {
        let [account, months, ended, mrr] = columns else { return };
        let (months, mrr) = (months.as_primitive::<Float64Type>(), mrr.as_primitive::<Float64Type>());
        let rows = account.as_string::<i32>().iter().zip(months).zip(ended.as_boolean()).zip(mrr);
        self.0.extend(
            rows.filter_map(|(((account, months), ended), mrr)| Some((account.map(Box::from), months?, ended?, mrr))),
        );
    }

    fn columns(&self) -> Vec<ArrayRef> {
        let mut rows: Vec<&Account> = self.0.iter().collect();
        rows.sort_by(|a, b| {
            let mrr = |row: &Account| row.3.unwrap_or(f64::NEG_INFINITY);
            a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)).then(mrr(a).total_cmp(&mrr(b)))
        });
        vec![
            Arc::new(rows.iter().map(|row| row.0.as_deref()).collect::<StringArray>()),
            Arc::new(rows.iter().map(|row| Some(row.1)).collect::<Float64Array>()),
            Arc::new(rows.iter().map(|row| Some(row.2)).collect::<BooleanArray>()),
            Arc::new(rows.iter().map(|row| row.3).collect::<Float64Array>()),
        ]
    }

    fn bytes(&self) -> usize {
        let texts: usize = self.0.iter().filter_map(|row| row.0.as_ref()).map(|text| text.len()).sum();
        self.0.capacity() * size_of::<Account>() + texts
    }
}

/// The lives given as the first argument.
pub(crate) fn lifetimes_of(row: &Row) -> Option<Vec<Lifetime>> {
    let accounts = row.list(0)?;
    let months = accounts.column(1).as_primitive_opt::<Float64Type>()?;
    let ended = accounts.column(2).as_boolean_opt()?;
    let mrr = accounts.column(3).as_primitive_opt::<Float64Type>()?;
    let rows = months.iter().zip(ended).zip(mrr);
    // An unknown MRR is not a number: the formula then gives nothing, unless the account has ended.
    let known = rows.filter_map(|((months, ended), mrr)| {
        Some(Lifetime { months: months?, ended: ended?, mrr: mrr.unwrap_or(f64::NAN) })
    });
    Some(known.collect())
}

/// The accounts of the list given as the first argument.
pub(crate) fn names_of(row: &Row) -> Option<Vec<Option<String>>> {
    Some(row.list(0)?.column(0).as_string_opt::<i32>()?.iter().map(|name| name.map(str::to_owned)).collect())
}

/// Margin, discount and horizon, the arguments after the first.
pub(crate) fn terms_of(row: &Row) -> Option<Terms> {
    let horizon = row.number(3)?;
    // A century of months is more than anyone means.
    let in_range = (1.0..=1200.0).contains(&horizon);
    in_range.then_some(Terms { margin: row.number(1)?, yearly_discount: row.number(2)?, horizon: horizon as usize })
}

fn value(row: &Row) -> Option<f64> {
    Some(formula::lifetime_value(&lifetimes_of(row)?, &terms_of(row)?)?.value)
}

fn tail_share(row: &Row) -> Option<f64> {
    Some(formula::lifetime_value(&lifetimes_of(row)?, &terms_of(row)?)?.tail_share)
}

fn value_interval(row: &Row) -> Option<Limits> {
    formula::lifetime_value_interval(&lifetimes_of(row)?, &terms_of(row)?).map(limits)
}

/// The aggregate function.
pub(crate) fn lifetimes() -> AggregateUDF {
    collect::function::<Lifetimes>(LIFETIMES)
}

/// The functions that read what it gives.
pub(crate) fn functions() -> Vec<ScalarUDF> {
    vec![
        function(VALUE, Formula::Number(value)),
        function(VALUE_INTERVAL, Formula::Limits(value_interval)),
        function(TAIL_SHARE, Formula::Number(tail_share)),
    ]
}
