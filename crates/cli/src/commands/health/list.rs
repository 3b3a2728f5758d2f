//! `tenure health list`: whom to call today, and why.

use super::figures;
use super::parents::{self, Told};
use super::{day, open};
use crate::args::{Form, HealthListArgs};
use crate::exit::{Exit, Failure, Outcome};
use crate::output;
use crate::people::{self, Detail};
use crate::printer::{Printer, rendered};
use crate::session::Context;
use crate::table::{Column, Table, Text, Tone};
use jiff::Span;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use std::collections::HashMap;
use tenure_catalog::Unit;
use tenure_engine::Number;
use tenure_health::{CustomerScore, Health, split};
use tenure_schema::as_of::Level;
use tenure_scorecard::Cause;

/// A customer on the list.
struct Line<'a> {
    now: &'a CustomerScore<'a>,
    at_stake: Option<Decimal>,
    change: Option<Decimal>,
    causes: Vec<Cause>,
}

impl Line<'_> {
    /// What moved the score, each as it is told; of a customer without one, why there is none.
    fn because(&self, told: impl Fn(&Cause) -> String) -> String {
        match figures::unscored(self.now) {
            Some(why) => why.to_owned(),
            None => self.causes.iter().take(CAUSES).map(told).collect::<Vec<_>>().join("; "),
        }
    }
}

/// What the columns say.
const COLUMNS: &str = "at stake: MRR × (100 − score) / 100. sure: share of the scorecard with fresh data.";
/// How many causes are told of each.
const CAUSES: usize = 2;

/// Lists customers in order of what is at stake.
pub(crate) async fn run(context: &Context, args: &HealthListArgs, printer: &mut Printer) -> Outcome {
    let (workspace, health) = open(context).await?;
    let today = day(&health, args.day.as_deref(), "--day")?;
    let before = match &args.since {
        Some(typed) => day(&health, Some(typed), "--since")?,
        None => today.checked_sub(Span::new().days(7)).map_err(|error| Failure::usage(error.to_string()))?,
    };
    let conditions = conditions(&args.filter.conditions)?;
    let [earlier, now] = health.scores_of_two(before, today).await?;
    let (kept, scores, earlier) = (earlier.kept && now.kept, now.scores, earlier.scores);
    let wanted = |one: &&CustomerScore<'_>| {
        conditions.iter().all(|(name, value)| one.observed.traits.get(name).map_or("", String::as_str) == value)
    };
    let scores: Vec<&CustomerScore<'_>> = scores.iter().filter(wanted).collect();
    if args.whom.level == Level::Parent {
        let earlier: Vec<&CustomerScore<'_>> = earlier.iter().filter(wanted).collect();
        let told = Told { days: [before, today], scores: [&earlier, &scores], kept };
        return parents::run(context, &workspace, args, &told, printer).await;
    }
    let lines = lines(&scores, &earlier, args.limit.limit);
    let currency = workspace.settings.currency.code();
    let file = args.output.output.as_deref();
    let text = match args.output.format {
        Form::Json => {
            let all: Vec<Value> = lines.iter().map(|line| record(line, today, before, currency)).collect();
            serde_json::to_string_pretty(&all)? + "\n"
        }
        Form::Csv => csv(&lines, &health, today)?,
        Form::Table => {
            let mut text = super::lines(printer, Tone::Strong, &heading(&scores, today)) + "\n";
            text += &rendered(printer, &table(&lines, &health, before, currency), file);
            text + &foot(lines.len(), scores.len(), COLUMNS, kept, printer)
        }
    };
    printer.document(&text, file)?;
    Ok(Exit::Done)
}

/// `ATTR=VALUE`, as typed.
fn conditions(typed: &[String]) -> Outcome<Vec<(String, String)>> {
    let condition = |text: &String| {
        let (name, value) = text.split_once('=').ok_or_else(|| {
            Failure::usage(format!("--where: `{text}` names no value")).hint("write it like --where plan=Growth")
        })?;
        Ok((name.trim_start_matches("account.").to_owned(), value.to_owned()))
    };
    typed.iter().map(condition).collect()
}

/// The customers with most at stake, and what moved their scores.
fn lines<'a>(scores: &[&'a CustomerScore<'a>], earlier: &[CustomerScore<'_>], limit: usize) -> Vec<Line<'a>> {
    let before: HashMap<&str, &CustomerScore<'_>> =
        earlier.iter().map(|one| (one.observed.customer.account.as_str(), one)).collect();
    let mut sorted: Vec<(Option<Decimal>, &CustomerScore<'_>)> =
        scores.iter().map(|one| (at_stake(one), *one)).collect();
    sorted.sort_by(|(one, a), (two, b)| {
        two.cmp(one).then_with(|| a.observed.customer.account.cmp(&b.observed.customer.account))
    });
    let line = |(at_stake, now): (Option<Decimal>, &'a CustomerScore<'a>)| {
        let then = before.get(now.observed.customer.account.as_str());
        let explained = then.and_then(|then| split(then, now));
        let (change, causes) = explained.map_or((None, Vec::new()), |told| (told.change, told.causes));
        Line { now, at_stake, change, causes }
    };
    sorted.into_iter().take(limit).map(line).collect()
}

/// What a customer pays, by how far its score is from full: who has no score is wholly at stake.
pub(super) fn at_stake(one: &CustomerScore<'_>) -> Option<Decimal> {
    let lacking = Decimal::ONE_HUNDRED - one.score.as_ref().and_then(|score| score.value).unwrap_or_default();
    one.observed.customer.mrr.map(|mrr| mrr * lacking / Decimal::ONE_HUNDRED)
}

