//! Lines over periods, with the band of their intervals.

use super::scale::Scale;
use super::{Size, at};
use crate::html::minus;
use maud::{Markup, html};

/// A value of a series.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::html) struct Point {
    pub(in crate::html) value: Option<f64>,
    pub(in crate::html) band: Option<(f64, f64)>,
    pub(in crate::html) complete: bool,
}

/// A line.
pub(in crate::html) struct Series {
    pub(in crate::html) name: String,
    pub(in crate::html) points: Vec<Point>,
}

/// A chart of lines.
pub(in crate::html) struct LineChart<'a> {
    /// The names of the periods.
    pub(in crate::html) periods: Vec<String>,
    pub(in crate::html) series: Vec<Series>,
    /// A tick's text.
    pub(in crate::html) tick: &'a dyn Fn(f64) -> String,
    /// A value's text.
    pub(in crate::html) text: &'a dyn Fn(f64) -> String,
}

/// How wide a letter of a name is, about.
const LETTER: f64 = 7.2;

/// How far apart the words at the ends of two series stand, and the value below its series' name.
const APART: f64 = 34.0;
const LAST_BELOW: f64 = 13.0;

struct Frame {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl LineChart<'_> {
    /// The drawing.
    pub(in crate::html) fn draw(&self, size: Size) -> Markup {
        let points = || self.series.iter().flat_map(|series| &series.points);
        let values =
            points().flat_map(|point| point.value.into_iter().chain(point.band.into_iter().flat_map(|(l, h)| [l, h])));
        let Some(scale) = Scale::over(values, 4) else { return html! {} };
        let frame = Frame { left: 56.0, right: size.width() - self.margin(), top: 14.0, bottom: size.height() - 30.0 };
        let steps = self.periods.len().saturating_sub(1).max(1) as f64;
        let x = |place: usize| frame.left + place as f64 / steps * (frame.right - frame.left);
        let y = |value: f64| frame.bottom - scale.share(value) * (frame.bottom - frame.top);
        let ends = self.ends(&y, frame.bottom - LAST_BELOW);
        html! {
            @for tick in scale.ticks() {
                line.grid x1=(at(frame.left)) x2=(at(frame.right)) y1=(at(y(tick))) y2=(at(y(tick))) {}
                text.tick.end x=(at(frame.left - 8.0)) y=(at(y(tick) + 4.0)) { (minus(&(self.tick)(tick))) }
            }
            @for place in self.labelled(size) {
                text.tick.middle x=(at(x(place))) y=(at(frame.bottom + 20.0)) { (self.periods[place]) }
            }
            @for (number, series) in self.series.iter().enumerate() {
                g class=(format!("series s{}", number + 1)) {
                    @for run in runs(&series.points) {
                        (band(&series.points, &run, &x, &y))
                        @let path: Vec<String> = run.iter().filter_map(|place| Some(format!("{},{}", at(x(*place)), at(y(series.points[*place].value?))))).collect();
                        polyline points=(path.join(" ")) {}
                    }
                    @for (place, point) in series.points.iter().enumerate() {
                        @if let Some(value) = point.value {
                            circle class=[(!point.complete).then_some("hollow")] cx=(at(x(place))) cy=(at(y(value))) r=(if place + 1 == series.points.len() { "3.6" } else { "2" }) {
                                title { (self.periods.get(place).map_or("", String::as_str)) ": " (minus(&(self.text)(value))) }
                            }
                        }
                    }
                    @if let Some((value, height)) = ends[number] {
                        text.name x=(at(frame.right + 10.0)) y=(at(height - 2.0)) { (series.name) }
                        text.last x=(at(frame.right + 10.0)) y=(at(height + LAST_BELOW)) { (minus(&(self.text)(value))) }
                    }
                }
            }
        }
    }

