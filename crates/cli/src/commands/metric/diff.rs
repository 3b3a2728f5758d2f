//! `tenure metric ID --diff A B`: two definitions row by row.

mod records;
mod show;

use super::USUAL_OF_ALL;
use crate::args::{Form, MetricArgs};
use crate::exit::{Exit, Failure, Outcome};
use crate::output;
use crate::printer::Printer;
use crate::resolve;
use crate::session::Session;
use tenure_engine::{Cell, CountedBy, DifferenceAnswer, DifferenceQuestion, MetricRef};
use tenure_schema::period::Period;

/// A comparison and what it takes to tell it.
struct Found<'a> {
    metric: &'a str,
    variants: [&'a str; 2],
    period: &'a Period,
    answer: &'a DifferenceAnswer,
}

/// Compares two definitions.
pub(super) async fn run(
    session: &Session,
    args: &MetricArgs,
    variants: [&String; 2],
    printer: &mut Printer,
) -> Outcome {
    if variants[0] == variants[1] {
        return Err(Failure::usage(format!("--diff names `{}` twice", variants[0]))
            .hint("name two definitions, such as --diff default with one of its variants"));
    }
    let of = |variant: &String| MetricRef { id: args.metric.clone(), variant: Some(variant.clone()) };
    let observed_to = session.observed_to(&variants.map(of))?;
    let periods = resolve::periods(&args.when, USUAL_OF_ALL, observed_to, &session.engine.clock())?;
    let [period] = periods.as_slice() else {
        return Err(Failure::usage("--diff compares one period").hint("name it with --period"));
    };
    let question = DifferenceQuestion {
        metric: args.metric.clone(),
        variants: variants.map(Clone::clone),
        period: period.clone(),
        filter: resolve::conditions(&args.filter)?,
        now: session.now,
    };
    let answer = session.engine.difference(&question).await?;
    let found = Found { metric: &args.metric, variants: variants.map(String::as_str), period, answer: &answer };
    let file = args.output.output.as_deref();
    let text = match args.output.format {
        Form::Json => records::json(&found)?,
        Form::Csv => {
            // The rows alone are one table; what both count and answer is said beside it.
            for line in show::values(&found) {
                printer.aside(&line)?;
            }
            output::rows_csv(&records::columns(&found), &records::rows(&found))?
        }
        Form::Table => show::text(&found, session, printer, file),
    };
    printer.document(&text, file)?;
    Ok(Exit::Done)
}

impl<'a> Found<'a> {
    /// The one cell of a side, where the metric does not itself split.
    fn cell(&self, side: usize) -> Option<&'a Cell> {
        match self.answer.cells[side].as_slice() {
            [cell] => Some(cell),
            _ => None,
        }
    }

    /// Who counts a row, for programs.
    fn by(&self, counted_by: CountedBy) -> &'a str {
        match counted_by {
            CountedBy::First => self.variants[0],
            CountedBy::Second => self.variants[1],
            CountedBy::Differently => "both_differently",
            CountedBy::Alike => "both_alike",
        }
    }
}
