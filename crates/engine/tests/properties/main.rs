//! What must hold on any data (DEFINITIONS 8), on companies made from seeds.
//!
//! Each case has a seed of its own and asks, of the many questions there are, those whose turn it is. `PROPTEST_CASES` asks for more cases,
//! `PROPTEST_RNG_SEED` for another first seed: a failure names both. A company that broke a property becomes a file of `regressions/`, on
//! which every property is tried. `mutants` breaks definitions one by one and sees that the properties notice.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "../support/mod.rs"]
mod support;

mod bridge;
mod by_hand;
mod company;
mod harness;
mod look;
mod mutants;
mod owners;
mod regressions;
mod retention;
mod rows;
mod segments;
mod voice;
mod whole;

use harness::Property;

/// Every property, by name.
const PROPERTIES: [(&str, Property); 14] = [
    ("mrr ties out", |case| Box::pin(bridge::mrr_ties_out(case))),
    ("customers tie out", |case| Box::pin(bridge::customers_tie_out(case))),
    ("moves cancel out", |case| Box::pin(bridge::moves_cancel_out(case))),
    ("rows are the number", |case| Box::pin(rows::rows_are_the_number(case))),
    ("candidates are kept or excluded", |case| Box::pin(rows::candidates_are_kept_or_excluded(case))),
    ("segments add up", |case| Box::pin(segments::segments_add_up(case))),
    ("a filter is its segment", |case| Box::pin(segments::a_filter_is_its_segment(case))),
    ("retention and churn make one", |case| Box::pin(retention::retention_and_churn_make_one(case))),
    ("a cohort is kept or lost", |case| Box::pin(retention::a_cohort_is_kept_or_lost(case))),
    ("GRR is bounded", |case| Box::pin(retention::grr_is_bounded(case))),
    ("NPS classes add up", |case| Box::pin(voice::nps_classes_add_up(case))),
    ("owners have the history", |case| Box::pin(owners::owners_have_the_history(case))),
    ("as worked by hand", |case| Box::pin(by_hand::as_worked_by_hand(case))),
    ("the checks hold", |case| Box::pin(whole::the_checks_hold(case))),
];
