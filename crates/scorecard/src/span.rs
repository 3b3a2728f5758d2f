//! Ages and look-backs: whole days, written `"30 days"`.

use serde::Deserialize;

/// A number of whole days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct Days(pub u32);

/// Longer than any history.
const MOST: u32 = 36_525;

impl TryFrom<String> for Days {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let mut words = text.split_whitespace();
        let (number, unit, rest) = (words.next(), words.next(), words.next());
        let days = number.and_then(|number| number.parse::<u32>().ok());
        match (days, unit, rest) {
            (Some(days), Some("day" | "days"), None) if days <= MOST => Ok(Self(days)),
            _ => Err(format!("`{text}` is no number of days: write it like \"30 days\", at most {MOST}")),
        }
    }
}

impl std::fmt::Display for Days {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.0, if self.0 == 1 { "day" } else { "days" })
    }
}
