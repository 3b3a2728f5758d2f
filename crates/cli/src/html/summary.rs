//! What the page says first: which targets are met.

use super::minus;
use crate::board::{Board, Line};
use crate::people::{self, Detail};
use maud::{Markup, html};

/// Targets met and missed, in a sentence.
pub(super) fn summary(board: &Board) -> Markup {
    let whole = || board.lines().filter(|line| line.segment.is_empty());
    let judged: Vec<(&Line, bool)> = whole().filter_map(|line| Some((line, line.meets_target()?))).collect();
    let missed: Vec<&Line> = judged.iter().filter(|(_, met)| !met).map(|(line, _)| *line).collect();
    html! {
        @if !judged.is_empty() {
            p.lead {
                (judged.len() - missed.len()) " of " (judged.len()) " targets met."
                @if !missed.is_empty() {
                    " Missed: "
                    @for (at, line) in missed.iter().enumerate() {
                        @if at > 0 { ", " }
                        (line.title) " (" (values(line)) ")"
                    }
                    "."
                }
            }
        }
    }
}

fn values(line: &Line) -> String {
    let currency = line.currency.as_deref();
    let show = |number| minus(&people::figure(number, line.unit, currency, Detail::Brief));
    let target = line.target.map(|target| minus(&people::target(target, line.unit, currency)));
    format!("{} against {}", line.value().map(show).unwrap_or_default(), target.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use crate::sample;

    #[test]
    fn a_sentence() {
        insta::assert_snapshot!(super::summary(&sample::board()).into_string());
    }
}
