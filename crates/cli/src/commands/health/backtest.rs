//! `tenure health backtest`: how often scores were right.

use super::{figures, leaks, lines, month_ends, open, scorecard};
use crate::args::{Form, HealthBacktestArgs};
use crate::exit::{Exit, Failure, Outcome};
use crate::output;
use crate::people;
use crate::printer::{Printer, rendered};
use crate::session::Context;
use crate::table::{Column, Table, Tone, wrap};
use std::path::Path;
use tenure_backtest::{Answer, BandEdge, Judged, Judgement, Report, Scored, Settings, backtest, words};
use tenure_engine::Number;
use tenure_health::Health;
use tenure_scorecard::{Scorecard, Scorecards};

/// Days on which signals are looked at for what they should not know: a few, spread over the history.
const SAMPLED: usize = 4;

/// Judges the scorecards in force and others.
pub(crate) async fn run(context: &Context, args: &HealthBacktestArgs, printer: &mut Printer) -> Outcome {
    let (workspace, health) = open(context).await?;
    let mut others = Vec::new();
    for named in &args.scorecards {
        others.push((named.display().to_string(), scorecard(context, &workspace, &health, named)?));
    }
    let days = month_ends(health.last_closed()?, args.last);
    let judgeable = health.judgeable(&days, &others, &args.by).await?;
    let ahead = health.reads_ahead(&sampled(&health, &judgeable.panel, &days)?).await?;
    let settings = Settings { horizons: args.horizon.clone(), baseline: judgeable.baseline, ..Settings::default() };
    let found = backtest(&judgeable.panel, &judgeable.scorers, &settings, &ahead)
        .map_err(|error| Failure::usage(error.to_string()))?;
    let file = args.output.output.as_deref();
    let text = match args.output.format {
        Form::Json => serde_json::to_string_pretty(&found.report)? + "\n",
        Form::Csv => csv(&found.report)?,
        Form::Table => told(&found.report, health.scorecards(), printer, file),
    };
    printer.document(&text, file)?;
    Ok(Exit::Done)
}

/// Days with customers, evenly spread.
fn sampled(
    health: &Health,
    panel: &tenure_backtest::Panel,
    days: &[jiff::civil::Date],
) -> Outcome<Vec<jiff::civil::Date>> {
    let first = panel.rows().iter().map(|row| row.day).min();
    let last = health.last_closed()?;
    let epoch = jiff::civil::date(1970, 1, 1);
    let within: Vec<jiff::civil::Date> = days
        .iter()
        .copied()
        .filter(|day| *day < last && first.is_some_and(|first| (*day - epoch).get_days() >= first))
        .collect();
    let step = (within.len() / SAMPLED).max(1);
    Ok(within.into_iter().rev().step_by(step).take(SAMPLED).collect::<Vec<_>>().into_iter().rev().collect())
}

fn told(report: &Report, scorecards: &Scorecards, printer: &Printer, file: Option<&Path>) -> String {
    let palette = printer.palette;
    let title = format!(
        "Back-test: {} observations of {} customers at month's ends, each by what was known then",
        people::count(report.rows),
        people::count(report.accounts)
    );
    let mut text = format!("{}\n", palette.paint(Tone::Strong, &title));
    for ahead in &report.reads_ahead {
        text += &leaks::warned(&words::reads_ahead(ahead), printer);
    }
    if report.reads_ahead.is_empty() {
        text += &format!("{}\n", palette.paint(Tone::Faint, "no signal was found to read later days"));
    }
    for said in report.signals.iter().filter_map(words::support) {
        text += &lines(printer, Tone::Faint, &said);
    }
    for horizon in &report.horizons {
        let title = format!("Leaving within {} days", horizon.horizon);
        text += &format!("\n{}\n", palette.paint(Tone::Strong, &title));
        text += &leaks::told(&horizon.leaks, printer);
        text += &match &horizon.judged {
            Answer::NotEnough(why) => lines(printer, Tone::Plain, &words::not_enough(why)),
            Answer::Enough(judged) => of_judged(judged, scorecards, printer, file),
        };
    }
    text
}

