//! A group of the board as a table.

use super::cards::{arrow, tone, verdict};
use super::{chart, minus};
use crate::board::{Board, Group, Line};
use crate::people::{self, Detail};
use maud::{Markup, html};

/// The table of a group; what is split by the question's attributes stands elsewhere.
pub(super) fn group(board: &Board, group: &Group) -> Markup {
    let is_split = |line: &Line| board.by.iter().any(|by| line.segment.iter().any(|(name, _)| name == by));
    let lines: Vec<&Line> = group.lines.iter().filter(|line| !is_split(line)).collect();
    let known: Vec<&Line> = lines.iter().copied().filter(|line| line.value().is_some()).collect();
    let unknown = unknown(&lines);
    html! {
        @if !lines.is_empty() {
            section.group {
                h2 { (group.title) }
                @if !known.is_empty() {
                    table.lines {
                        colgroup {
                            col;
                            @for class in ["value", "95", "n", "excluded", "change", "target", "trend"] { col class=(format!("c-{class}")); }
                        }
                        thead { tr {
                            th scope="col" { "Metric" }
                            @for (class, title) in HEADS { th scope="col" class=(class) { (title) } }
                        } }
                        tbody { @for (at, line) in known.iter().enumerate() {
                            @let first = at == 0 || known[at - 1].metric != line.metric;
                            @if first && !line.segment.is_empty() {
                                tr.over { th scope="rowgroup" colspan="8" { (line.title) } }
                            }
                            (row(line))
                        } }
                    }
                }
                @for (reason, names) in &unknown {
                    p.small.faint { (names.join(", ")) ": " (reason) "." }
                }
            }
        }
    }
}

const HEADS: [(&str, &str); 7] = [
    ("num", "Value"),
    ("num", "95% interval"),
    ("num", "n"),
    ("num", "Excluded"),
    ("num", "Change"),
    ("num", "Target"),
    ("", "Trend"),
];

fn row(line: &Line) -> Markup {
    let Some((cell, value)) = line.now().zip(line.value()) else { return html! {} };
    let currency = line.currency.as_deref();
    let show = |number| minus(&people::figure(number, line.unit, currency, Detail::Brief));
    let interval = cell.low.zip(cell.high).map(|(low, high)| minus(&people::range(low, high, line.unit, currency)));
    let excluded: i64 = cell.excluded.iter().map(|(_, count)| count).sum();
    html! {
        tr class=[(!line.segment.is_empty()).then_some("part")] {
            th scope="row" { @if line.segment.is_empty() { (line.title) } @else { (line.segment_name()) } }
            td.num.value {
                (show(value))
                @if !cell.complete { " " span.open { "not complete" } }
            }
            td.num data-label="95%" { @if let Some(interval) = interval { (interval) } }
            td.num data-label="n" { (people::count(cell.n)) }
            td.num data-label="excluded" { @if excluded > 0 { (people::count(excluded)) } }
            td.num data-label="change" {
                @if let Some(change) = line.change() {
                    span class=(tone(change.drift)) {
                        span.arrow aria-hidden="true" { (arrow(change.by)) } " " (minus(&change.text))
                    }
                }
            }
            td.num data-label="target" {
                @if let Some(target) = line.target {
                    (minus(&people::target(target, line.unit, currency))) " " (verdict(line))
                }
            }
            td.trend { (chart::spark(&line.trend(), 110.0, 22.0)) }
        }
    }
}

/// Why metrics have no value: reason, and the metrics it holds for.
fn unknown(lines: &[&Line]) -> Vec<(String, Vec<String>)> {
    let mut reasons: Vec<(String, Vec<String>)> = Vec::new();
    for line in lines {
        let Some(cell) = line.now().filter(|cell| cell.value.is_none()) else { continue };
        let reason = cell.reason.clone().unwrap_or_else(|| "no value".to_owned());
        let name = match line.segment.is_empty() {
            true => line.title.clone(),
            false => format!("{} ({})", line.title, line.segment_name()),
        };
        match reasons.iter_mut().find(|(found, _)| *found == reason) {
            Some((_, names)) => names.push(name),
            None => reasons.push((reason, vec![name])),
        }
    }
    reasons
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn a_group() {
        let board = sample::board();
        insta::assert_snapshot!(group(&board, &board.groups[2]).into_string());
    }

    #[test]
    fn a_missing_value_says_why() {
        let board = sample::board();
        assert!(group(&board, &board.groups[0]).into_string().contains("Quick ratio: no losses."));
    }
}
