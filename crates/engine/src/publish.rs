//! The publish step: cells of staff answers that could point at a person are not shown.

use crate::answer::Cell;
use tenure_catalog::Definition;

/// Hides cells of fewer people than may be shown, and the smallest neighbour where a single hidden cell could be subtracted.
pub(crate) fn publish(definition: &Definition, mut cells: Vec<Cell>) -> Vec<Cell> {
    let Some(publish) = &definition.publish else { return cells };
    let minimum = i64::from(publish.minimum);
    let mut start = 0;
    while start < cells.len() {
        let period = cells[start].period.clone();
        let end = start + cells[start..].iter().take_while(|cell| cell.period == period).count();
        hide_in(&mut cells[start..end], minimum);
        start = end;
    }
    cells
}

fn hide_in(cells: &mut [Cell], minimum: i64) {
    let mut hidden: Vec<bool> = cells.iter().map(|cell| (1..minimum).contains(&cell.n)).collect();
    loop {
        let people: i64 = cells.iter().zip(&hidden).filter(|(_, hidden)| **hidden).map(|(cell, _)| cell.n).sum();
        if people == 0 || people >= minimum {
            break;
        }
        let open = cells.iter().enumerate().filter(|(index, cell)| !hidden[*index] && cell.n > 0);
        match open.min_by_key(|(_, cell)| cell.n).map(|(index, _)| index) {
            Some(smallest) => hidden[smallest] = true,
            None => break,
        }
    }
    for (cell, hidden) in cells.iter_mut().zip(hidden) {
        if hidden {
            hide(cell, minimum);
        }
    }
}

fn hide(cell: &mut Cell, minimum: i64) {
    cell.value = None;
    cell.low = None;
    cell.high = None;
    cell.n = 0;
    cell.excluded = Vec::new();
    cell.parts.iter_mut().for_each(|part| part.value = None);
    cell.reason = Some(format!("not shown: it could point at fewer than {minimum} people"));
}
