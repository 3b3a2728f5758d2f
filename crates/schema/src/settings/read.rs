//! Reading `tenure.toml`: first its shape, then what each value means, with the line of what is wrong.

use super::{Settings, SettingsError};
use crate::calendar::Schedule;
use crate::nesting;
use crate::period::moment;
use crate::zone::Zone;
use jiff::civil::{Date, Weekday};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::RangeInclusive;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: Option<String>,
    currency: Option<Spanned<String>>,
    timezone: Option<Spanned<String>>,
    fiscal_year_start: Option<Spanned<i64>>,
    data_through: Option<Spanned<toml::Value>>,
    join_gap_days: Option<Spanned<i64>>,
    churn_grace_days: Option<Spanned<i64>>,
    renewal_grace_days: Option<Spanned<i64>>,
    past_due_grace_days: Option<Spanned<i64>>,
    one_on_one_cadence: Option<Spanned<String>>,
    margin: Option<Spanned<f64>>,
    discount_rate: Option<Spanned<f64>>,
    #[serde(default)]
    targets: BTreeMap<String, Spanned<f64>>,
    #[serde(default)]
    schedules: BTreeMap<String, Spanned<ScheduleTable>>,
    #[serde(default)]
    choices: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScheduleTable {
    timezone: Option<Spanned<String>>,
    #[serde(default)]
    hours: WeekTable,
    #[serde(default)]
    holidays: Vec<Spanned<toml::Value>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct WeekTable {
    mon: Vec<Spanned<String>>,
    tue: Vec<Spanned<String>>,
    wed: Vec<Spanned<String>>,
    thu: Vec<Spanned<String>>,
    fri: Vec<Spanned<String>>,
    sat: Vec<Spanned<String>>,
    sun: Vec<Spanned<String>>,
}

/// Days of grace beyond this are a slip of the pen.
const DAYS: RangeInclusive<i64> = 0..=3660;

pub(super) fn settings(text: &str) -> Result<Settings, SettingsError> {
    nesting::check(text).map_err(|deep| SettingsError {
        line: deep.line,
        key: "syntax".to_owned(),
        problem: format!("{deep}; write it flat"),
    })?;
    let file: File = toml::from_str(text).map_err(|error| shape_error(text, &error))?;
    let mut settings = Settings { name: file.name.unwrap_or_default(), choices: file.choices, ..Settings::default() };
    let source = Source { text };
    if let Some(value) = &file.currency {
        settings.currency = source.read("currency", value, |text| text.parse())?;
    }
    if let Some(value) = &file.timezone {
        settings.zone = source.read("timezone", value, |name| Zone::named(name))?;
    }
    if let Some(value) = &file.fiscal_year_start {
        let month = source.whole("fiscal_year_start", value, 1..=12, "write the number of a month, 1 to 12")?;
        settings.fiscal_year_start = month;
    }
    for (key, value, days) in [
        ("join_gap_days", &file.join_gap_days, &mut settings.join_gap_days),
        ("churn_grace_days", &file.churn_grace_days, &mut settings.churn_grace_days),
        ("renewal_grace_days", &file.renewal_grace_days, &mut settings.renewal_grace_days),
        ("past_due_grace_days", &file.past_due_grace_days, &mut settings.past_due_grace_days),
    ] {
        if let Some(value) = value {
            *days = source.whole(key, value, DAYS, "write a number of days, 0 to 3660")?;
        }
    }
    if let Some(value) = &file.one_on_one_cadence {
        settings.one_on_one_cadence = source.read("one_on_one_cadence", value, |text| text.parse())?;
    }
    if let Some(value) = &file.margin {
        settings.margin = source.number("margin", value, |margin| (0.0..=1.0).contains(&margin), SHARE)?;
    }
    if let Some(value) = &file.discount_rate {
        settings.discount_rate = source.number("discount_rate", value, |rate| (0.0..=10.0).contains(&rate), RATE)?;
    }
    for (metric, value) in &file.targets {
        let target = source.number(&format!("targets.{metric}"), value, f64::is_finite, "write a number")?;
        settings.targets.insert(metric.clone(), target);
    }
    if let Some(value) = &file.data_through {
        let clock = settings.clock();
        settings.data_through = Some(source.read("data_through", value, |value| moment(&date_text(value), &clock))?);
    }
    // A table's place in the file is its place in the order: the first is the default.
    let mut schedules: Vec<_> = file.schedules.into_iter().collect();
    schedules.sort_by_key(|(_, table)| table.span().start);
    for (name, table) in schedules {
        let schedule = source.schedule(&name, &table, &settings.zone)?;
        settings.schedules.push((name, schedule));
    }
    Ok(settings)
}

const SHARE: &str = "write a share from 0 to 1, for example 0.8";
const RATE: &str = "write a yearly rate from 0 to 10, for example 0.1";

struct Source<'a> {
    text: &'a str,
}

