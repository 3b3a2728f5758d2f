//! `business_seconds`: business time between two instants.

use crate::environment::Environment;
use crate::function::{Definition, Kind};
use datafusion::arrow::array::{ArrayRef, AsArray, Int64Array};
use datafusion::arrow::datatypes::{DataType, TimestampMicrosecondType};
use datafusion::common::exec_datafusion_err;
use datafusion::logical_expr::ScalarUDF;
use jiff::Timestamp;
use std::sync::Arc;
use tenure_schema::calendar::Schedule;
use tenure_schema::settings::Settings;

pub(super) fn function(environment: &Environment) -> ScalarUDF {
    let definition = Definition {
        name: "business_seconds",
        about: "Whole seconds of business time from one instant to another, by a schedule of tenure.toml: its local hours, less its \
                holidays, clock changes counted. Null if `from` or `to` is null, `from` is later, or there is no such schedule.",
        parameters: &[
            ("schedule", Kind::Text, "its name; null is the first one in tenure.toml"),
            ("from", Kind::Instant, "the beginning"),
            ("to", Kind::Instant, "the end"),
        ],
        returns: DataType::Int64,
        example: "SELECT business_seconds('support', created_at, first_reply_at) FROM tickets",
    };
    let settings = Arc::clone(&environment.settings);
    definition.function(&environment.settings.zone, move |args| {
        let [names, from, to] = args else { return Err(exec_datafusion_err!("business_seconds takes 3 arguments")) };
        let names = names.as_string_view();
        let (from, to) =
            (from.as_primitive::<TimestampMicrosecondType>(), to.as_primitive::<TimestampMicrosecondType>());
        let mut schedules = Schedules::new(&settings);
        let seconds = names.iter().zip(from).zip(to).map(|((name, from), to)| {
            let (from, to) = span(from, to)?;
            Some(schedules.named(name)?.business_seconds(from, to))
        });
        let seconds: ArrayRef = Arc::new(seconds.collect::<Int64Array>());
        Ok(seconds)
    })
}

/// Schedules by name; it remembers the last.
pub(super) struct Schedules<'a> {
    settings: &'a Settings,
    last: Option<(&'a str, &'a Schedule)>,
}

impl<'a> Schedules<'a> {
    pub(super) fn new(settings: &'a Settings) -> Self {
        Self { settings, last: None }
    }

    pub(super) fn named(&mut self, name: Option<&str>) -> Option<&'a Schedule> {
        let Some(name) = name else { return self.settings.schedule(None) };
        if let Some((known, schedule)) = self.last
            && known == name
        {
            return Some(schedule);
        }
        let (known, schedule) = self.settings.schedules.iter().find(|(known, _)| known == name)?;
        self.last = Some((known, schedule));
        Some(schedule)
    }
}

/// From one instant to a later one; none if either is missing or they run backwards.
pub(super) fn span(from: Option<i64>, to: Option<i64>) -> Option<(Timestamp, Timestamp)> {
    let (from, to) = (Timestamp::from_microsecond(from?).ok()?, Timestamp::from_microsecond(to?).ok()?);
    (from <= to).then_some((from, to))
}
