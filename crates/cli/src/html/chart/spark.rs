//! A trend without axes: the last point marked.

use super::at;
use maud::{Markup, html};

/// The line of some values; nothing where fewer than two are known.
pub(in crate::html) fn spark(values: &[Option<f64>], width: f64, height: f64) -> Markup {
    let known: Vec<(usize, f64)> = values
        .iter()
        .enumerate()
        .filter_map(|(place, value)| value.filter(|value| value.is_finite()).map(|value| (place, value)))
        .collect();
    let (low, high) =
        known.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (_, v)| (low.min(*v), high.max(*v)));
    let Some(last) = known.last().filter(|_| known.len() > 1) else { return html! {} };
    let edge = 3.0;
    let x = |place: usize| edge + place as f64 / (values.len() - 1) as f64 * (width - 2.0 * edge);
    let y = |value: f64| {
        let share = if high > low { (value - low) / (high - low) } else { 0.5 };
        height - edge - share * (height - 2.0 * edge)
    };
    let points: Vec<String> =
        known.iter().map(|(place, value)| format!("{},{}", at(x(*place)), at(y(*value)))).collect();
    html! {
        svg.spark viewBox=(format!("0 0 {width} {height}")) width=(width) height=(height) preserveAspectRatio="xMinYMid meet" aria-hidden="true" {
            polyline points=(points.join(" ")) {}
            circle cx=(at(x(last.0))) cy=(at(y(last.1))) r="2.4" {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::spark;

    #[test]
    fn a_trend() {
        insta::assert_snapshot!(spark(&[Some(1.0), None, Some(2.0), Some(3.0)], 60.0, 20.0).into_string());
        assert_eq!(spark(&[Some(1.0), None], 60.0, 20.0).into_string(), "");
    }
}
