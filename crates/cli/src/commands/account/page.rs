//! What is told of an account, in the order in which it is asked.

use super::words::{Words, named, of as counted, plain};
use crate::commands::health::figures;
use crate::people::{self, Detail};
use crate::table::{Text, Tone};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use tenure_account::{Account, Record};
use tenure_engine::{Cell, Number};
use tenure_health::Standing;
use tenure_scorecard::Scorecards;

/// An account in words.
pub(super) struct Page {
    pub title: String,
    pub notes: Vec<String>,
    pub sections: Vec<Section>,
}

/// Facts that belong together: a label and a text each. Without facts it is not told.
pub(super) struct Section {
    pub title: &'static str,
    pub facts: Vec<(String, Text)>,
}

/// How many of a list are told.
const MOST: usize = 5;
/// How many causes of a change of score are told.
const CAUSES: usize = 3;
/// Weeks of use that are told.
const WEEKS: i64 = 13;

/// All of it in words.
pub(super) fn page(account: &Account, standing: Option<&Standing<'_>>, cards: &Scorecards, words: &Words<'_>) -> Page {
    let found = &account.found;
    let name = found.name.as_deref().unwrap_or(&found.id);
    let mut notes = vec![format!("at the end of {}", account.day)];
    if let Some(old) = &found.asked_as {
        notes.push(format!("{old} was merged into {}: what was its own is here", found.id));
    }
    let section = |title, facts| Section { title, facts };
    Page {
        title: format!("{name} ({})", found.id),
        notes,
        sections: vec![
            section("Who", who(account, words)),
            section("Money", money(account, words)),
            section("Health", health(account, standing, cards, words)),
            section("Support", support(account, words)),
            section("Voice", voice(account, words)),
            section("Use", usage(account)),
            section("Onboarding", labelled(&account.journeys, "product", |one| words.journey(one))),
            section("Referrals", labelled(&account.referrals, "direction", |one| words.referral(one))),
        ],
    }
}

fn who(account: &Account, words: &Words<'_>) -> Vec<(String, Text)> {
    let mut facts = vec![fact("customer", customer(&account.spans, words))];
    if let Some(who) = &account.who {
        let about = named(["plan", "segment", "industry", "country"].map(|name| who.text(name)), " · ");
        let csm = named([who.text("csm"), who.text("csm_id")], " ");
        let parent = named([who.text("parent"), who.text("parent_id")], " ");
        let told =
            [("about", about), ("CSM", csm), ("parent", parent), ("attributes", attributes(who.text("attributes")))];
        facts.extend(told.into_iter().filter(|(_, text)| !text.is_empty()).map(|(label, text)| fact(label, text)));
    }
    let child = |child: &Record| {
        let mrr = child.number("mrr").map(|mrr| words.money(Some(mrr))).unwrap_or_else(|| "no MRR".to_owned());
        format!("{}: {mrr}", named([child.text("name"), child.text("account_id")], " "))
    };
    facts.extend(listed("child", &account.children, child));
    if !account.found.took_over.is_empty() {
        facts.push(fact("took over", account.found.took_over.join(", ")));
    }
    facts
}

fn customer(spans: &[Record], words: &Words<'_>) -> String {
    let told = |span: &Record| match span.at("ends_at") {
        None => format!("since {}", words.day(span.at("starts_at"))),
        end => format!("from {} to {}", words.day(span.at("starts_at")), words.day(end)),
    };
    let told: Vec<String> = spans.iter().map(told).collect();
    if told.is_empty() { "never".to_owned() } else { told.join(", then ") }
}

/// Extra attributes: a JSON object in words.
fn attributes(text: Option<&str>) -> String {
    let parsed = text.and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok());
    let Some(serde_json::Value::Object(object)) = parsed else { return String::new() };
    let told = object.into_iter().map(|(name, value)| match value {
        serde_json::Value::String(text) => format!("{name} {text}"),
        value => format!("{name} {value}"),
    });
    told.collect::<Vec<_>>().join(", ")
}

fn money(account: &Account, words: &Words<'_>) -> Vec<(String, Text)> {
    let mut facts: Vec<(String, Text)> = figure(account, "mrr", "MRR").into_iter().collect();
    facts.extend(listed("line", &account.lines, |line| words.line(line)));
    facts.extend(listed("renews", &account.terms, |term| words.term(term)));
    let moved = |one: &Record| {
        let reason = one.text("reason").map(|reason| format!(", {reason}")).unwrap_or_default();
        let movement = one.text("movement").unwrap_or_default();
        format!("{} {movement} {}{reason}", words.day(one.at("at")), words.moved(one.number("change")))
    };
    facts.extend(listed("moved", &account.movements, moved));
    facts
}

