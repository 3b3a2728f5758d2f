//! `tenure health compare`: last year under two scorecards, and who changes colour.

use super::figures;
use super::{month_ends, open, scorecard};
use crate::args::{Form, HealthCompareArgs};
use crate::exit::{Exit, Outcome};
use crate::output;
use crate::people;
use crate::printer::{Printer, rendered};
use crate::session::Context;
use crate::table::{Column, Table, Tone};
use serde_json::{Value, json};
use std::path::Path;
use tenure_health::{Compared, DayCompared, Recoloured};
use tenure_scorecard::{Colour, Score};

/// As many customers as a screen is good for.
const ON_SCREEN: usize = 40;

/// Compares two scorecards.
pub(crate) async fn run(context: &Context, args: &HealthCompareArgs, printer: &mut Printer) -> Outcome {
    let (workspace, health) = open(context).await?;
    let (one, two) =
        (scorecard(context, &workspace, &health, &args.one)?, scorecard(context, &workspace, &health, &args.two)?);
    let days = month_ends(health.last_closed()?, args.last);
    let compared = health.compare(&one, &two, &days).await?;
    let file = args.output.output.as_deref();
    let names = [args.one.display().to_string(), args.two.display().to_string()];
    let text = match args.output.format {
        Form::Json => serde_json::to_string_pretty(&record(&compared, &names))? + "\n",
        Form::Csv => csv(&compared)?,
        Form::Table => told(&compared, &names, printer, file),
    };
    printer.document(&text, file)?;
    Ok(Exit::Done)
}

fn told(compared: &Compared, names: &[String; 2], printer: &Printer, file: Option<&Path>) -> String {
    let mut table = Table::new(vec![
        Column::words("end of"),
        Column::numbers("customers").rank(1),
        Column::numbers("mean A"),
        Column::numbers("mean B"),
        Column::numbers("red/amber/green A"),
        Column::numbers("red/amber/green B"),
        Column::numbers("recoloured"),
    ]);
    for day in &compared.days {
        let colours = |place: usize| {
            Colour::ALL.map(|colour| people::count(day.colours[place].get(&colour).copied().unwrap_or(0))).join("/")
        };
        table.row(vec![
            day.day.to_string().into(),
            people::count(day.customers).into(),
            figures::score(day.mean[0]).into(),
            figures::score(day.mean[1]).into(),
            colours(0).into(),
            colours(1).into(),
            people::count(day.recoloured).into(),
        ]);
    }
    let palette = printer.palette;
    let title =
        palette.paint(Tone::Strong, &format!("A: {}; B: {}; each applied to every customer", names[0], names[1]));
    let mut text = format!("{title}\n\n{}", rendered(printer, &table, file));
    if !compared.recoloured.is_empty() {
        let mut who = Table::new(vec![Column::words("Customer").wraps_to(14), Column::words("A"), Column::words("B")]);
        for one in compared.recoloured.iter().take(ON_SCREEN) {
            let Recoloured { customer, scores } = one;
            let cell = |score: &Option<Score>| score.as_ref().map_or_else(|| "–".into(), figures::coloured);
            who.row(vec![
                customer.name.as_deref().unwrap_or(&customer.account).into(),
                cell(&scores[0]),
                cell(&scores[1]),
            ]);
        }
        let last = compared.days.last().map(|day| day.day.to_string()).unwrap_or_default();
        let shown = compared.recoloured.len().min(ON_SCREEN);
        let all = compared.recoloured.len();
        let count = if shown < all { format!("{shown} of {all}") } else { all.to_string() };
        text += &format!("\nwho changes colour at the end of {last} ({count}):\n\n{}", rendered(printer, &who, file));
    }
    text
}

fn record(compared: &Compared, names: &[String; 2]) -> Value {
    let day = |day: &DayCompared| {
        let under = |place: usize| {
            let colours =
                Colour::ALL.map(|colour| (colour.word(), day.colours[place].get(&colour).copied().unwrap_or(0)));
            json!({ "mean": figures::exact(day.mean[place].map(|mean| mean.round_dp(6))),
                    "colours": serde_json::Map::from_iter(colours.map(|(word, count)| (word.to_owned(), json!(count)))) })
        };
        json!({ "day": day.day.to_string(), "customers": day.customers, "a": under(0), "b": under(1), "recoloured": day.recoloured })
    };
    let who = |one: &Recoloured| {
        let of = |place: usize| {
            let score = one.scores[place].as_ref();
            json!({ "score": figures::exact(score.and_then(|score| score.value)),
                    "colour": score.and_then(|score| score.colour).map(|colour| colour.word()) })
        };
        json!({ "account_id": one.customer.account, "name": one.customer.name, "a": of(0), "b": of(1) })
    };
    json!({
        "a": names[0],
        "b": names[1],
        "days": compared.days.iter().map(day).collect::<Vec<_>>(),
        "recoloured": compared.recoloured.iter().map(who).collect::<Vec<_>>(),
    })
}

fn csv(compared: &Compared) -> Outcome<String> {
    let columns = [
        "day",
        "customers",
        "mean_a",
        "mean_b",
        "red_a",
        "amber_a",
        "green_a",
        "red_b",
        "amber_b",
        "green_b",
        "recoloured",
    ];
    let row = |day: &DayCompared| {
        let mut row = vec![Some(day.day.to_string()), Some(day.customers.to_string())];
        row.extend(day.mean.map(|mean| mean.map(|mean| mean.round_dp(6).to_string())));
        for colours in &day.colours {
            row.extend(Colour::ALL.map(|colour| Some(colours.get(&colour).copied().unwrap_or(0).to_string())));
        }
        row.push(Some(day.recoloured.to_string()));
        row
    };
    let rows: Vec<Vec<Option<String>>> = compared.days.iter().map(row).collect();
    Ok(output::rows_csv(&columns.map(str::to_owned), &rows)?)
}
