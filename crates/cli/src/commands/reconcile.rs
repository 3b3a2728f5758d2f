//! `tenure reconcile`: an outside file against our figure.

mod records;
mod show;

use crate::args::{Form, ReconcileArgs};
use crate::exit::{Exit, Outcome};
use crate::output;
use crate::printer::Printer;
use crate::session::{Context, Session};
use tenure_engine::MetricRef;
use tenure_reconcile::{Columns, Question, reconcile};
use tenure_schema::period::Period;

/// Compares an outside file with our figure.
pub(crate) async fn run(context: &Context, args: &ReconcileArgs, printer: &mut Printer) -> Outcome {
    let session = Session::open(context).await?;
    let observed_to = session.observed_to(&[MetricRef::default_of(args.metric.metric)])?;
    let period = Period::parse(&args.period, &session.engine.clock(), observed_to)?;
    let columns = Columns { on: args.on.clone(), amount: args.amount.clone(), currency: args.currency.clone() };
    let file = context.environment.folder.join(&args.file);
    let question = Question {
        file: &file,
        name: args.file.display().to_string(),
        columns: &columns,
        measure: args.metric,
        period,
        now: session.now,
    };
    let found = reconcile(&session.engine, &question).await?;
    let output = args.output.output.as_deref();
    let text = match args.output.format {
        Form::Json => records::json(&found)?,
        Form::Csv => {
            // The differences alone are one table; what they add up to is said beside it.
            printer.aside(&show::tie(&found))?;
            output::rows_csv(&records::columns(), &records::rows(&found))?
        }
        Form::Table => show::text(&found, &session, printer, output),
    };
    printer.document(&text, output)?;
    Ok(if found.differences.is_empty() { Exit::Done } else { Exit::Broken })
}
