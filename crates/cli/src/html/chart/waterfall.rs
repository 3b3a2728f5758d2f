//! From an opening to a closing, step by step.

use super::scale::Scale;
use super::{Size, at};
use crate::html::minus;
use maud::{Markup, html};

/// A step of a bridge.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::html) struct Step {
    pub(in crate::html) name: String,
    pub(in crate::html) by: f64,
}

/// A bridge.
pub(in crate::html) struct Waterfall<'a> {
    pub(in crate::html) opening: (String, f64),
    pub(in crate::html) steps: Vec<Step>,
    pub(in crate::html) closing: (String, f64),
    /// A value's text.
    pub(in crate::html) text: &'a dyn Fn(f64) -> String,
}

struct Bar<'a> {
    name: &'a str,
    from: f64,
    to: f64,
    class: &'static str,
    text: String,
}

impl Waterfall<'_> {
    /// Where the axis begins; not zero where the steps would be too small to see.
    pub(in crate::html) fn base(&self) -> f64 {
        self.scale().map_or(0.0, |scale| scale.low)
    }

    fn scale(&self) -> Option<Scale> {
        let levels = self.levels();
        let (low, high) = levels.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(*v), h.max(*v)));
        // The shortest bar keeps half the height of what moves.
        let base =
            if low > 0.0 && high - low < high / 2.0 { (low - (high - low) / 2.0).max(0.0) } else { low.min(0.0) };
        Scale::over(levels.into_iter().chain([base]), 5)
    }

    fn levels(&self) -> Vec<f64> {
        let mut level = self.opening.1;
        let mut levels = vec![level];
        for step in &self.steps {
            level += step.by;
            levels.push(level);
        }
        levels.push(self.closing.1);
        levels
    }

    fn bars(&self, base: f64) -> Vec<Bar<'_>> {
        let whole = |(name, value): &'_ (String, f64)| (name.clone(), *value);
        let (_, opening) = whole(&self.opening);
        let mut bars =
            vec![Bar { name: &self.opening.0, from: base, to: opening, class: "whole", text: (self.text)(opening) }];
        let mut level = opening;
        for step in &self.steps {
            let class = if step.by < 0.0 { "down" } else { "up" };
            let sign = if step.by > 0.0 { "+" } else { "" };
            let text = format!("{sign}{}", (self.text)(step.by));
            bars.push(Bar { name: &step.name, from: level, to: level + step.by, class, text });
            level += step.by;
        }
        let closing = self.closing.1;
        bars.push(Bar { name: &self.closing.0, from: base, to: closing, class: "whole", text: (self.text)(closing) });
        bars
    }

    /// The drawing: upright on a page, lying on a phone, where names need the width.
    pub(in crate::html) fn draw(&self, size: Size) -> Markup {
        let Some(scale) = self.scale() else { return html! {} };
        let bars = self.bars(scale.low);
        match size {
            Size::Broad | Size::Page => upright(&bars, &scale, size),
            Size::Phone => lying(&bars, &scale, size),
        }
    }
}

fn upright(bars: &[Bar<'_>], scale: &Scale, size: Size) -> Markup {
    let (top, bottom) = (24.0, size.height() - 30.0);
    let slot = size.width() / bars.len().max(1) as f64;
    let y = |value: f64| bottom - scale.share(value) * (bottom - top);
    html! {
        line.axis x1="0" x2=(at(size.width())) y1=(at(bottom)) y2=(at(bottom)) {}
        @for (place, bar) in bars.iter().enumerate() {
            @let left = place as f64 * slot + slot * 0.14;
            @let (high, low) = (y(bar.from.max(bar.to)), y(bar.from.min(bar.to)));
            g class=(format!("bar {}", bar.class)) {
                rect x=(at(left)) y=(at(high)) width=(at(slot * 0.72)) height=(at((low - high).max(1.5))) rx="2" {}
                @if place + 1 < bars.len() {
                    line.link x1=(at(left + slot * 0.72)) x2=(at(left + slot)) y1=(at(y(bar.to))) y2=(at(y(bar.to))) {}
                }
                text.amount.middle x=(at(left + slot * 0.36)) y=(at(high - 7.0)) { (minus(&bar.text)) }
                text.tick.middle x=(at(left + slot * 0.36)) y=(at(bottom + 19.0)) { (bar.name) }
            }
        }
    }
}

fn lying(bars: &[Bar<'_>], scale: &Scale, size: Size) -> Markup {
    let (left, right) = (92.0, size.width() - 66.0);
    let slot = size.height() / bars.len().max(1) as f64;
    let x = |value: f64| left + scale.share(value) * (right - left);
    html! {
        line.axis x1=(at(left)) x2=(at(left)) y1="0" y2=(at(size.height())) {}
        @for (place, bar) in bars.iter().enumerate() {
            @let top = place as f64 * slot + slot * 0.18;
            @let (low, high) = (x(bar.from.min(bar.to)), x(bar.from.max(bar.to)));
            g class=(format!("bar {}", bar.class)) {
                rect x=(at(low)) y=(at(top)) width=(at((high - low).max(1.5))) height=(at(slot * 0.64)) rx="2" {}
                @if place + 1 < bars.len() {
                    line.link x1=(at(x(bar.to))) x2=(at(x(bar.to))) y1=(at(top + slot * 0.64)) y2=(at(top + slot)) {}
                }
                text.tick.end x=(at(left - 8.0)) y=(at(top + slot * 0.32 + 4.0)) { (bar.name) }
                text.amount x=(at(high + 6.0)) y=(at(top + slot * 0.32 + 4.0)) { (minus(&bar.text)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bridge(text: &dyn Fn(f64) -> String) -> Waterfall<'_> {
        let step = |name: &str, by| Step { name: name.into(), by };
        Waterfall {
            opening: ("May".into(), 100.0),
            steps: vec![step("New", 12.0), step("Churn", -7.0)],
            closing: ("June".into(), 105.0),
            text,
        }
    }

    #[test]
    fn on_a_page() {
        let text = |value: f64| format!("${value}");
        insta::assert_snapshot!(bridge(&text).draw(Size::Page).into_string().replace("><", ">\n<"));
    }

    #[test]
    fn on_a_phone() {
        let text = |value: f64| format!("${value}");
        insta::assert_snapshot!(bridge(&text).draw(Size::Phone).into_string().replace("><", ">\n<"));
    }

    #[test]
    fn the_axis_is_cut_where_steps_are_small() {
        let text = |value: f64| value.to_string();
        assert_eq!(bridge(&text).base(), 90.0);
        let steep = Waterfall { opening: ("May".into(), 10.0), ..bridge(&text) };
        assert_eq!(steep.base(), 0.0);
    }
}
