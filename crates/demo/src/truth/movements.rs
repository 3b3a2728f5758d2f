//! Recurring revenue, opening to closing: each account's days in its own currency, told in dollars.

use std::path::Path;

use super::table;
use crate::Result;
use crate::calendar::Day;
use crate::company::Company;
use crate::offer::Currency;

/// Dollars, in millionths of a millionth: exact products of money and rate.
pub(super) type Dollars = i128;

/// A month's bridge.
#[derive(Debug, Clone, Default)]
pub(crate) struct Month {
    /// What stood at the start, and each way it changed.
    pub opening: Dollars,
    pub new: Dollars,
    pub reactivation: Dollars,
    pub expansion: Dollars,
    pub contraction: Dollars,
    pub churn: Dollars,
    pub fx: Dollars,
    pub closing: Dollars,
    /// Customers at the end, and those of them at zero.
    pub active: u32,
    pub at_zero: u32,
    /// Customers won, won back, lost.
    pub won: u32,
    pub back: u32,
    pub lost: u32,
}

/// A customer, merged ones together, at each month's end.
#[derive(Debug, Clone)]
pub(crate) struct History {
    /// The account that carries the history.
    pub root: usize,
    /// Billed in.
    pub currency: Currency,
    /// At each month's end: revenue in millionths, none where no customer.
    pub ends: Vec<Option<i64>>,
    /// Days from which it was a customer.
    pub won: Vec<Day>,
    /// Days from which it no longer was, and the revenue lost.
    pub lost: Vec<(Day, i64)>,
}

/// Walks every customer through every day.
pub(crate) fn measure(company: &Company) -> (Vec<Month>, Vec<History>) {
    let mut months = vec![Month::default(); company.calendar.months()];
    let roots = 0..company.accounts.len();
    let histories =
        roots.filter(|root| company.root(*root) == *root).map(|root| walk(company, root, &mut months)).collect();
    let mut before = 0;
    for month in &mut months {
        month.opening = before;
        before = month.closing;
    }
    (months, histories)
}

fn walk(company: &Company, root: usize, months: &mut [Month]) -> History {
    let (calendar, rates) = (&company.calendar, &company.rates);
    let currency = company.accounts[root].currency;
    let mut history = History { root, currency, ends: Vec::new(), won: Vec::new(), lost: Vec::new() };
    let subscriptions: Vec<_> = company
        .carried(root)
        .into_iter()
        .flat_map(|index| &company.lives[index].subscriptions)
        .filter(|one| !one.metered)
        .collect();
    let mut before: Option<i64> = None;
    for day in 0..calendar.end() {
        let at = calendar.month(day);
        let month = &mut months[at];
        let active = subscriptions.iter().any(|one| one.lines.iter().any(|line| line.is_paid(day)));
        let now = active.then(|| subscriptions.iter().map(|one| one.mrr(day)).sum::<i64>());
        let rate = i128::from(rates.rate(currency, day));
        if let Some(held) = before {
            month.fx += i128::from(held) * (rate - i128::from(rates.rate(currency, day - 1)));
        }
        let amount = i128::from(now.unwrap_or_default() - before.unwrap_or_default()) * rate;
        match (before, now) {
            (None, Some(_)) if history.won.is_empty() => {
                month.new += amount;
                month.won += 1;
                history.won.push(day);
            }
            (None, Some(_)) => {
                month.reactivation += amount;
                month.back += 1;
                history.won.push(day);
            }
            (Some(held), None) => {
                month.churn -= amount;
                month.lost += 1;
                history.lost.push((day, held));
            }
            _ if amount > 0 => month.expansion += amount,
            _ => month.contraction -= amount,
        }
        if day + 1 == calendar.first(at + 1) {
            history.ends.push(now);
            month.closing += i128::from(now.unwrap_or_default()) * rate;
            month.active += u32::from(now.is_some());
            month.at_zero += u32::from(now == Some(0));
        }
        before = now;
    }
    history
}

/// Writes `mrr.csv`.
pub(super) fn write(dir: &Path, company: &Company, months: &[Month]) -> Result<()> {
    let rows = months.iter().enumerate().map(|(nth, month)| {
        let mut row = vec![company.calendar.label(nth)];
        let money = [
            month.opening,
            month.new,
            month.reactivation,
            month.expansion,
            month.contraction,
            month.churn,
            month.fx,
            month.closing,
        ];
        row.extend(money.map(dollars));
        row.extend([month.active, month.at_zero, month.won, month.back, month.lost].map(|count| count.to_string()));
        row
    });
    let header = "month,opening,new,reactivation,expansion,contraction,churn,fx,closing,active_customers,of_them_at_zero,new_customers,\
                  reactivated_customers,lost_customers";
    table(dir, "mrr.csv", header, rows)
}

/// Dollars with six decimals, half away from zero.
pub(super) fn dollars(amount: Dollars) -> String {
    let half = if amount < 0 { -500_000 } else { 500_000 };
    let millionths = (amount + half) / 1_000_000;
    let sign = if millionths < 0 { "-" } else { "" };
    format!("{sign}{}.{:06}", millionths.abs() / 1_000_000, millionths.abs() % 1_000_000)
}
