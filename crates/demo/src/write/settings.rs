//! `tenure.toml` and `sources/*.toml`: files of this crate, with the dates of the company filled in.

use std::fmt::Write as _;
use std::path::Path;

use crate::Result;
use crate::company::Company;
use crate::export;
use crate::hours::Schedule;
use crate::tickets;

const SETTINGS: &str = include_str!("../../workspace/tenure.toml");
const SOURCES: [(&str, &str); 7] = [
    ("billing", include_str!("../../workspace/sources/billing.toml")),
    ("crm", include_str!("../../workspace/sources/crm.toml")),
    ("finance", include_str!("../../workspace/sources/finance.toml")),
    ("helpdesk", include_str!("../../workspace/sources/helpdesk.toml")),
    ("people", include_str!("../../workspace/sources/people.toml")),
    ("product", include_str!("../../workspace/sources/product.toml")),
    ("surveys", include_str!("../../workspace/sources/surveys.toml")),
];

/// Writes them.
pub(crate) fn settings(dir: &Path, company: &Company) -> Result<()> {
    // An instant with its offset: a bare date would be midnight in the source's own zone, and in UTC that is the evening before.
    let taken = company.calendar.taken_at()?.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
    let mut settings = SETTINGS.to_owned();
    for desk in tickets::schedules(company)? {
        settings.push_str(&schedule(&desk));
    }
    export::text(dir, "tenure.toml", &settings)?;
    for (name, text) in SOURCES {
        export::text(dir, &format!("sources/{name}.toml"), &text.replace("{TAKEN}", &taken))?;
    }
    Ok(())
}

fn schedule(desk: &Schedule) -> String {
    let window = |(open, close): (i8, i8)| format!("[\"{open:02}:00-{close:02}:00\"]");
    let mut text = format!("\n[schedules.{}]\ntimezone = \"{}\"\nhours = {{ ", desk.name, desk.zone_name);
    for day in ["mon", "tue", "wed", "thu"] {
        // Writing to a string cannot fail.
        let _ = write!(text, "{day} = {}, ", window(desk.hours));
    }
    let holidays: Vec<String> = desk.holidays.iter().map(|day| format!("    \"{day}\",\n")).collect();
    let _ = write!(text, "fri = {} }}\nholidays = [\n{}]\n", window(desk.friday), holidays.concat());
    text
}
