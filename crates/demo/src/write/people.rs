//! The HR system: colleagues, their surveys and their one-on-ones, with semicolons.

use std::path::Path;

use super::Dirt;
use super::billing::iso;
use crate::Result;
use crate::company::Company;
use crate::export::{Sheet, Summary};
use crate::staff::TEAMS;

/// Writes all of it.
pub(super) fn write(dir: &Path, company: &Company, summary: &mut Summary) -> Result<()> {
    staff(dir, company, summary)?;
    surveys(dir, company, summary)?;
    one_on_ones(dir, company, summary)
}

fn staff(dir: &Path, company: &Company, summary: &mut Summary) -> Result<()> {
    let header = ["Personnel No", "Name", "Department", "Reports to", "Title", "Joined", "Left"];
    let mut sheet = Sheet::csv(dir, "people/staff.csv", b';', ("people", "staff"), &header)?;
    for one in &company.staff {
        let manager = one.manager.map(|manager| company.staff[manager].id.as_str()).unwrap_or_default();
        let joined = iso(&company.calendar, Some(one.start));
        let row = [&one.id, one.name.as_str(), TEAMS[one.team].0, manager, one.role, &joined, ""];
        sheet.accept(&row)?;
        if one.id == "S-17" {
            sheet.repeat(&row)?;
        }
    }
    sheet.reject(&["", "Open position", "Support Europe", "", "agent", "", ""])?;
    sheet.close(summary)
}

fn surveys(dir: &Path, company: &Company, summary: &mut Summary) -> Result<()> {
    let mut dirt = Dirt::new(company, "staff surveys");
    let voice = &company.staff_voice;
    let header = ["invite", "survey", "person", "sent"];
    let mut sends = Sheet::csv(dir, "people/survey_invites.csv", b';', ("people", "survey_sends"), &header)?;
    for (number, send) in voice.sends.iter().enumerate() {
        sends.accept(&[&invite(number), send.kind, &company.staff[send.staff].id, &send.at.to_string()])?;
    }
    sends.close(summary)?;
    let header = ["answer", "invite", "survey", "question", "person", "score", "comment", "answered"];
    let mut sheet = Sheet::csv(dir, "people/survey_answers.csv", b';', ("people", "survey_responses"), &header)?;
    let end = company.calendar.observed_to()?;
    for (number, response) in voice.responses.iter().enumerate().filter(|(_, response)| response.at < end) {
        let send = &voice.sends[response.send];
        let score = response.score.map(|score| score.to_string()).unwrap_or_default();
        let (id, at) = (format!("Y{:06}", number + 1), response.at.to_string());
        let person = &company.staff[send.staff].id;
        let invite = invite(response.send);
        let row = [&id, &invite, send.kind, response.question, person, &score, response.comment, &at];
        dirt.soil(&mut sheet, row, |_, broken| {
            *broken = ["", &invite, send.kind, response.question, person, &score, "", &at];
        })?;
    }
    sheet.close(summary)
}

fn one_on_ones(dir: &Path, company: &Company, summary: &mut Summary) -> Result<()> {
    let header = ["entry", "employee", "manager", "held_at"];
    let mut sheet = Sheet::csv(dir, "people/one_on_ones.csv", b';', ("people", "interactions"), &header)?;
    for (number, one) in company.interactions.iter().enumerate() {
        let Some(manager) = one.manager else { continue };
        let key = format!("O-{:06}", number + 1);
        sheet.accept(&[&key, &company.staff[one.staff].id, &company.staff[manager].id, &one.at.to_string()])?;
    }
    sheet.reject(&["O-TEST", "S-02", "S-01", "moved again"])?;
    sheet.close(summary)
}

fn invite(number: usize) -> String {
    format!("P{:06}", number + 1)
}
