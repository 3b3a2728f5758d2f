//! How long until an end is reached, with open and lost cases kept: the Aalen–Johansen estimator over three multisets.

use datafusion::logical_expr::ScalarUDF;
use tenure_stats::CumulativeIncidence;

use super::multiset::multiset_of;
use super::rowwise::{Formula, Limits, Row, function, limits};
use super::words::{Argument, Takes, Words};

const REACHED: Argument = ("reached", Takes::Multiset, "Durations until the end was reached.");
const OPEN: Argument = ("open", Takes::Multiset, "Durations so far of cases still open; null is none.");
const LOST: Argument =
    ("lost", Takes::Multiset, "Durations until a case was lost and so never reaches the end; null is none.");
const P: Argument = ("p", Takes::Number, "The share of all cases: 0.5 is the median.");
const T: Argument = ("t", Takes::Number, "The duration asked about, in the unit of the multisets.");

const QUANTILE: Words = Words {
    name: "survival_quantile",
    about: "The first duration by which a share p of all cases has reached the end (Aalen-Johansen; Kaplan-Meier where none \
            is lost). Null where that share was never reached.",
    arguments: &[REACHED, OPEN, LOST, P],
    example: "SELECT survival_quantile(multiset(days) FILTER (WHERE live), multiset(days) FILTER (WHERE open), NULL, 0.5);  -- 23.0",
};

const QUANTILE_INTERVAL: Words = Words {
    name: "survival_quantile_interval",
    about: "The interval of survival_quantile (Brookmeyer and Crowley, log-log), as a struct of low and high. A limit that \
            lies beyond what was observed is null.",
    arguments: &[REACHED, OPEN, LOST, P],
    example: "SELECT survival_quantile_interval(reached, open, lost, 0.5);  -- {low: 13.0, high: NULL}",
};

const SHARE: Words = Words {
    name: "survival_share",
    about: "The share of all cases that has reached the end by a duration t (Aalen-Johansen; one less Kaplan-Meier where \
            none is lost). Null where nobody was followed that long.",
    arguments: &[REACHED, OPEN, LOST, T],
    example: "SELECT survival_share(reached, open, lost, 30);  -- 0.55",
};

const SHARE_INTERVAL: Words = Words {
    name: "survival_share_interval",
    about: "The log-log interval of survival_share, as a struct of low and high. Null while nobody has reached the end, and \
            where all have.",
    arguments: &[REACHED, OPEN, LOST, T],
    example: "SELECT survival_share_interval(reached, open, lost, 30);  -- {low: 0.41, high: 0.70}",
};

fn curve(row: &Row) -> Option<CumulativeIncidence> {
    let or_none = |argument| multiset_of(row, argument).unwrap_or_default();
    Some(CumulativeIncidence::new(&multiset_of(row, 0)?, &or_none(1), &or_none(2)))
}

fn quantile_interval(row: &Row) -> Option<Limits> {
    let found = curve(row)?.quantile_interval(row.number(3)?);
    (found.low.is_some() || found.high.is_some()).then_some((found.low, found.high))
}

/// The functions of this file.
pub(crate) fn functions() -> Vec<ScalarUDF> {
    vec![
        function(QUANTILE, Formula::Number(|row| curve(row)?.quantile(row.number(3)?))),
        function(QUANTILE_INTERVAL, Formula::Limits(quantile_interval)),
        function(SHARE, Formula::Number(|row| curve(row)?.share(row.number(3)?))),
        function(SHARE_INTERVAL, Formula::Limits(|row| curve(row)?.share_interval(row.number(3)?).map(limits))),
    ]
}
