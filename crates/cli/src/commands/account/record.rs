//! An account as one JSON object.

use crate::commands::health::figures;
use crate::output::Figure;
use serde_json::{Map, Value, json};
use tenure_account::{Account, Record};
use tenure_engine::Cell;
use tenure_health::Standing;

/// All of it, the timeline as far as it is asked for.
pub(super) fn whole(account: &Account, standing: Option<&Standing<'_>>, events: &[&Record], more: usize) -> Value {
    let list = |records: &[Record]| Value::Array(records.iter().map(object).collect());
    json!({
        "account_id": account.found.id,
        "name": account.found.name,
        "asked_as": account.found.asked_as,
        "took_over": account.found.took_over,
        "day": account.day.to_string(),
        "who": account.who.as_ref().map(object),
        "children": list(&account.children),
        "customer": list(&account.spans),
        "lines": list(&account.lines),
        "terms": list(&account.terms),
        "movements": list(&account.movements),
        "figures": account.figures.iter().map(|cell| (cell.metric.clone(), of(cell))).collect::<Map<_, _>>(),
        "health": standing.map(health),
        "ratings": list(&account.ratings),
        "open_tickets": list(&account.tickets),
        "answers": list(&account.answers),
        "weeks": list(&account.weeks),
        "onboarding": list(&account.journeys),
        "referrals": list(&account.referrals),
        "timeline": events.iter().map(|event| object(event)).collect::<Vec<_>>(),
        "timeline_left_out": more,
    })
}

fn object(record: &Record) -> Value {
    let value = |value: Option<&tenure_account::Value>| match value {
        None => Value::Null,
        Some(tenure_account::Value::Text(text)) => json!(text),
        Some(tenure_account::Value::Number(number)) => figures::exact(Some(*number)),
        Some(tenure_account::Value::At(at)) => json!(at.to_string()),
        Some(tenure_account::Value::Truth(truth)) => json!(truth),
    };
    // What is kept as a JSON text is an object here too.
    let parsed = |name: &str, text: Value| match text.as_str().map(serde_json::from_str::<Value>) {
        Some(Ok(object)) if name == "attributes" => object,
        _ => text,
    };
    Value::Object(record.iter().map(|(name, one)| (name.to_owned(), parsed(name, value(one)))).collect())
}

fn of(cell: &Cell) -> Value {
    let figure = |number: Option<tenure_engine::Number>| number.map(|number| Figure::new(number, cell.unit));
    json!({
        "value": figure(cell.value),
        "n": cell.n,
        "reason": cell.reason,
        "unit": cell.unit.name(),
        "currency": cell.currency,
        "start": cell.window_start.to_string(),
        "end": cell.window_end.to_string(),
    })
}

fn health(standing: &Standing<'_>) -> Value {
    let score = standing.now.score.as_ref();
    let explanation = standing.explanation.as_ref();
    let causes: Vec<Value> = explanation
        .iter()
        .flat_map(|explanation| &explanation.causes)
        .map(|cause| json!({ "kind": cause.kind.word(), "signal": cause.signal, "effect": figures::exact(Some(cause.effect)) }))
        .collect();
    json!({
        "scorecard": standing.now.card.map(|card| &card.id),
        "score": figures::exact(score.and_then(|score| score.value)),
        "reason": score.and_then(|score| score.reason),
        "colour": score.and_then(|score| score.colour).map(|colour| colour.word()),
        "coverage": figures::exact(score.map(|score| score.coverage.share)),
        "change_in_a_week": figures::exact(explanation.and_then(|explanation| explanation.change)),
        "causes": causes,
        "kept": standing.kept,
    })
}
