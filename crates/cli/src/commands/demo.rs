//! `tenure demo`: a believable company, imported, and its board.

use super::{health, import, report};
use crate::args::{DemoArgs, Filter, ReportArgs, ReportForm, Split, Standing, When};
use crate::exit::{Exit, Failure, Outcome};
use crate::people;
use crate::printer::Printer;
use crate::session::Context;
use crate::table::{Column, Table};
use crate::workspace::SETTINGS;
use jiff::Span;
use jiff::civil::Date;
use tenure_health::Extent;
use tenure_lake::Lake;

/// Makes the demo company, imports it and prints its board.
pub(crate) async fn run(context: &Context, args: &DemoArgs, printer: &mut Printer) -> Outcome {
    let folder = context.environment.folder.join(&args.folder);
    let shown = args.folder.display();
    if folder.join(SETTINGS).exists() || folder.join("tenure.db").exists() {
        return Err(Failure::new(format!("{shown} is a workspace already"))
            .hint(format!("look at it with `tenure -w {shown} report`, or name another folder")));
    }
    printer.aside("making up a company …")?;
    std::fs::create_dir_all(&folder).map_err(|error| Failure::new(format!("{shown} cannot be made: {error}")))?;
    let summary = tenure_demo::generate(&folder, &tenure_demo::Options::default())?;
    let rows: u64 = summary.files.iter().map(|(_, rows)| rows).sum();
    let rows = people::count(rows);
    printer.aside(&format!("wrote {} exports with {rows} rows to {shown}/exports", summary.files.len()))?;
    Lake::create(&folder, context.environment.now).await?.close().await;

    let within = context.within(&folder);
    let imported = import::import(&within, &[], false, false, printer).await?;
    printer.aside(&import::in_a_line(&imported))?;
    let scored = health::update::extend(
        &within,
        Extent { from: Some(two_closes(&within).await?), ..Extent::default() },
        printer,
    );
    printer.aside(&health::update::told(&scored.await?))?;
    printer.line("")?;
    let board = ReportArgs {
        when: When::default(),
        split: Split::default(),
        filter: Filter::default(),
        format: ReportForm::Table,
        backtest: false,
        output: None,
        standing: Standing::default(),
    };
    report::run(&within, &board, printer).await?;
    printer.line("")?;
    printer.line("next:")?;
    let next = [
        ("rejects", "the rows that were rejected, and why"),
        ("metric nrr --by plan", "one metric over twelve months, by plan"),
        ("rows churned_mrr --period 2026-06", "the rows behind a number"),
        ("explain nrr", "what a number means"),
        ("health", "whom to call today, and why"),
        ("report --format html -o board.html", "a page to print or send"),
    ];
    let mut table = Table::new(vec![Column::words(""), Column::words("").wraps_to(20)]);
    for (command, what) in next {
        table.row(vec![format!("  tenure -w {shown} {command}").into(), what.into()]);
    }
    printer.table(&table)?;
    Ok(Exit::Done)
}

/// From when scores are needed for the board and its change: the close of the month before the last complete one. All of history takes minutes.
async fn two_closes(within: &Context) -> Outcome<Date> {
    let last = health::open(within).await?.1.last_closed()?;
    let month = last.tomorrow().map(Date::first_of_month);
    let from = month.and_then(|month| month.checked_sub(Span::new().months(1))).and_then(Date::yesterday);
    Ok(from.unwrap_or(last))
}
