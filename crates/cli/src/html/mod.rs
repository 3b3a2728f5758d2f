//! The board as one self-contained page: no script, nothing fetched, made to be printed and sent.

mod appendix;
mod bridge;
mod cards;
mod chart;
mod lines;
mod prospect;
mod segments;
mod summary;
mod trends;
mod worth;

pub(crate) use appendix::{Facts, Meaning};
pub(crate) use prospect::Prospect;

use crate::board::Board;
use crate::people;
use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("style.css");

/// The page.
pub(crate) fn page(board: &Board, meanings: &[Meaning], facts: &Facts, prospect: &Prospect) -> String {
    let company = if board.company.is_empty() { "Customer success" } else { &board.company };
    let period = board.period().map(|period| people::period_title(period, &board.clock)).unwrap_or_default();
    let whole_lines = board.lines().any(|line| line.value().is_some());
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content=(concat!("Tenure ", env!("CARGO_PKG_VERSION")));
                title { (company) " – customer success, " (period) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                (header(board, company, &period))
                main {
                    @if whole_lines {
                        (summary::summary(board))
                        (cards::cards(board))
                        (charts(board))
                    } @else {
                        p.lead { "No metric has a value for this period. The notes below say why." }
                    }
                    @for group in &board.groups {
                        (lines::group(board, group))
                    }
                    (segments::segments(board))
                    (prospect::section(board, prospect))
                    (appendix::definitions(meanings))
                    (appendix::data(board, facts))
                }
                footer { "Made with Tenure " (env!("CARGO_PKG_VERSION")) " from lake version " (board.lake_version) "." }
            }
        }
    };
    page.into_string()
}

fn header(board: &Board, company: &str, period: &str) -> Markup {
    let before = board.periods.iter().rev().nth(1).map(|period| people::period_title(period, &board.clock));
    html! {
        header {
            p.kicker { "Customer success report" }
            h1 { (company) }
            p.dateline {
                strong { (capital(period)) }
                @if let Some(before) = before { span { "compared with " (before) } }
                span { "data through " (people::day_before(board.observed_to, &board.clock)) }
                @for filter in &board.filter { span { "only " (filter) } }
            }
        }
    }
}

fn charts(board: &Board) -> Markup {
    let figures: Vec<Markup> = bridge::figure(board).into_iter().chain(trends::figures(board)).collect();
    html! {
        @if !figures.is_empty() {
            section.charts aria-label="Charts" { @for figure in &figures { (figure) } }
        }
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A figure's text with a true minus sign.
fn minus(text: &str) -> String {
    text.replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn the_page_stands_alone() {
        let page = page(&sample::board(), &sample::meanings(), &sample::facts(), &Prospect::default());
        for outside in ["http://", "https://", "<script", "<link", "@import", "url("] {
            let found = page.replace("http://www.w3.org/2000/svg", "").contains(outside);
            assert!(!found, "{outside}");
        }
        assert!(page.contains("Acme &amp; Sons"));
        assert!(page.contains("<svg"));
    }

    #[test]
    fn the_head() {
        insta::assert_snapshot!(header(&sample::board(), "Acme", "June 2026").into_string());
    }
}
