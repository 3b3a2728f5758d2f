//! Intervals from counts and sums: `wilson`, `nps_adjusted_wald`, `mean_t`, `log_interval`.

use datafusion::logical_expr::ScalarUDF;
use tenure_stats::interval;
use tenure_stats::lifetime::worth;

use super::rowwise::{Formula, Limits, Row, function, limits};
use super::words::{Takes, Words};

const WILSON: Words = Words {
    name: "wilson",
    about: "Wilson's score interval of a share, as a struct of low and high. Null where nothing was counted.",
    arguments: &[("k", Takes::Number, "How many have the property."), ("n", Takes::Number, "How many there are.")],
    example: "SELECT wilson(8, 10);  -- {low: 0.4902, high: 0.9433}",
};

const NPS_ADJUSTED_WALD: Words = Words {
    name: "nps_adjusted_wald",
    about: "The adjusted Wald interval of a Net Promoter Score in points, within -100 to 100, as a struct of low and high: \
            three answers are added, 0.75, 1.5 and 0.75. Null without answers.",
    arguments: &[
        ("detractors", Takes::Number, "Answers of 0 to 6."),
        ("passives", Takes::Number, "Answers of 7 and 8."),
        ("promoters", Takes::Number, "Answers of 9 and 10."),
    ],
    example: "SELECT nps_adjusted_wald(20, 30, 50);  -- {low: 14.0511, high: 44.2013}",
};

const MEAN_T: Words = Words {
    name: "mean_t",
    about: "Student's t interval of a mean, as a struct of low and high. Null under two values.",
    arguments: &[
        ("n", Takes::Number, "How many values there are."),
        ("sum", Takes::Number, "Their sum."),
        ("sum_of_squares", Takes::Number, "The sum of their squares."),
    ],
    example: "SELECT mean_t(count(score), sum(score), sum(score * score));  -- {low: 3.3341, high: 7.6659}",
};

const LOG_INTERVAL: Words = Words {
    name: "log_interval",
    about: "The interval of a positive value with a standard error, symmetric in the logarithm so that it stays positive: value x \
            exp(+-1.96 error / value), as a struct of low and high. Null where the value is not above zero.",
    arguments: &[("value", Takes::Number, "The value."), ("error", Takes::Number, "Its standard error.")],
    example: "SELECT log_interval(100, 10);  -- {low: 82.2012, high: 121.6527}",
};

fn wilson(row: &Row) -> Option<Limits> {
    interval::wilson(row.number(0)?, row.number(1)?).map(limits)
}

fn nps_adjusted_wald(row: &Row) -> Option<Limits> {
    interval::nps_adjusted_wald(row.number(0)?, row.number(1)?, row.number(2)?).map(limits)
}

fn mean_t(row: &Row) -> Option<Limits> {
    interval::mean_t(row.number(0)?, row.number(1)?, row.number(2)?).map(limits)
}

fn log_interval(row: &Row) -> Option<Limits> {
    let value = row.number(0)?;
    worth::interval(value, row.number(1)? / value).map(limits)
}

/// The functions of this file.
pub(crate) fn functions() -> Vec<ScalarUDF> {
    vec![
        function(WILSON, Formula::Limits(wilson)),
        function(NPS_ADJUSTED_WALD, Formula::Limits(nps_adjusted_wald)),
        function(MEAN_T, Formula::Limits(mean_t)),
        function(LOG_INTERVAL, Formula::Limits(log_interval)),
    ]
}
