//! How a stock, such as recurring revenue, went from the opening to the close.

use super::chart::{self, Size, Step, Waterfall};
use crate::board::Board;
use crate::people::{self, Detail};
use maud::Markup;
use tenure_engine::Number;

/// The bridge; none where the stock is not known at both ends.
pub(super) fn figure(board: &Board) -> Option<Markup> {
    let plan = board.plan.bridge.as_ref()?;
    let line = board.whole(&plan.of)?;
    let (opening, closing) = (line.previous()?.as_f64(), line.value()?.as_f64());
    let step = |step: &tenure_catalog::Step| {
        let amount = board.whole(&step.metric)?.value()?.as_f64();
        let by = if step.takes { -amount } else { amount };
        (by != 0.0).then(|| Step { name: step.name.clone(), by })
    };
    let steps: Vec<Step> = plan.steps.iter().filter_map(step).collect();
    let currency = line.currency.as_deref();
    let short = |value: f64| people::compact(value, line.unit, currency);
    let full = |value: f64| people::figure(Number::Float(value), line.unit, currency, Detail::Brief);
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
    Some(chart::figure(&plan.title, &told, note.as_deref(), Size::Broad, |size| waterfall.draw(size)))
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
