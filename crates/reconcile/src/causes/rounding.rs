//! The sides agree but for cents, or they write whole units.

use crate::case::{Case, EXPLAINS};
use crate::words::{counted, money};
use rust_decimal::Decimal;

pub(super) fn explains(case: &Case<'_>) -> Option<String> {
    if !case.asked().measure.is_money() || case.ours().is_zero() || case.theirs().is_zero() {
        return None;
    }
    let times = Decimal::from(case.asked().measure.times());
    let apart = case.difference().abs();
    // Each line and each row may be rounded on its own, and then be counted so many times.
    let lines = case.held().len().max(1) + case.rows().len().max(1) - 1;
    let parts = i64::try_from(lines).unwrap_or(1);
    if apart <= EXPLAINS * Decimal::from(parts) {
        return Some(format!(
            "{} apart over {}",
            money(apart, case.asked().home.code()),
            counted(lines, "amount", "amounts")
        ));
    }
    if times > Decimal::ONE && apart <= EXPLAINS / Decimal::TWO * Decimal::from(parts) * times {
        return Some(format!("theirs is {times} times the month's amount rounded to the cent"));
    }
    let whole = case.theirs().fract().is_zero() && !case.ours().round_dp(2).fract().is_zero();
    (whole && apart < Decimal::ONE).then(|| "theirs is in whole units".to_owned())
}

#[cfg(test)]
mod tests {
    use crate::case::example::{Example, line};
    use crate::causes::Cause;

    fn cause(metric: &str, ours: &str, theirs: &str) -> (Cause, String) {
        Example::new(metric, vec![line("s", ours, "2025-01-01", None)], theirs).cause()
    }

    #[test]
    fn cents_and_whole_units() {
        assert_eq!(cause("mrr", "83.3333", "83.34"), (Cause::Rounding, "0.01 USD apart over 1 amount".into()));
        assert_eq!(cause("mrr", "83.33", "83"), (Cause::Rounding, "theirs is in whole units".into()));
        assert_eq!(
            cause("arr", "83.3333333333", "999.96").1,
            "theirs is 12 times the month's amount rounded to the cent"
        );
        assert_eq!(cause("mrr", "83.33", "85").0, Cause::Unexplained);
    }
}
