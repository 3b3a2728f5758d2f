//! Metrics over the periods of the trend, such as recurring revenue, net and gross retention.

use super::chart::{self, LineChart, Point, Series, Size};
use crate::board::{Board, Line};
use crate::people::{self, Detail};
use jiff::fmt::strtime;
use maud::Markup;
use tenure_catalog::Trend;
use tenure_engine::Number;
use tenure_schema::period::{Clock, Period};

/// A chart for each trend of the plan that has something to draw.
pub(super) fn figures(board: &Board) -> impl Iterator<Item = Markup> {
    board.plan.trends.iter().filter_map(|trend| figure(board, trend))
}

fn figure(board: &Board, trend: &Trend) -> Option<Markup> {
    let lines: Vec<(&Line, &str)> =
        trend.metrics.iter().filter_map(|(metric, name)| Some((board.whole(metric)?, name.as_str()))).collect();
    drawn(board, &trend.title, &lines)
}

/// Lines over the periods of the board; none where no line has two values.
pub(super) fn drawn(board: &Board, title: &str, lines: &[(&Line, &str)]) -> Option<Markup> {
    let (first, _) = lines.first()?;
    let (unit, currency) = (first.unit, first.currency.as_deref());
    let text = |value: f64| people::figure(Number::Float(value), unit, currency, Detail::Brief);
    let tick = |value: f64| people::compact(value, unit, currency);
    let chart = LineChart {
        periods: board.periods.iter().map(|period| short_name(period, &board.clock)).collect(),
        series: lines.iter().map(|(line, name)| Series { name: (*name).to_owned(), points: points(line) }).collect(),
        tick: &tick,
        text: &text,
    };
    let known = |line: &Line| line.trend().iter().flatten().count() > 1;
    if !lines.iter().any(|(line, _)| known(line)) {
        return None;
    }
    let told: Vec<String> = lines.iter().filter_map(|(line, name)| told(board, line, name, &text)).collect();
    let banded = chart.series.iter().flat_map(|series| &series.points).any(|point| point.band.is_some());
    let note = banded.then_some("band: 95% interval");
    Some(chart::figure(title, &told.join(" "), note, Size::Page, |size| chart.draw(size)))
}

fn told(board: &Board, line: &Line, name: &str, text: &dyn Fn(f64) -> String) -> Option<String> {
    let trend = line.trend();
    let (from, first) = trend.iter().enumerate().find_map(|(at, value)| value.map(|value| (at, value)))?;
    let (to, last) = trend.iter().enumerate().rev().find_map(|(at, value)| value.map(|value| (at, value)))?;
    let period = |at: usize| people::period_title(&board.periods[at], &board.clock);
    Some(format!("{name}: {} in {}, {} in {}.", text(first), period(from), text(last), period(to)))
}

fn points(line: &Line) -> Vec<Point> {
    let point = |cell: &Option<tenure_engine::Cell>| {
        cell.as_ref().map_or_else(Point::default, |cell| Point {
            value: cell.value.map(Number::as_f64).filter(|value| value.is_finite()),
            band: cell.low.zip(cell.high).map(|(low, high)| (low.as_f64(), high.as_f64())),
            complete: cell.complete,
        })
    };
    line.cells.iter().map(point).collect()
}

/// A period's name for an axis: `Jun 26`, else its label.
pub(super) fn short_name(period: &Period, clock: &Clock) -> String {
    let month = period.label.len() == 7 && period.label.as_bytes()[5].is_ascii_digit();
    let first = clock.local(period.start).date();
    match strtime::format("%b %y", first) {
        Ok(name) if month => name,
        _ => period.label.clone(),
    }
}

#[cfg(test)]
mod tests {
    use crate::sample;

    #[test]
    fn the_words_behind_the_lines() {
        let board = sample::board();
        let [_, retention] = super::figures(&board).collect::<Vec<_>>().try_into().unwrap();
        let text = retention.into_string();
        let words = text.split("<desc>").nth(1).and_then(|rest| rest.split("</desc>").next()).unwrap();
        insta::assert_snapshot!(words);
    }
}