fn of_judged(judged: &Judged, scorecards: &Scorecards, printer: &Printer, file: Option<&Path>) -> String {
    let said = format!(
        "{} observations judged, {} customers, of whom {} left; {:.1} % of observations",
        people::count(judged.rows),
        people::count(judged.accounts),
        people::count(judged.churned_accounts),
        100.0 * judged.base_rate
    );
    let mut text = format!("{}\n\n", printer.palette.paint(Tone::Faint, &said));
    text += &rendered(printer, &scorers(judged), file);
    for scored in &judged.scorers {
        let said = match &scored.judgement {
            Answer::Enough(judgement) => words::verdict(judgement),
            Answer::NotEnough(why) => words::not_enough(why),
        };
        for line in wrap(&format!("{}: {said}", scored.scorer), printer.width) {
            text += &format!("{line}\n");
        }
    }
    if let Some(chosen) = &judged.chosen {
        let said = format!("for today's customers (tenure health risk): {}", words::chosen(chosen));
        text += &lines(printer, Tone::Strong, &said);
    }
    for scored in &judged.scorers {
        text += &colours(scored, printer, file);
    }
    text + &weights(judged, scorecards, printer)
}

fn scorers(judged: &Judged) -> Table {
    let mut table = Table::new(vec![
        Column::words("Score"),
        Column::numbers("AUC"),
        Column::words("95 %"),
        Column::numbers("lift 10%"),
        Column::numbers("caught 10%"),
        Column::numbers("caught 20%").rank(1),
        Column::numbers("Brier").rank(3),
        Column::numbers("calibration error").rank(4),
    ]);
    for scored in &judged.scorers {
        let Some(judgement) = scored.judgement.enough() else { continue };
        let top = |place: usize| judgement.top.get(place);
        let interval = match (judgement.auc.low, judgement.auc.high) {
            (Some(low), Some(high)) => format!("{low:.3}–{high:.3}"),
            _ => String::new(),
        };
        table.row(vec![
            scored.scorer.as_str().into(),
            format!("{:.3}", judgement.auc.value).into(),
            interval.into(),
            top(0).map(|top| format!("{:.1}×", top.lift)).unwrap_or_default().into(),
            top(0).map(|top| people::percent(Number::Float(top.capture))).unwrap_or_default().into(),
            top(1).map(|top| people::percent(Number::Float(top.capture))).unwrap_or_default().into(),
            format!("{:.4}", judgement.brier).into(),
            format!("{:.4}", judgement.calibration_error).into(),
        ]);
    }
    table
}

/// What became of red, amber and green ones, and how early a colour warned.
fn colours(scored: &Scored, printer: &Printer, file: Option<&Path>) -> String {
    let Some(judgement) = scored.judgement.enough() else { return String::new() };
    if judgement.green_leavers.is_none() {
        return String::new();
    }
    let mut table =
        Table::new(vec![Column::words(&scored.scorer), Column::words("left"), Column::numbers("predicted")]);
    for band in &judgement.bands {
        let edge = match &band.edge {
            BandEdge::Colour(colour) => format!("{colour:?}").to_lowercase(),
            _ => "without a colour".to_owned(),
        };
        table.row(vec![
            edge.into(),
            words::share(&band.left).into(),
            people::percent(Number::Float(band.predicted)).into(),
        ]);
    }
    let mut text = format!("\n{}", rendered(printer, &table, file));
    text += &warnings(judgement);
    text + &segments(judgement, printer, file)
}

fn warnings(judgement: &Judgement) -> String {
    let green = match &judgement.green_leavers {
        Some(Answer::Enough(found)) => {
            format!("of those who left, green when it could still be told: {}\n", words::share(&found.green))
        }
        Some(Answer::NotEnough(why)) => format!("{}\n", words::not_enough(why)),
        None => String::new(),
    };
    let early = match &judgement.first_warning {
        Some(Answer::Enough(found)) => {
            let days = found
                .median_days
                .map_or("none was warned of".to_owned(), |days| format!("{days:.0} days before, in the median"));
            format!("first warning: {days}; never warned of: {}\n", words::share(&found.never))
        }
        _ => String::new(),
    };
    green + &early
}

