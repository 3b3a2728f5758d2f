//! The headline figures, one card each.

use super::{chart, minus};
use crate::board::{Board, Line};
use crate::people::{self, Detail, Drift};
use maud::{Markup, html};
use std::cmp::Ordering;

/// How many stand at the head of a page.
const MOST: usize = 8;

/// The cards; one is left out where it has no value.
pub(super) fn cards(board: &Board) -> Markup {
    let lines =
        board.plan.headlines.iter().filter_map(|metric| board.whole(metric)).filter(|line| line.value().is_some());
    let before = board.periods.iter().rev().nth(1).map(|period| people::period_title(period, &board.clock));
    html! {
        section.cards aria-label="Headline figures" {
            @for line in lines.take(MOST) { (card(line, before.as_deref().unwrap_or("the period before"))) }
        }
    }
}

fn card(line: &Line, before: &str) -> Markup {
    let Some((cell, value)) = line.now().zip(line.value()) else { return html! {} };
    let currency = line.currency.as_deref();
    let interval = cell.low.zip(cell.high).map(|(low, high)| people::range(low, high, line.unit, currency));
    html! {
        article.card {
            h2 { (line.title) }
            p.figure {
                (minus(&people::figure(value, line.unit, currency, Detail::Brief)))
                @if !cell.complete { " " span.open title="the period is not over, or some of its cases are not decided" { "not complete" } }
            }
            @if let Some(change) = line.change() {
                p class={ "change " (tone(change.drift)) } {
                    span aria-hidden="true" { (arrow(change.way)) } " " (minus(&change.text)) span.faint { " on " (before) }
                }
            }
            p.small.faint {
                @if let Some(interval) = interval { "95% " (minus(&interval)) " · " }
                "n " (people::count(cell.n))
            }
            @if let Some(target) = line.target {
                p.small { "Target " (minus(&people::target(target, line.unit, currency))) " " (verdict(line)) }
            }
            (chart::spark(&line.trend(), 200.0, 36.0))
        }
    }
}

/// A word and a colour for how a target stands.
pub(super) fn verdict(line: &Line) -> Markup {
    html! {
        @match line.meets_target() {
            Some(true) => span.good { "met" },
            Some(false) => span.bad { "missed" },
            None => {}
        }
    }
}

/// The class of a move.
pub(super) fn tone(drift: Drift) -> &'static str {
    match drift {
        Drift::Good => "good",
        Drift::Bad => "bad",
        Drift::Even => "even",
    }
}

/// Which way it went.
pub(super) fn arrow(way: Ordering) -> &'static str {
    match way {
        Ordering::Greater => "▲",
        Ordering::Less => "▼",
        Ordering::Equal => "●",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn a_card() {
        let board = sample::board();
        insta::assert_snapshot!(card(board.whole("nrr").unwrap(), "May 2026").into_string());
    }

    #[test]
    fn what_has_no_value_has_no_card() {
        let text = cards(&sample::board()).into_string();
        assert!(text.contains("Net Promoter Score") && !text.contains("Customer satisfaction"));
    }
}
