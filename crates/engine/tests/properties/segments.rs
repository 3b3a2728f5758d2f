//! Sums add up over segments, and a filter gives what the split gives.

use crate::harness::{Case, none_wrong};
use crate::look::{SPLITS, Segment, named, near, told, value};
use crate::rows::{figures, turn_of};
use std::collections::{BTreeMap, BTreeSet};
use tenure_catalog::Definition;
use tenure_engine::{Cell, Condition};

/// By attributes, by account, and by the rows' own dimension if there is one.
fn splits(case: &Case<'_>, definition: &Definition) -> Vec<Vec<String>> {
    let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    let attributes = owned(case.pick_any(&SPLITS[1..]));
    let dimensions = definition.rows.as_ref().map_or(&[] as &[String], |rows| rows.dimensions.as_slice());
    let free: Vec<&String> = dimensions.iter().filter(|name| !definition.split.contains(name)).collect();
    let own = (!free.is_empty()).then(|| vec![format!("row.{}", case.pick_any(&free))]);
    std::iter::once(attributes).chain(own).collect()
}

/// Rows and exclusions add up over segments, and so does what is a sum or a count.
pub async fn segments_add_up(case: &Case<'_>) -> Result<(), String> {
    let look = case.look().await?;
    let periods = look.periods();
    let mut wrong = Vec::new();
    for (metric, definition) in turn_of(&look, case.turn) {
        // Who moves between segments stays in the whole: such rows count only where something splits them.
        if definition.rows.as_ref().is_some_and(|rows| rows.against.is_some()) {
            continue;
        }
        let whole = look.cells(&metric, &periods, &[]).await?;
        for by in splits(case, definition) {
            let by: Vec<&str> = by.iter().map(String::as_str).collect();
            let parts = look.cells(&metric, &periods, &by).await?;
            let own = |segment: &Segment| {
                segment.iter().filter(|(name, _)| !by.contains(&name.as_str())).cloned().collect::<Segment>()
            };
            let places: BTreeSet<(usize, Segment)> =
                whole.keys().cloned().chain(parts.keys().map(|(period, segment)| (*period, own(segment)))).collect();
            for place in places {
                let whole: Vec<&Cell> = whole.get(&place).into_iter().collect();
                let of = |(period, segment): &(usize, Segment)| (*period, own(segment)) == place;
                let parts: Vec<&Cell> = parts.iter().filter(|(key, _)| of(key)).map(|(_, cell)| cell).collect();
                let what = format!("{} {} {:?} by {by:?}", named(&metric), periods[place.0].label, place.1);
                wrong.extend(apart(definition, &whole, &parts).into_iter().map(|apart| format!("{what}: {apart}")));
            }
        }
    }
    none_wrong(wrong)
}

fn apart(definition: &Definition, whole: &[&Cell], parts: &[&Cell]) -> Vec<String> {
    let mut wrong = Vec::new();
    // Of daily means n is that of the last day on which the segment had any.
    let (counts, of_parts) = (told(whole.iter().copied()), told(parts.iter().copied()));
    if counts != of_parts {
        wrong.push(format!("{of_parts:?} of {counts:?}"));
    }
    let [whole] = whole else { return wrong };
    for (name, figure, expression) in figures(definition, whole) {
        if !adds_up(expression) {
            continue;
        }
        let shares = parts.iter().flat_map(|part| figures(definition, part)).filter(|(own, ..)| *own == name);
        let shares: Option<Vec<f64>> = shares.map(|(_, share, _)| share).collect();
        match (figure, shares) {
            (Some(figure), Some(shares)) if !near(figure, shares.iter().sum()) => {
                wrong.push(format!("{name} is {figure}, of the segments {shares:?}"));
            }
            // What is not known of a segment is not known of the whole.
            (Some(figure), None) => wrong.push(format!("{name} is {figure}, of a segment unknown")),
            _ => {}
        }
    }
    wrong
}

