//! What truly happened, as tables to hold against what is measured. Everything here comes from the simulation;
//! nothing is read back from the exports.

mod accounts;
pub(crate) mod movements;
mod referrals;
pub(crate) mod renewals;
pub(crate) mod retention;
mod staff;
mod support;
pub(crate) mod voice;

use std::path::Path;

use crate::Result;
use crate::company::Company;
use crate::export::{self, Summary};

/// Writes `truth/`.
pub(crate) fn write(dir: &Path, company: &Company, summary: &mut Summary) -> Result<()> {
    let dir = &dir.join("truth");
    let (months, histories) = movements::measure(company);
    movements::write(dir, company, &months)?;
    retention::write(dir, company, &histories)?;
    accounts::write(dir, company, &histories)?;
    renewals::write(dir, company)?;
    voice::write(dir, company)?;
    support::write(dir, company)?;
    staff::write(dir, company)?;
    referrals::write(dir, company, &histories)?;
    usage(dir, company, summary)?;
    verdicts(dir, summary)?;
    story(dir, company)?;
    export::text(dir, "README.md", include_str!("../../workspace/truth.md"))
}

/// A table of the truth.
fn table(dir: &Path, name: &str, header: &str, rows: impl IntoIterator<Item = Vec<String>>) -> Result<()> {
    let mut text = format!("{header}\n");
    for row in rows {
        text.push_str(&row.join(","));
        text.push('\n');
    }
    export::text(dir, name, &text)
}

fn usage(dir: &Path, company: &Company, summary: &Summary) -> Result<()> {
    let rows = summary.usage.iter().enumerate().map(|(month, (events, people, accounts))| {
        vec![company.calendar.label(month), events.to_string(), people.to_string(), accounts.to_string()]
    });
    table(dir, "usage.csv", "month,events,people,accounts", rows)
}

fn verdicts(dir: &Path, summary: &Summary) -> Result<()> {
    let rows = summary.tables.iter().map(|one| {
        let counts = [one.read(), one.accepted, one.updated, one.duplicate, one.rejected];
        [one.source.to_owned(), one.table.to_owned()].into_iter().chain(counts.map(|count| count.to_string())).collect()
    });
    table(dir, "verdicts.csv", "source,table,read,accepted,updated,duplicate,rejected", rows)
}

fn story(dir: &Path, company: &Company) -> Result<()> {
    let (calendar, story) = (&company.calendar, &company.story);
    let mut events = vec![
        (calendar.first(story.bad_from), "bad quarter begins".to_owned()),
        (calendar.first(story.recovery_from), "recovering quarter begins".to_owned()),
        (calendar.first(story.recovery_to), "recovered".to_owned()),
        (story.price_rise, "list prices rise by 6 %".to_owned()),
        (story.outage, "no usage tracked on this day and the next".to_owned()),
        (story.handover, "half a CSM's book goes to another".to_owned()),
        (story.effort_v2, "effort survey 2.0 replaces 1.0".to_owned()),
    ];
    for merge in &company.merges {
        let (from, into) = (&company.accounts[merge.from].id, &company.accounts[merge.into].id);
        let billed = if merge.rebilled { "billing moved too" } else { "billing left as it was" };
        events.push((merge.day, format!("{from} merged into {into}; {billed}")));
    }
    for ticket in company.tickets.iter().filter(|ticket| ticket.facts.told.contains(&"over_clock_change")) {
        events.push((calendar.day_of(ticket.created), format!("ticket {} waits over a change of clocks", ticket.id())));
    }
    events.sort();
    table(
        dir,
        "story.csv",
        "day,what",
        events.into_iter().map(|(day, what)| vec![calendar.date(day).to_string(), what]),
    )
}
