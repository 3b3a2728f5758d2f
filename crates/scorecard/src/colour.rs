//! Colours: what a score is called at a glance.

use crate::exact::FULL;
use crate::figure::Figure;
use rust_decimal::Decimal;
use serde::Deserialize;
use tenure_schema::nesting;

/// What a score is called at a glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Colour {
    /// In danger.
    Red,
    /// To be watched.
    Amber,
    /// Well.
    Green,
}

impl Colour {
    /// All of them, worst first.
    pub const ALL: [Self; 3] = [Self::Red, Self::Amber, Self::Green];

    /// Its word in files and tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::Amber => "amber",
            Self::Green => "green",
        }
    }
}

/// Where colours begin, as a scorecard's file says it.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ColoursFile {
    pub(crate) amber: Figure,
    pub(crate) green: Figure,
}

/// Of a scorecard's file, its colours alone.
#[derive(Deserialize)]
struct OfFile {
    colours: Option<ColoursFile>,
}

/// Where colours begin. A score exactly on an edge has the better colour: red is `[0, amber)`, amber `[amber, green)`, green `[green, 100]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colours {
    /// The lowest amber score.
    pub amber: Decimal,
    /// The lowest green score.
    pub green: Decimal,
}

impl Colours {
    /// Those of a scorecard's file, whatever else it says, such as one of an earlier build: the usual ones where it names none. `None` of a
    /// text that is no TOML, or where they are no points from 0 to 100, amber below green.
    pub fn of_file(text: &str) -> Option<Self> {
        nesting::check(text).ok()?;
        let file: OfFile = toml::from_str(text).ok()?;
        let Some(colours) = file.colours else { return Some(Self::default()) };
        let points = |figure: Figure| figure.decimal().filter(|points| (Decimal::ZERO..=FULL).contains(points));
        let (amber, green) = (points(colours.amber)?, points(colours.green)?);
        (amber < green).then_some(Self { amber, green })
    }

    /// The colour of a score.
    pub fn of(&self, score: Decimal) -> Colour {
        if score >= self.green {
            Colour::Green
        } else if score >= self.amber {
            Colour::Amber
        } else {
            Colour::Red
        }
    }
}

impl Default for Colours {
    fn default() -> Self {
        Self { amber: Decimal::from(50), green: Decimal::from(70) }
    }
}

#[cfg(test)]
mod tests {
    use super::Colours;
    use rust_decimal::Decimal;

    #[test]
    fn a_file_says_where_colours_begin() {
        let edges = |text: &str| Colours::of_file(text).map(|colours| (colours.amber, colours.green));
        let points = |amber: i64, green: i64| Some((Decimal::from(amber), Decimal::from(green)));
        assert_eq!(edges("title = \"T\"\n"), points(50, 70), "the usual ones");
        assert_eq!(edges("unheard_of = 1\ncolours = { amber = 40, green = 55 }"), points(40, 55));
        assert_eq!(edges("[colours]\namber = 40.5\ngreen = 55"), Some((Decimal::new(405, 1), Decimal::from(55))));
        let wrong =
            ["=", "colours = 3", "colours = { amber = 70, green = 50 }", "colours = { amber = 0, green = 101 }"];
        let deep = format!("x = {}{}", "[".repeat(90), "]".repeat(90));
        assert!(wrong.into_iter().chain([deep.as_str()]).all(|text| edges(text).is_none()));
    }
}
