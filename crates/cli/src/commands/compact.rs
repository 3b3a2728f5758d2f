//! `tenure compact`: few and sorted files, the same rows.

use crate::exit::{Exit, Outcome};
use crate::people;
use crate::printer::Printer;
use crate::session::Context;
use crate::table::{Column, Table};
use tenure_lake::Lake;

/// Compacts the workspace's lake.
pub(crate) async fn run(context: &Context, printer: &mut Printer) -> Outcome {
    let workspace = context.workspace()?;
    let lake = Lake::open(&workspace.root).await?;
    tenure_lake::keep_temporary_files_in(&workspace.root);
    let report = lake.compact(context.environment.now).await?;
    if report.tables.is_empty() {
        printer.line("the lake's files are few and sorted already")?;
        return Ok(Exit::Done);
    }
    let mut table = Table::new(vec![
        Column::words("Table"),
        Column::numbers("Files before"),
        Column::numbers("Files now"),
        Column::numbers("Rows rewritten"),
    ]);
    for one in &report.tables {
        let rows = people::count(one.rows);
        table.row(vec![one.name.into(), one.before.to_string().into(), one.after.to_string().into(), rows.into()]);
    }
    printer.table(&table)?;
    Ok(Exit::Done)
}
