//! Colours: what a score is called at a glance.

use rust_decimal::Decimal;

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

/// Where colours begin. A score exactly on an edge has the better colour: red is `[0, amber)`, amber `[amber, green)`, green `[green, 100]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colours {
    /// The lowest amber score.
    pub amber: Decimal,
    /// The lowest green score.
    pub green: Decimal,
}

impl Colours {
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
