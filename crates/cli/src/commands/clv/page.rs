//! `tenure clv`: every definition side by side, the models' parameters, which fits, and how each would have done.

use super::{METRIC, hold_out, lines, metric, period};
use crate::args::{ClvPageArgs, Form};
use crate::exit::{Exit, Failure, Outcome};
use crate::output;
use crate::people::{self, Detail};
use crate::printer::{Printer, rendered};
use crate::resolve;
use crate::session::Session;
use crate::table::{Column, Table, Text, Tone};
use serde_json::json;
use std::path::Path;
use tenure_engine::{Answer, Cell, MetricRef, Question};
use tenure_outlook::lifetime_value::{HoldOut, Model};
use tenure_stats::lifetime::contractual::LikelihoodRatio;

/// Below this chance a third parameter is not luck.
const SIGNIFICANT: f64 = 0.05;

/// Shows the page.
pub(super) async fn run(session: &Session, args: &ClvPageArgs, printer: &mut Printer) -> Outcome {
    let metrics = definitions(session)?;
    let observed_to = session.observed_to(&metrics)?;
    let question = Question {
        periods: vec![period(session, args.of.period.as_deref(), observed_to)?],
        metrics,
        by: args.split.by.clone(),
        filter: resolve::conditions(&args.of.filter)?,
        now: session.now,
    };
    let answer = session.engine.answer(&question).await?;
    let whole = question.by.is_empty() && question.filter.is_empty();
    let held = if whole { hold_out::ask(session, args.fitted.months).await? } else { Vec::new() };
    let file = args.shown.output.output.as_deref();
    let text = match args.shown.output.format {
        Form::Json => {
            let tested = likelihood_ratio(&answer).map(|ratio| json!({ "statistic": ratio.statistic, "p": ratio.p }));
            let page = json!({ "variants": output::records(&answer), "likelihood_ratio_bdw_sbg": tested, "hold_out": hold_out::record(&held) });
            serde_json::to_string_pretty(&page)? + "\n"
        }
        Form::Csv => output::csv(&output::records(&answer))?,
        Form::Table => told(&answer, &held, printer, file),
    };
    printer.document(&text, file)?;
    Ok(Exit::Done)
}

/// The metric in all its definitions.
fn definitions(session: &Session) -> Outcome<Vec<MetricRef>> {
    let found = session.engine.catalog().metric(METRIC);
    let found = found.ok_or_else(|| Failure::new(format!("the catalogue has no metric `{METRIC}`")))?;
    let variants = found.variants.iter().map(|variant| metric(Some(&variant.id)));
    Ok(std::iter::once(metric(Some("default"))).chain(variants).collect())
}

fn told(answer: &Answer, held: &[HoldOut], printer: &Printer, file: Option<&Path>) -> String {
    let Some(first) = answer.cells.first() else { return "there is nobody to be worth anything\n".to_owned() };
    let title = printer.palette.paint(Tone::Strong, &format!("{} at the end of {}", first.title, first.period.label));
    let mut text = format!("{title}\n\n{}", rendered(printer, &definitions_table(answer), file));
    let fitted: Vec<&Cell> =
        answer.cells.iter().filter(|cell| cell.value.is_some() && Model::of(&cell.variant).is_some()).collect();
    if !fitted.is_empty() {
        text += &format!("\n{}", rendered(printer, &models_table(&fitted), file));
    }
    let whole = answer.cells.iter().all(|cell| cell.segment.is_empty());
    for line in verdicts(answer).into_iter().filter(|_| whole) {
        text += &format!("\n{}", lines(printer, Tone::Plain, &line));
    }
    if !held.is_empty() {
        text += &format!("\n{}", held_out(held, printer, file));
    }
    text
}

/// Value, interval and tail by definition, and why there is none.
fn definitions_table(answer: &Answer) -> Table {
    let names: Vec<&String> =
        answer.cells.first().into_iter().flat_map(|cell| &cell.segment).map(|(name, _)| name).collect();
    let mut columns = vec![Column::words("Variant")];
    columns.extend(names.iter().map(|name| Column::words(name).wraps_to(10)));
    columns.extend([
        Column::numbers("Value"),
        Column::numbers("95% interval").rank(3),
        Column::numbers("tail").rank(4),
        Column::numbers("n").rank(2),
        Column::words("Note").wraps_to(22).rank(1),
    ]);
    let mut table = Table::new(columns).in_full("--format csv");
    for cell in &answer.cells {
        let mut row: Vec<Text> = vec![cell.variant.as_str().into()];
        row.extend(cell.segment.iter().map(|(_, value)| match value {
            Some(value) => value.as_str().into(),
            None => Text::toned(Tone::Faint, "(none)"),
        }));
        row.extend(worth(cell));
        row.push(part(cell, "tail_share"));
        row.push(people::count(cell.n).into());
        let note = match (&cell.reason, Model::of(&cell.variant)) {
            (Some(reason), _) => reason.clone(),
            // Said once, of the whole.
            (None, Some(model)) if cell.segment.is_empty() => model.assumes().to_owned(),
            (None, _) => String::new(),
        };
        row.push(Text::toned(Tone::Faint, note));
        table.row(row);
    }
    table
}

