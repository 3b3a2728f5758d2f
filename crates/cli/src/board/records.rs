//! The board for programs: the periods asked for, each value beside the one before it and its target.

use super::{Board, Line};
use crate::output::{Compared, Record};
use tenure_engine::Cell;

/// One record a line and period.
pub(crate) fn records(board: &Board) -> Vec<Record<'_>> {
    let first = board.periods.len().saturating_sub(board.asked);
    let of_line =
        |line| -> Vec<Record<'_>> { (first..board.periods.len()).filter_map(|at| record(board, line, at)).collect() };
    board.lines().flat_map(of_line).collect()
}

fn record<'a>(board: &'a Board, line: &'a Line, at: usize) -> Option<Record<'a>> {
    let cell: &Cell = line.cells.get(at)?.as_ref()?;
    let before = at.checked_sub(1).and_then(|before| line.cells[before].as_ref()?.value);
    let record = Record::of(cell, &board.catalogue, board.lake_version);
    Some(record.compared(Compared::new(cell, before, line.target)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn the_periods_asked_for_alone() {
        let mut board = sample::board();
        assert!(records(&board).iter().all(|record| record.period == "2026-06"));
        let one = records(&board).len();
        board.asked = 2;
        assert_eq!(records(&board).len(), 2 * one);
    }
}
