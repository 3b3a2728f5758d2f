//! The product's own log, a file a year, and one for what arrived late. Streamed: any size fits in memory.

use std::path::Path;

use super::Dirt;
use crate::Result;
use crate::company::Company;
use crate::export::{Sheet, Summary, TableCounts};
use crate::usage::{self, Event};

const HEADER: [&str; 7] = ["id", "ts", "account", "user", "product", "feature", "count"];
const TO: (&str, &str) = ("product", "usage_events");

/// Writes them.
pub(super) fn write(dir: &Path, company: &Company, about: Option<u64>, summary: &mut Summary) -> Result<()> {
    let mut dirt = Dirt::new(company, "product");
    let mut late = Sheet::csv(dir, "product/usage-late.csv", b',', TO, &HEADER)?;
    let mut year = company.calendar.date(0).year();
    let file = |year: i16| Sheet::csv(dir, &format!("product/usage-{year}.csv"), b',', TO, &HEADER);
    let mut sheet = file(year)?;
    let mut done = Vec::new();
    let months = usage::stream(company, about, &mut |event| {
        let now = company.calendar.date(company.calendar.day_of(event.at)).year();
        if now > year {
            year = now;
            done.push(std::mem::replace(&mut sheet, file(year)?));
        }
        one(company, event, &mut dirt, &mut sheet, &mut late)
    })?;
    for sheet in done.into_iter().chain([sheet, late]) {
        sheet.close(summary)?;
    }
    summary.usage = months.iter().map(|month| (month.events, month.people, month.accounts)).collect();
    let firsts = (0..company.accounts.len()).filter(|index| usage::first_share(company, *index).is_some()).count();
    summary.count(&TableCounts {
        source: "product",
        table: "milestones",
        accepted: firsts as u64,
        ..TableCounts::default()
    });
    Ok(())
}

fn one(company: &Company, event: &Event, dirt: &mut Dirt, sheet: &mut Sheet, late: &mut Sheet) -> Result<()> {
    let (id, at, count) = (base36(event.number), event.at.to_string(), event.quantity.to_string());
    let account = &company.accounts[event.account].id;
    let user = &company.people[event.account][event.person].id;
    let row = [id.as_str(), &at, account, user, event.product.name(), event.feature, &count];
    if dirt.late() {
        return late.accept(&row);
    }
    if dirt.wrong() {
        let mut wrong = row;
        wrong[6] = "0";
        sheet.accept(&wrong)?;
        return late.correct(&row);
    }
    dirt.soil(sheet, row, |dirt, broken| {
        broken[5] = "view_dashboard";
        match dirt.way(3) {
            0 => broken[0] = "",
            1 => broken[1] = "NaT",
            _ => broken[1] = "",
        }
    })
}

fn base36(number: u64) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut digits = Vec::with_capacity(8);
    let mut left = number;
    while left > 0 {
        digits.push(char::from(DIGITS[(left % 36) as usize]));
        left /= 36;
    }
    digits.iter().rev().collect()
}
