//! Small companies made from a seed: five to thirty accounts over a year and a half, full of what goes wrong in real data.
//!
//! What is drawn is a story (accounts, what they buy, ask and answer), which shrinks; what a property sees is its tables as CSV text and its
//! settings, so that a company that breaks one is printed as a file of `regressions/`.

mod account;
mod moment;
mod money;
mod support;
mod table;
mod use_and_life;
mod voice;

use account::{account, attributes};
use moment::{Moment, Zoned, moment};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fmt::{self, Write};
use table::Tables;

/// What an engine is opened over.
#[derive(Clone, PartialEq, Eq)]
pub struct Company {
    pub settings: String,
    /// Everything before this is in every table.
    pub data_through: String,
    /// CSV by table.
    pub tables: BTreeMap<String, String>,
}

/// A regression file's text.
impl fmt::Display for Company {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "settings = \"\"\"\n{}\"\"\"\ndata_through = \"{}\"\n\n[tables]\n",
            self.settings, self.data_through
        )?;
        for (name, text) in &self.tables {
            write!(f, "{name} = \"\"\"\n{text}\"\"\"\n")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Company {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('\n')?;
        fmt::Display::fmt(self, f)
    }
}

/// The zones: one without clock changes, one on each side of the ocean, one beyond the date line.
const ZONES: [&str; 4] = ["Europe/Berlin", "UTC", "America/New_York", "Pacific/Auckland"];

#[derive(Debug, Clone)]
struct Rules {
    zone: usize,
    fiscal_year_start: u8,
    join_gap_days: u32,
    churn_grace_days: u32,
    past_due_grace_days: u32,
    data_through: Moment,
}

fn rules() -> impl Strategy<Value = Rules> {
    (
        0..ZONES.len(),
        prop_oneof![Just(1_u8), Just(4)],
        prop_oneof![2 => Just(0_u32), 1 => Just(5), 1 => Just(20)],
        prop_oneof![3 => Just(0_u32), 1 => Just(14)],
        prop_oneof![Just(0_u32), Just(30)],
        prop_oneof![2 => Just(Moment::of("2025-01-01", 0)), 1 => Just(Moment::of("2024-12-20", 15 * 60))],
    )
        .prop_map(
            |(zone, fiscal_year_start, join_gap_days, churn_grace_days, past_due_grace_days, data_through)| Rules {
                zone,
                fiscal_year_start,
                join_gap_days,
                churn_grace_days,
                past_due_grace_days,
                data_through,
            },
        )
}

impl Rules {
    fn text(&self) -> String {
        format!(
            "name = \"Generated\"\ncurrency = \"USD\"\ntimezone = \"{}\"\nfiscal_year_start = {}\njoin_gap_days = {}\n\
             churn_grace_days = {}\npast_due_grace_days = {}\n{SCHEDULES}",
            ZONES[self.zone],
            self.fiscal_year_start,
            self.join_gap_days,
            self.churn_grace_days,
            self.past_due_grace_days,
        )
    }
}

/// Hours by day with holidays, and hours past midnight.
const SCHEDULES: &str = r#"[schedules.desk]
timezone = "Europe/Berlin"
hours = { mon = ["09:00-17:00"], tue = ["09:00-12:00", "13:00-17:00"], wed = ["09:00-17:00"], thu = ["09:00-17:00"], fri = ["09:00-15:00"] }
holidays = ["2024-01-01", "2024-04-01"]
[schedules.night]
timezone = "America/New_York"
hours = { sat = ["22:00-06:00"], sun = ["22:00-06:00"] }
"#;

/// Exchange rates of a currency: from which day which one.
fn rates() -> impl Strategy<Value = Vec<(Moment, u32)>> {
    (
        prop_oneof![6 => Just(Moment::FIRST), 1 => moment()],
        prop::collection::vec((moment(), 50_u32..200), 0..4),
        50_u32..200,
    )
        .prop_map(|(first, mut later, rate)| {
            later.retain(|(at, _)| *at > first);
            later.insert(0, (first, rate));
            later
        })
}

/// Any company.
pub fn companies() -> impl Strategy<Value = Company> {
    let rates = (rates(), rates());
    (rules(), rates, attributes(), prop::collection::vec(account(), 5..=30)).prop_map(
        |(rules, (euro, pound), group, accounts)| {
            let zone = Zoned::new(ZONES[rules.zone]);
            let mut tables = Tables::default();
            for (currency, rates) in [("EUR", euro), ("GBP", pound)] {
                let mut days: BTreeMap<String, u32> = BTreeMap::new();
                days.extend(rates.iter().map(|(at, rate)| (at.date().to_string(), *rate)));
                for (day, rate) in days {
                    tables.add("fx_rates", &[("currency", currency), ("day", &day), ("rate", &hundredths(rate))]);
                }
            }
            // Of the two groups that accounts belong to, one is known.
            group.write("g0", &[], &zone, &mut tables);
            for (number, account) in accounts.iter().enumerate().filter(|(_, account)| account.exists) {
                account.write(number, &zone, &mut tables);
            }
            Company { settings: rules.text(), data_through: zone.text(rules.data_through), tables: tables.texts() }
        },
    )
}

/// 150 is 1.50.
fn hundredths(cents: u32) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}
