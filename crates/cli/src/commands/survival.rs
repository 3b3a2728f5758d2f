//! `tenure survival`: how long it lasts.

mod records;
mod show;

use crate::args::{Form, SurvivalArgs};
use crate::exit::{Exit, Outcome};
use crate::output;
use crate::printer::Printer;
use crate::session::{Context, Session};
use tenure_engine::MetricRef;
use tenure_outlook::survival::{Of, Question, Survival, survival};
use tenure_schema::period::Period;

/// An answer with what it rests on.
struct Told<'a> {
    found: &'a Survival,
    session: &'a Session,
    question: &'a Question,
}

/// Tells how long lives last.
pub(crate) async fn run(context: &Context, args: &SurvivalArgs, printer: &mut Printer) -> Outcome {
    let session = Session::open(context).await?;
    let metric = match args.of {
        // Customers' lives are seen as far as their number is.
        Of::Churn => "active_customers",
        Of::Journey(metric) => metric,
    };
    let now = session.observed_to(&[MetricRef::default_of(metric)])?;
    let clock = session.engine.clock();
    let period = args.period.as_deref().map(|text| Period::parse(text, &clock, now)).transpose()?;
    let seen_from = args.seen_from.as_deref().map(|day| Period::parse(&format!("@{day}"), &clock, now)).transpose()?;
    let question = Question {
        of: args.of,
        by: args.by.clone(),
        cox: args.cox.clone(),
        period,
        seen_from: seen_from.map(|at| at.start),
        now,
    };
    let found = survival(&session.engine, &question).await?;
    let told = Told { found: &found, session: &session, question: &question };
    let file = args.output.output.as_deref();
    let text = match args.output.format {
        Form::Json => serde_json::to_string_pretty(&records::json(&told))? + "\n",
        Form::Csv => output::rows_csv(&records::columns(&question.by), &records::rows(&told))?,
        Form::Table => show::text(&told, printer, file),
    };
    printer.document(&text, file)?;
    Ok(Exit::Done)
}
