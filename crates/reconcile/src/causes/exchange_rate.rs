//! Theirs is what the account pays in its own currency, at another rate than the close's, or not converted.

use crate::case::Case;
use crate::words::{listed, number};
use crate::worth::Worth;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// Rates are published with so many decimals.
const PUBLISHED: u32 = 4;

/// From this amount on, a cent is less than half the last decimal of a rate.
const TELLS_DAYS_APART: Decimal = Decimal::from_parts(200, 0, 0, false, 0);

pub(super) fn explains(case: &Case<'_>) -> Option<String> {
    let (asked, rates) = (case.asked(), case.world.rates);
    if !asked.measure.is_money() {
        return None;
    }
    let home = asked.home.code();
    let currencies = case.currencies();
    if currencies.iter().all(|currency| currency == home) {
        return None;
    }
    if let Some(told) = already_converted(case).or_else(|| unconverted(case)) {
        return Some(told);
    }
    let held = case.held();
    let at = |rates: &BTreeMap<String, Decimal>| -> Worth {
        held.iter().map(|line| Worth::line(line.net * rates.get(&line.currency).copied().unwrap_or(Decimal::ONE))).sum()
    };
    let native: Decimal = held.iter().map(|line| line.net).sum();
    let choices = rates.choices(asked, &currencies).into_iter();
    choices.filter(|choice| !choice.one_of_many || native >= TELLS_DAYS_APART).find_map(|choice| {
        let rounded =
            choice.rates.iter().map(|(currency, rate)| (currency.clone(), rate.round_dp(PUBLISHED))).collect();
        let used = [choice.rates, rounded].into_iter().find(|rates| case.is(at(rates)))?;
        let told: Vec<String> = used
            .iter()
            .map(|(currency, rate)| {
                let closing = rates.on(currency, asked.day(asked.closing())).unwrap_or_default();
                let places = if rate.scale() > 6 { rate.round_dp(6) } else { *rate };
                format!("{} {home} for a {currency} (the close's is {})", number(places), number(closing))
            })
            .collect();
        Some(format!("theirs equals ours at {}, {}", choice.name, listed(&told)))
    })
}

/// Their row names a currency, and its amount is in ours.
fn already_converted(case: &Case<'_>) -> Option<String> {
    let home = case.asked().home;
    let rows = case.rows();
    let foreign = rows.iter().find(|row| row.currency != home)?;
    let raw: Decimal = rows.iter().map(|row| row.amount).sum();
    let agrees = (raw - case.ours()).abs() <= crate::EXPLAINS;
    agrees.then(|| format!("its row says {}, and its amount is in {home} already", foreign.currency))
}

/// Theirs is the amount in the account's own currency.
fn unconverted(case: &Case<'_>) -> Option<String> {
    let held = case.held();
    let native = held.iter().map(|line| Worth::line(line.net)).sum();
    let currencies: Vec<String> =
        case.currencies().into_iter().filter(|currency| currency != case.asked().home.code()).collect();
    case.is(native).then(|| format!("theirs is the amount in {}, not converted", listed(&currencies)))
}

#[cfg(test)]
mod tests {
    use crate::case::example::{Example, line, number};
    use crate::causes::Cause;
    use crate::facts::Line;
    use crate::rates::Rates;
    use crate::theirs::Row;

    fn example(theirs: &str) -> Example {
        let mut example =
            Example::new("mrr", vec![Line { currency: "EUR".into(), ..line("s", "1000", "2025-01-01", None) }], theirs);
        let rates = [
            ("2026-01-01", "1.05"),
            ("2026-04-30", "1.08"),
            ("2026-05-01", "1.09"),
            ("2026-05-29", "1.095"),
            ("2026-05-31", "1.10"),
        ];
        example.rates = Rates::of("USD", &rates.map(|(day, rate)| ("EUR", day, rate)));
        example.settle();
        example
    }

    #[test]
    fn another_rate() {
        let told = |theirs: &str| example(theirs).cause();
        let fx = |text: &str| {
            (Cause::ExchangeRate, format!("theirs equals ours at {text} USD for a EUR (the close's is 1.1)"))
        };
        assert_eq!(told("1080"), fx("the opening rate, 1.08"));
        assert_eq!(told("1050"), fx("the year's first rate, 1.05"));
        assert_eq!(told("1095"), fx("the average of the rates published in 2026-05, 1.095"));
        assert_eq!(told("1090"), fx("the rate of the period's first day, 1.09"));
        assert_eq!(told("1000"), (Cause::ExchangeRate, "theirs is the amount in EUR, not converted".into()));
        assert_eq!(told("1111").0, Cause::Unexplained);
    }

    #[test]
    fn a_row_of_ours_currency_after_all() {
        let mut example = example("1210");
        let row = Row { line: 2, amount: number("1100"), currency: "EUR".parse().unwrap(), fields: Vec::new() };
        example.rows.insert("a".into(), vec![row]);
        assert_eq!(example.cause(), (Cause::ExchangeRate, "its row says EUR, and its amount is in USD already".into()));
    }
}
