//! In which unit a column's number is, and how Excel shows it.

use tenure_catalog::Unit;

/// How the numbers of a line are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Measure {
    /// What they are in, in words.
    pub(super) name: String,
    /// Excel's number format.
    pub(super) form: String,
}

impl Measure {
    /// Of a unit: percentages are fractions, durations hours, money has its currency's sign.
    pub(super) fn of(unit: Unit, currency: Option<&str>, whole: bool) -> Self {
        let (name, form) = match unit {
            Unit::Ratio => ("%", "0.00%".to_owned()),
            Unit::Points => ("points", "0.0".to_owned()),
            Unit::Money => (currency.unwrap_or("money"), format!("{}#,##0.00", sign(currency))),
            Unit::Count if whole => ("count", "#,##0".to_owned()),
            Unit::Count => ("count", "#,##0.00".to_owned()),
            Unit::Seconds => ("hours", "#,##0.00".to_owned()),
            Unit::Days => ("days", "#,##0.0".to_owned()),
            Unit::Score => ("score", "0.00".to_owned()),
            Unit::Number => ("number", "#,##0.00".to_owned()),
        };
        Self { name: name.to_owned(), form }
    }

    /// The form of a move, which has its sign.
    pub(super) fn change(&self) -> String {
        let form = &self.form;
        format!("+{form};-{form};{form}")
    }
}

/// A currency's sign in a number format; a letter in it would else be read as a date's.
fn sign(currency: Option<&str>) -> String {
    match currency {
        Some("USD") => "\"$\"".to_owned(),
        Some("EUR") => "\"€\"".to_owned(),
        Some("GBP") => "\"£\"".to_owned(),
        Some("JPY") => "\"¥\"".to_owned(),
        Some(code) => format!("\"{}\u{a0}\"", code.replace('"', "")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_the_units() {
        let form = |unit, currency, whole| Measure::of(unit, currency, whole).form;
        assert_eq!(form(Unit::Ratio, None, false), "0.00%");
        assert_eq!(form(Unit::Money, Some("USD"), false), "\"$\"#,##0.00");
        assert_eq!(form(Unit::Money, Some("CHF"), false), "\"CHF\u{a0}\"#,##0.00");
        assert_eq!(form(Unit::Count, None, true), "#,##0");
        assert_eq!(Measure::of(Unit::Seconds, None, false).name, "hours");
        assert_eq!(Measure::of(Unit::Points, None, false).change(), "+0.0;-0.0;0.0");
    }
}
