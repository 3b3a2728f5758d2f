//! Exchange rates by day, and those that finance may have used.

use crate::asked::Asked;
use crate::error::ReconcileError;
use crate::tabular::{literal, query};
use jiff::Span;
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};
use tenure_engine::Engine;

/// Days on either side of the close whose own rates are tried.
const NEAR: i32 = 7;

/// Rates into the workspace's currency.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Rates {
    home: String,
    /// In force on a day.
    by_day: BTreeMap<(String, Date), Decimal>,
    /// Published on a day.
    published: BTreeMap<(String, Date), Decimal>,
}

/// A way to choose a rate, with what evidence calls it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Choice {
    /// Such as `the opening's rate`.
    pub(crate) name: String,
    /// The rate of each currency.
    pub(crate) rates: BTreeMap<String, Decimal>,
    /// Whether it is one of many, such as the rates of single days: of a small amount one of them nearly always fits.
    pub(crate) one_of_many: bool,
}

impl Rates {
    /// Reads the rates that the question needs.
    pub(crate) async fn read(
        engine: &Engine,
        asked: &Asked,
        currencies: &BTreeSet<String>,
    ) -> Result<Self, ReconcileError> {
        let home = asked.home.code().to_owned();
        let foreign: Vec<&String> = currencies.iter().filter(|currency| **currency != home).collect();
        let mut rates = Self { home, ..Self::default() };
        if foreign.is_empty() {
            return Ok(rates);
        }
        let rows = |values: Vec<String>| values.iter().map(|value| format!("({value})")).collect::<Vec<_>>().join(", ");
        let currencies = rows(foreign.iter().map(|currency| literal(currency)).collect());
        let days = days(asked);
        let listed = rows(days.iter().map(|day| format!("DATE '{day}'")).collect());
        let sql = format!(
            "SELECT money.currency, calendar.day, fx_rate(money.currency, day_start(calendar.day))
             FROM (VALUES {currencies}) AS money(currency) CROSS JOIN (VALUES {listed}) AS calendar(day)"
        );
        let key = |record: &crate::tabular::Record| {
            Some(((record.word(0), record.text(1)?.parse().ok()?), record.decimal(2)?))
        };
        rates.by_day = query(engine, &sql, &[]).await?.iter().filter_map(key).collect();
        if let (Some(first), Some(last)) = (days.first(), days.last()) {
            let sql = format!(
                "SELECT currency, day, rate FROM fx_rates WHERE quote = {} AND day BETWEEN DATE '{first}' AND DATE '{last}'",
                literal(&rates.home)
            );
            rates.published = query(engine, &sql, &[]).await?.iter().filter_map(key).collect();
        }
        Ok(rates)
    }

    /// What one unit of a currency is worth on a day.
    pub(crate) fn on(&self, currency: &str, day: Date) -> Option<Decimal> {
        if currency == self.home {
            return Some(Decimal::ONE);
        }
        self.by_day.get(&(currency.to_owned(), day)).copied()
    }

    /// An amount in the workspace's currency at a day's rate.
    pub(crate) fn convert(&self, amount: Decimal, currency: &str, day: Date) -> Option<Decimal> {
        Some(amount * self.on(currency, day)?)
    }