fn health(
    account: &Account,
    standing: Option<&Standing<'_>>,
    cards: &Scorecards,
    words: &Words<'_>,
) -> Vec<(String, Text)> {
    let mut facts = Vec::new();
    match standing.and_then(|standing| Some((standing, standing.now.score.as_ref()?))) {
        Some((standing, score)) => {
            let mut told = figures::coloured(score);
            if let Some(change) = standing.explanation.as_ref().and_then(|explanation| explanation.change) {
                told.text += &format!(", {} since a week before", figures::change(change));
            }
            facts.push(("score".to_owned(), told));
            if let Some(reason) = score.reason {
                facts.push(fact("no score", reason));
            }
            let causes = standing.explanation.iter().flat_map(|explanation| &explanation.causes).take(CAUSES);
            for (place, cause) in causes.enumerate() {
                let told = format!("{} ({})", figures::cause(cause, cards), figures::change(cause.effect));
                facts.push(fact(if place == 0 { "because" } else { "" }, told));
            }
            let sure = format!("{} of the scorecard's weight has fresh data", figures::weight(score.coverage.share));
            facts.push(fact("sure", sure));
        }
        None if standing.is_some() => facts.push(fact("score", "no scorecard is for this customer")),
        None => facts.push(("score".to_owned(), Text::toned(Tone::Faint, "no customer on that day"))),
    }
    facts.extend(listed("rated", &account.ratings, |rating| words.rating(rating)));
    facts
}

fn support(account: &Account, words: &Words<'_>) -> Vec<(String, Text)> {
    let mut facts = vec![fact("open", people::count(account.tickets.len()))];
    facts.extend(listed("", &account.tickets, |ticket| words.ticket(ticket)));
    for (id, label) in
        [("ticket_volume", "in 90 days"), ("first_response_time", "first answer"), ("resolution_time", "solved in")]
    {
        facts.extend(figure(account, id, label));
    }
    facts
}

fn voice(account: &Account, words: &Words<'_>) -> Vec<(String, Text)> {
    let told = |answer: &Record| {
        let kind = answer.text("survey_kind").unwrap_or_default().to_uppercase();
        fact(&kind, words.answer(answer))
    };
    account.answers.iter().map(told).collect()
}

fn usage(account: &Account) -> Vec<(String, Text)> {
    let people = |weeks_ago: i64| {
        let week = account.weeks.iter().find(|week| week.number("weeks_ago") == Some(Decimal::from(weeks_ago)));
        Some(week.and_then(|week| week.number("people")).and_then(|people| people.to_f64()).unwrap_or_default())
    };
    let mut facts = Vec::new();
    if !account.weeks.is_empty() {
        let weeks: Vec<Option<f64>> = (0..WEEKS).rev().map(people).collect();
        let last = plain(Decimal::try_from(people(0).unwrap_or_default()).unwrap_or_default());
        facts.push(fact("people", format!("{} by week, {last} in the last", people::spark(&weeks))));
    }
    facts.extend(figure(account, "active_users", "in 30 days"));
    facts.extend(figure(account, "seat_use", "seats used"));
    facts
}

/// A metric of the account alone; where it has no value, why.
fn figure(account: &Account, id: &str, label: &str) -> Option<(String, Text)> {
    let cell = account.figures.iter().find(|cell| cell.metric == id)?;
    Some(match cell.value {
        Some(value) => {
            fact(label, people::figure(value, cell.unit, cell.currency.as_deref(), Detail::Full) + &of(cell))
        }
        None => (label.to_owned(), Text::toned(Tone::Faint, cell.reason.clone().unwrap_or_default())),
    })
}

/// Of how many a mean is.
fn of(cell: &Cell) -> String {
    match cell.metric.as_str() {
        "first_response_time" | "resolution_time" => format!(" on average of {}", people::count(cell.n)),
        "seat_use" => {
            let part = |name: &str| cell.part(name).and_then(|part| part.value).map(exactly);
            let told = part("people").zip(part("seats")).map(|(people, seats)| {
                format!(": {}, {}", counted(people, "person", "people"), counted(seats, "seat", "seats"))
            });
            told.unwrap_or_default()
        }
        _ => String::new(),
    }
}

fn exactly(number: Number) -> Decimal {
    match number {
        Number::Exact(exact) => exact,
        Number::Float(value) => Decimal::try_from(value).unwrap_or_default(),
    }
}

fn fact(label: &str, text: impl Into<String>) -> (String, Text) {
    (label.to_owned(), Text::from(text.into()))
}

/// The first of a list, the label beside the first; then how many more there are.
fn listed(label: &str, records: &[Record], told: impl Fn(&Record) -> String) -> Vec<(String, Text)> {
    let beside = |place: usize| if place == 0 { label } else { "" };
    let mut facts: Vec<(String, Text)> =
        records.iter().take(MOST).enumerate().map(|(place, one)| fact(beside(place), told(one))).collect();
    if records.len() > MOST {
        let more = format!("and {} more: --format json has all", people::count(records.len() - MOST));
        facts.push((String::new(), Text::toned(Tone::Faint, more)));
    }
    facts
}

/// A list whose records have labels of their own.
fn labelled(records: &[Record], label: &str, told: impl Fn(&Record) -> String) -> Vec<(String, Text)> {
    records.iter().map(|one| fact(one.text(label).unwrap_or_default(), told(one))).collect()
}
