//! How recurring revenue went from the opening to the close.

use super::chart::{self, Size, Step, Waterfall};
use crate::board::Board;
use crate::people::{self, Detail};
use maud::Markup;
use tenure_catalog::Unit;
use tenure_engine::Number;

/// The movements, with the sign they have in the bridge.
const MOVEMENTS: [(&str, &str, f64); 5] = [
    ("new_mrr", "New", 1.0),
    ("reactivation_mrr", "Reactivated", 1.0),
    ("expansion_mrr", "Expansion", 1.0),
    ("contraction_mrr", "Contraction", -1.0),
    ("churned_mrr", "Churn", -1.0),
];

/// The bridge; none where recurring revenue is not known at both ends.
pub(super) fn figure(board: &Board) -> Option<Markup> {
    let line = board.whole("mrr")?;
    let (opening, closing) = (line.previous()?.as_f64(), line.value()?.as_f64());
    let mut steps: Vec<Step> = MOVEMENTS
        .iter()
        .filter_map(|(metric, name, sign)| {
            let by = sign * board.whole(metric)?.value()?.as_f64().abs();
            (by != 0.0).then(|| Step { name: (*name).to_owned(), by })
        })
        .collect();
    // The exchange of what was held can go either way.
    if let Some(by) = board.whole("fx_mrr").and_then(|line| line.value()).map(Number::as_f64).filter(|by| *by != 0.0) {
        steps.push(Step { name: "Exchange".to_owned(), by });
    }
    let currency = line.currency.as_deref();
    let short = |value: f64| people::compact(value, Unit::Money, currency);
    let full = |value: f64| people::figure(Number::Float(value), Unit::Money, currency, Detail::Brief);
    let (now, before) = (board.periods.last()?, board.periods.iter().rev().nth(1)?);
    let waterfall = Waterfall {
        opening: (super::trends::short_name(before, &board.clock), opening),
        steps,
        closing: (super::trends::short_name(now, &board.clock), closing),
        text: &short,
    };
    let moves: Vec<String> =
        waterfall.steps.iter().map(|step| format!("{} {}", step.name.to_lowercase(), full(step.by))).collect();
    let told = format!("From {} to {}: {}.", full(opening), full(closing), moves.join(", "));
    let base = waterfall.base();
    let note = (base != 0.0).then(|| format!("the axis begins at {}", short(base)));
    Some(chart::figure("Movement of monthly recurring revenue", &told, note.as_deref(), Size::Broad, |size| {
        waterfall.draw(size)
    }))
}

#[cfg(test)]
mod tests {
    use crate::sample;

    #[test]
    fn it_is_told_in_words_too() {
        let text = super::figure(&sample::board()).unwrap().into_string();
        let words = text.split("<desc>").nth(1).and_then(|rest| rest.split("</desc>").next()).unwrap();
        insta::assert_snapshot!(words);
    }
}
