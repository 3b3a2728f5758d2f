//! Charts as inline SVG. Each is drawn twice, for a page and for a phone, so that its words stay readable on both.

mod line;
mod scale;
mod spark;
mod waterfall;

pub(super) use line::{LineChart, Point, Series};
pub(super) use spark::spark;
pub(super) use waterfall::{Step, Waterfall};

use maud::{Markup, html};

/// How wide a chart is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Size {
    /// Across a page.
    Broad,
    /// On half a page.
    Page,
    /// On a phone.
    Phone,
}

impl Size {
    fn width(self) -> f64 {
        match self {
            Self::Broad => 1080.0,
            Self::Page => 540.0,
            Self::Phone => 350.0,
        }
    }

    fn height(self) -> f64 {
        match self {
            Self::Broad => 250.0,
            Self::Page => 260.0,
            Self::Phone => 240.0,
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Broad | Self::Page => "for-page",
            Self::Phone => "for-phone",
        }
    }
}

/// A titled figure with its drawing for a page and for a phone, and a text for those who cannot see it.
pub(super) fn figure(title: &str, told: &str, note: Option<&str>, page: Size, draw: impl Fn(Size) -> Markup) -> Markup {
    html! {
        figure class=[(page == Size::Broad).then_some("broad")] {
            figcaption { (title) @if let Some(note) = note { span.faint { " " (note) } } }
            @for size in [page, Size::Phone] {
                svg class=(size.class()) viewBox=(format!("0 0 {} {}", size.width(), size.height())) role="img" aria-label=(format!("{title}. {told}")) {
                    title { (title) }
                    desc { (told) }
                    (draw(size))
                }
            }
        }
    }
}

/// A coordinate, to a tenth.
fn at(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}
