//! A group of the board as a table.

use super::cards::{arrow, tone, verdict};
use super::{chart, minus};
use crate::board::{Board, Group, Line, excluded_rows, without_value};
use crate::people::{self, Detail};
use maud::{Markup, html};

/// The table of a group; what is split by the question's attributes stands elsewhere.
pub(super) fn group(board: &Board, group: &Group) -> Markup {
    let lines: Vec<&Line> = group.lines.iter().filter(|line| !board.is_split(line)).collect();
    let known: Vec<&Line> = lines.iter().copied().filter(|line| line.value().is_some()).collect();
    let unknown = without_value(lines.iter().copied());
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
    let excluded = excluded_rows(cell);
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
                        span.arrow aria-hidden="true" { (arrow(change.way)) } " " (minus(&change.text))
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
