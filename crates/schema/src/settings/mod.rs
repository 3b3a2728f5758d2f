//! The workspace's settings: `tenure.toml`.

mod read;

use crate::calendar::Schedule;
use crate::money::Currency;
use crate::period::{Clock, Window};
use crate::zone::Zone;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::fmt::Write;

/// What a workspace chooses. Each has a default, so an empty file is a whole one.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The company's name, as printed.
    pub name: String,
    /// The currency that results are told in.
    pub currency: Currency,
    /// The zone whose days, months and years are counted.
    pub zone: Zone,
    /// The month a fiscal year begins with, 1 to 12.
    pub fiscal_year_start: i8,
    /// Everything before this is in the data; sources usually say it.
    pub data_through: Option<Timestamp>,
    /// Gaps between subscription terms that are bridged.
    pub join_gap_days: u32,
    /// Days after a subscription's end in which a return is no churn.
    pub churn_grace_days: u32,
    /// Days after a term's end in which a successor is a renewal.
    pub renewal_grace_days: u32,
    /// Days that unpaid subscriptions count on, where a metric leaves them out after.
    pub past_due_grace_days: u32,
    /// How often each member of staff is due a one-on-one.
    pub one_on_one_cadence: Window,
    /// The share of revenue that is margin, for customer lifetime value.
    pub margin: f64,
    /// The yearly discount rate, for customer lifetime value.
    pub discount_rate: f64,
    /// Targets by metric.
    pub targets: BTreeMap<String, f64>,
    /// Business hours by name, in the file's order: the first is the default.
    pub schedules: Vec<(String, Schedule)>,
    /// The variant used by default, by metric.
    pub choices: BTreeMap<String, String>,
}

/// What is wrong in `tenure.toml`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("tenure.toml line {line}, {key}: {problem}")]
pub struct SettingsError {
    /// The line, from 1.
    pub line: usize,
    /// The key, with its tables.
    pub key: String,
    /// What is wrong and how to put it right.
    pub problem: String,
}

impl Settings {
    /// Reads the text of a `tenure.toml`.
    pub fn parse(text: &str) -> Result<Self, SettingsError> {
        read::settings(text)
    }

    /// The clock that periods are read by.
    pub fn clock(&self) -> Clock {
        Clock { zone: self.zone.clone(), fiscal_year_start: self.fiscal_year_start }
    }

    /// The business hours of that name; without a name, the default ones.
    pub fn schedule(&self, name: Option<&str>) -> Option<&Schedule> {
        let found = match name {
            Some(name) => self.schedules.iter().find(|(known, _)| known == name),
            None => self.schedules.first(),
        };
        found.map(|(_, schedule)| schedule)
    }

    /// Everything that decides a number, as a text that is the same however the file is written: for hashing.
    pub fn fingerprint_text(&self) -> String {
        let mut text = String::new();
        let mut line = |key: &str, value: &dyn std::fmt::Display| {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{key} = {value}");
        };
        line("currency", &self.currency);
        line("timezone", &zone_text(&self.zone));
        line("fiscal_year_start", &self.fiscal_year_start);
        if let Some(at) = self.data_through {
            line("data_through", &at);
        }
        line("join_gap_days", &self.join_gap_days);
        line("churn_grace_days", &self.churn_grace_days);
        line("renewal_grace_days", &self.renewal_grace_days);
        line("past_due_grace_days", &self.past_due_grace_days);
        line("one_on_one_cadence", &self.one_on_one_cadence);
        line("margin", &self.margin);
        line("discount_rate", &self.discount_rate);
        for (metric, target) in &self.targets {
            line(&format!("targets.{metric}"), target);
        }
        for (metric, variant) in &self.choices {
            line(&format!("choices.{metric}"), variant);
        }
        for (place, (name, schedule)) in self.schedules.iter().enumerate() {
            line(&format!("schedules.{place}"), &format_args!("{name:?} {}", zone_text(schedule.zone())));
            for (day, hours) in schedule.hours() {
                line(&format!("schedules.{place}.hours"), &format_args!("{} {hours}", day.to_monday_one_offset()));
            }
            for date in schedule.holidays() {
                line(&format!("schedules.{place}.holiday"), date);
            }
        }
        text
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: String::new(),
            currency: Currency::USD,
            zone: Zone::utc(),
            fiscal_year_start: 1,
            data_through: None,
            join_gap_days: 0,
            churn_grace_days: 0,
            renewal_grace_days: 30,
            past_due_grace_days: 30,
            one_on_one_cadence: Window::ONE_MONTH,
            margin: 1.0,
            discount_rate: 0.0,
            targets: BTreeMap::new(),
            schedules: Vec::new(),
            choices: BTreeMap::new(),
        }
    }
}

fn zone_text(zone: &Zone) -> String {
    format!("{} {:016x}", zone.name(), zone.fingerprint())
}

#[cfg(test)]
mod tests;
