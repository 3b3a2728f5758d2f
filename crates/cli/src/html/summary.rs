//! What the page says first: which targets are met.

use super::minus;
use crate::board::{Board, Line};
use crate::people::{self, Detail};
use maud::{Markup, html};

/// Targets met and missed, in a sentence. A metric that has no whole meets its target where all its parts do.
pub(super) fn summary(board: &Board) -> Markup {
    let mut targets: Vec<Target<'_>> = Vec::new();
    for line in board.own_lines().filter(|line| line.target.is_some()) {
        if targets.last().is_none_or(|last| last.metric != line.metric) {
            targets.push(Target { metric: &line.metric, title: &line.title, judged: false, missed: Vec::new() });
        }
        let (Some(target), Some(met)) = (targets.last_mut(), line.meets_target()) else { continue };
        target.judged = true;
        if !met {
            target.missed.push(line);
        }
    }
    let (judged, unknown): (Vec<&Target<'_>>, Vec<&Target<'_>>) = targets.iter().partition(|target| target.judged);
    let met = judged.iter().filter(|target| target.missed.is_empty()).count();
    let missed: Vec<&Line> = judged.iter().flat_map(|target| &target.missed).copied().collect();
    let unknown: Vec<&str> = unknown.iter().map(|target| target.title).collect();
    html! {
        @if !judged.is_empty() {
            p.lead {
                (met) " of " (judged.len()) @if judged.len() == 1 { " target" } @else { " targets" } " met."
                @if !missed.is_empty() {
                    " Missed: "
                    @for (at, line) in missed.iter().enumerate() {
                        @if at > 0 { ", " }
                        (line.title)
                        @if !line.segment.is_empty() { ", " (line.segment_name()) }
                        " (" (values(line)) ")"
                    }
                    "."
                }
                @match unknown.as_slice() {
                    [] => {},
                    [one] => { " 1 target has no value: " (one) "." },
                    many => { " " (many.len()) " targets have no value: " (many.join(", ")) "." },
                }
            }
        }
    }
}

/// A metric's target, over all lines that it is for.
struct Target<'a> {
    metric: &'a str,
    title: &'a str,
    judged: bool,
    missed: Vec<&'a Line>,
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

    /// What a metric's line says is one of these targets, or what became of it.
    #[test]
    fn parts_and_what_has_no_value_are_told() {
        let mut board = sample::board();
        for line in board.groups.iter_mut().flat_map(|group| &mut group.lines) {
            line.target = match line.metric.as_str() {
                "ces" => Some(3.0),
                "quick_ratio" => Some(4.0),
                _ => None,
            };
            line.better = tenure_catalog::Better::Up;
        }
        let text = super::summary(&board).into_string();
        let missed = "Missed: Customer effort score, version 1.0 (1–5) (2.31 against 3.00).";
        assert!(text.contains("0 of 1 target met.") && text.contains(missed), "{text}");
        assert!(text.contains("1 target has no value: Quick ratio."), "{text}");
        // The question's own split is judged in no sentence.
        board.by = vec!["version".to_owned()];
        assert_eq!(super::summary(&board).into_string(), "");
    }

    #[test]
    fn a_sentence() {
        insta::assert_snapshot!(super::summary(&sample::board()).into_string());
    }
}
