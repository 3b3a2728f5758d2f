//! The company's own people: teams, and whether somebody found the hour. No answer of theirs stands here by name.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Path;

use super::table;
use crate::Result;
use crate::company::Company;
use crate::staff::TEAMS;

/// Writes `teams.csv`, `one_on_ones.csv` and `staff_voice.csv`.
pub(super) fn write(dir: &Path, company: &Company) -> Result<()> {
    let calendar = &company.calendar;
    let rows = TEAMS.iter().enumerate().map(|(team, (name, _))| {
        let members = company.staff.iter().filter(|one| one.team == team);
        let joiners = members.clone().filter(|one| one.start >= calendar.end() - 91);
        vec![(*name).to_owned(), members.count().to_string(), joiners.count().to_string()]
    });
    table(dir, "teams.csv", "team,people_at_end,joined_in_last_quarter", rows)?;
    let rows = (0..calendar.months()).map(|month| {
        let (first, next) = (calendar.first(month), calendar.first(month + 1));
        let due: BTreeSet<usize> = (0..company.staff.len()).filter(|one| company.staff[*one].start <= first).collect();
        let held = company
            .interactions
            .iter()
            .filter(|one| one.manager.is_some() && (first..next).contains(&calendar.day_of(one.at)));
        let had: BTreeSet<usize> = held.map(|one| one.staff).filter(|one| due.contains(one)).collect();
        vec![calendar.label(month), due.len().to_string(), had.len().to_string()]
    });
    table(dir, "one_on_ones.csv", "month,employed_throughout,of_them_had_one", rows)?;
    voice(dir, company)
}

/// Answers of a period to one question, all colleagues together.
#[derive(Default)]
struct Answers {
    n: u32,
    sum: i64,
    promoters: u32,
    detractors: u32,
}

fn voice(dir: &Path, company: &Company) -> Result<()> {
    let calendar = &company.calendar;
    let mut cells: BTreeMap<(String, &str, &str), Answers> = BTreeMap::new();
    for response in &company.staff_voice.responses {
        let day = calendar.day_of(response.at);
        let Some(score) = response.score.filter(|_| day < calendar.end()) else { continue };
        let kind = company.staff_voice.sends[response.send].kind;
        let period = if kind == "enps" { calendar.quarter_label(day) } else { calendar.label(calendar.month(day)) };
        let cell = cells.entry((period, kind, response.question)).or_default();
        cell.n += 1;
        cell.sum += score;
        cell.promoters += u32::from(kind == "enps" && score >= 9);
        cell.detractors += u32::from(kind == "enps" && score <= 6);
    }
    let rows = cells.into_iter().map(|((period, kind, question), is)| {
        let mean = format!("{:.6}", is.sum as f64 / f64::from(is.n));
        let counts = [is.n.to_string(), mean, is.promoters.to_string(), is.detractors.to_string()];
        [period, kind.to_owned(), question.to_owned()].into_iter().chain(counts).collect()
    });
    table(dir, "staff_voice.csv", "period,survey,question,n,mean,promoters,detractors", rows)
}
