//! What the page rests on: what each figure means, and which data it was computed from.

use crate::board::{Board, Line, excluded_rows};
use crate::people;
use maud::{Markup, html};

/// What a metric on the page means.
#[derive(Debug, Clone, Default)]
pub(crate) struct Meaning {
    /// Its id.
    pub(crate) metric: String,
    /// Its variant, or `default`.
    pub(crate) variant: String,
    /// Its title.
    pub(crate) title: String,
    /// In words.
    pub(crate) about: String,
    /// As a formula.
    pub(crate) formula: String,
    /// Where the formula comes from.
    pub(crate) source: String,
    /// Settings that decide it.
    pub(crate) choices: Vec<(String, String)>,
}

/// Facts about the workspace, name and value.
pub(crate) type Facts = Vec<(String, String)>;

/// What each metric means.
pub(super) fn definitions(meanings: &[Meaning]) -> Markup {
    html! {
        @if !meanings.is_empty() {
            section.appendix {
                h2 { "What the figures mean" }
                dl.meanings { @for meaning in meanings {
                    div {
                        dt {
                            (meaning.title) " " code { (meaning.metric) }
                            @if meaning.variant != "default" { " " span.tag { (meaning.variant) } }
                        }
                        dd {
                            @if !meaning.about.is_empty() { p { (meaning.about) } }
                            @if !meaning.formula.is_empty() { p.formula { (meaning.formula) } }
                            @if !meaning.choices.is_empty() {
                                p.small.faint { @for (at, (name, value)) in meaning.choices.iter().enumerate() {
                                    @if at > 0 { " · " }
                                    (name) " " (value)
                                } }
                            }
                            @if !meaning.source.is_empty() { p.small.faint { "Source: " (meaning.source) } }
                        }
                    }
                } }
            }
        }
    }
}

/// Which data, what it leaves out, what is not complete.
pub(super) fn data(board: &Board, facts: &Facts) -> Markup {
    let excluded: Vec<&Line> = whole(board).filter(|line| counts(line).next().is_some()).collect();
    let open: Vec<&str> = titles(board, |line| line.now().is_some_and(|cell| !cell.complete));
    let assumed: Vec<(&Line, f64)> =
        whole(board).filter_map(|line| Some((line, line.now()?.assumed.filter(|share| *share > 0.0)?))).collect();
    html! {
        section.appendix {
            h2 { "What the figures rest on" }
            dl.facts { @for (name, value) in facts { div { dt { (name) } dd { (value) } } } }
            @if !open.is_empty() {
                h3 { "Not complete" }
                p { "The period is not over, or some of its cases are not decided, for: " (open.join(", ")) "." }
            }
            @if !excluded.is_empty() {
                h3 { "Rows left out" }
                table {
                    thead { tr { th scope="col" { "Metric" } th.num scope="col" { "Counted" } th.num scope="col" { "Left out" } th scope="col" { "Why" } } }
                    tbody { @for line in excluded {
                        tr {
                            th scope="row" { (line.title) }
                            td.num { (people::count(line.now().map_or(0, |cell| cell.n))) }
                            td.num { (people::count(line.now().map_or(0, excluded_rows))) }
                            td { @for (at, (reason, count)) in counts(line).enumerate() {
                                @if at > 0 { ", " }
                                (reason) " " (people::count(count))
                            } }
                        }
                    } }
                }
            }
            @if !assumed.is_empty() {
                h3 { "Assumed attributes" }
                p {
                    "The first known value of an account's attribute is taken to hold before it, too. Share of rows on which it does: "
                    @for (at, (line, share)) in assumed.iter().enumerate() {
                        @if at > 0 { ", " }
                        (line.title) " " (format!("{:.0}%", share * 100.0))
                    }
                    "."
                }
            }
            @if !board.unfit.is_empty() {
                h3 { "Where the question does not fit" }
                ul { @for unfit in &board.unfit { li { (unfit.why) ": " (unfit.titles.join(", ")) } } }
            }
        }
    }
}

fn whole(board: &Board) -> impl Iterator<Item = &Line> {
    board.lines().filter(|line| line.segment.is_empty())
}

fn counts(line: &Line) -> impl Iterator<Item = (&str, i64)> {
    let excluded = line.now().map(|cell| cell.excluded.as_slice()).unwrap_or_default();
    excluded.iter().map(|(reason, count)| (reason.as_str(), *count)).filter(|(_, count)| *count > 0)
}

fn titles(board: &Board, which: impl Fn(&Line) -> bool) -> Vec<&str> {
    let mut titles: Vec<&str> =
        board.lines().filter(|line| line.value().is_some() && which(line)).map(|line| line.title.as_str()).collect();
    titles.dedup();
    titles
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn meanings() {
        insta::assert_snapshot!(definitions(&sample::meanings()).into_string());
    }

    #[test]
    fn what_it_rests_on() {
        insta::assert_snapshot!(data(&sample::board(), &sample::facts()).into_string());
    }
}
