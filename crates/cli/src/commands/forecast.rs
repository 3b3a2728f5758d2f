//! `tenure forecast`: what the next quarters bring, and how often such forecasts held.

mod record;
mod records;
mod show;

use crate::args::{ForecastArgs, Form};
use crate::exit::{Exit, Outcome};
use crate::output;
use crate::printer::Printer;
use crate::session::{Context, Session};
use jiff::Timestamp;
use tenure_engine::{Data, MetricRef};
use tenure_lake::Lake;
use tenure_outlook::forecast::{self, Forecast, Place, Question, forecast, known_by};

/// A forecast with what it rests on.
struct Told<'a> {
    found: &'a Forecast,
    session: &'a Session,
    by: Option<&'a str>,
    observed_to: Timestamp,
}

impl Told<'_> {
    fn currency(&self) -> &str {
        self.session.engine.settings().currency.code()
    }
}

/// Looks ahead, or back at what was foretold.
pub(crate) async fn run(context: &Context, args: &ForecastArgs, printer: &mut Printer) -> Outcome {
    let session = Session::open(context).await?;
    // As far as the tables go that retention and renewals read.
    let observed_to = session.observed_to(&["nrr", "renewal_rate"].map(MetricRef::default_of))?;
    let question = Question { quarters: args.quarters as usize, by: args.by.clone(), ..Question::default() };
    let file = args.output.output.as_deref();
    let text = if args.record {
        let lake = Lake::open(&session.workspace.root).await?;
        let catalog = session.workspace.catalog()?;
        let settings = session.workspace.settings.clone();
        let place = Place { lake: &lake, catalog, settings, level: context.global.level };
        let found = forecast::record(&place, &session.engine, observed_to, &question).await?;
        match args.output.format {
            Form::Json => serde_json::to_string_pretty(&record::json(&found))? + "\n",
            Form::Csv => output::rows_csv(&record::columns(), &record::rows(&found))?,
            Form::Table => record::text(&found, printer, file),
        }
    } else {
        let today = forecast::today(observed_to, &session.engine.clock())?;
        let data = Data::of(&session.snapshot).await?;
        let settings = session.workspace.settings.clone();
        let engine = known_by(data, today, session.workspace.catalog()?, settings, context.global.level).await?;
        let found = forecast(&engine, today, &question).await?;
        let told = Told { found: &found, session: &session, by: args.by.as_deref(), observed_to };
        match args.output.format {
            Form::Json => serde_json::to_string_pretty(&records::json(&told))? + "\n",
            Form::Csv => output::rows_csv(&records::columns(told.by), &records::rows(&told))?,
            Form::Table => show::text(&told, printer, file),
        }
    };
    printer.document(&text, file)?;
    Ok(Exit::Done)
}
