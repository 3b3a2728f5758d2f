//! `tenure report`: the board.

mod ask;
mod misfit;
mod prospect;
mod show;
mod workbook;

use crate::args::{ReportArgs, ReportForm};
use crate::board::{self, Line};
use crate::exit::{Exit, Failure, Outcome};
use crate::html;
use crate::output;
use crate::printer::{Printer, rendered};
use crate::resolve::{self, Usual};
use crate::session::{Context, Session};
use std::path::Path;
use tenure_engine::MetricRef;
use tenure_schema::period::Grain;

/// The last complete month, unless asked otherwise.
const USUAL: Usual = Usual { last: 1, grain: Grain::Month };

/// How many periods a trend has: a year and the same month of the year before.
const TREND: usize = 13;

/// Answers every metric of the catalogue and shows the board.
pub(crate) async fn run(context: &Context, args: &ReportArgs, printer: &mut Printer) -> Outcome {
    let file = args.output.as_deref();
    fits(args.format, file, context.environment.out_is_terminal)?;
    let session = Session::open(context).await?;
    let filter = resolve::conditions(&args.filter)?;
    let metrics: Vec<MetricRef> =
        session.engine.catalog().metrics().map(|metric| MetricRef::default_of(&metric.id)).collect();
    let observed_to = session.observed_to(&metrics)?;
    let clock = session.engine.clock();
    let asked = resolve::periods(&args.when, USUAL, observed_to, &clock)?;
    let count = asked.len();
    let trend = match args.format {
        ReportForm::Table | ReportForm::Html | ReportForm::Markdown | ReportForm::Xlsx => TREND.max(count + 1),
        // Programs get the periods they ask for, each with the one before it.
        ReportForm::Json | ReportForm::Csv => count + 1,
    };
    let periods = resolve::with_history(asked, trend, &clock);
    let question = ask::Asked { metrics, periods, by: args.split.by.clone(), filter: filter.clone(), now: session.now };
    let board = ask::board(&session, question, count).await?;
    match args.format {
        ReportForm::Table => {
            let text = show::head(&board, printer)
                + &rendered(printer, &board::table(&board), file)
                + &show::foot(&board, printer);
            printer.document(&text, file)?;
        }
        ReportForm::Json => printer.document(&output::json(&board::records(&board))?, file)?,
        ReportForm::Csv => printer.document(&output::csv(&board::records(&board))?, file)?,
        ReportForm::Markdown => {
            let meanings = ask::meanings(&session, &board, Line::has_value).await?;
            printer.document(&board::markdown(&board, &meanings), file)?;
        }
        ReportForm::Html => {
            let meanings = ask::meanings(&session, &board, Line::has_value).await?;
            let prospect = prospect::prospect(context, &session, args.backtest).await?;
            printer
                .document(&html::page(&board, &meanings, &show::facts(context, &session, &board), &prospect), file)?;
        }
        ReportForm::Xlsx => printer.bytes(&workbook::bytes(context, &session, &board, &filter).await?, file)?,
    }
    Ok(Exit::Done)
}

/// Whether a file, or a terminal, is for this form.
fn fits(form: ReportForm, file: Option<&Path>, terminal: bool) -> Outcome<()> {
    match (form, file) {
        (ReportForm::Xlsx, file) => workbook::has_place(file, terminal),
        (_, Some(file)) if workbook::is_named(file) => Err(Failure::usage(format!(
            "{} is a workbook by its name, and what was asked for is a text",
            file.display()
        ))
        .hint("add --format xlsx, or name a file of another kind")),
        _ => Ok(()),
    }
}
