//! `tenure metric`: one metric over periods, in one definition or all, by any attribute.

mod diff;
mod pivot;
mod show;
mod variants;

use crate::args::{Form, MetricArgs};
use crate::exit::{Exit, Failure, Outcome};
use crate::output;
use crate::printer::Printer;
use crate::resolve::{self, Usual};
use crate::session::{Context, Session};
use tenure_engine::{Answer, MetricRef, Question};
use tenure_schema::period::{Grain, Period};

/// Twelve complete months, unless asked otherwise.
const USUAL: Usual = Usual { last: 12, grain: Grain::Month };

/// One of them where definitions stand beside each other.
const USUAL_OF_ALL: Usual = Usual { last: 1, ..USUAL };

/// A metric's answer and what it takes to show it.
pub(crate) struct Shown<'a> {
    pub(crate) answer: &'a Answer,
    /// The periods asked for; the answer may hold one before them, to compare with.
    pub(crate) periods: &'a [Period],
    pub(crate) by: &'a [String],
    pub(crate) variants: usize,
    /// Definitions that the question does not fit.
    pub(crate) left_out: &'a [variants::LeftOut],
}

/// Answers one metric.
pub(crate) async fn run(context: &Context, args: &MetricArgs, printer: &mut Printer) -> Outcome {
    let session = Session::open(context).await?;
    if let Some([first, second]) = args.diff.as_deref() {
        return diff::run(&session, args, [first, second], printer).await;
    }
    let metrics = definitions(&session, args)?;
    let filter = resolve::conditions(&args.filter)?;
    let observed_to = session.observed_to(&metrics)?;
    let clock = session.engine.clock();
    let variants = metrics.len();
    let usual = if variants > 1 { USUAL_OF_ALL } else { USUAL };
    let periods = resolve::periods(&args.when, usual, observed_to, &clock)?;
    let for_people = args.output.format == Form::Table;
    let mut asked = periods.clone();
    if for_people {
        asked = resolve::with_history(asked, periods.len() + 1, &clock);
    }
    let question = Question { metrics, periods: asked, by: args.split.by.clone(), filter, now: session.now };
    let (answer, left_out) = match variants {
        1 => (session.engine.answer(&question).await?, Vec::new()),
        _ => variants::answer(&session.engine, &question).await?,
    };
    let file = args.output.output.as_deref();
    let records = || {
        let records = output::records(&answer);
        match session.engine.catalog().metric(&args.metric) {
            Some(metric) if variants > 1 => variants::defined(records, metric),
            _ => records,
        }
    };
    let text = match args.output.format {
        Form::Json => output::json(&records())?,
        Form::Csv => output::csv(&records())?,
        Form::Table => {
            let left_out = &left_out;
            let shown = Shown { answer: &answer, periods: &periods, by: &args.split.by, variants, left_out };
            show::text(&shown, &session, args, printer)
        }
    };
    if !for_people {
        for left in &left_out {
            printer.aside(&left.told())?;
        }
    }
    printer.document(&text, file)?;
    Ok(Exit::Done)
}

/// The definitions asked for: one, or all of them side by side.
fn definitions(session: &Session, args: &MetricArgs) -> Outcome<Vec<MetricRef>> {
    let one = |variant: Option<&str>| MetricRef { id: args.metric.clone(), variant: variant.map(str::to_owned) };
    if args.variant.as_deref() != Some("all") {
        return Ok(vec![one(args.variant.as_deref())]);
    }
    let catalog = session.engine.catalog();
    let metric = catalog.metric(&args.metric).ok_or_else(|| {
        Failure::from(tenure_engine::EngineError::UnknownMetric {
            id: args.metric.clone(),
            similar: catalog.similar(&args.metric).into_iter().map(str::to_owned).collect(),
        })
    })?;
    let others = metric.variants.iter().map(|variant| one(Some(&variant.id)));
    Ok(std::iter::once(one(Some("default"))).chain(others).collect())
}