impl Source<'_> {
    fn error<T>(&self, key: &str, value: &Spanned<T>, problem: impl Display) -> SettingsError {
        SettingsError {
            line: line(self.text, value.span().start),
            key: key.escape_debug().to_string(),
            problem: problem.to_string(),
        }
    }

    fn read<T, U, E: Display>(
        &self,
        key: &str,
        value: &Spanned<T>,
        read: impl FnOnce(&T) -> Result<U, E>,
    ) -> Result<U, SettingsError> {
        read(value.get_ref()).map_err(|error| self.error(key, value, error))
    }

    fn whole<T: TryFrom<i64>>(
        &self,
        key: &str,
        value: &Spanned<i64>,
        allowed: RangeInclusive<i64>,
        remedy: &str,
    ) -> Result<T, SettingsError> {
        let number = Some(*value.get_ref()).filter(|number| allowed.contains(number));
        number
            .and_then(|number| T::try_from(number).ok())
            .ok_or_else(|| self.error(key, value, format_args!("{} is out of range; {remedy}", value.get_ref())))
    }

    fn number(
        &self,
        key: &str,
        value: &Spanned<f64>,
        allowed: impl FnOnce(f64) -> bool,
        remedy: &str,
    ) -> Result<f64, SettingsError> {
        let number = *value.get_ref();
        if allowed(number) {
            Ok(number)
        } else {
            Err(self.error(key, value, format_args!("{number} is out of range; {remedy}")))
        }
    }

    fn schedule(&self, name: &str, spanned: &Spanned<ScheduleTable>, zone: &Zone) -> Result<Schedule, SettingsError> {
        let table = spanned.get_ref();
        let zone = match &table.timezone {
            Some(value) => self.read(&format!("schedules.{name}.timezone"), value, |name| Zone::named(name))?,
            None => zone.clone(),
        };
        let week = &table.hours;
        let mut hours = Vec::new();
        for (day, key, given) in [
            (Weekday::Monday, "mon", &week.mon),
            (Weekday::Tuesday, "tue", &week.tue),
            (Weekday::Wednesday, "wed", &week.wed),
            (Weekday::Thursday, "thu", &week.thu),
            (Weekday::Friday, "fri", &week.fri),
            (Weekday::Saturday, "sat", &week.sat),
            (Weekday::Sunday, "sun", &week.sun),
        ] {
            for value in given {
                hours.push((day, self.read(&format!("schedules.{name}.hours.{key}"), value, |text| text.parse())?));
            }
        }
        if hours.is_empty() {
            let problem = "has no hours; write for example hours = { mon = [\"09:00-17:00\"] }";
            return Err(self.error(&format!("schedules.{name}"), spanned, problem));
        }
        let holidays = table.holidays.iter().map(|value| {
            self.read(&format!("schedules.{name}.holidays"), value, |value| {
                let text = date_text(value);
                text.parse::<Date>().map_err(|_| format!("{text:?} is not a date; write for example \"2026-12-25\""))
            })
        });
        Ok(Schedule::new(zone, hours, holidays.collect::<Result<_, _>>()?))
    }
}

/// TOML has dates of its own; they mean the same as their text.
fn date_text(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// What TOML's reader says, with the words of people for its types.
fn in_words(message: &str) -> String {
    let kinds = [("f64", "a number"), ("i64", "a whole number"), ("a string", "a text in quotes")];
    let said = |(kind, words): &(&str, &str)| {
        let rest = message.strip_suffix(kind)?.strip_suffix("expected ")?;
        Some(format!("{rest}expected {words}"))
    };
    kinds.iter().find_map(said).unwrap_or_else(|| message.to_owned())
}

fn shape_error(text: &str, error: &toml::de::Error) -> SettingsError {
    let start = error.span().map_or(0, |span| span.start);
    let line = line(text, start);
    let written = text.lines().nth(line - 1).unwrap_or_default();
    let key = written.split('=').next().unwrap_or_default().trim();
    SettingsError {
        line,
        key: if key.is_empty() { "syntax".to_owned() } else { key.to_owned() },
        problem: in_words(&error.message().trim_end().replace('\n', "; ")),
    }
}

fn line(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}