fn heading(scores: &[&CustomerScore<'_>], day: Date) -> String {
    let of = |word: &str| {
        scores
            .iter()
            .filter(|one| one.score.as_ref().and_then(|score| score.colour).is_some_and(|c| c.word() == word))
            .count()
    };
    let unscored = scores.iter().filter(|one| one.score.as_ref().and_then(|score| score.value).is_none()).count();
    let unscored = if unscored == 0 { String::new() } else { format!(", {} without a score", people::count(unscored)) };
    format!(
        "Health at the end of {day}: {} customers, {} green, {} amber, {} red{unscored}",
        people::count(scores.len()),
        people::count(of("green")),
        people::count(of("amber")),
        people::count(of("red")),
    )
}

fn table(lines: &[Line<'_>], health: &Health, before: Date, currency: &str) -> Table {
    let mut table = Table::new(vec![
        Column::words("Customer").wraps_to(12),
        Column::words("Score"),
        Column::numbers(&format!("since {}", before.strftime("%b %-d"))),
        Column::words("because").wraps_to(24),
        Column::numbers("MRR"),
        Column::numbers("at stake").rank(2),
        Column::numbers("sure").rank(1),
        Column::words("renews").rank(3),
    ]);
    for line in lines {
        let customer = &line.now.observed.customer;
        let money = |amount: Option<Decimal>| {
            amount.map_or_else(
                || "–".to_owned(),
                |amount| people::figure(Number::Exact(amount), Unit::Money, Some(currency), Detail::Brief),
            )
        };
        let told = |cause: &Cause| {
            format!("{} ({})", figures::cause(cause, health.scorecards()), figures::change(cause.effect))
        };
        let score = line.now.score.as_ref();
        let why = figures::unscored(line.now);
        let none = Text::toned(Tone::Faint, "no score");
        let new = if why.is_none() { "new" } else { "" };
        let renews = customer.renewal.map(|at| at.strftime("%Y-%m-%d").to_string()).unwrap_or_default();
        table.row(vec![
            customer.name.as_deref().unwrap_or(&customer.account).into(),
            score.filter(|_| why.is_none()).map_or(none, figures::coloured),
            line.change.map_or_else(|| new.to_owned(), figures::change).into(),
            line.because(told).into(),
            money(customer.mrr).into(),
            money(line.at_stake).into(),
            score.map(|score| figures::weight(score.coverage.share)).unwrap_or_default().into(),
            renews.into(),
        ]);
    }
    table.in_full("--format csv")
}

/// What stands below a list: how many more there are, what its columns say, and where the scores are from.
pub(super) fn foot(shown: usize, all: usize, said: &str, kept: bool, printer: &Printer) -> String {
    let more = if shown < all { format!("{} more with --limit. ", people::count(all - shown)) } else { String::new() };
    format!("\n{}", super::lines(printer, Tone::Faint, &format!("{more}{said} {}", figures::origin(kept))))
}

fn record(line: &Line<'_>, day: Date, before: Date, currency: &str) -> Value {
    let CustomerScore { observed, card, score } = line.now;
    let customer = &observed.customer;
    let causes: Vec<Value> = line
        .causes
        .iter()
        .map(|cause| json!({ "kind": cause.kind.word(), "signal": cause.signal, "effect": figures::exact(Some(cause.effect)) }))
        .collect();
    json!({
        "day": day.to_string(),
        "account_id": customer.account,
        "name": customer.name,
        "scorecard": card.map(|card| &card.id),
        "score": figures::exact(score.as_ref().and_then(|score| score.value)),
        "reason": figures::unscored(line.now),
        "colour": score.as_ref().and_then(|score| score.colour).map(|colour| colour.word()),
        "coverage": figures::exact(score.as_ref().map(|score| score.coverage.share)),
        "since": before.to_string(),
        "change": figures::exact(line.change),
        "causes": causes,
        "mrr": figures::exact(customer.mrr.map(|mrr| mrr.round_dp(2))),
        "at_stake": figures::exact(line.at_stake.map(|amount| amount.round_dp(2))),
        "currency": currency,
        "renewal_at": customer.renewal.map(|at| at.to_string()),
        "attributes": observed.traits,
    })
}

fn csv(lines: &[Line<'_>], health: &Health, day: Date) -> Outcome<String> {
    let columns = [
        "day",
        "account_id",
        "name",
        "score",
        "colour",
        "change",
        "because",
        "mrr",
        "at_stake",
        "coverage",
        "renewal_at",
    ];
    let row = |line: &Line<'_>| {
        let customer = &line.now.observed.customer;
        let score = line.now.score.as_ref();
        vec![
            Some(day.to_string()),
            Some(customer.account.clone()),
            customer.name.clone(),
            score.and_then(|score| score.value).map(|value| value.to_string()),
            score.and_then(|score| score.colour).map(|colour| colour.word().to_owned()),
            line.change.map(|change| change.to_string()),
            Some(line.because(|cause| figures::cause(cause, health.scorecards()))),
            customer.mrr.map(|mrr| mrr.round_dp(2).to_string()),
            line.at_stake.map(|amount| amount.round_dp(2).to_string()),
            score.map(|score| score.coverage.share.to_string()),
            customer.renewal.map(|at| at.to_string()),
        ]
    };
    let rows: Vec<Vec<Option<String>>> = lines.iter().map(row).collect();
    Ok(output::rows_csv(&columns.map(str::to_owned), &rows)?)
}