    /// The last value of each series and the height of its words, moved apart where they would overlap, and up where the lowest would
    /// leave the drawing.
    fn ends(&self, y: &dyn Fn(f64) -> f64, lowest: f64) -> Vec<Option<(f64, f64)>> {
        let mut ends: Vec<Option<(f64, f64)>> = self
            .series
            .iter()
            .map(|series| series.points.iter().rev().find_map(|point| point.value).map(|value| (value, y(value))))
            .collect();
        let mut order: Vec<usize> = (0..ends.len()).filter(|place| ends[*place].is_some()).collect();
        order.sort_by(|a, b| {
            let height = |place: &usize| ends[*place].map_or(0.0, |(_, height)| height);
            height(a).total_cmp(&height(b))
        });
        let mut least = f64::NEG_INFINITY;
        for place in &order {
            if let Some((_, height)) = &mut ends[*place] {
                *height = height.max(least);
                least = *height + APART;
            }
        }
        let mut most = lowest;
        for place in order.iter().rev() {
            if let Some((_, height)) = &mut ends[*place] {
                *height = height.min(most);
                most = *height - APART;
            }
        }
        ends
    }

    /// Room for the series' names at their ends.
    fn margin(&self) -> f64 {
        let longest = self.series.iter().map(|series| series.name.chars().count()).max().unwrap_or_default();
        (LETTER * longest as f64 + 18.0).max(92.0)
    }

    /// The periods whose names fit below, the last always among them.
    fn labelled(&self, size: Size) -> Vec<usize> {
        let fit = match size {
            Size::Broad => 13,
            Size::Page => 7,
            Size::Phone => 4,
        };
        let every = self.periods.len().div_ceil(fit).max(1);
        let last = self.periods.len().saturating_sub(1);
        (0..self.periods.len()).filter(|place| (last - place).is_multiple_of(every)).collect()
    }
}

/// The stretches without a gap.
fn runs(points: &[Point]) -> Vec<Vec<usize>> {
    let mut runs: Vec<Vec<usize>> = Vec::new();
    for (place, point) in points.iter().enumerate() {
        match (point.value, runs.last_mut()) {
            (Some(_), Some(run)) if run.last() == Some(&(place.wrapping_sub(1))) => run.push(place),
            (Some(_), _) => runs.push(vec![place]),
            (None, _) => {}
        }
    }
    runs
}

fn band(points: &[Point], run: &[usize], x: &dyn Fn(usize) -> f64, y: &dyn Fn(f64) -> f64) -> Markup {
    let ends: Vec<(f64, f64, f64)> =
        run.iter().filter_map(|place| points[*place].band.map(|(low, high)| (x(*place), y(low), y(high)))).collect();
    if ends.len() < 2 {
        return html! {};
    }
    let upper = ends.iter().map(|(x, _, high)| format!("{},{}", at(*x), at(*high)));
    let lower = ends.iter().rev().map(|(x, low, _)| format!("{},{}", at(*x), at(*low)));
    let outline: Vec<String> = upper.chain(lower).collect();
    html! { polygon.band points=(outline.join(" ")) {} }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(value: f64) -> Point {
        Point { value: Some(value), band: Some((value - 0.1, value + 0.1)), complete: value < 1.1 }
    }

    #[test]
    fn a_chart() {
        let chart = LineChart {
            periods: ["Apr", "May", "Jun"].map(str::to_owned).into(),
            series: vec![
                Series { name: "NRR".into(), points: vec![point(1.0), point(1.05), point(1.1)] },
                Series { name: "GRR".into(), points: vec![point(0.9), Point::default(), point(1.09)] },
            ],
            tick: &|value| format!("{value:.1}"),
            text: &|value| format!("{value:.2}"),
        };
        insta::assert_snapshot!(chart.draw(Size::Phone).into_string().replace("><", ">\n<"));
    }

    #[test]
    fn names_stand_apart_and_above_the_axis() {
        let flat = |value| Series { name: "x".into(), points: vec![point(value)] };
        let tick = |value: f64| value.to_string();
        let chart = LineChart {
            periods: vec!["Apr".into()],
            series: [0.1, 0.2, 0.9].map(flat).into(),
            tick: &tick,
            text: &tick,
        };
        let heights: Vec<f64> =
            chart.ends(&|value| 200.0 - 100.0 * value, 190.0).into_iter().flatten().map(|(_, height)| height).collect();
        assert_eq!(heights, [190.0, 156.0, 110.0]);
    }

    #[test]
    fn gaps_break_the_line() {
        let points = [point(1.0), point(1.0), Point::default(), point(1.0)];
        assert_eq!(runs(&points), [vec![0, 1], vec![3]]);
    }
}
