//! From the cells of answers to the lines of a board.

use super::{Board, Group, Line};
use std::collections::BTreeMap;
use tenure_catalog::BoardPlan;
use tenure_engine::{Answer, Cell};
use tenure_schema::period::Period;
use tenure_schema::settings::Settings;

/// Sorts the cells of answers into a board over these periods; the answers are to the same lake version.
pub(crate) fn assemble(
    answers: &[Answer],
    periods: Vec<Period>,
    asked: usize,
    settings: &Settings,
    plan: &BoardPlan,
) -> Board {
    let mut lines: Vec<(String, Line)> = Vec::new();
    let mut places = BTreeMap::new();
    for cell in answers.iter().flat_map(|answer| &answer.cells) {
        let Some(at) = periods.iter().position(|period| *period == cell.period) else { continue };
        let place = *places.entry((cell.metric.clone(), cell.segment.clone())).or_insert_with(|| {
            lines.push((cell.group.clone(), empty(cell, periods.len(), settings)));
            lines.len() - 1
        });
        lines[place].1.cells[at] = Some(cell.clone());
    }
    // A segment that has gone is no line of today's board.
    lines.retain(|(_, line)| line.now().is_some());
    lines.sort_by(|(a_group, a), (b_group, b)| {
        let key =
            |group: &str, line: &Line| (plan.place_of_group(group), group.to_owned(), plan.place_of(&line.metric));
        let by_place = key(a_group, a).cmp(&key(b_group, b));
        by_place.then_with(|| (&a.title, &a.metric, &a.segment).cmp(&(&b.title, &b.metric, &b.segment)))
    });
    let mut groups: Vec<(String, Group)> = Vec::new();
    for (group, line) in lines {
        match groups.last_mut() {
            Some((last, found)) if *last == group => found.lines.push(line),
            _ => groups.push((group.clone(), Group { title: group_title(&group), lines: vec![line] })),
        }
    }
    let observed_to = answers.iter().flat_map(|answer| &answer.cells).map(|cell| cell.observed_to).min();
    let first = answers.first();
    Board {
        company: settings.name.clone(),
        clock: settings.clock(),
        observed_to: observed_to.or(periods.last().map(|period| period.end)).unwrap_or_default(),
        periods,
        asked,
        by: Vec::new(),
        filter: Vec::new(),
        groups: groups.into_iter().map(|(_, group)| group).collect(),
        unfit: Vec::new(),
        plan: plan.clone(),
        catalogue: first.map(|answer| answer.catalogue.clone()).unwrap_or_default(),
        lake_version: first.map_or(0, |answer| answer.lake_version),
    }
}

fn empty(cell: &Cell, periods: usize, settings: &Settings) -> Line {
    Line {
        metric: cell.metric.clone(),
        title: cell.title.clone(),
        unit: cell.unit,
        better: cell.better,
        currency: cell.currency.clone(),
        segment: cell.segment.clone(),
        cells: vec![None; periods],
        target: settings.targets.get(&cell.metric).copied(),
    }
}

/// The catalogue's name of a group, for people.
pub(crate) fn group_title(group: &str) -> String {
    let words = group.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use crate::sample;

    #[test]
    fn groups_and_lines_stand_in_order() {
        let board = sample::board();
        let shown: Vec<String> = board
            .groups
            .iter()
            .map(|group| {
                let lines: Vec<&str> = group.lines.iter().map(|line| line.metric.as_str()).collect();
                format!("{}: {}", group.title, lines.join(" "))
            })
            .collect();
        insta::assert_snapshot!(shown.join("\n"));
        assert_eq!(board.whole("nrr").unwrap().change().unwrap().text, "-0.1 pp");
        assert_eq!(board.whole("nrr").unwrap().meets_target(), Some(false));
        assert_eq!(board.whole("mrr").unwrap().meets_target(), None);
    }
}
