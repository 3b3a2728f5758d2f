//! Exchange rates into the workspace's currency, by day.

use std::collections::HashMap;
use tenure_schema::money::divide_half_even;

/// What one unit of each currency is worth in the workspace's, by day.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FxRates {
    home: String,
    /// Days since 1970-01-01, sorted, each with the rate from then on.
    by_currency: HashMap<String, Vec<(i32, i128)>>,
}

/// A row of `fx_rates`: one unit of a currency is worth that much of another.
#[derive(Debug, Clone, PartialEq)]
pub struct FxRow {
    /// The currency that is priced.
    pub currency: String,
    /// The currency it is priced in.
    pub quote: String,
    /// Days since 1970-01-01.
    pub day: i32,
    /// The price, with ten decimal places.
    pub rate: i128,
}

/// The rate of 1.
pub const ONE: i128 = 10_000_000_000;

impl FxRates {
    /// The rates into `home` among some rows. Where the workspace's currency is itself priced in another that has no price of its own,
    /// the inverse serves; a pair that would need a third currency does not. Rates that are not positive are no rates.
    pub fn new(home: &str, rows: impl IntoIterator<Item = FxRow>) -> Self {
        let mut direct: HashMap<String, Vec<(i32, i128)>> = HashMap::new();
        let mut inverse: HashMap<String, Vec<(i32, i128)>> = HashMap::new();
        for row in rows.into_iter().filter(|row| row.rate > 0 && row.currency != row.quote) {
            if row.quote == home {
                direct.entry(row.currency).or_default().push((row.day, row.rate));
            } else if row.currency == home {
                inverse.entry(row.quote).or_default().push((row.day, divide_half_even(ONE * ONE, row.rate)));
            }
        }
        for (currency, rates) in inverse {
            direct.entry(currency).or_insert(rates);
        }
        for rates in direct.values_mut() {
            rates.sort_unstable();
        }
        Self { home: home.to_owned(), by_currency: direct }
    }

    /// The workspace's currency.
    pub fn home(&self) -> &str {
        &self.home
    }

    /// What one unit was worth on a day, with ten decimal places: the last rate of that day or before.
    pub fn rate(&self, currency: &str, day: i32) -> Option<i128> {
        self.of(currency).on(day)
    }

    /// The rates of one currency.
    pub(crate) fn of(&self, currency: &str) -> CurrencyRates<'_> {
        if currency == self.home {
            return CurrencyRates::Home;
        }
        CurrencyRates::Quoted(self.by_currency.get(currency).map_or(&[], Vec::as_slice))
    }
}

/// The rates of one currency.
#[derive(Debug, Clone, Copy)]
pub(crate) enum CurrencyRates<'a> {
    Home,
    Quoted(&'a [(i32, i128)]),
}

impl CurrencyRates<'_> {
    pub(crate) fn on(self, day: i32) -> Option<i128> {
        match self {
            Self::Home => Some(ONE),
            Self::Quoted(rates) => {
                let last = rates.partition_point(|(from, _)| *from <= day).checked_sub(1)?;
                rates.get(last).map(|(_, rate)| *rate)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(currency: &str, quote: &str, day: i32, rate: i128) -> FxRow {
        FxRow { currency: currency.into(), quote: quote.into(), day, rate }
    }

    #[test]
    fn the_last_rate_counts_and_inverses_serve() {
        let rows = [
            row("EUR", "USD", 20, 12_000_000_000),
            row("EUR", "USD", 10, 11_000_000_000),
            row("USD", "EUR", 15, 5_000_000_000),
            row("USD", "JPY", 10, 1_500_000_000_000),
            row("GBP", "EUR", 10, 12_000_000_000),
            row("CHF", "USD", 10, 0),
        ];
        let rates = FxRates::new("USD", rows);
        assert_eq!(rates.rate("EUR", 9), None);
        assert_eq!(rates.rate("EUR", 10), Some(11_000_000_000));
        assert_eq!(rates.rate("EUR", 19), Some(11_000_000_000));
        assert_eq!(rates.rate("EUR", 99), Some(12_000_000_000));
        assert_eq!(rates.rate("JPY", 10), Some(66_666_667));
        assert_eq!((rates.rate("GBP", 10), rates.rate("CHF", 10)), (None, None));
        assert_eq!(rates.rate("USD", -5), Some(ONE));
    }
}
