//! `tenure health risk`: who is likely to leave, by a churn model that history has judged, and why.

mod one;
mod told;

use super::{leaks, lines, month_ends, open};
use crate::args::{Form, HealthRiskArgs};
use crate::exit::{Exit, Failure, Outcome};
use crate::printer::Printer;
use crate::session::Context;
use crate::table::Tone;
use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;
use std::collections::HashMap;
use tenure_backtest::{Answer, Backtest, Chosen, ChurnModel, Leaks, Risk, Row, Settings, backtest, words};
use tenure_health::CustomerScore;
use tenure_scorecard::Scorecards;

/// Customers at risk.
struct Risks<'a> {
    day: Date,
    horizon: i32,
    model: &'a ChurnModel,
    chosen: Option<Chosen>,
    /// How well it did: its area under the curve, in words.
    auc: String,
    /// Signals to look at before it is believed; `None` without a horizon.
    leaks: Option<&'a Leaks>,
    scorecards: &'a Scorecards,
    currency: &'a str,
    /// Those with most at risk first.
    customers: Vec<AtRisk<'a>>,
}

/// A customer and its risk.
struct AtRisk<'a> {
    of: &'a CustomerScore<'a>,
    risk: Risk,
    /// MRR × probability; none where the MRR is not known.
    at_risk: Option<Decimal>,
}

/// Tells who is likely to leave.
pub(crate) async fn run(context: &Context, args: &HealthRiskArgs, printer: &mut Printer) -> Outcome {
    let (workspace, health) = open(context).await?;
    let today = health.last_closed()?;
    let scores = match &args.account {
        Some(account) => vec![health.score_of(account, today).await?.0],
        None => health.scores(today).await?.scores,
    };
    let judgeable = health.judgeable(&month_ends(today, args.last), &[], "plan").await?;
    let (baseline, horizons) = (judgeable.baseline, vec![args.horizon]);
    let settings = Settings { horizons, baseline, ..Settings::default() };
    let found = backtest(&judgeable.panel, &judgeable.scorers, &settings, &[])
        .map_err(|error| Failure::usage(error.to_string()))?;
    let leaks = found.report.horizons.first().map(|horizon| &horizon.leaks);
    let file = args.output.output.as_deref();
    let text = match found.models.get(&args.horizon) {
        None => without_model(args, today, &why(&found), leaks, printer)?,
        Some(model) => {
            let rows = judgeable.panel.rows().iter().filter(|row| day_of(row) == Some(today));
            let customers = customers(model, rows, &scores)?;
            let (chosen, auc) = verdict(&found, model);
            let risks = Risks {
                day: today,
                horizon: args.horizon,
                model,
                chosen,
                auc,
                leaks,
                scorecards: health.scorecards(),
                currency: workspace.settings.currency.code(),
                customers,
            };
            match (&args.account, risks.customers.first()) {
                (Some(_), Some(one)) => one::told(one, &risks, args.output.format, printer, file)?,
                _ => told::all(&risks, args, printer, file)?,
            }
        }
    };
    printer.document(&text, file)?;
    Ok(Exit::Done)
}

fn day_of(row: &Row) -> Option<Date> {
    jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().try_days(row.day).ok()?).ok()
}

/// Customers of the day by what is at risk, then by the probability.
fn customers<'a>(
    model: &ChurnModel,
    rows: impl Iterator<Item = &'a Row>,
    scores: &'a [CustomerScore<'a>],
) -> Outcome<Vec<AtRisk<'a>>> {
    let scored: HashMap<&str, &CustomerScore<'_>> =
        scores.iter().map(|one| (one.observed.customer.account.as_str(), one)).collect();
    let mut customers = Vec::new();
    for row in rows {
        let Some(of) = scored.get(row.account.as_str()) else { continue };
        let risk = model.risk(&row.values).map_err(|error| Failure::usage(error.to_string()))?;
        let share = Decimal::from_f64(risk.probability);
        let at_risk = of.observed.customer.mrr.zip(share).map(|(mrr, share)| mrr * share);
        customers.push(AtRisk { of, risk, at_risk });
    }
    customers.sort_by(|a, b| {
        let account = |one: &AtRisk<'a>| one.of.observed.customer.account.as_str();
        b.at_risk
            .cmp(&a.at_risk)
            .then(b.risk.probability.total_cmp(&a.risk.probability))
            .then_with(|| account(a).cmp(account(b)))
    });
    Ok(customers)
}

/// Why there is no model.
fn why(found: &Backtest) -> String {
    let Some(horizon) = found.report.horizons.first() else { return String::new() };
    let refused = match &horizon.judged {
        Answer::NotEnough(why) => Some(why),
        Answer::Enough(judged) => judged.model.not_enough(),
    };
    refused.map(words::not_enough).unwrap_or_default()
}

/// Which model was chosen, and how well it ranked customers in the past.
fn verdict(found: &Backtest, model: &ChurnModel) -> (Option<Chosen>, String) {
    let judged = found.report.horizons.first().and_then(|horizon| horizon.judged.enough());
    let Some(judged) = judged else { return (None, String::new()) };
    let scored = judged.scorers.iter().find(|scored| scored.scorer == model.kind().scorer());
    let judgement = scored.and_then(|scored| scored.judgement.enough());
    (judged.chosen, judgement.map(words::verdict).unwrap_or_default())
}

fn without_model(
    args: &HealthRiskArgs,
    day: Date,
    why: &str,
    leaks: Option<&Leaks>,
    printer: &Printer,
) -> Outcome<String> {
    Ok(match args.output.format {
        Form::Table => {
            lines(printer, Tone::Plain, &format!("no churn model for leaving within {} days: {why}", args.horizon))
                + &warnings(leaks, printer)
        }
        Form::Json => {
            let record = serde_json::json!({
                "day": day.to_string(), "horizon": args.horizon, "model": null, "not_enough": why, "leaks": leaks, "customers": [],
            });
            serde_json::to_string_pretty(&record)? + "\n"
        }
        Form::Csv => told::csv_without(why)?,
    })
}

/// What is to be looked at before a probability is believed.
fn warnings(leaks: Option<&Leaks>, printer: &Printer) -> String {
    leaks.map(|leaks| leaks::told(leaks, printer)).unwrap_or_default()
}

impl AtRisk<'_> {
    fn name(&self) -> &str {
        let customer = &self.of.observed.customer;
        customer.name.as_deref().unwrap_or(&customer.account)
    }
}
