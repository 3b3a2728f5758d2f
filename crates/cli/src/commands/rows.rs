//! `tenure rows`: the rows behind a number, or those it leaves out.

use crate::args::{Form, RowsArgs};
use crate::exit::{Exit, Outcome};
use crate::output;
use crate::people;
use crate::printer::{Printer, rendered};
use crate::resolve;
use crate::session::{Context, Session};
use crate::table::{Column, Table, Text, Tone, wrap};
use tenure_engine::{MetricRef, RowsAnswer, RowsQuestion};
use tenure_schema::period::Period;

/// As many as a screen is good for.
const ON_SCREEN: usize = 100;

/// Lists the rows of a metric in a period.
pub(crate) async fn run(context: &Context, args: &RowsArgs, printer: &mut Printer) -> Outcome {
    let session = Session::open(context).await?;
    let metric = MetricRef { id: args.metric.clone(), variant: args.variant.clone() };
    let observed_to = session.observed_to(std::slice::from_ref(&metric))?;
    let period = Period::parse(&args.period, &session.engine.clock(), observed_to)?;
    let for_people = args.output.format == Form::Table;
    let question = RowsQuestion {
        metric,
        period: period.clone(),
        filter: resolve::conditions(&args.filter)?,
        excluded: args.excluded,
        now: session.now,
        limit: args.limit.or(for_people.then_some(ON_SCREEN)),
    };
    let answer = session.engine.rows(&question).await?;
    let file = args.output.output.as_deref();
    let text = match args.output.format {
        Form::Json => output::json(&objects(&answer))?,
        Form::Csv => output::rows_csv(&answer.columns, &answer.rows)?,
        Form::Table => rendered(printer, &table(&answer), file) + &foot(args, &period, &answer, printer),
    };
    printer.document(&text, file)?;
    Ok(Exit::Done)
}

fn table(answer: &RowsAnswer) -> Table {
    let numeric = |place: usize| {
        let mut known = answer.rows.iter().filter_map(|row| row.get(place)?.as_deref()).peekable();
        known.peek().is_some() && known.all(|text| text.parse::<f64>().is_ok())
    };
    // The first columns say which row it is; what comes later gives way first.
    let columns = answer.columns.iter().enumerate().map(|(place, name)| {
        let column = if numeric(place) { Column::numbers(name) } else { Column::words(name).wraps_to(12) };
        column.rank(u8::try_from(place.saturating_sub(3)).unwrap_or(u8::MAX))
    });
    let mut table = Table::new(columns.collect()).in_full("--format csv");
    for row in &answer.rows {
        let cell = |value: &Option<String>| match value {
            Some(text) => Text::from(text.as_str()),
            None => Text::toned(Tone::Faint, "–"),
        };
        table.row(row.iter().map(cell).collect());
    }
    table
}

fn foot(args: &RowsArgs, period: &Period, answer: &RowsAnswer, printer: &Printer) -> String {
    let shown = match answer.rows.len() < answer.total {
        true => format!(", the first {} shown: --limit or --format csv gives more", people::count(answer.rows.len())),
        false => String::new(),
    };
    let what = if args.excluded { "left out of" } else { "counted in" };
    let rows = if answer.total == 1 { "row" } else { "rows" };
    let note = format!(
        "{} {rows} {what} {} in {}{shown} · lake version {}",
        people::count(answer.total),
        args.metric,
        period.label,
        answer.lake_version
    );
    let lines = wrap(&note, printer.width);
    let painted: Vec<String> = lines.iter().map(|line| printer.palette.paint(Tone::Faint, line)).collect();
    format!("\n{}\n", painted.join("\n"))
}

/// One object a row, each value as text: a key is no number, however it looks.
fn objects(answer: &RowsAnswer) -> Vec<output::Pairs<'_, Option<&str>>> {
    answer
        .rows
        .iter()
        .map(|row| {
            output::Pairs(answer.columns.iter().map(String::as_str).zip(row.iter().map(Option::as_deref)).collect())
        })
        .collect()
}
