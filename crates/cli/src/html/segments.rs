//! The board split by attributes: a metric a row, a segment a column.

use super::minus;
use crate::board::{Board, Group, Line, segment_name};
use crate::people::{self, Detail};
use maud::{Markup, html};

type Segment = Vec<(String, Option<String>)>;

/// As many columns as a printed page takes.
const COLUMNS: usize = 7;

/// One table a group, or several where there are many segments.
pub(super) fn segments(board: &Board) -> Markup {
    if board.by.is_empty() {
        return html! {};
    }
    html! {
        section.group.segments {
            h2 { "By " (board.by.iter().map(|name| name.rsplit('.').next().unwrap_or(name)).collect::<Vec<_>>().join(" and ")) }
            @for group in &board.groups {
                @let columns = columns(board, group);
                @for part in columns.chunks(COLUMNS) { (table(board, group, part)) }
            }
        }
    }
}

fn table(board: &Board, group: &Group, columns: &[Segment]) -> Markup {
    html! {
        div.scroll {
            table {
                thead { tr {
                    th scope="col" { (group.title) }
                    @for segment in columns { th.num scope="col" { (segment_name(segment)) } }
                } }
                tbody { @for cells in rows(board, group) {
                    tr {
                        th scope="row" {
                            (cells[0].title)
                            @let rest = segment_name(&other(board, cells[0]));
                            @if !rest.is_empty() { " · " (rest) }
                        }
                        @for segment in columns {
                            td.num { (value(cells.iter().copied().find(|line| asked(board, line) == *segment))) }
                        }
                    }
                } }
            }
        }
    }
}

fn value(line: Option<&Line>) -> Markup {
    let Some((line, cell)) = line.and_then(|line| Some((line, line.now()?))) else { return html! {} };
    html! {
        @match cell.value {
            Some(value) => {
                (minus(&people::figure(value, line.unit, line.currency.as_deref(), Detail::Brief)))
                @if !cell.complete { span.open title="not complete" { "*" } }
                small { "n " (people::count(cell.n)) }
            }
            None => { span.faint title=(cell.reason.as_deref().unwrap_or("no value")) { "–" } }
        }
    }
}

/// The lines of a group that belong in one row: the same metric, and the same of what splits it always.
fn rows<'a>(board: &Board, group: &'a Group) -> Vec<Vec<&'a Line>> {
    let mut rows: Vec<Vec<&Line>> = Vec::new();
    for line in group.lines.iter().filter(|line| !asked(board, line).is_empty()) {
        let same = |row: &&mut Vec<&Line>| row[0].metric == line.metric && other(board, row[0]) == other(board, line);
        match rows.iter_mut().find(same) {
            Some(row) => row.push(line),
            None => rows.push(vec![line]),
        }
    }
    rows
}

fn columns(board: &Board, group: &Group) -> Vec<Segment> {
    let mut columns: Vec<Segment> =
        group.lines.iter().map(|line| asked(board, line)).filter(|segment| !segment.is_empty()).collect();
    // Those without a value stand last.
    columns
        .sort_by_key(|segment| segment.iter().map(|(_, value)| (value.is_none(), value.clone())).collect::<Vec<_>>());
    columns.dedup();
    columns
}

/// The part of a segment that was asked for.
fn asked(board: &Board, line: &Line) -> Segment {
    line.segment.iter().filter(|(name, _)| board.by.contains(name)).cloned().collect()
}

/// The part that always splits the metric.
fn other(board: &Board, line: &Line) -> Segment {
    line.segment.iter().filter(|(name, _)| !board.by.contains(name)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn a_matrix() {
        insta::assert_snapshot!(segments(&sample::split_board()).into_string());
    }

    #[test]
    fn nothing_where_nothing_is_split() {
        assert_eq!(segments(&sample::board()).into_string(), "");
    }
}