/// A value and its interval.
pub(super) fn worth(cell: &Cell) -> [Text; 2] {
    let currency = cell.currency.as_deref();
    let value =
        cell.value.map_or_else(|| "–".to_owned(), |value| people::figure(value, cell.unit, currency, Detail::Brief));
    let limits = cell.low.zip(cell.high).map(|(low, high)| people::range(low, high, cell.unit, currency));
    [Text::toned(Tone::Strong, value), Text::toned(Tone::Faint, limits.unwrap_or_default())]
}

/// A part in its unit, empty where it is not known.
pub(super) fn part(cell: &Cell, name: &str) -> Text {
    let known = cell.part(name).and_then(|part| Some((part.value?, part.unit)));
    known.map(|(value, unit)| super::accounts::brief(cell, value, unit).into()).unwrap_or_default()
}

fn number(cell: &Cell, name: &str) -> Option<f64> {
    Some(cell.part(name)?.value?.as_f64())
}

/// Parameters with their standard errors, and how well each model explains what it was fitted to.
fn models_table(fitted: &[&Cell]) -> Table {
    let segmented = fitted.iter().any(|cell| !cell.segment.is_empty());
    let mut table = Table::new(vec![
        Column::words("Model"),
        Column::words("Parameters ± standard error").wraps_to(24),
        Column::numbers("log-likelihood").rank(1),
    ]);
    for cell in fitted {
        let Some(model) = Model::of(&cell.variant) else { continue };
        let one = |name: &&str| {
            let error = number(cell, &format!("{name}_se"))?;
            Some(format!("{name} {:.3} ± {error:.3}", number(cell, name)?))
        };
        let segment = cell.segment.iter().map(|(_, value)| value.as_deref().unwrap_or("(none)"));
        let name = if segmented {
            format!("{} {}", model.id(), segment.collect::<Vec<_>>().join(" "))
        } else {
            model.id().to_owned()
        };
        let likelihood = number(cell, "log_likelihood").map(|value| format!("{value:.2}"));
        let parameters = model.parameters().iter().filter_map(one).collect::<Vec<_>>().join(", ");
        table.row(vec![name.into(), parameters.into(), likelihood.unwrap_or_default().into()]);
    }
    table
}

/// The test of the third parameter, where both models of renewals have a fit to the whole.
fn likelihood_ratio(answer: &Answer) -> Option<LikelihoodRatio> {
    let of = |model: Model| {
        let cell = answer.cells.iter().find(|cell| cell.segment.is_empty() && cell.variant == model.id())?;
        number(cell, "log_likelihood")
    };
    Some(LikelihoodRatio::of(of(Model::Sbg)?, of(Model::Bdw)?))
}

/// Which model fits, in a sentence each.
fn verdicts(answer: &Answer) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(LikelihoodRatio { statistic, p }) = likelihood_ratio(answer) {
        let test = format!("likelihood ratio {statistic:.2}, p = {p:.3}");
        said.push(match p < SIGNIFICANT {
            true => format!("Of the models of renewals bdw fits better ({test}): a customer's own chance to leave changes with tenure."),
            false => format!("Of the models of renewals sbg is enough ({test}): nothing shows that a customer's own chance to leave changes with tenure."),
        });
    }
    let buying = answer.cells.iter().filter(|cell| Model::of(&cell.variant).is_some_and(|model| !model.of_contracts()));
    let mut likelihoods: Vec<(f64, &str)> =
        buying.filter_map(|cell| Some((number(cell, "log_likelihood")?, cell.variant.as_str()))).collect();
    likelihoods.sort_by(|a, b| b.0.total_cmp(&a.0));
    if let [(best, name), (second, other), ..] = likelihoods[..] {
        said.push(format!(
            "Of the models of purchases {name} explains them best: its log-likelihood is {:.2} above that of {other}.",
            best - second
        ));
    }
    said
}

/// How far off each model would have been.
fn held_out(held: &[HoldOut], printer: &Printer, file: Option<&Path>) -> String {
    let mut table = Table::new(vec![
        Column::words("Held out"),
        Column::words("fitted at").rank(1),
        Column::words("to").rank(2),
        Column::numbers("expected"),
        Column::numbers("came"),
        Column::numbers("off"),
        Column::words("Note").wraps_to(22).rank(3),
    ]);
    for one in held {
        let last = one.steps.last();
        table.row(vec![
            one.model.id().into(),
            one.known.label.as_str().into(),
            last.map_or("", |step| step.month.label.as_str()).into(),
            last.map(|step| format!("{:.1}", step.expected)).unwrap_or_default().into(),
            last.map(|step| format!("{:.0}", step.actual)).unwrap_or_default().into(),
            one.off().map(hold_out::off).unwrap_or_default(),
            Text::toned(Tone::Faint, one.reason.as_deref().unwrap_or_default()),
        ]);
    }
    let note = "expected and came: of contracts the customers of then who are still there, of purchases the months in which they have bought since; \
                month by month: tenure clv hold-out";
    format!("{}{}", rendered(printer, &table, file), lines(printer, Tone::Faint, note))
}
