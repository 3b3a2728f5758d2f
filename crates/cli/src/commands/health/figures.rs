//! Figures of health, as people and programs read them.

use crate::people;
use crate::table::{Text, Tone};
use rust_decimal::Decimal;
use serde_json::Value;
use tenure_catalog::Unit;
use tenure_engine::Number;
use tenure_health::CustomerScore;
use tenure_scorecard::{Cause, CauseKind, Colour, Score, Scorecards};

/// A score with one place; a dash without.
pub(in crate::commands) fn score(value: Option<Decimal>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{:.1}", value.round_dp(1)))
}

/// A change with its sign and one place.
pub(in crate::commands) fn change(value: Decimal) -> String {
    let rounded = value.round_dp(1);
    match rounded {
        value if value.is_zero() => "0.0".to_owned(),
        value if value.is_sign_positive() => format!("+{value:.1}"),
        value => format!("−{:.1}", value.abs()),
    }
}

/// Where scores come from.
pub(in crate::commands) fn origin(kept: bool) -> &'static str {
    if kept {
        "The scores are those that are kept."
    } else {
        "Not all are scored yet: computed now; `tenure health update` keeps them."
    }
}

/// Why a customer has no score, in few words; `None` where it has one.
pub(in crate::commands) fn unscored(one: &CustomerScore<'_>) -> Option<&'static str> {
    one.score.as_ref().map_or(Some("no scorecard is for it"), |score| score.reason)
}

/// A share of a scorecard's weight, which is round where the weights are.
pub(in crate::commands) fn weight(share: Decimal) -> String {
    people::compact(Number::Exact(share).as_f64(), Unit::Ratio, None)
}

/// A value of a signal in its unit, with as many places as tell it apart; a ratio as percent, a count without a word.
pub(in crate::commands) fn value(value: Decimal, unit: &str) -> String {
    let places = if value.abs() < Decimal::TEN { 2 } else { 1 };
    let plain = |value: Decimal| value.normalize().to_string().replace('-', "−");
    match unit {
        "ratio" => format!("{}%", plain((value * Decimal::ONE_HUNDRED).round_dp(0))),
        "" | "count" => plain(value.round_dp(places)),
        unit => {
            let number = plain(value.round_dp(places));
            let unit = if number == "1" { unit.strip_suffix('s').unwrap_or(unit) } else { unit };
            format!("{number} {unit}")
        }
    }
}

/// The score in its colour, the colour's word beside it: nobody is to tell by hue alone.
pub(in crate::commands) fn coloured(of: &Score) -> Text {
    in_colour(of.value, of.colour)
}

/// The same of a score that was put together.
pub(in crate::commands) fn in_colour(value: Option<Decimal>, colour: Option<Colour>) -> Text {
    let text = format!("{} {}", score(value), colour.map_or("", Colour::word));
    Text::toned(tone(colour), text.trim_end())
}

pub(in crate::commands) fn tone(colour: Option<Colour>) -> Tone {
    match colour {
        Some(Colour::Green) => Tone::Good,
        Some(Colour::Amber) => Tone::Warn,
        Some(Colour::Red) => Tone::Bad,
        None => Tone::Faint,
    }
}

/// A cause in words, such as `days since last use 3 → 21`.
pub(in crate::commands) fn cause(cause: &Cause, scorecards: &Scorecards) -> String {
    let title = |id: &str| scorecards.signal(id).map_or(id.to_owned(), |signal| signal.title.to_lowercase());
    let unit = cause.signal.as_ref().and_then(|id| scorecards.signal(id)).map_or("", |signal| signal.unit.as_str());
    let told = |input: tenure_scorecard::Input| input.map_or("none".to_owned(), |seen| value(seen.value, unit));
    match (&cause.signal, cause.kind) {
        (Some(signal), CauseKind::Value) => {
            format!("{} {} → {}", title(signal), told(cause.before), told(cause.after))
        }
        (Some(signal), CauseKind::CameBack) => format!("{} known again: {}", title(signal), told(cause.after)),
        (Some(signal), CauseKind::WentStale) => {
            let age = cause.after.map_or(0, |seen| seen.age);
            format!("{} {age} days old, no longer counted as fresh", title(signal))
        }
        (Some(signal), CauseKind::WentMissing) => format!("{} no longer known", title(signal)),
        (Some(signal), CauseKind::Definition) => format!("scorecard edited: {}", title(signal)),
        (Some(signal), CauseKind::Switch) => format!("another scorecard: {}", title(signal)),
        (None, CauseKind::Switch) => "another scorecard applies".to_owned(),
        (None, _) => "scorecard edited: start and limits".to_owned(),
    }
}

/// A decimal as a JSON number.
pub(in crate::commands) fn exact(value: Option<Decimal>) -> Value {
    value.and_then(|value| serde_json::from_str(&value.normalize().to_string()).ok()).unwrap_or(Value::Null)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_its_unit_and_one_of_them_no_plural() {
        let told = |text: &str, unit: &str| value(text.parse().unwrap(), unit);
        assert_eq!(told("1.00", "days"), "1 day");
        assert_eq!(told("0.96", "days"), "0.96 days");
        assert_eq!(told("-12.34", "hours"), "−12.3 hours");
        assert_eq!(told("0.456", "ratio"), "46%");
        assert_eq!(told("3", "count"), "3");
    }
}
