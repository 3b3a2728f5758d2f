//! The board as a workbook, and what is asked for it alone: the rows that do not count.

use super::{ask, show};
use crate::board::{Board, Line, excluded_rows};
use crate::exit::{Failure, Outcome};
use crate::session::{Context, Session};
use crate::xlsx::{self, Around, MOST_ROWS, Opened};
use std::path::Path;
use tenure_engine::{Condition, EngineError, MetricRef, RowsQuestion};

/// How a workbook's file is called.
const ENDING: &str = "xlsx";

/// Whether a file's name says it is a workbook.
pub(super) fn is_named(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(ENDING))
}

/// A workbook is no text: it goes to a file that says what it is, or through a pipe.
pub(super) fn has_place(file: Option<&Path>, terminal: bool) -> Outcome<()> {
    match file {
        None if terminal => Err(Failure::usage("a workbook cannot be shown on a terminal")
            .hint("name a file to write it to: --format xlsx -o board.xlsx")),
        Some(file) if !is_named(file) && (file.is_file() || !file.exists()) => {
            let named = file.with_extension(ENDING);
            Err(Failure::usage(format!(
                "{} does not end in .xlsx, so no program would open it as a workbook",
                file.display()
            ))
            .hint(format!("write it to {}, or take another --format", named.display())))
        }
        _ => Ok(()),
    }
}

/// The workbook's bytes.
pub(super) async fn bytes(
    context: &Context,
    session: &Session,
    board: &Board,
    filter: &[Condition],
) -> Outcome<Vec<u8>> {
    let around = Around {
        meanings: ask::meanings(session, board, |_| true).await?,
        facts: show::origin(context, session, board),
        opened: opened(session, board, filter).await?,
    };
    xlsx::workbook(board, &around)
}

/// The rows that the board's own period leaves out, of each metric that leaves out any.
async fn opened(session: &Session, board: &Board, filter: &[Condition]) -> Outcome<Vec<Opened>> {
    let mut all: Vec<Opened> = Vec::new();
    let Some(period) = board.period() else { return Ok(all) };
    let leaves_out = |line: &&Line| line.now().is_some_and(|cell| excluded_rows(cell) > 0);
    for line in board.lines().filter(leaves_out) {
        if all.iter().any(|opened| opened.metric == line.metric) {
            continue;
        }
        let question = RowsQuestion {
            metric: MetricRef::default_of(&line.metric),
            period: period.clone(),
            filter: filter.to_vec(),
            excluded: true,
            now: session.now,
            limit: Some(MOST_ROWS),
        };
        let rows = match session.engine.rows(&question).await {
            Ok(answer) => Some(answer),
            Err(EngineError::StaffRows { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        all.push(Opened { metric: line.metric.clone(), title: line.title.clone(), rows });
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::Exit;

    #[test]
    fn a_workbook_goes_to_a_file_of_its_name() {
        let refused = |file: Option<&str>, terminal| has_place(file.map(Path::new), terminal).unwrap_err();
        assert!(has_place(Some(Path::new("board.xlsx")), true).is_ok());
        assert!(has_place(Some(Path::new("Board.XLSX")), true).is_ok());
        assert!(has_place(None, false).is_ok());
        assert_eq!(refused(None, true).exit, Exit::Usage);
        assert!(refused(Some("out/board.xls"), false).hints[0].contains("out/board.xlsx"));
        assert!(refused(Some("board"), false).problem.contains("does not end in .xlsx"));
    }
}