fn segments(judgement: &Judgement, printer: &Printer, file: Option<&Path>) -> String {
    if judgement.segments.len() < 2 {
        return String::new();
    }
    let mut table = Table::new(vec![Column::words("by segment"), Column::words("AUC").wraps_to(30)]);
    for one in &judgement.segments {
        let said = match &one.auc {
            Answer::Enough(auc) => words::estimate(*auc),
            Answer::NotEnough(why) => words::not_enough(why),
        };
        table.row(vec![one.segment.as_deref().unwrap_or("(none)").into(), said.into()]);
    }
    format!("\n{}", rendered(printer, &table, file))
}

/// What weights the data would give, beside those by hand.
fn weights(judged: &Judged, scorecards: &Scorecards, printer: &Printer) -> String {
    let Some(model) = judged.model.enough() else { return String::new() };
    let title = "what weight the data would give (churn model), and what weight it has by hand";
    let mut text = format!("\n{}", lines(printer, Tone::Strong, title));
    for weight in model.weights.iter().take(8) {
        let said = format!("{}; {}", words::learned_weight(weight), by_hand(&weight.signal, scorecards));
        for line in wrap(&said, printer.width.saturating_sub(2)) {
            text += &format!("  {line}\n");
        }
    }
    text
}

/// A signal's share of each scorecard's weight.
fn by_hand(signal: &str, scorecards: &Scorecards) -> String {
    let cards = scorecards.cards();
    let share = |card: &Scorecard| {
        let share = figures::weight(card.weight_of(signal)?).replace('%', " %");
        Some(if cards.len() == 1 { share } else { format!("{share} ({})", card.id) })
    };
    let shares: Vec<String> = cards.iter().filter_map(share).collect();
    if shares.is_empty() { "on no scorecard".to_owned() } else { format!("has {} by hand", shares.join(", ")) }
}

fn csv(report: &Report) -> Outcome<String> {
    let columns = [
        "horizon",
        "scorer",
        "auc",
        "auc_low",
        "auc_high",
        "average_precision",
        "brier",
        "log_loss",
        "calibration_error",
        "lift_10",
        "capture_10",
        "lift_20",
        "capture_20",
        "rows",
        "base_rate",
        "not_enough",
    ];
    let mut rows = Vec::new();
    for horizon in &report.horizons {
        let blank = |why: String, scorer: Option<String>| {
            let mut row = vec![None; columns.len()];
            (row[0], row[1]) = (Some(horizon.horizon.to_string()), scorer);
            row[columns.len() - 1] = Some(why);
            row
        };
        let judged = match &horizon.judged {
            Answer::NotEnough(why) => {
                rows.push(blank(words::not_enough(why), None));
                continue;
            }
            Answer::Enough(judged) => judged,
        };
        for scored in &judged.scorers {
            let judgement = match &scored.judgement {
                Answer::NotEnough(why) => {
                    rows.push(blank(words::not_enough(why), Some(scored.scorer.clone())));
                    continue;
                }
                Answer::Enough(judgement) => judgement,
            };
            let text = |value: f64| Some(value.to_string());
            let mut row =
                vec![Some(horizon.horizon.to_string()), Some(scored.scorer.clone()), text(judgement.auc.value)];
            row.extend([judgement.auc.low, judgement.auc.high].map(|end| end.and_then(text)));
            row.extend(
                [judgement.average_precision, judgement.brier, judgement.log_loss, judgement.calibration_error]
                    .map(text),
            );
            for place in [0, 1] {
                let top = judgement.top.get(place);
                row.extend([top.and_then(|top| text(top.lift)), top.and_then(|top| text(top.capture))]);
            }
            row.extend([Some(judged.rows.to_string()), text(judged.base_rate), None]);
            rows.push(row);
        }
    }
    Ok(output::rows_csv(&columns.map(str::to_owned), &rows)?)
}