/// Whether a state is one sum or one count of rows, which adds up over any split.
fn adds_up(expression: &str) -> bool {
    let bare = expression.strip_prefix("coalesce(").and_then(|rest| rest.strip_suffix(", 0)")).unwrap_or(expression);
    let (aggregate, filter) = bare.split_once(" FILTER (WHERE ").map_or((bare, None), |(a, f)| (a, Some(f)));
    let inner = aggregate.strip_prefix("sum(").or_else(|| aggregate.strip_prefix("count("));
    let Some(inner) = inner.and_then(|rest| rest.strip_suffix(')')) else { return false };
    let balanced = |text: &str| {
        let depths = text.chars().scan(0_i32, |depth, letter| {
            *depth += i32::from(letter == '(') - i32::from(letter == ')');
            Some(*depth)
        });
        depths.min().is_none_or(|least| least >= 0)
    };
    !inner.to_lowercase().starts_with("distinct")
        && balanced(inner)
        && filter.is_none_or(|filter| filter.strip_suffix(')').is_some_and(balanced))
}

/// Asked for one segment alone, a number is what the split says of it.
pub async fn a_filter_is_its_segment(case: &Case<'_>) -> Result<(), String> {
    let look = case.look().await?;
    let by = case.pick_any(&["account.plan", "account.country", "account", "account.csm"]);
    let periods = look.periods();
    let mut wrong = Vec::new();
    for (metric, _) in turn_of(&look, case.turn) {
        let split = look.cells(&metric, &periods, &[by]).await?;
        let values: BTreeSet<Option<String>> = split.keys().filter_map(|(_, segment)| value_of(segment, by)).collect();
        let Some(value) = values.into_iter().nth(case.turn % 3) else { continue };
        let filter = [Condition { name: by.to_owned(), value: value.clone() }];
        let filtered = look.filtered(&metric, &periods, &[], &filter).await?;
        let alone = |segment: &Segment| segment.iter().filter(|(name, _)| name != by).cloned().collect::<Segment>();
        let of_split: BTreeMap<_, &Cell> = split
            .iter()
            .filter(|((_, segment), _)| value_of(segment, by) == Some(value.clone()))
            .map(|((period, segment), cell)| ((*period, alone(segment)), cell))
            .collect();
        for (place, cell) in &filtered {
            let what = format!("{} {} where {by} = {value:?}", named(&metric), periods[place.0].label);
            match of_split.get(place) {
                Some(same) if figures_of(same) == figures_of(cell) => {}
                Some(other) => {
                    wrong.push(format!("{what}: {:?}, by the split {:?}", figures_of(cell), figures_of(other)))
                }
                // Nothing there: a split has no such segment.
                None if cell.n == 0 && cell.excluded.is_empty() => {}
                None => wrong.push(format!("{what}: {:?}, the split has no such cell", figures_of(cell))),
            }
        }
        if let Some(missing) = of_split.keys().find(|place| !filtered.contains_key(place)) {
            wrong.push(format!("{} where {by} = {value:?}: no cell {missing:?}", named(&metric)));
        }
    }
    none_wrong(wrong)
}

fn value_of(segment: &Segment, by: &str) -> Option<Option<String>> {
    segment.iter().find(|(name, _)| name == by).map(|(_, value)| value.clone())
}

/// Value, n, exclusions and reason, as they are compared.
fn figures_of(cell: &Cell) -> (Option<String>, i64, BTreeMap<String, i64>, Option<String>) {
    let (n, excluded) = told([cell]);
    (value(cell).map(|value| format!("{value:.9}")), n, excluded, cell.reason.clone())
}

#[test]
fn rows_and_sums_add_up_over_segments() {
    crate::harness::hold("segments add up", crate::rows::LOTS as u32);
}

#[test]
fn a_filter_gives_what_the_split_gives() {
    crate::harness::hold("a filter is its segment", 3);
}
