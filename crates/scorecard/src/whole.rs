//! What only a whole scorecard shows to be wrong.

use crate::card::{Formula, Scorecard};
use crate::signal::HUMAN_RATING;
use rust_decimal::Decimal;
use std::collections::BTreeSet;
use tenure_schema::problem::Problem;

/// Ids that are there twice or empty, and conditions that nobody meets.
pub(crate) fn check_ids(card: &Scorecard) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut problem = |key: String, what, remedy| problems.push(Problem::new(&card.file, key, what, remedy));
    let mut seen = BTreeSet::new();
    for (group, member) in card.members() {
        if !seen.insert(&member.signal) {
            let key = format!("group.{}.signal.{}", group.id, member.signal);
            problem(key, "the signal stands on the scorecard twice", "keep one of the two");
        }
    }
    let mut ids = BTreeSet::new();
    for group in &card.groups {
        if group.id.trim().is_empty() {
            problem("group".to_owned(), "a group has an empty id", "name it, such as id = \"use\"");
        } else if !ids.insert(&group.id) {
            problem(format!("group.{}", group.id), "two groups have this id", "rename one, or make them one group");
        }
    }
    for (name, _) in card.when.iter().filter(|(_, values)| values.is_empty()) {
        let remedy = "list the values that choose this scorecard, or remove the key";
        problem(format!("when.{name}"), "the list is empty, so no account has this scorecard", remedy);
    }
    problems
}

/// Signals and weights that make no score; of a scorecard whose parts could all be read.
pub(crate) fn check_weights(card: &Scorecard) -> Vec<Problem> {
    let problem = |key: String, what, remedy: &str| Problem::new(&card.file, key, what, remedy);
    if card.members().next().is_none() {
        return vec![problem("group".to_owned(), "the scorecard has no signal", "add a group with a signal")];
    }
    let mut problems = Vec::new();
    let empty = |group: &&crate::Group| group.members.is_empty();
    for group in card.groups.iter().filter(empty) {
        let key = format!("group.{}", group.id);
        problems.push(problem(key, "the group has no signal", "add one to it, or remove the group"));
    }
    if card.formula == Formula::HumanRating && card.member(HUMAN_RATING).is_none() {
        let what = "the score is a human rating, and the scorecard has none";
        let remedy = format!("add the signal `{HUMAN_RATING}`, or choose another formula");
        problems.push(problem("formula".to_owned(), what, &remedy));
    }
    if card.formula == Formula::HumanRating {
        return problems;
    }
    let weighted = |group: &&crate::Group| !group.weight.is_zero();
    if !card.groups.iter().any(|group| weighted(&group)) {
        let what = "the weights of the groups add up to zero";
        problems.push(problem("group".to_owned(), what, "give at least one group a weight above zero"));
    }
    let sum = |group: &crate::Group| group.members.iter().map(|member| member.weight).sum::<Decimal>();
    // Points are added up over all groups: there a group may well be for show.
    if card.formula == Formula::Points {
        if card.groups.iter().all(|group| sum(group).is_zero()) {
            let what = "the weights of its signals add up to zero";
            problems.push(problem("group".to_owned(), what, "give at least one signal a weight above zero"));
        }
        return problems;
    }
    for group in card.groups.iter().filter(weighted).filter(|group| !empty(group) && sum(group).is_zero()) {
        let what = "the weights of its signals add up to zero";
        let remedy = "give at least one of its signals a weight above zero, or the group weight = 0";
        problems.push(problem(format!("group.{}", group.id), what, remedy));
    }
    problems
}