    /// The rates that finance may have used for these currencies instead of the close's, the usual ones first.
    pub(crate) fn choices(&self, asked: &Asked, currencies: &BTreeSet<String>) -> Vec<Choice> {
        let foreign: Vec<&String> = currencies.iter().filter(|currency| **currency != self.home).collect();
        let mut choices = Vec::new();
        let mut choice = |name: String, many: bool, rate: &dyn Fn(&str) -> Option<Decimal>| {
            let rates = foreign
                .iter()
                .map(|currency| Some(((*currency).clone(), rate(currency)?)))
                .collect::<Option<BTreeMap<_, _>>>();
            choices.extend(rates.map(|rates| Choice { name, rates, one_of_many: many }));
        };
        if !asked.period.instant {
            let opening = asked.day(asked.period.opening());
            choice("the opening rate".to_owned(), false, &|currency| self.on(currency, opening));
            choice("the rate of the period's first day".to_owned(), false, &|currency| {
                self.on(currency, opening.tomorrow().ok()?)
            });
        }
        for (name, days) in averaged(asked) {
            choice(format!("the average rate of {name}"), false, &|currency| {
                mean(days.iter().map(|day| self.on(currency, *day)))
            });
            choice(format!("the average of the rates published in {name}"), false, &|currency| {
                mean(
                    days.iter()
                        .filter_map(|day| self.published.get(&(currency.to_owned(), *day)).map(|rate| Some(*rate))),
                )
            });
        }
        for (name, first) in years(asked) {
            choice(format!("the {name}'s first rate"), false, &|currency| self.on(currency, first));
            choice(format!("the first rate published in the {name}"), false, &|currency| {
                let later = self.published.range((currency.to_owned(), first)..).next();
                later.filter(|((known, _), _)| known == currency).map(|(_, rate)| *rate)
            });
        }
        let closing = asked.day(asked.closing());
        for back in (1..=NEAR).flat_map(|days| [-days, days]) {
            let Ok(day) = closing.checked_add(Span::new().days(back)) else { continue };
            choice(format!("the rate of {day}"), true, &|currency| self.on(currency, day));
        }
        choices
    }
}

/// Every day whose rate may be needed, in order.
fn days(asked: &Asked) -> BTreeSet<Date> {
    let mut days: BTreeSet<Date> = averaged(asked).into_iter().flat_map(|(_, days)| days).collect();
    days.extend(years(asked).into_iter().map(|(_, first)| first));
    days.extend([asked.day(asked.period.opening()), asked.day(asked.period.start)]);
    let (first, last) = (asked.day(asked.since()), asked.day(asked.until()));
    days.extend(run(first, last));
    days
}

fn run(first: Date, last: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(first), |day| day.tomorrow().ok()).take_while(move |day| *day <= last)
}

/// Spans that a rate may be averaged over: the period, and the month of its close.
fn averaged(asked: &Asked) -> Vec<(String, Vec<Date>)> {
    let closing = asked.day(asked.closing());
    let month = closing.first_of_month();
    let mut spans =
        vec![(format!("{}-{:02}", month.year(), month.month()), run(month, month.last_of_month()).collect::<Vec<_>>())];
    let days: Vec<Date> = run(asked.day(asked.period.start), closing).take(400).collect();
    if !asked.period.instant && asked.period.label != spans[0].0 {
        spans.push((asked.period.label.clone(), days));
    }
    spans
}

/// The first day of the calendar year, and of the fiscal one.
fn years(asked: &Asked) -> Vec<(&'static str, Date)> {
    let closing = asked.day(asked.closing());
    let calendar = closing.first_of_year();
    let mut years = vec![("year", calendar)];
    let begin = asked.clock.fiscal_year_start;
    if begin != 1 {
        let year = if closing.month() >= begin { closing.year() } else { closing.year() - 1 };
        years.extend(Date::new(year, begin, 1).ok().map(|first| ("fiscal year", first)));
    }
    years
}

fn mean(rates: impl Iterator<Item = Option<Decimal>>) -> Option<Decimal> {
    let rates = rates.collect::<Option<Vec<_>>>()?;
    let count = i64::try_from(rates.len()).ok().filter(|count| *count > 0)?;
    Some(rates.iter().sum::<Decimal>() / Decimal::from(count))
}

impl Rates {
    /// Rates given by hand, for tests.
    #[cfg(test)]
    pub(crate) fn of(home: &str, rates: &[(&str, &str, &str)]) -> Self {
        let rates = rates
            .iter()
            .map(|(currency, day, rate)| (((*currency).to_owned(), day.parse().unwrap()), rate.parse().unwrap()));
        let published: BTreeMap<(String, Date), Decimal> = rates.collect();
        Self { home: home.to_owned(), by_day: published.clone(), published }
    }
}
